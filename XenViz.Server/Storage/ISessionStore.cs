namespace XenViz.Server.Storage;

/// <summary>Where sessions rest: the database, or memory when there is none.</summary>
internal interface ISessionStore
{
    /// <summary>The session's row, or null.</summary>
    Task<SessionRow?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Saves a session and appends to its log, both or neither.</summary>
    /// <returns>False when another owner has appended to this log: then nothing was saved.</returns>
    Task<bool> SaveAsync(SessionRow session, IReadOnlyList<CommandRow> commands, CancellationToken cancellation);

    /// <summary>Makes room: deletes the longest unused sessions until at most <paramref name="most"/> are
    /// left.</summary>
    /// <param name="most">Sessions that may stay.</param>
    /// <param name="inUse">True for a session that must stay.</param>
    Task TrimAsync(int most, Func<string, bool> inUse, CancellationToken cancellation);

    /// <summary>The ids of all uploaded images that a session needs.</summary>
    Task<IReadOnlySet<string>> ImagesAsync(CancellationToken cancellation);
}
