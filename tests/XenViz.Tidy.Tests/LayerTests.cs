using System.Text.RegularExpressions;

namespace XenViz.Tidy.Tests;

/// <summary>A file may use only namespaces to its left; a namespace is its folder.</summary>
public sealed partial class LayerTests
{
    private static readonly string[] Layers =
    [
        "Abi", "Events", "Commands", "Simulation", "Programs", "Hypervisor", "Devices", "Drivers", "Invariants",
        "Costs", "Exploration", "History", "Scenarios", "Projection", "Feed",
    ];

    private static readonly string[] SeenByClient = ["Abi", "Commands", "Projection", "Feed"];

    [Fact]
    public void Core_has_only_the_folders_of_its_layers()
    {
        var complaints = SourceTree.CSharp("XenViz.Core")
            .Where(file => file.Folders("XenViz.Core") is [var first, ..] && !Layers.Contains(first))
            .Select(file => $"{file.Path}: not in a layer");
        Complaints.AssertNone(complaints);
    }

    [Fact]
    public void Core_looks_only_to_its_left()
    {
        var complaints =
            from file in SourceTree.CSharp("XenViz.Core")
            where file.Folders("XenViz.Core").Length > 0
            let own = Array.IndexOf(Layers, file.Folders("XenViz.Core")[0])
            from found in UsesOfCore(file)
            where Array.IndexOf(Layers, found.Layer) > own
            select $"{found.Where}: {Layers[own]} must not see {found.Layer}";
        Complaints.AssertNone(complaints);
    }

    [Fact]
    public void Client_sees_of_Core_only_its_outer_seam()
    {
        var complaints =
            from file in SourceTree.Files("XenViz.Client", ".cs", ".razor")
            from found in UsesOfCore(file)
            where Layers.Contains(found.Layer) && !SeenByClient.Contains(found.Layer)
            select $"{found.Where}: Client must not see {found.Layer}";
        Complaints.AssertNone(complaints);
    }

    [Theory]
    [InlineData("XenViz.Core", "XenViz.Client|XenViz.Server")]
    [InlineData("XenViz.Client", "XenViz.Server")]
    public void A_project_does_not_name_one_to_its_right(string project, string right)
    {
        var forbidden = new Regex($@"\b({right.Replace(".", @"\.", StringComparison.Ordinal)})\b");
        var complaints = SourceTree.Files(project, ".cs", ".razor").SelectMany(file => file.Numbered())
            .Where(each => forbidden.IsMatch(WithoutComment(each.Line)) && !each.Line.Contains("InternalsVisibleTo"))
            .Select(each => each.Where);
        Complaints.AssertNone(complaints);
    }

    [Theory]
    [InlineData("XenViz.Core")]
    [InlineData("XenViz.Client")]
    [InlineData("XenViz.Server")]
    [InlineData("tests/XenViz.Core.Tests")]
    [InlineData("tests/XenViz.Client.Tests")]
    [InlineData("tests/XenViz.Server.Tests")]
    [InlineData("tests/XenViz.EndToEnd.Tests")]
    [InlineData("tests/XenViz.Tidy.Tests")]
    public void A_namespace_is_its_folder(string project)
    {
        var complaints =
            from file in SourceTree.CSharp(project)
            let found = NamespaceLine().Match(file.Text)
            where found.Success
            let expected = string.Join('.', [project.Split('/')[^1], .. file.Folders(project)])
            where found.Groups[1].Value != expected
            select $"{file.Path}: is in {found.Groups[1].Value}, not {expected}";
        Complaints.AssertNone(complaints);
    }

    private static IEnumerable<(string Where, string Layer)> UsesOfCore(SourceFile file) =>
        from each in file.Numbered()
        from Match found in CoreNamespace().Matches(WithoutComment(each.Line))
        select (each.Where, found.Groups[1].Value);

    private static string WithoutComment(string line) =>
        line.TrimStart().StartsWith("//", StringComparison.Ordinal) ? "" : line;

    [GeneratedRegex(@"\bXenViz\.Core\.(\w+)")]
    private static partial Regex CoreNamespace();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
