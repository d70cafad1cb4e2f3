using Microsoft.JSInterop;
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

    private async Task ShowPaths(bool open)
    {
        (pathsOpen, findOpen) = (open, findOpen && !open);
        details = open ? null : details;
        if (!open)
        {
            await Js.InvokeVoidAsync("xenviz.focus", "paths");
        }
    }

    // A circle of the figure opens into its micro-steps.
    private async Task OpenStepAsync(int step)
    {
        await ShowFind(true);
        if (find is not null)
        {
            await find.OpenStepAsync(step);
        }
    }

    // The focus goes back to where it came from.
    private async Task ShowFind(bool open)
    {
        (findOpen, pathsOpen) = (open, pathsOpen && !open);
        details = open ? null : details;
        if (!open)
        {
            await Js.InvokeVoidAsync("xenviz.focus", "find");
        }
    }
}
