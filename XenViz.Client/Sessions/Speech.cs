using XenViz.Client.Resources;
using XenViz.Core.Projection;

namespace XenViz.Client.Sessions;

/// <summary>
/// What the live region says. Whoever steps hears every step; a run that plays is faster than anybody listens, so
/// there it says where each step of the figure begins, what breaks, and where it stopped.
/// </summary>
internal sealed class Speech
{
    private string said = "";
    private SessionView? last;
    private int step = -1;
    private (string Run, int Branch) shown = ("", -1);

    /// <summary>The words for this view: new ones, or those of before.</summary>
    public string Of(SessionView? view)
    {
        if (view is null || ReferenceEquals(view, last))
        {
            return view is null ? "" : said;
        }

        last = view;

        if (!view.Run.Playing || view.Narration.Step != step || !view.Narration.Violations.IsEmpty)
        {
            (said, step) = (view.Narration.Spoken, view.Narration.Step);
            if (Words.StoppedAt(view) is { } at)
            {
                said = $"{Texts.Stopped_At}: {at}. {said}";
            }
            else if (Words.PastBreakpoints(view) is { } none)
            {
                said = $"{none} {said}";
            }
        }

        // Another branch of the same run has another future: that is said before where one is.
        if (shown.Run == view.Run.Title && shown.Branch != view.Run.Branch
            && view.Timeline.Branches.FirstOrDefault(branch => branch.Id == view.Run.Branch) is { } here)
        {
            said = $"{TimeTexts.Branch_Here.With(here.Label)} {view.Narration.Spoken}";
        }

        shown = (view.Run.Title, view.Run.Branch);
        return said;
    }
}
