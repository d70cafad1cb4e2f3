using System.Collections.Immutable;
using XenViz.Core.Projection;

namespace XenViz.Client.Time;

/// <summary>The rows of a branch that a question found: what the timeline is narrowed down to.</summary>
/// <param name="Text">The question.</param>
/// <param name="ChangesOnly">True when it asked for changes only.</param>
/// <param name="Branch">The branch that was looked through.</param>
/// <param name="Length">Its rows.</param>
/// <param name="Positions">The positions after the rows, ascending.</param>
public sealed record RowFilter(
    string Text, bool ChangesOnly, int Branch, int Length, ImmutableArray<int> Positions)
{
    /// <summary>The positions, when they are those of the branch on screen; else default.</summary>
    /// <param name="view">What is on screen.</param>
    public ImmutableArray<int> Of(SessionView view) =>
        view.Run.Branch == Branch && view.Run.Length == Length ? Positions : default;

    /// <summary>How many of the rows are at or before a position.</summary>
    /// <param name="position">Rows run since the start.</param>
    public int Passed(int position)
    {
        var found = Positions.BinarySearch(position);
        return found >= 0 ? found + 1 : ~found;
    }

    /// <summary>True when the row at a position is one of them.</summary>
    /// <param name="position">Rows run since the start.</param>
    public bool Holds(int position) => Positions.BinarySearch(position) >= 0;

    /// <summary>The next one after a position, or null.</summary>
    /// <param name="position">Rows run since the start.</param>
    public int? After(int position) => Passed(position) is var at && at < Positions.Length ? Positions[at] : null;

    /// <summary>The last one before a position, or null.</summary>
    /// <param name="position">Rows run since the start.</param>
    public int? Before(int position) => Passed(position - 1) is var at && at > 0 ? Positions[at - 1] : null;
}
