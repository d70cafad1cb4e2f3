using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;
using XenViz.Server.Sessions;

namespace XenViz.Server.Hubs;

/// <summary>
/// Sessions over the wire (docs/hub.md). Every method answers; refusals are in the answer, and no refusal ends the
/// connection. A connection looks at one session at a time.
/// </summary>
internal sealed class MachineHub(
    SessionDirectory directory, SessionChannels channels, IHubContext<MachineHub, IMachineClient> clients,
    IOptions<SessionLimits> options, TimeProvider time, IHostApplicationLifetime lifetime,
    ILogger<MachineHub> logger) : Hub<IMachineClient>
{
    private const string BudgetKey = "budget";
    private const string ViewerKey = "viewer";

    private CommandBudget Budget => (CommandBudget)Context.Items[BudgetKey]!;

    private HubViewer? Viewer => Context.Items.TryGetValue(ViewerKey, out var viewer) ? (HubViewer?)viewer : null;

    /// <inheritdoc/>
    public override Task OnConnectedAsync()
    {
        Context.Items[BudgetKey] = new CommandBudget(options.Value, time);
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Too late to be told with the others that the host stops.
            Context.Abort();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception) => LeaveAsync();

    /// <summary>Makes a session from a share link (its query, or nothing for the default). It is not joined
    /// yet.</summary>
    public async Task<CreateAnswer> Create(string? link) =>
        Budget.Take(CommandBudget.CreateCost) is { } refused
            ? new CreateAnswer(null, refused)
            : await directory.CreateAsync(link);

    /// <summary>Joins a session and leaves the one before. The first frame that follows is whole.</summary>
    public async Task<CommandResult> Join(string? id)
    {
        if (Budget.Take() is { } refused)
        {
            return new CommandResult(refused, 0);
        }

        var lease = RunLimits.IsId(id) ? channels.Take(id!) : null;
        var error = await directory.OpenAsync(id);
        if (error is not null || lease is null)
        {
            lease?.Dispose();
            return new CommandResult(error, 0);
        }

        await LeaveAsync();
        Context.Items[ViewerKey] = new HubViewer(
            id!, lease, clients.Clients.Client(Context.ConnectionId), logger, Context.ConnectionAborted);
        return new CommandResult(null, lease.Channel.Sequence);
    }

    /// <summary>Carries out a command in the session that was joined.</summary>
    public async Task<CommandResult> Send(CommandDto? command)
    {
        if (Budget.Take(CommandBudget.CostOf(command)) is { } refused)
        {
            return new CommandResult(refused, Viewer?.Sequence ?? 0);
        }

        return Viewer is { } viewer
            ? await directory.SendAsync(viewer.Session, command ?? new CommandDto(null))
            : new CommandResult(NotJoined(), 0);
    }

    /// <summary>Asks about all rows of the branch on screen of the session that was joined: which are about this?
    /// </summary>
    public async Task<FindAnswer> Find(FindRequest? request)
    {
        if (Budget.Take() is { } refused)
        {
            return FindAnswer.Refused(refused);
        }

        return Viewer is { } viewer
            ? await directory.FindAsync(viewer.Session, request?.Text is null ? new FindRequest("") : request)
            : FindAnswer.Refused(NotJoined());
    }

    /// <summary>Asks what an object of the screen of the session that was joined is, and why it is as it is.</summary>
    public async Task<DetailAnswer> Details(string? id)
    {
        if (Budget.Take() is { } refused)
        {
            return DetailAnswer.Refused(refused);
        }

        return Viewer is { } viewer
            ? await directory.DetailsAsync(viewer.Session, id ?? "")
            : DetailAnswer.Refused(NotJoined());
    }

    /// <summary>Asks for the whole view: the next frame is whole. For a client that has seen a gap.</summary>
    public Task<CommandResult> Again()
    {
        if (Budget.Take() is { } refused)
        {
            return Task.FromResult(new CommandResult(refused, Viewer?.Sequence ?? 0));
        }

        Viewer?.Again();
        return Task.FromResult(Viewer is { } viewer
            ? new CommandResult(null, viewer.Sequence)
            : new CommandResult(NotJoined(), 0));
    }

    /// <summary>Leaves the session. Leaving none is no error.</summary>
    public async Task<CommandResult> Leave()
    {
        await LeaveAsync();
        return new CommandResult(null, 0);
    }

    private static CommandError NotJoined() => CommandErrors.Bad("id", "NotJoined");

    private async Task LeaveAsync()
    {
        if (Viewer is { } viewer)
        {
            Context.Items.Remove(ViewerKey);
            await viewer.DisposeAsync();
        }
    }
}
