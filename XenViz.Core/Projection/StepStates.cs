using System.Collections.Immutable;

namespace XenViz.Core.Projection;

/// <summary>Which of the seven steps of the figure are behind, by what has happened and not by their numbers.</summary>
internal sealed class StepStates
{
    private const int Steps = 7;

    // The position after the first row of each step; looked up at every view, so found once.
    private readonly int[] _begun = [.. Enumerable.Repeat(int.MaxValue, Steps + 1)];

    /// <summary>Finds where each step begins.</summary>
    /// <param name="rows">The rows of the branch.</param>
    public StepStates(ImmutableArray<TimelineRow> rows)
    {
        for (var i = rows.Length - 1; i >= 0; i--)
        {
            if (Counts(rows[i].Number))
            {
                _begun[rows[i].Step] = i + 1;
            }
        }
    }

    /// <summary><c>current</c> for the step told, <c>past</c> for an earlier one of which rows have run, else
    /// <c>future</c>: a ring that connects looks for requests (4.7) without any step having been taken. While none is
    /// told, as when the device is unplugged, every step that was taken is behind.</summary>
    /// <param name="step">The step told, 0 for none.</param>
    /// <param name="position">Rows run since the start.</param>
    public ImmutableArray<string> At(int step, int position) =>
    [
        .. Enumerable.Range(1, Steps).Select(s =>
            s == step ? "current"
                : (s < step || (step == 0 && _begun[1] <= position)) && _begun[s] <= position ? "past"
                : "future"),
    ];

    // Sleeping, looking again, unmapping and what ends a run stand near a step, but are not the step.
    private static bool Counts(string number) => number[0] is (>= '1' and <= '7') or 'T' or 'V' or 'X'
        or 'D' or 'F' or 'G' or 'I' or 'P' or 'O' or 'S';
}
