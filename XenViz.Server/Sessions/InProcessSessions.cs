using Microsoft.Extensions.Options;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;
using ISession = XenViz.Core.Feed.ISession;

namespace XenViz.Server.Sessions;

/// <summary>Sessions for pages that run on this server: no wire, the views themselves. One a circuit.</summary>
internal sealed class InProcessSessions(
    SessionDirectory directory, SessionChannels channels, IOptions<SessionLimits> options, TimeProvider time)
    : ISessions
{
    private readonly CommandBudget budget = new(options.Value, time);

    public async Task<(string? Id, CommandError? Error)> CreateAsync(
        string link, CancellationToken cancellation = default)
    {
        if (budget.Take(CommandBudget.CreateCost) is { } refused)
        {
            return (null, refused);
        }

        var answer = await directory.CreateAsync(link);
        return (answer.Id, answer.Error);
    }

    public async Task<(ISession? Session, ISessionFeed? Feed, CommandError? Error)> JoinAsync(
        string id, CancellationToken cancellation = default)
    {
        // The channel is taken first, so that the frame that opening sends out is in it.
        var lease = RunLimits.IsId(id) ? channels.Take(id) : null;
        var error = await directory.OpenAsync(id);
        if (error is not null || lease is null)
        {
            lease?.Dispose();
            return (null, null, error);
        }

        return (new Session(id, directory, budget), new InProcessFeed(lease), null);
    }

    private sealed class Session(string id, SessionDirectory directory, CommandBudget budget) : ISession
    {
        public string Id => id;

        public async Task<CommandResult> SendAsync(Command command, CancellationToken cancellation = default) =>
            budget.Take() is { } refused
                ? new CommandResult(refused, 0)
                : await directory.SendAsync(id, command.ToDto());

        public async Task<FindAnswer> FindAsync(FindRequest request, CancellationToken cancellation = default) =>
            budget.Take() is { } refused
                ? FindAnswer.Refused(refused)
                : await directory.FindAsync(id, request);

        public async Task<DetailAnswer> DetailsAsync(string about, CancellationToken cancellation = default) =>
            budget.Take() is { } refused
                ? DetailAnswer.Refused(refused)
                : await directory.DetailsAsync(id, about);
    }
}

/// <summary>The newest view of a channel, and a call when there is a newer one.</summary>
internal sealed class InProcessFeed : ISessionFeed
{
    private readonly SessionChannels.Lease lease;
    private readonly IDisposable watch;
    private int told;

    public InProcessFeed(SessionChannels.Lease lease)
    {
        this.lease = lease;
        watch = lease.Channel.Watch(Tell);
    }

    public event Action? Changed;

    public SessionView Current => lease.Channel.Latest!.View;

    public FeedState State => FeedState.Live;

    public ValueTask DisposeAsync()
    {
        watch.Dispose();
        lease.Dispose();
        Changed = null;
        return ValueTask.CompletedTask;
    }

    /// <summary>Only takes note: a page would otherwise render inside the session's own turn. Frames that come before
    /// the note is read share it.</summary>
    private void Tell()
    {
        if (Interlocked.Exchange(ref told, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static feed => feed.Raise(), this, preferLocal: false);
        }
    }

    private void Raise()
    {
        Volatile.Write(ref told, 0);
        Changed?.Invoke();
    }
}
