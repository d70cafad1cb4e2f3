using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.SignalR;
using Microsoft.JSInterop;
using MudBlazor;
using XenViz.Client.Controls;
using XenViz.Client.Panels;
using XenViz.Client.Resources;
using XenViz.Client.Sessions;
using XenViz.Client.Stage;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Pages;

/// <summary>
/// The workbench: joins a session and shows its newest view. The only component here that knows services; the first
/// paint by the server is the empty frame, the session is made once the page is interactive, so that it is made once.
/// </summary>
public sealed partial class Workbench : IAsyncDisposable
{
    private readonly CancellationTokenSource gone = new();
    private readonly Speech speech = new();
    private ISession? session;
    private ISessionFeed? feed;
    private SessionView? view;
    private CommandError? problem;
    private CommandError? loadError;
    private ImageUpload upload = new();
    private DotNetObjectReference<Workbench>? self;
    private string theme = "";
    private bool lessMotion;

    // What is chosen while the browser's settings are on their way is newer than they are.
    private bool settled;
    private bool scenarioOpen;
    private bool helpOpen;
    private int tab;
    private Redraw? redraw;
    private (int Branch, int Position, int Tab) followed = (-1, -1, -1);

    /// <summary>The session in the address, or null for a new one.</summary>
    [Parameter]
    public string? SessionId { get; set; }

    [Inject]
    private ISessions Sessions { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    /// <summary>A key was pressed outside of fields and dialogs.</summary>
    /// <param name="key">As the browser names it.</param>
    /// <param name="shift">True with the shift key.</param>
    [JSInvokable]
    public async Task OnKey(string key, bool shift)
    {
        if (key is "r" or "R")
        {
            await ToggleMotion();
        }
        else if (key == "?")
        {
            helpOpen = true;
        }
        else if (key is "b" or "B")
        {
            await ShowPaths(!pathsOpen);
        }
        else if (key is "i" or "I")
        {
            await ShowInspector(!InspectorShown);
        }
        else if (key is "+" or "=" or "-")
        {
            Look(key == "-" ? -1 : 1);
        }
        else if (key == "Escape")
        {
            (scenarioOpen, helpOpen) = (false, false);
        }
        else if (find is not null && await find.KeyAsync(key))
        {
            // Looking for rows is the panel's own.
        }
        else if (view is not null && Keys.CommandOf(key, shift, view) is { } command)
        {
            // What it does is drawn when its view comes.
            await SendAsync(command);
            return;
        }

        StateHasChanged();
    }

    /// <summary>The timeline was clicked or dragged.</summary>
    /// <param name="scope"><c>page</c> for the columns on show, <c>run</c> for the strip of the whole run.</param>
    /// <param name="fraction">0 for the left edge, 1 for the right.</param>
    [JSInvokable]
    public Task OnScrub(string scope, double fraction)
    {
        if (view is null)
        {
            return Task.CompletedTask;
        }

        var position = PositionAt(view, scope, fraction);
        return position == view.Run.Position ? Task.CompletedTask : SendAsync(new Command.Seek(position));
    }

    /// <summary>So much of the image has been sent.</summary>
    /// <param name="percent">0 to 100.</param>
    [JSInvokable]
    public void OnUploadProgress(int percent)
    {
        upload = upload with { Percent = percent };
        StateHasChanged();
    }

    /// <summary>The system's wish for reduced motion changed, and the person has made no choice of their own.</summary>
    /// <param name="less">True for less motion.</param>
    [JSInvokable]
    public void OnSystemMotion(bool less)
    {
        lessMotion = less;
        StateHasChanged();
    }

    private Redraw Redrawn => redraw ??= new(
        InvokeAsync,
        () =>
        {
            view = feed?.Current ?? view;
            StateHasChanged();
        });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await gone.CancelAsync();
        await LeaveAsync();
        self?.Dispose();
        gone.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (RendererInfo.IsInteractive && (session is null || session.Id != SessionId))
        {
            if (session is not null)
            {
                // A dialog is about the session that is left. (It outlives that a new session gets its address.)
                (scenarioOpen, helpOpen) = (false, false);
            }

            await OpenAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            self = DotNetObjectReference.Create(this);
            var settings = await Js.InvokeAsync<BrowserSettings?>("xenviz.start", self);
            if (!settled)
            {
                (theme, lessMotion) = (settings?.Theme ?? "", settings?.LessMotion ?? false);
            }

            (tab, deskInspector) = (settings?.Tab ?? tab, settings?.Inspector ?? true);
            wallInspector = settings?.WallInspector ?? false;
            Begin(settings?.StageWidth);
            StateHasChanged();
        }

        if (view is null || !measured)
        {
            return;
        }

        if (!rehearsed && OperatingSystem.IsBrowser())
        {
            _ = RehearseAsync(view);
        }

        if (followed != (view.Run.Branch, view.Run.Position, tab))
        {
            followed = (view.Run.Branch, view.Run.Position, tab);
            await Js.InvokeVoidAsync("xenviz.follow", WorkToKeep());
        }
    }

    private async Task OpenAsync()
    {
        problem = null;
        try
        {
            var id = SessionId;
            if (id is null)
            {
                var link = new Uri(Navigation.Uri).Query.TrimStart('?');
                await RecallAsync(link);
                (id, problem) = await Sessions.CreateAsync(link, gone.Token);
                if (id is null)
                {
                    return;
                }
            }

            await JoinAsync(id);
            if (await ReviveAsync(id))
            {
                return;
            }

            TellRevived();
            if (SessionId is null && session is not null)
            {
                Navigation.NavigateTo($"/s/{id}", replace: true);
            }
        }
        catch (Exception e) when (IsLost(e))
        {
            problem = new CommandError("no_connection", "", Texts.Error_Connection);
        }
    }

    private async Task JoinAsync(string id)
    {
        await LeaveAsync();
        (session, feed, problem) = await Sessions.JoinAsync(id, gone.Token);
        if (feed is not null)
        {
            feed.Changed += Redrawn.Ask;
            view = feed.Current;
        }
    }

    private async Task LeaveAsync()
    {
        if (feed is not null)
        {
            feed.Changed -= Redrawn.Ask;
            await feed.DisposeAsync();
            (feed, session, view) = (null, null, null);
        }
    }

    // True when the session did it; why not is said.
    private async Task<bool> SendAsync(Command command)
    {
        var result = await TrySendAsync(command);
        if (result is { Ok: false })
        {
            Snackbar.Add(Texts.Error_Command.With(result.Error!.Message), Severity.Warning);
        }

        return result is { Ok: true };
    }

    private async Task<CommandResult?> TrySendAsync(Command command)
    {
        try
        {
            return session is null ? null : await session.SendAsync(command, gone.Token);
        }
        catch (Exception e) when (IsLost(e))
        {
            // The line about a lost connection says it already.
            if (feed?.State is null or FeedState.Live)
            {
                Snackbar.Add(Texts.Error_Connection, Severity.Error);
            }

            return null;
        }
    }

    private static bool IsLost(Exception e) =>
        e is HttpRequestException or IOException or InvalidOperationException or TimeoutException or HubException;

    // The circle of the step that one is at already opens it.
    private Task GoToStep(int step) => view is null ? Task.CompletedTask
        : view.Narration.Step == step && view.Run.Position > 0 && Steps.EndOf(view, step) == view.Run.Position
            ? OpenStepAsync(step)
        : Steps.EndOf(view, step) is { } end ? SendAsync(new Command.Seek(end)) : Task.CompletedTask;

    private void OpenScenario() => (loadError, scenarioOpen) = (null, true);

    private async Task ShareAsync()
    {
        if (view is null)
        {
            return;
        }

        var link = Navigation.ToAbsoluteUri(view.Run.Link).ToString();
        var copied = await Js.InvokeAsync<bool>("xenviz.copy", link);
        Snackbar.Add(
            copied ? Texts.Share_Copied.With(view.Narration.Number) : Texts.Share_Failed.With(link),
            copied ? Severity.Success : Severity.Info);
    }

    private async Task SetTheme(string chosen)
    {
        (theme, settled) = (chosen, true);
        await Js.InvokeVoidAsync("xenviz.setTheme", chosen);
    }

    private async Task ToggleMotion()
    {
        (lessMotion, settled) = (!lessMotion, true);
        await Js.InvokeVoidAsync("xenviz.setMotion", lessMotion);
    }

    private void WayOn()
    {
        problem = null;
        Navigation.NavigateTo("/", forceLoad: true);
    }
}
