using System.Text.RegularExpressions;

namespace XenViz.Tidy.Tests;

/// <summary>
/// Finds method bodies by layout alone: a signature that ends in ")" (it may span lines), then a line that is only "{",
/// up to the "}" with the same indent. The formatter keeps that layout, so no parser is needed.
/// </summary>
internal static partial class MethodBodies
{
    public static IEnumerable<(int FirstLine, int Lines)> In(SourceFile file)
    {
        for (var open = 1; open < file.Lines.Length; open++)
        {
            if (file.Lines[open].Trim() != "{" || !IsSignature(file.Lines, open) || IsTable(file.Lines, open))
            {
                continue;
            }

            var indent = Indent(file.Lines[open]);
            var end = new string(' ', indent) + "}";
            var close = Array.FindIndex(file.Lines, open, line => line == end);
            if (close > open)
            {
                yield return (open, close - open - 1);
            }
        }
    }

    private static bool IsSignature(string[] lines, int open)
    {
        var first = open - 1;
        while (first > 0 && Indent(lines[first]) > Indent(lines[open]))
        {
            first--;
        }

        return lines[open - 1].TrimEnd().EndsWith(')') && !NotAMethod().IsMatch(lines[first]);
    }

    // A method that returns a sequence of rows is a listing's table, not a body: it is as long as the driver has rows.
    // Only the method itself and its rows ("new()") are let off; what else stands in it is measured as ever.
    private static bool IsTable(string[] lines, int open)
    {
        var before = lines[open - 1];
        if (before.Trim() != "new()")
        {
            return TableSignature().IsMatch(before);
        }

        var member = Array.FindLastIndex(lines, open, line => Member().IsMatch(line));
        return member >= 0 && TableSignature().IsMatch(lines[member]);
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;

    [GeneratedRegex(@"^\s*(\S+ )*(class|struct|record|interface|if|for|foreach|while|switch|using|lock|fixed)\b")]
    private static partial Regex NotAMethod();

    [GeneratedRegex(@"^\s*(public|internal|protected|private) ")]
    private static partial Regex Member();

    [GeneratedRegex(@"^\s*(\w+ )+(IEnumerable<Row<\w+>>|Row<\w+>\[\]) \w+\(")]
    private static partial Regex TableSignature();
}
