using Microsoft.JSInterop;
using XenViz.Client.Stage;
using XenViz.Core.Projection;

namespace XenViz.Client.Pages;

/// <summary>In a browser the first key is answered as fast as the next ones (<see cref="Rehearsal"/>).</summary>
public sealed partial class Workbench
{
    private bool rehearsed;

    // At the end a key that means nothing goes the way that keys go: from the script, and drawn when it has been heard.
    private async Task RehearseAsync(SessionView shown)
    {
        rehearsed = true;
        var size = narrow == true ? SceneSize.Phone : Stage.Stage.WideOf(WallStage, low);
        await Rehearsal.RunAsync(shown, size, gone.Token);
        if (!gone.IsCancellationRequested)
        {
            await Js.InvokeVoidAsync("xenviz.rehearse");
        }
    }
}
