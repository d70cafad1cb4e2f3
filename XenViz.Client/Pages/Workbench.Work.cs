using Microsoft.JSInterop;
using MudBlazor;
using XenViz.Client.Controls;
using XenViz.Client.Resources;
using XenViz.Core.Commands;

namespace XenViz.Client.Pages;

/// <summary>Work is kept on the device as it happens: going on where one was, also when the session is gone.</summary>
public sealed partial class Workbench
{
    private LastWork? last;
    private bool revived;

    // The work of before is asked for as long as the run that was made instead is untouched.
    private async Task RecallAsync(string link)
    {
        if (link.Length == 0)
        {
            last = await Js.InvokeAsync<LastWork?>("xenviz.recall", gone.Token, (string?)null);
        }
    }

    private LastWork? WorkToKeep()
    {
        if (view is not { Run.Position: > 0 } || session is null)
        {
            return null;
        }

        if (last is not null)
        {
            last = null;
            StateHasChanged();
        }

        return new LastWork(session.Id, view.Run.Link, view.Run.Title, view.Narration.Number);
    }

    private void GoOnThere()
    {
        if (last is { } work)
        {
            last = null;
            Navigation.NavigateTo($"/s/{work.Id}");
        }
    }

    /// <summary>A session that the server does not know any more, but this device does, is made again.</summary>
    /// <returns>True when the page is on its way there.</returns>
    private async Task<bool> ReviveAsync(string id)
    {
        if (problem?.Code != CommandErrors.UnknownSession
            || await Js.InvokeAsync<LastWork?>("xenviz.recall", gone.Token, id) is not { } work)
        {
            return false;
        }

        problem = null;
        revived = true;
        Navigation.NavigateTo(work.Link);
        return true;
    }

    private void TellRevived()
    {
        if (revived)
        {
            revived = false;
            Snackbar.Add(StartTexts.Revived, Severity.Info);
        }
    }

    private void Reopen()
    {
        if (view is not null)
        {
            revived = true;
            Navigation.NavigateTo(view.Run.Link);
        }
    }
}
