using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace XenViz.Server.Sessions;

/// <summary>Which sessions are in memory now, and whether one more may be.</summary>
internal sealed class SessionCount(IOptions<SessionLimits> options)
{
    private readonly ConcurrentDictionary<string, bool> active = new(StringComparer.Ordinal);

    /// <summary>True while the session is in memory.</summary>
    public bool IsActive(string id) => active.ContainsKey(id);

    /// <summary>Takes a place in memory. Two that ask at the same moment may both get the last one: the limit guards
    /// memory, it is no exact number.</summary>
    public bool TryEnter(string id) => active.Count < options.Value.Active && active.TryAdd(id, true);

    /// <summary>Gives the place back.</summary>
    public void Leave(string id) => active.TryRemove(id, out _);
}
