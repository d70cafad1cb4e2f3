using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;

namespace XenViz.Core.Projection;

/// <summary>A word of the field in one sentence.</summary>
/// <param name="Key">A stable word.</param>
/// <param name="Term">The word as it is shown.</param>
/// <param name="Gloss">What it means, at most 160 characters.</param>
public sealed record GlossaryTerm(string Key, string Term, string Gloss);

/// <summary>The words that a newcomer meets on stage and in captions, each in one sentence (<c>GlossaryText.resx</c>).
/// </summary>
public static class Glossary
{
    private const string Term = ".term";

    private static readonly ImmutableArray<(GlossaryTerm Term, string[] Words)> Known = Read();

    // By the first word of each form: a text is read once, at every step, in browsers too.
    private static readonly FrozenDictionary<string, Form[]> Forms = Known
        .SelectMany(k => k.Words.Select(word => new Form(word, k.Term)))
        .GroupBy(form => form.Words[..EndOf(form.Words, 0)], StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(forms => forms.Key, forms => forms.ToArray(), StringComparer.OrdinalIgnoreCase);

    /// <summary>All terms by their name.</summary>
    public static ImmutableArray<GlossaryTerm> All { get; } = [.. Known.Select(k => k.Term)];

    /// <summary>The terms that a text uses, in the order in which it uses them.</summary>
    /// <param name="text">A caption and its why.</param>
    public static ImmutableArray<GlossaryTerm> In(ReadOnlySpan<char> text)
    {
        var found = ImmutableArray.CreateBuilder<GlossaryTerm>();
        var forms = Forms.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var at = 0; at < text.Length; at++)
        {
            var end = EndOf(text, at);
            if (end > at && forms.TryGetValue(text[at..end], out var here))
            {
                foreach (var form in here)
                {
                    if (IsAt(text[at..], form.Words) && !found.Contains(form.Term))
                    {
                        found.Add(form.Term);
                    }
                }
            }

            at = end;
        }

        return found.ToImmutable();
    }

    private static int EndOf(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length && IsLetter(text[from]))
        {
            from++;
        }

        return from;
    }

    // Not a part of a longer word; "0x" may be followed by its digits.
    private static bool IsAt(ReadOnlySpan<char> text, string words) =>
        text.StartsWith(words, StringComparison.OrdinalIgnoreCase)
        && (text.Length == words.Length || words.EndsWith("0x", StringComparison.Ordinal)
            || !IsLetter(text[words.Length]));

    private static bool IsLetter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static ImmutableArray<(GlossaryTerm Term, string[] Words)> Read()
    {
        var texts = Words.Resource("GlossaryText");
        var set = texts.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: true)!;
        return
        [
            .. set.Cast<DictionaryEntry>().Select(entry => (string)entry.Key)
                .Where(key => key.EndsWith(Term, StringComparison.Ordinal)).Select(key => key[..^Term.Length])
                .Select(key => (
                    new GlossaryTerm(key, texts.Say(key + Term), texts.Say(key + ".gloss")),
                    texts.Say(key + ".words").Split('|')))
                .OrderBy(k => k.Item1.Term, StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>A form of a term: itself, a plural, another name.</summary>
    private sealed record Form(string Words, GlossaryTerm Term);
}
