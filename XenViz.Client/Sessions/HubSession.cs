using XenViz.Core.Commands;
using XenViz.Core.Feed;

namespace XenViz.Client.Sessions;

/// <summary>Commands of one session, over the connection of its feed.</summary>
internal sealed class HubSession(string id, HubFeed feed) : ISession
{
    public string Id => id;

    public Task<CommandResult> SendAsync(Command command, CancellationToken cancellation = default) =>
        feed.SendAsync(command.ToDto(), cancellation);
}
