using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Client.Compare;

/// <summary>Addresses of two runs beside each other.</summary>
internal static class CompareLinks
{
    /// <summary>The address.</summary>
    /// <param name="left">A link (<c>/?...</c>) or its query.</param>
    /// <param name="right">The other.</param>
    public static string Of(string left, string right) =>
        $"/compare?a={Uri.EscapeDataString(Query(left))}&b={Uri.EscapeDataString(Query(right))}";

    /// <summary>The address of two branches of a run, both at the position of the one on screen as far as they go. All
    /// rows are told, for where branches part may be a row that the figure leaves out.</summary>
    /// <param name="view">What is on screen.</param>
    /// <param name="other">The branch to hold beside it.</param>
    public static string Of(SessionView view, BranchView other)
    {
        var shown = view.Timeline.Branches.FirstOrDefault(branch => branch.Id == view.Run.Branch)?.Label ?? "";
        var both = Of(
            At(view.Run.Link, view.Run.Position), At(other.Link, Math.Min(view.Run.Position, other.Length)));
        return $"{both}&an={Uri.EscapeDataString(shown)}&bn={Uri.EscapeDataString(other.Label)}";
    }

    private static string At(string link, int position) => RunLink.Parse(link).Link is { } run
        ? (run with { Position = position, InsideXen = true, LeftOut = true }).Format()
        : link;

    private static string Query(string link) => link[(link.IndexOf('?', StringComparison.Ordinal) + 1)..];
}
