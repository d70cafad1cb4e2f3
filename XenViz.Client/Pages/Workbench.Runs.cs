using Microsoft.JSInterop;
using XenViz.Client.Controls;
using XenViz.Client.Resources;
using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Client.Pages;

/// <summary>Starting another run.</summary>
public sealed partial class Workbench
{
    /// <summary>
    /// Starts a run in this session, so that whoever watches it sees the new one. A run with choices needs a session
    /// that is made of them; the one on screen stays where it is, one press of the browser's Back away.
    /// </summary>
    private async Task RunAsync(RunLink run)
    {
        if (run.Choices.IsDefaultOrEmpty)
        {
            var result = await TrySendAsync(new Command.Load(run.Parameters));
            loadError = result?.Error;
            scenarioOpen = result is not { Ok: true };
            if (!scenarioOpen)
            {
                await ShowAsync(run);
            }

            return;
        }

        try
        {
            (var id, loadError) = await Sessions.CreateAsync(run.Format(), gone.Token);
            scenarioOpen = id is null;
            if (id is not null)
            {
                Navigation.NavigateTo($"/s/{id}");
            }
        }
        catch (Exception e) when (IsLost(e))
        {
            loadError = new CommandError(CommandErrors.Unavailable, "", Texts.Error_Connection);
        }
    }

    // What a prepared run wants told, and where it opens.
    private async Task ShowAsync(RunLink run)
    {
        // What is told is part of a prepared run; with one's own it stays as one likes it.
        var prepared = RunTitles.Prepared(run.Parameters) is not null && view is { } now
            && (now.Run.InsideXen, now.Run.LeftOut) != (run.InsideXen, run.LeftOut);
        if (run.InsideXen || run.LeftOut || prepared)
        {
            await SendAsync(new Command.SetDetail(run.InsideXen, run.LeftOut));
        }

        if (run.Guest > 0)
        {
            await SendAsync(new Command.ShowGuest(run.Guest));
        }

        if (run.Ring is { } ring)
        {
            await SendAsync(new Command.ShowRing(ring));
        }

        if (run.Position > 0)
        {
            await SendAsync(new Command.Seek(run.Position));
        }
    }

    private async Task UploadAsync()
    {
        upload = new ImageUpload(Percent: 0);
        var answer = await Js.InvokeAsync<UploadAnswer?>("xenviz.upload", gone.Token, "image-file");
        upload = answer is null ? new ImageUpload()
            : answer.Id is not null ? new ImageUpload(answer.Name, Id: answer.Id)
            : new ImageUpload(answer.Name, Error: answer.Message.Length > 0
                ? answer.Message : Texts.Image_Failed.With(answer.Status));
    }

    private sealed record UploadAnswer(string Name, string? Id, string Message, int Status);
}
