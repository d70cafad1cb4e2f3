using System.Collections.Immutable;
using XenViz.Client.Resources;
using XenViz.Core.Projection;

namespace XenViz.Client.Panels;

/// <summary>Where the transport leads from here, in words and positions.</summary>
internal static class Steps
{
    /// <summary>The number of the stop after this position, or the word for the end.</summary>
    /// <param name="view">What is on screen.</param>
    public static string Next(SessionView view)
    {
        var stops = view.Timeline.Stops;
        var index = TimelineLayout.LastAtOrBefore(stops, view.Run.Position) + 1;
        return index < stops.Length ? Name(view, stops[index]) : Texts.To_End;
    }

    /// <summary>The number of the stop before this position, or the word for the start.</summary>
    /// <param name="view">What is on screen.</param>
    public static string Back(SessionView view)
    {
        var stops = view.Timeline.Stops;
        var index = TimelineLayout.LastAtOrBefore(stops, view.Run.Position - 1);
        return index < 0 ? Texts.To_Start : Name(view, stops[index]);
    }

    /// <summary>The numbered step that going forward completes, or null at the end.</summary>
    /// <param name="view">What is on screen.</param>
    public static int? NextNumbered(SessionView view) =>
        view.Run.Position < view.Timeline.Rows.Length ? view.Timeline.Rows[view.Run.Position].Step : null;

    /// <summary>The numbered step that going back ends at, or null when that is the start.</summary>
    /// <param name="view">What is on screen.</param>
    public static int? BackNumbered(SessionView view)
    {
        var rows = view.Timeline.Rows;
        var at = Math.Min(view.Run.Position, rows.Length) - 1;
        if (at < 0)
        {
            return null;
        }

        var here = rows[at].Step;
        for (var i = at - 1; i >= 0; i--)
        {
            if (rows[i].Step != here)
            {
                return rows[i].Step;
            }
        }

        return null;
    }

    /// <summary>
    /// The position at which a numbered step is complete: of the run of rows that lies ahead, or else the last one.
    /// Null when the run has no such step.
    /// </summary>
    /// <param name="view">What is on screen.</param>
    /// <param name="step">1 to 7.</param>
    public static int? EndOf(SessionView view, int step)
    {
        int? last = null;
        var rows = view.Timeline.Rows;
        var stops = view.Timeline.Stops;
        for (var i = 0; i < stops.Length; i++)
        {
            var ends = StepAt(rows, stops[i]) == step
                && (i + 1 == stops.Length || StepAt(rows, stops[i + 1]) != step);
            if (!ends)
            {
                continue;
            }

            last = stops[i];
            if (stops[i] > view.Run.Position)
            {
                break;
            }
        }

        return last;
    }

    private static int StepAt(ImmutableArray<TimelineRow> rows, int stop) => stop == 0 ? 0 : rows[stop - 1].Step;

    private static string Name(SessionView view, int stop) =>
        stop == 0 ? Texts.To_Start : view.Timeline.Rows[stop - 1].Number;
}
