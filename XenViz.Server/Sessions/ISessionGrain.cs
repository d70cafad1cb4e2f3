using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Server.Sessions;

/// <summary>A session: one mailbox, one timeline. Its key is the session's id. Frames go out through
/// <see cref="SessionChannels"/>.</summary>
internal interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>Makes the session from a share link. Null, or why it was not made.</summary>
    Task<CommandError?> CreateAsync(string link);

    /// <summary>Makes sure that the session is in memory and its newest frame out. Null, or why it is not.</summary>
    Task<CommandError?> OpenAsync();

    /// <summary>Carries out a command.</summary>
    Task<CommandResult> SendAsync(CommandDto command);

    /// <summary>Answers a question about all rows of the branch on screen.</summary>
    Task<FindAnswer> FindAsync(FindRequest request);

    /// <summary>Says what an object of the screen is, and why it is as it is.</summary>
    Task<DetailAnswer> DetailsAsync(string id);

    /// <summary>Writes the disk as it is now to a file.</summary>
    /// <param name="path">A new file; the caller deletes it.</param>
    /// <returns>Null, or why nothing was written.</returns>
    Task<CommandError?> ExportImageAsync(string path);
}
