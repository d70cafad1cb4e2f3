using System.Text.RegularExpressions;

namespace XenViz.Tidy.Tests;

/// <summary>A citation names a symbol: lines move, symbols stay.</summary>
public sealed partial class CitationTests
{
    [Fact]
    public void A_citation_names_a_symbol_and_never_a_line()
    {
        var complaints = SourceTree.Files("XenViz.Core", ".cs", ".json", ".md")
            .Concat(SourceTree.Files("XenViz.Client", ".cs", ".razor"))
            .SelectMany(file => file.Numbered())
            .Where(each => LineNumber().IsMatch(each.Line))
            .Select(each => $"{each.Where}: {each.Line.Trim()}");
        Complaints.AssertNone(complaints);
    }

    [Fact]
    public void Every_public_type_of_the_Abi_says_what_it_is()
    {
        // A partial type says it once, in whichever file.
        var documented = (
            from file in SourceTree.CSharp("XenViz.Core/Abi")
            from index in Enumerable.Range(0, file.Lines.Length)
            let type = PublicType().Match(file.Lines[index])
            where type.Success && HasSummary(file.Lines, index)
            select type.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        var complaints =
            from file in SourceTree.CSharp("XenViz.Core/Abi")
            from index in Enumerable.Range(0, file.Lines.Length)
            let type = PublicType().Match(file.Lines[index])
            where type.Success && !documented.Contains(type.Groups["name"].Value)
            select $"{file.Path}:{index + 1}: {file.Lines[index].Trim()}";
        Complaints.AssertNone(complaints);
    }

    /// <summary>Walks up over attributes and comments until the summary or anything else.</summary>
    private static bool HasSummary(string[] lines, int declaration)
    {
        for (var index = declaration - 1; index >= 0; index--)
        {
            var line = lines[index].Trim();
            if (line.Contains("<summary>", StringComparison.Ordinal))
            {
                return true;
            }

            if (line.Length == 0 || line.EndsWith(';') || line is "{" or "}")
            {
                return false;
            }
        }

        return false;
    }

    [GeneratedRegex(@"\.[chS]:\d+|\.[ch]#L\d+|\.[ch],? lines? \d+")]
    private static partial Regex LineNumber();

    [GeneratedRegex(@"^\s*public (\w+ )*(class|struct|interface|enum|record) (?<name>\w+)")]
    private static partial Regex PublicType();
}
