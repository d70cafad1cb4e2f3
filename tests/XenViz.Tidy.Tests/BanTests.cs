using System.Text.RegularExpressions;

namespace XenViz.Tidy.Tests;

/// <summary>What must not be in the tree.</summary>
public sealed partial class BanTests
{
    private static readonly string[] Written =
    [
        ".cs", ".razor", ".css", ".js", ".md", ".json", ".csproj", ".props", ".targets", ".svg", ".txt",
    ];

    // This file has to name what it bans.
    private static IEnumerable<SourceFile> Searched(params string[] extensions) =>
        SourceTree.Files("", extensions).Where(file => !file.Path.StartsWith("tests/XenViz.Tidy.Tests/"));

    [Fact]
    public void Core_has_no_package_references_but_analyzers()
    {
        var project = File.ReadAllText(Path.Combine(SourceTree.Root, "XenViz.Core/XenViz.Core.csproj"));
        var complaints = PackageLine().Matches(project).Select(found => found.Value)
            .Where(line => !(line.Contains("Analyzer") && line.Contains("PrivateAssets=\"all\"")));
        Complaints.AssertNone(complaints);
        Assert.DoesNotContain("<ProjectReference", project);
    }

    [Fact]
    public void Nothing_is_left_for_later() => AssertNowhere(UnfinishedWord(), ".cs", ".razor", ".js", ".css");

    [Fact]
    public void No_file_knows_a_machine() => AssertNowhere(MachinePath(), Written);

    [Fact]
    public void Colours_live_only_in_css() => AssertNowhere(ColourLiteral(), ".cs", ".razor", ".js");

    // A browser has to ask such a rule again whenever anything comes into the page or goes: at each step of a run.
    [Fact]
    public void No_rule_looks_into_the_page_or_the_caption() => AssertNowhere(LookedInto(), ".css");

    private static void AssertNowhere(Regex banned, params string[] extensions)
    {
        var complaints = Searched(extensions).SelectMany(file => file.Numbered())
            .Where(each => banned.IsMatch(each.Line))
            .Select(each => $"{each.Where}: {each.Line.Trim()}");
        Complaints.AssertNone(complaints);
    }

    [GeneratedRegex(@"<PackageReference[^>]*>")]
    private static partial Regex PackageLine();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|NotImplementedException)\b")]
    private static partial Regex UnfinishedWord();

    [GeneratedRegex(@"(\bhtml|:root|\bbody|\.wb|\.cap|\.told|\.meta|\.stagebox|\.scene)[^\s,{>]*:has\(")]
    private static partial Regex LookedInto();

    [GeneratedRegex(@"(?<![\w.~])/(work|root)/|(?<![\w.])/home/\w+/")]
    private static partial Regex MachinePath();

    // A fragment link (#abc) has no quote, space or colon before it that a colour would have, except in href.
    [GeneratedRegex(@"(?<!href=)[""'\s:](#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8}))\b|\b(rgba?|hsla?)\(")]
    private static partial Regex ColourLiteral();
}
