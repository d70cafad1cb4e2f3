using Microsoft.JSInterop;

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

    // css/stage.css has the same width.
    private const double PhoneWidth = 600;

    private bool? narrow;
    private bool low;

    /// <summary>The stage got another width: of a phone, of a low window or of a desk.</summary>
    /// <param name="width">Pixels.</param>
    [JSInvokable]
    public void OnStageWidth(double width)
    {
        var (isNarrow, isLow) = (width <= PhoneWidth, width < DeskWidth);
        if ((narrow, low) != (isNarrow, isLow))
        {
            (narrow, low) = (isNarrow, isLow);
            StateHasChanged();
        }
    }

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
}
