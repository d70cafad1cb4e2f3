using System.Text.RegularExpressions;

namespace XenViz.Tidy.Tests;

/// <summary>Components are functions of one view; only pages know services.</summary>
public sealed partial class ComponentTests
{
    private static readonly string[] WithServices = ["XenViz.Client/Pages/", "XenViz.Client/Layout/"];

    [Fact]
    public void Every_component_lies_in_the_client()
    {
        var complaints = SourceTree.Files("", ".razor").Select(file => file.Path)
            .Where(path => !path.StartsWith("XenViz.Client/") && !path.StartsWith("tests/"));
        Complaints.AssertNone(complaints);
    }

    [Fact]
    public void Only_pages_and_layouts_inject_services()
    {
        var complaints =
            from file in SourceTree.Files("XenViz.Client", ".razor", ".cs")
            where !WithServices.Any(folder => file.Path.StartsWith(folder))
            from each in file.Numbered()
            where Injection().IsMatch(each.Line)
            select $"{each.Where}: {each.Line.Trim()}";
        Complaints.AssertNone(complaints);
    }

    [Fact]
    public void The_focus_is_given_with_the_helper_that_bears_that_the_element_has_gone()
    {
        var complaints =
            from file in SourceTree.Files("XenViz.Client", ".razor", ".cs")
            where file.Path != "XenViz.Client/Controls/Focus.cs"
            from each in file.Numbered()
            where each.Line.Contains(".FocusAsync(", StringComparison.Ordinal)
            select $"{each.Where}: {each.Line.Trim()}";
        Complaints.AssertNone(complaints);
    }

    [GeneratedRegex(@"^\s*@inject\b|\[Inject\b")]
    private static partial Regex Injection();
}
