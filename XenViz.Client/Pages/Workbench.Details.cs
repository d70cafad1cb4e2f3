using Microsoft.JSInterop;
using XenViz.Client.Details;
using XenViz.Client.Panels;
using XenViz.Client.Stage.Parts;
using XenViz.Core.Commands;
using XenViz.Core.Feed;

namespace XenViz.Client.Pages;

/// <summary>The card that explains what was clicked.</summary>
public sealed partial class Workbench
{
    private const int BytesTab = 5;
    private string? details;
    private string? detailsPart;

    // An object of the stage opens the tab that tells most about it too: it is there when the card is closed.
    private Task ExplainAsync(string id)
    {
        // A small ring is put on stage; the one that is there by choice makes room for whichever runs.
        if (RingTabs.RingOf(id) is { } ring)
        {
            var chosen = view is { Stage: { Follows: false } stage } && stage.Rings.Any(r => r.Shown && r.Ring == ring);
            return SendAsync(new Command.ShowRing(chosen ? -1 : ring));
        }

        tab = Inspector.TabOf(id);
        return OpenDetailsAsync(id);
    }

    // The search lies in the same place. What has the focus now gets it back. Behind a # stands a part of the object.
    private async Task OpenDetailsAsync(string id)
    {
        await Js.InvokeVoidAsync("xenvizDetails.hold");
        var (about, part) = id.Split('#') is [var whole, var named] ? (whole, named) : (id, null);
        (details, detailsPart, findOpen, pathsOpen) = (about, part, false, false);
    }

    private async Task CloseDetailsAsync()
    {
        details = null;
        await Js.InvokeVoidAsync("xenvizDetails.back");
    }

    private async Task ShowTabAsync(int shown)
    {
        (details, tab) = (null, shown);
        await NeedInspector();
        await Js.InvokeVoidAsync("xenvizDetails.pane");
    }

    private async Task ShowBytesAsync(BytesPlace place)
    {
        (details, tab) = (null, BytesTab);
        await NeedInspector();
        await Js.InvokeVoidAsync("xenvizDetails.show", place.Area, place.Mfn.ToString(), place.Offset, place.Length);
    }

    private async Task<DetailAnswer?> DetailsAsync(string id)
    {
        try
        {
            return session is null ? null : await session.DetailsAsync(id, gone.Token);
        }
        catch (Exception e) when (IsLost(e))
        {
            // The banner says that the connection is lost.
            return null;
        }
    }
}
