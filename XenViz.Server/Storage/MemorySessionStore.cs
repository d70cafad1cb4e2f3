using System.Collections.Concurrent;

namespace XenViz.Server.Storage;

/// <summary>Sessions in memory, for a host without a usable data directory: idle sessions still come back, restarts end
/// them.</summary>
internal sealed class MemorySessionStore : ISessionStore
{
    private readonly ConcurrentDictionary<string, SessionRow> sessions = new(StringComparer.Ordinal);

    public Task<SessionRow?> FindAsync(string id, CancellationToken cancellation) =>
        Task.FromResult(sessions.GetValueOrDefault(id));

    public Task<bool> SaveAsync(
        SessionRow session, IReadOnlyList<CommandRow> commands, CancellationToken cancellation)
    {
        sessions[session.Id] = session;
        return Task.FromResult(true);
    }

    public Task TrimAsync(int most, Func<string, bool> inUse, CancellationToken cancellation)
    {
        var excess = Math.Max(sessions.Count - most, 0);
        foreach (var row in sessions.Values.Where(row => !inUse(row.Id)).OrderBy(row => row.Updated).Take(excess))
        {
            sessions.TryRemove(row.Id, out _);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlySet<string>> ImagesAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlySet<string>>(
            sessions.Values.Select(row => row.Image).OfType<string>().ToHashSet(StringComparer.Ordinal));
}
