using XenViz.Core.Feed;

namespace XenViz.Server.Hubs;

/// <summary>What the hub calls on a client.</summary>
public interface IMachineClient
{
    /// <summary>A frame of the session that was joined: the first one whole, then what differs.</summary>
    Task Frame(FeedMessage message);
}
