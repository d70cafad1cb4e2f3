using System.Collections;
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

    /// <summary>All terms by their name.</summary>
    public static ImmutableArray<GlossaryTerm> All { get; } = [.. Known.Select(k => k.Term)];

    /// <summary>The terms that a text uses, in the order in which it uses them.</summary>
    /// <param name="text">A caption and its why.</param>
    public static ImmutableArray<GlossaryTerm> In(string text) =>
    [
        .. Known.Select(k => (k.Term, At: FirstOf(text, k.Words))).Where(k => k.At >= 0).OrderBy(k => k.At)
            .Select(k => k.Term),
    ];

    private static int FirstOf(string text, string[] words)
    {
        var first = -1;
        foreach (var word in words)
        {
            for (var at = Find(text, word, 0); at >= 0; at = Find(text, word, at + 1))
            {
                if (IsWhole(text, word, at))
                {
                    first = first < 0 ? at : Math.Min(first, at);
                    break;
                }
            }
        }

        return first;
    }

    private static int Find(string text, string word, int from) =>
        from >= text.Length ? -1 : text.IndexOf(word, from, StringComparison.OrdinalIgnoreCase);

    // Not a part of a longer word; "0x" may be followed by its digits.
    private static bool IsWhole(string text, string word, int at)
    {
        var end = at + word.Length;
        return (at == 0 || !IsLetter(text[at - 1]))
            && (end == text.Length || word.EndsWith("0x", StringComparison.Ordinal) || !IsLetter(text[end]));
    }

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
}
