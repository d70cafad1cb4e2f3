using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Sessions;

/// <summary>Commands of one session, over the connection of its feed.</summary>
internal sealed class HubSession(string id, HubFeed feed) : ISession
{
    public string Id => id;

    public Task<CommandResult> SendAsync(Command command, CancellationToken cancellation = default) =>
        feed.SendAsync(command.ToDto(), cancellation);

    public Task<FindAnswer> FindAsync(FindRequest request, CancellationToken cancellation = default) =>
        feed.FindAsync(request, cancellation);

    public Task<DetailAnswer> DetailsAsync(string id, CancellationToken cancellation = default) =>
        feed.DetailsAsync(id, cancellation);
}
