using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Sessions;

/// <summary>One session as a page holds it: opened once, its newest view, and what went wrong.</summary>
/// <param name="sessions">Where sessions come from.</param>
public sealed class SessionHold(ISessions sessions) : IAsyncDisposable
{
    private readonly CancellationTokenSource gone = new();
    private ISession? session;
    private ISessionFeed? feed;

    /// <summary>Raised after <see cref="View"/> or <see cref="State"/> changed, on any thread.</summary>
    public event Action? Changed;

    /// <summary>The session's id, or null before it is open.</summary>
    public string? Id => session?.Id;

    /// <summary>The newest view, or null before the first.</summary>
    public SessionView? View => feed?.Current;

    /// <summary>How the feed is, or null before there is one.</summary>
    public FeedState? State => feed?.State;

    /// <summary>Why nothing is open, or null.</summary>
    public CommandError? Problem { get; private set; }

    /// <summary>Opens a session and leaves the one before.</summary>
    /// <param name="id">Its id, or null to make one.</param>
    /// <param name="link">For a new one: the query of a share link.</param>
    /// <returns>True when it is open.</returns>
    public async Task<bool> OpenAsync(string? id, string link)
    {
        try
        {
            Problem = null;
            if (id is null)
            {
                (id, Problem) = await sessions.CreateAsync(link, gone.Token);
            }

            if (id is not null)
            {
                await LeaveAsync();
                (session, feed, Problem) = await sessions.JoinAsync(id, gone.Token);
            }
        }
        catch (Exception error) when (HubSessions.IsLost(error, gone.Token))
        {
            Problem = HubSessions.Lost();
        }

        if (feed is not null)
        {
            feed.Changed += Raise;
        }

        return feed is not null;
    }

    /// <summary>Sends a command.</summary>
    /// <returns>Null when it was carried out, else why not.</returns>
    public async Task<CommandError?> SendAsync(Command command)
    {
        try
        {
            return session is null ? null : (await session.SendAsync(command, gone.Token)).Error;
        }
        catch (Exception error) when (HubSessions.IsLost(error, gone.Token))
        {
            return HubSessions.Lost();
        }
    }

    /// <summary>Asks about an object of the screen.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>Null without a connection.</returns>
    public async Task<DetailAnswer?> DetailsAsync(string id)
    {
        try
        {
            return session is null ? null : await session.DetailsAsync(id, gone.Token);
        }
        catch (Exception error) when (HubSessions.IsLost(error, gone.Token))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Changed = null;
        await gone.CancelAsync();
        await LeaveAsync();
        gone.Dispose();
    }

    private async Task LeaveAsync()
    {
        if (feed is not null)
        {
            feed.Changed -= Raise;
            await feed.DisposeAsync();
            (feed, session) = (null, null);
        }
    }

    private void Raise() => Changed?.Invoke();
}
