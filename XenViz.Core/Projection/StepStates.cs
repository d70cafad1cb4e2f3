using System.Collections.Immutable;

namespace XenViz.Core.Projection;

/// <summary>Which of the seven steps of the figure are behind, by what has happened and not by their numbers.</summary>
internal static class StepStates
{
    /// <summary><c>current</c> for the step told, <c>past</c> for an earlier one of which rows have run, else
    /// <c>future</c>: a ring that connects looks for requests (4.7) without any step having been taken.</summary>
    /// <param name="rows">The rows of the branch.</param>
    /// <param name="step">The step told, 0 for none.</param>
    /// <param name="position">Rows run since the start.</param>
    public static ImmutableArray<string> Of(ImmutableArray<TimelineRow> rows, int step, int position)
    {
        Span<bool> ran = stackalloc bool[8];
        for (var i = 0; i < Math.Min(position, rows.Length); i++)
        {
            var row = rows[i];
            ran[Counts(row.Number) ? row.Step : 0] = true;
        }

        var states = ImmutableArray.CreateBuilder<string>(7);
        for (var s = 1; s <= 7; s++)
        {
            states.Add(s == step ? "current" : s < step && ran[s] ? "past" : "future");
        }

        return states.MoveToImmutable();
    }

    // Sleeping, looking again, unmapping and what ends a run stand near a step, but are not the step.
    private static bool Counts(string number) => number[0] is (>= '1' and <= '7') or 'T' or 'V' or 'X'
        or 'D' or 'F' or 'G' or 'I' or 'P' or 'O' or 'S';
}
