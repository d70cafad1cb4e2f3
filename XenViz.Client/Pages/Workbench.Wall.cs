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

    private bool? narrow;

    /// <summary>The stage got as narrow as a phone, or wider.</summary>
    /// <param name="isNarrow">True for a phone's width.</param>
    [JSInvokable]
    public void OnStageWidth(bool isNarrow)
    {
        if (narrow != isNarrow)
        {
            narrow = isNarrow;
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
