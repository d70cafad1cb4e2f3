using Microsoft.JSInterop;
using XenViz.Client.Panels;
using XenViz.Client.Time;
using XenViz.Core.Projection;

namespace XenViz.Client.Pages;

/// <summary>Going anywhere in time.</summary>
public sealed partial class Workbench
{
    private FindPanel? find;
    private bool findOpen;
    private bool pathsOpen;
    private RowFilter? only;
    private int zoom = TimelineLayout.FirstZoom;

    /// <summary>The wheel was turned over the timeline with Ctrl.</summary>
    /// <param name="closer">1 for a closer look, -1 for a wider one.</param>
    [JSInvokable]
    public void OnZoom(int closer)
    {
        Look(closer);
        StateHasChanged();
    }

    private void Look(int closer)
    {
        if (view is not null)
        {
            var layout = LayoutOf(view);
            zoom = (closer > 0 ? TimelineLayout.Closer(zoom, layout.Total) : layout.Wider(zoom)) ?? zoom;
        }
    }

    private TimelineLayout LayoutOf(SessionView shown) =>
        TimelineLayout.Of(shown.Timeline, shown.Run.Position, only?.Of(shown) ?? default, zoom);

    private int PositionAt(SessionView shown, string scope, double fraction)
    {
        if (scope != "run")
        {
            return Math.Clamp(LayoutOf(shown).PositionAt(fraction), 0, shown.Run.Length);
        }

        // The strip stops where the timeline does: at the nearest row that is told.
        var wanted = fraction / TimelineOverview.ScaleOf(shown) * shown.Run.Length;
        return shown.Timeline.Stops.Prepend(0).MinBy(stop => Math.Abs(stop - wanted));
    }

    private async Task<FindAnswer?> FindAsync(FindRequest request)
    {
        try
        {
            return session is null ? null : await session.FindAsync(request, gone.Token);
        }
        catch (Exception e) when (IsLost(e))
        {
            // The banner says that the connection is lost.
            return null;
        }
    }

    private Task StartAgainAsync() =>
        view is null ? Task.CompletedTask : StartAgain.GoAsync(view, Snackbar, SendAsync);

    private async Task ShowPaths(bool open)
    {
        (pathsOpen, findOpen) = (open, findOpen && !open);
        details = open ? null : details;
        if (!open)
        {
            await Js.InvokeVoidAsync("xenviz.leave", "paths");
        }
    }

    // A circle of the figure opens into its micro-steps.
    private async Task OpenStepAsync(int step)
    {
        await ShowFind(true);
        if (find is not null)
        {
            // The row where the run stands is in sight, with the one before it.
            await Js.InvokeVoidAsync("xenviz.showHit", await find.OpenStepAsync(step));
        }
    }

    private async Task WalkedAsync(int hit) => await Js.InvokeVoidAsync("xenviz.followHit", hit);

    // The focus goes back to where it came from.
    private async Task ShowFind(bool open)
    {
        (findOpen, pathsOpen) = (open, pathsOpen && !open);
        details = open ? null : details;
        if (!open)
        {
            await Js.InvokeVoidAsync("xenviz.leave", "find");
        }
    }
}
