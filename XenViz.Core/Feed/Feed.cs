using System.Collections.Immutable;
using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Core.Feed;

/// <summary>Commands in. With <see cref="ISessionFeed"/> the only seam between the model and any screen.</summary>
public interface ISession
{
    /// <summary>The session's id: 1 to 64 letters, digits, <c>-</c> and <c>_</c>.</summary>
    string Id { get; }

    /// <summary>Sends a command. Refusals are in the result; this throws only when the connection is lost.</summary>
    Task<CommandResult> SendAsync(Command command, CancellationToken cancellation = default);

    /// <summary>Asks about all rows of the branch on screen. Changes nothing, for nobody. Refusals are in the answer;
    /// this throws only when the connection is lost.</summary>
    Task<FindAnswer> FindAsync(FindRequest request, CancellationToken cancellation = default);

    /// <summary>Asks what an object of the screen is, and why it is as it is, at the present position. Changes nothing.
    /// Refusals are in the answer; this throws only when the connection is lost.</summary>
    /// <param name="id">One of the ids of <see cref="Projection.Details.DetailView"/>.</param>
    /// <param name="cancellation">Stops waiting.</param>
    Task<DetailAnswer> DetailsAsync(string id, CancellationToken cancellation = default);
}

/// <summary>Numbered views out. Only ever the latest: a slow reader skips views, it never queues them.</summary>
public interface ISessionFeed : IAsyncDisposable
{
    /// <summary>The newest view; never null after joining.</summary>
    SessionView Current { get; }

    /// <summary>How the feed is: <see cref="FeedState.Live"/> when connected.</summary>
    FeedState State { get; }

    /// <summary>Raised after <see cref="Current"/> or <see cref="State"/> changed, on any thread.</summary>
    event Action? Changed;
}

/// <summary>How a feed is.</summary>
public enum FeedState
{
    /// <summary>Connected: the view is the newest there is.</summary>
    Live,

    /// <summary>The connection is lost and is being made again; the last view stays.</summary>
    Reconnecting,

    /// <summary>The session is gone.</summary>
    Closed,
}

/// <summary>Where pages get sessions from: in process on the server, over the hub in the browser.</summary>
public interface ISessions
{
    /// <summary>Makes a new session.</summary>
    /// <param name="link">The query part of a share link (<c>scenario=figure&amp;at=17</c>), or empty for the
    /// default.</param>
    /// <returns>The session's id, or the error that names the part of the link that is wrong.</returns>
    Task<(string? Id, CommandError? Error)> CreateAsync(string link, CancellationToken cancellation = default);

    /// <summary>Joins a session: commands and feed; or an error.</summary>
    Task<(ISession? Session, ISessionFeed? Feed, CommandError? Error)> JoinAsync(
        string id, CancellationToken cancellation = default);
}

/// <summary>
/// One message of the feed: the whole view, or what differs from the frame before. A view is a JSON object (camel
/// case, enums as words, null left out); a delta is a JSON merge patch (RFC 7396) of it with one addition: where the
/// view holds an array and the patch an object, the object's keys are indices of elements to patch, and the key
/// <c>length</c>, which then comes first, is the array's new length.
/// </summary>
/// <param name="Sequence">The number of the frame that this leads to.</param>
/// <param name="Base">The frame that the delta applies to; 0 for a whole view.</param>
/// <param name="Json">The view or the patch as UTF-8 JSON.</param>
public sealed record FeedMessage(long Sequence, long Base, string Json);
