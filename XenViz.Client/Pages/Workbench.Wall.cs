using Microsoft.JSInterop;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Pages;

/// <summary>
/// With or without the inspector. On a wall it is hidden until it is asked for, elsewhere shown; each choice is kept.
/// The style sheet does the hiding, before the first paint too (js/theme.js).
/// </summary>
public sealed partial class Workbench
{
    private bool deskInspector = true;
    private bool wallInspector;

    // On a stage narrower than this the type of a desk has fewer than 11 pixels: 18 units of 1600.
    private const double DeskWidth = 1600 * 11.0 / 18;

    // The same for the type of a wall, which is larger.
    private const double WallWidth = 1600 * 11.0 / 20;

    // In one column css/app.css makes a stage no wider than this that has the canvas of a phone; beside the inspector
    // the lowest window leaves more than this, and a phone's canvas would be too high for it.
    private const double PhoneWidth = 528;

    private bool? narrow;
    private bool low;
    private bool close;

    // The page is drawn when it is known how wide its stage is: the place that is kept for it has the same width.
    private bool measured;

    private SessionView? Drawn => measured ? view : null;

    // The names by which the sheets know what lies beside the stage: a rule that looks into the page for it (:has)
    // would have more than a hundred elements styled anew at each step.
    private string Holds => (feed?.State is FeedState.Reconnecting or FeedState.Closed ? "with-banner " : "")
        + (problem is not null ? "with-problem" : details is not null || findOpen || pathsOpen ? "with-side" : "");

    /// <summary>The stage got another width: of a phone, of a low window or of a desk.</summary>
    /// <param name="width">Pixels.</param>
    [JSInvokable]
    public void OnStageWidth(double width)
    {
        if (Measure(width))
        {
            StateHasChanged();
        }
    }

    private void Begin(double? width)
    {
        measured = true;
        if (width > 0)
        {
            Measure(width.Value);
        }
    }

    // True where another canvas fits.
    private bool Measure(double width)
    {
        var before = (narrow, low, close);
        (narrow, low, close) = (width <= PhoneWidth, width < DeskWidth, width < WallWidth);
        return before != (narrow, low, close);
    }

    // Beside the inspector a small stage has a low window's type on a wall too: it is the larger one there.
    private bool WallStage => theme == "projector" && !close;

    private bool InspectorShown => theme == "projector" ? wallInspector : deskInspector;

    private async Task ShowInspector(bool shown)
    {
        if (theme == "projector")
        {
            wallInspector = shown;
        }
        else
        {
            deskInspector = shown;
        }

        await Js.InvokeVoidAsync("xenviz.setInspector", shown);
    }

    // What is to be seen in a tab needs the tabs.
    private Task NeedInspector() => InspectorShown ? Task.CompletedTask : ShowInspector(true);

    internal sealed record BrowserSettings(
        string Theme, bool LessMotion, int Tab, bool? Inspector, bool? WallInspector, double? StageWidth);
}
