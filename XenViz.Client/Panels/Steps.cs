using XenViz.Client.Resources;
using XenViz.Core.Projection;

namespace XenViz.Client.Panels;

/// <summary>Where the transport leads from here, in words and positions.</summary>
internal static class Steps
{
    /// <summary>True when the run goes no further, or none is there yet.</summary>
    /// <param name="view">What is on screen, or null.</param>
    public static bool AtEnd(SessionView? view) => view is null || view.Run.Position >= view.Run.Length;

    /// <summary>The number of the stop after this position, or the word for the end.</summary>
    /// <param name="view">What is on screen.</param>
    public static string Next(SessionView view)
    {
        var stops = view.Timeline.Stops;
        var index = TimelineLayout.LastAtOrBefore(stops, view.Run.Position) + 1;
        return index < stops.Length ? Name(view, index) : Texts.To_End;
    }

    /// <summary>The number of the stop before this position, or the word for the start.</summary>
    /// <param name="view">What is on screen.</param>
    public static string Back(SessionView view)
    {
        var stops = view.Timeline.Stops;
        var index = TimelineLayout.LastAtOrBefore(stops, view.Run.Position - 1);
        return index < 0 ? Texts.To_Start : Name(view, index);
    }

    /// <summary>The numbered step that going forward completes, or null at the end.</summary>
    /// <param name="view">What is on screen.</param>
    public static int? NextNumbered(SessionView view)
    {
        var index = TimelineLayout.LastAtOrBefore(view.Timeline.Stops, view.Run.Position) + 1;
        return index < view.Timeline.Stops.Length ? StepAt(view, index) : null;
    }

    /// <summary>The numbered step that going back ends at, or null when that is the start.</summary>
    /// <param name="view">What is on screen.</param>
    public static int? BackNumbered(SessionView view)
    {
        var index = TimelineLayout.LastAtOrBefore(view.Timeline.Stops, view.Run.Position);
        for (var i = index - 1; i >= 0; i--)
        {
            if (StepAt(view, i) != StepAt(view, index))
            {
                return StepAt(view, i);
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
        var stops = view.Timeline.Stops;
        for (var i = 0; i < stops.Length; i++)
        {
            var ends = StepAt(view, i) == step && (i + 1 == stops.Length || StepAt(view, i + 1) != step);
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

    private static int StepAt(SessionView view, int index) => TimelineLayout.LeadAt(view.Timeline, index)?.Step ?? 0;

    // What a stop calls itself: its last row, or what that one and those before it open (5.4 of 5.4.1 and so on). Where
    // the run ends with rows that are not told, the last one told gives the name.
    private static string Name(SessionView view, int index)
    {
        var stops = view.Timeline.Stops;
        if (TimelineLayout.LeadAt(view.Timeline, index) is not { } lead)
        {
            return Texts.To_Start;
        }

        var rows = view.Timeline.Rows[(index == 0 ? 0 : stops[index - 1])..stops[index]];
        var told = rows.LastOrDefault(
            row => row.InFigure || view.Run.LeftOut || StepNumbers.IsOwnStory(row.Number));
        var number = (told ?? lead).Number;
        var opened = number.Split('.') is [var step, var row, _] ? $"{step}.{row}" : null;
        return opened is not null && rows.Length > 1 && rows.Any(r => r.Number == opened || r.Number == opened + ".1")
            ? opened
            : number;
    }
}
