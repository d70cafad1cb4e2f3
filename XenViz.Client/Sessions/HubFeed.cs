using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Sessions;

/// <summary>
/// The views of one session over one connection. It notices a gap and asks for the whole view, and joins again when a
/// lost connection is back.
/// </summary>
internal sealed class HubFeed : ISessionFeed
{
    private static readonly TimeSpan AskAgainPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RehearsalPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FirstFrameLimit = TimeSpan.FromSeconds(15);

    private readonly string id;
    private readonly HubConnection connection;
    private readonly IDisposable frames;
    private readonly ViewMirror mirror = new();
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource end = new();
    private int asking;

    public HubFeed(string id, HubConnection connection)
    {
        (this.id, this.connection) = (id, connection);
        frames = connection.On<FeedMessage>("Frame", Take);
        connection.Reconnecting += OnReconnectingAsync;
        connection.Reconnected += OnReconnectedAsync;
        connection.Closed += OnClosedAsync;
    }

    public event Action? Changed;

    public SessionView Current => mirror.Current!;

    public FeedState State { get; private set; } = FeedState.Live;

    /// <summary>Joins and waits for the first view. Null, or why it may not.</summary>
    public async Task<CommandError?> JoinAsync(CancellationToken cancellation)
    {
        var result = await connection.InvokeAsync<CommandResult>("Join", id, cancellation);
        if (result.Error is null)
        {
            await first.Task.WaitAsync(FirstFrameLimit, cancellation);
            if (OperatingSystem.IsBrowser())
            {
                _ = RehearseAsync();
            }
        }
        else
        {
            Forget();
        }

        return result.Error;
    }

    /// <summary>
    /// Goes the way of a key once, to the server and back, before the first key: in a browser code is slow when it
    /// first runs. The command has no kind, so the server refuses it, and nobody sees anything of it.
    /// </summary>
    private async Task RehearseAsync()
    {
        try
        {
            // The picture comes first, and so does who is quicker than this.
            await Task.Delay(RehearsalPause, end.Token);
            await SendAsync(new Command.Next().ToDto() with { Kind = null }, end.Token);
        }
        catch (Exception error) when (HubSessions.IsLost(error, CancellationToken.None))
        {
            // Who has no connection has no need of it either.
        }
    }

    /// <summary>Sends a command. A failure of the server is a refusal; a lost connection throws.</summary>
    public async Task<CommandResult> SendAsync(CommandDto command, CancellationToken cancellation)
    {
        try
        {
            return await connection.InvokeAsync<CommandResult>("Send", command, cancellation);
        }
        catch (HubException)
        {
            return new CommandResult(
                CommandErrors.Make(CommandErrors.Unavailable, "", "Unavailable"), mirror.Current?.Sequence ?? 0);
        }
    }

    /// <summary>Asks about the rows. A failure of the server is a refusal; a lost connection throws.</summary>
    public async Task<FindAnswer> FindAsync(FindRequest request, CancellationToken cancellation)
    {
        try
        {
            return await connection.InvokeAsync<FindAnswer>("Find", request, cancellation);
        }
        catch (HubException)
        {
            return FindAnswer.Refused(CommandErrors.Make(CommandErrors.Unavailable, "", "Unavailable"));
        }
    }

    /// <summary>Asks about an object. A failure of the server is a refusal; a lost connection throws.</summary>
    public async Task<DetailAnswer> DetailsAsync(string about, CancellationToken cancellation)
    {
        try
        {
            return await connection.InvokeAsync<DetailAnswer>("Details", about, cancellation);
        }
        catch (HubException)
        {
            return DetailAnswer.Refused(CommandErrors.Make(CommandErrors.Unavailable, "", "Unavailable"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Changed = null;
        Forget();
        await end.CancelAsync();
        await connection.DisposeAsync();
        end.Dispose();
    }

    private void Forget()
    {
        frames.Dispose();
        connection.Reconnecting -= OnReconnectingAsync;
        connection.Reconnected -= OnReconnectedAsync;
        connection.Closed -= OnClosedAsync;
    }

    private void Take(FeedMessage message)
    {
        if (mirror.TryApply(message))
        {
            Volatile.Write(ref asking, message.Base == 0 ? 0 : asking);
            State = FeedState.Live;
            first.TrySetResult();
            Changed?.Invoke();
        }
        else if (Interlocked.Exchange(ref asking, 1) == 0)
        {
            _ = AskAgainAsync();
        }
    }

    /// <summary>Asks for the whole view until it comes, or until the connection is lost: then joining asks for
    /// it.</summary>
    private async Task AskAgainAsync()
    {
        try
        {
            while (Volatile.Read(ref asking) == 1)
            {
                await connection.InvokeAsync<CommandResult>("Again", end.Token);
                await Task.Delay(AskAgainPause, end.Token);
            }
        }
        catch (Exception error) when (HubSessions.IsLost(error, CancellationToken.None))
        {
            Volatile.Write(ref asking, 0);
        }
    }

    private Task OnReconnectingAsync(Exception? error)
    {
        Move(FeedState.Reconnecting);
        return Task.CompletedTask;
    }

    /// <summary>Joins again, and goes on trying while the server cannot take us back (it may be starting).</summary>
    private async Task OnReconnectedAsync(string? connectionId)
    {
        try
        {
            CommandError? refused;
            while ((refused = (await connection.InvokeAsync<CommandResult>("Join", id, end.Token)).Error) is not null)
            {
                if (refused.Code == CommandErrors.UnknownSession)
                {
                    Move(FeedState.Closed);
                    return;
                }

                await Task.Delay(AskAgainPause, end.Token);
            }
        }
        catch (Exception error) when (HubSessions.IsLost(error, CancellationToken.None))
        {
            // Lost once more: the next reconnection joins.
        }
    }

    private Task OnClosedAsync(Exception? error)
    {
        Move(FeedState.Closed);
        return Task.CompletedTask;
    }

    private void Move(FeedState state)
    {
        State = state;
        Changed?.Invoke();
    }
}
