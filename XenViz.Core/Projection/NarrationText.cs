using System.Globalization;
using System.Resources;
using System.Text;

namespace XenViz.Core.Projection;

/// <summary>
/// The words of the narration (<c>Narration.resx</c>): a caption and a why for every row, as templates.
/// </summary>
/// <remarks>
/// A key is the row's number, the variants if it has any, and <c>caption</c> or <c>why</c>: <c>2.4.read.why</c>,
/// <c>3.5.coalesced.caption</c>, <c>5.2.read.fault.why</c>; folded rows are <c>3.4-3.10</c> and the like. In a
/// template <c>{ref}</c> is the token's value, and <c>{segments:page|pages}</c> is the first text when the token is 1
/// and the second when it is anything else; tokens may stand inside those texts.
/// </remarks>
public static class NarrationText
{
    static readonly ResourceManager Texts = new("XenViz.Core.Projection.Narration", typeof(NarrationText).Assembly);

    /// <summary>
    /// The variants of a row, the most special one first: direction with outcome, outcome, direction.
    /// </summary>
    /// <param name="read">True for a READ, false for a WRITE.</param>
    /// <param name="outcome">How the row came out, such as <c>coalesced</c>; null for as usual.</param>
    public static IReadOnlyList<string> Variants(bool read, string? outcome)
    {
        var direction = read ? "read" : "write";
        return outcome is null ? [direction] : [$"{direction}.{outcome}", outcome, direction];
    }

    /// <summary>The template of a row, or null when there is no such row.</summary>
    /// <param name="number">The row, such as <c>2.4</c>, or folded rows, such as <c>3.4-3.10</c>.</param>
    /// <param name="part"><c>caption</c> or <c>why</c>.</param>
    /// <param name="variants">Variants to try in this order; the row without a variant comes last.</param>
    public static string? Find(string number, string part, IEnumerable<string> variants)
    {
        foreach (var variant in variants)
        {
            if (Text($"{number}.{variant}.{part}") is { } special)
            {
                return special;
            }
        }

        return Text($"{number}.{part}");
    }

    /// <summary>
    /// Puts values into a template. A token without a value stays as it is written, so that a gap is seen and does
    /// no harm; a choice without a value takes its second text.
    /// </summary>
    /// <param name="template">A text of the resource.</param>
    /// <param name="tokens">Values by the name of the token.</param>
    public static string Fill(string template, IReadOnlyDictionary<string, string> tokens)
    {
        var text = new StringBuilder(template.Length + 32);
        var at = 0;
        while (at < template.Length)
        {
            var open = template.IndexOf('{', at);
            var close = open < 0 ? -1 : MatchOf(template, open);
            if (close < 0)
            {
                return text.Append(template, at, template.Length - at).ToString();
            }

            text.Append(template, at, open - at).Append(Value(template[(open + 1)..close], tokens));
            at = close + 1;
        }

        return text.ToString();
    }

    static string? Text(string key) => Texts.GetString(key, CultureInfo.InvariantCulture);

    static string Value(string token, IReadOnlyDictionary<string, string> tokens)
    {
        var colon = token.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return tokens.TryGetValue(token, out var value) ? value : $"{{{token}}}";
        }

        var choice = token[(colon + 1)..];
        var bar = BarOf(choice);
        var isOne = tokens.TryGetValue(token[..colon], out var count) && count == "1";
        return Fill(isOne || bar == choice.Length ? choice[..bar] : choice[(bar + 1)..], tokens);
    }

    /// <summary>The closing brace of the opening one at <paramref name="open"/>, or -1.</summary>
    static int MatchOf(string text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            depth += text[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The bar between the two texts of a choice, not one inside braces; the end when there is none.</summary>
    static int BarOf(string choice)
    {
        var depth = 0;
        for (var i = 0; i < choice.Length; i++)
        {
            depth += choice[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0 && choice[i] == '|')
            {
                return i;
            }
        }

        return choice.Length;
    }
}
