using System.Collections.Immutable;
using System.Globalization;

namespace XenViz.Core.Projection;

/// <summary>A question of <see cref="FindRequest.Text"/>, understood.</summary>
/// <param name="Words">Words that must occur, in small letters.</param>
/// <param name="Numbers">Numbers of rows, one of which it must be when there are any.</param>
/// <param name="Objects">Objects that must be touched, all of them.</param>
/// <param name="Step">The step of the figure that it must belong to, 1 to 7, or null.</param>
/// <param name="Changes">True when it asks in words for the changes of its objects: "every change of grant 9".</param>
internal sealed record FindQuery(
    ImmutableArray<string> Words, ImmutableArray<string> Numbers, ImmutableArray<FindQuery.Thing> Objects,
    int? Step = null, bool Changes = false)
{
    private static readonly ImmutableHashSet<string> Fillers =
        ImmutableHashSet.Create(StringComparer.Ordinal, "every", "each", "all", "any", "of", "the", "in", "to");

    private static readonly ImmutableHashSet<string> ChangeWords =
        ImmutableHashSet.Create(StringComparer.Ordinal, "change", "changes", "changed");

    // What a broken property is called elsewhere.
    private static readonly ImmutableHashSet<string> Violations =
        ImmutableHashSet.Create(StringComparer.Ordinal, "invariant", "invariants", "property", "violations");


    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["grant"] = "grant", ["gref"] = "grant", ["ref"] = "grant", ["grants"] = "grant", ["port"] = "port",
        ["slot"] = "slot", ["frame"] = "frame", ["mfn"] = "frame", ["page"] = "frame", ["handle"] = "handle",
        ["request"] = "request", ["vcpu"] = "vcpu", ["sector"] = "sector",
    };

    private static readonly ImmutableArray<string> Indices =
    [
        "req_prod", "req_event", "rsp_prod", "rsp_event", "req_prod_pvt", "rsp_cons", "req_cons", "rsp_prod_pvt",
    ];

    private static readonly Dictionary<string, ImmutableArray<string>> Fields = new(StringComparer.Ordinal)
    {
        ["grant"] = ["flags", "domid", "frame", "pins", "mapping"],
        ["port"] = ["pending", "mask", "linked", "busy", "link", "head"],
        ["vcpu"] = ["evtchn_upcall_pending", "evtchn_upcall_mask", "evtchn_pending_sel", "ready", "head"],
        ["frame"] = ["pte", "references", "iommu", "dma"],
    };

    /// <summary>An object.</summary>
    /// <param name="Kind">A kind of <see cref="RowTouch.Kind"/>.</param>
    /// <param name="Key">Which one, or null for any.</param>
    /// <param name="Field">The field, or null for any.</param>
    internal sealed record Thing(string Kind, string? Key, string? Field)
    {
        /// <summary>True when a touch is one of this object.</summary>
        public bool Matches(RowTouch touch) => touch.Kind == Kind && (Key is null || touch.Key == Key)
            && (Field is null || touch.Field == Field);
    }

    /// <summary>True when there is nothing to look for.</summary>
    public bool IsEmpty => Words.IsEmpty && Numbers.IsEmpty && Objects.IsEmpty && Step is null;

    /// <summary>Understands a text. Whatever it is, it is a question: words at the least.</summary>
    public static FindQuery Parse(string text)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        var numbers = ImmutableArray.CreateBuilder<string>();
        var objects = ImmutableArray.CreateBuilder<Thing>();
        int? step = null;
        var tokens = text.ToLowerInvariant().Split(
            [' ', '\t', ',', ':', '#', '"'], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < tokens.Length; i++)
        {
            var token = tokens[i];
            if (token == "step" && i + 1 < tokens.Length && tokens[i + 1] is [>= '1' and <= '7'] digit)
            {
                step = digit[0] - '0';
                i++;
                continue;
            }

            if (Kinds.TryGetValue(token, out var kind) && i + 1 < tokens.Length)
            {
                if (KeyOf(kind, tokens[i + 1]) is { } key)
                {
                    objects.Add(new Thing(kind, key, FieldAt(kind, tokens, ref i, 2)));
                    continue;
                }

                if (FieldAt(kind, tokens, ref i, 1) is { } field)
                {
                    objects.Add(new Thing(kind, null, field));
                    continue;
                }
            }

            if (Indices.Contains(token))
            {
                objects.Add(new Thing("index", token, null));
            }
            else if (IsNumber(token))
            {
                numbers.Add(token);
            }
            else
            {
                words.Add(Violations.Contains(token) ? "violation" : token);
            }
        }

        var found = new FindQuery(words.ToImmutable(), numbers.ToImmutable(), objects.ToImmutable(), step);
        return found.Objects.IsEmpty ? found : found.WithoutFillers();
    }

    // Beside an object, words that only make a sentence of it need not be in a caption.
    private FindQuery WithoutFillers() => this with
    {
        Words = [.. Words.Where(word => !Fillers.Contains(word) && !ChangeWords.Contains(word))],
        Changes = Words.Any(ChangeWords.Contains),
    };

    // Moves on past the key and, when the word behind is a field of the kind, past that too.
    private static string? FieldAt(string kind, string[] tokens, ref int i, int ahead)
    {
        var at = i + ahead;
        var isField = at < tokens.Length && Fields.TryGetValue(kind, out var fields) && fields.Contains(tokens[at])
            && !(Kinds.TryGetValue(tokens[at], out var next) && at + 1 < tokens.Length
                && KeyOf(next, tokens[at + 1]) is not null);
        if (isField)
        {
            i = at;
            return tokens[at];
        }

        i += ahead - 1;
        return null;
    }

    private static string? KeyOf(string kind, string token)
    {
        var hex = token.StartsWith("0x", StringComparison.Ordinal);
        if (kind == "frame")
        {
            // A frame is written in hexadecimal wherever it is shown, so it is one with and without the 0x.
            return ulong.TryParse(hex ? token[2..] : token, NumberStyles.AllowHexSpecifier, Culture, out var mfn)
                && (hex || token.Any(char.IsAsciiDigit))
                ? RowTouches.FrameKey(mfn)
                : null;
        }

        var style = hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        return ulong.TryParse(hex ? token[2..] : token, style, Culture, out var number)
            ? number.ToString(Culture)
            : null;
    }

    private static CultureInfo Culture => CultureInfo.InvariantCulture;

    // 4.12, W.1, H.5.2: digits and points behind a digit or one letter.
    private static bool IsNumber(string token) => token.Length >= 3 && token[1] == '.'
        && char.IsAsciiLetterOrDigit(token[0]) && token[^1] != '.'
        && token.Skip(1).All(c => c == '.' || char.IsAsciiDigit(c));
}
