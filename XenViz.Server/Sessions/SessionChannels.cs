namespace XenViz.Server.Sessions;

/// <summary>The channels of all sessions that this process runs or looks at.</summary>
internal sealed class SessionChannels
{
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>How many channels there are.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return entries.Count;
            }
        }
    }

    /// <summary>The channel of a session. It lives until everybody who took it has disposed of the lease.</summary>
    public Lease Take(string id)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(id, out var entry))
            {
                entries[id] = entry = new Entry();
            }

            entry.Users++;
            return new Lease(this, id, entry.Channel);
        }
    }

    private void Return(string id)
    {
        lock (gate)
        {
            if (entries.TryGetValue(id, out var entry) && --entry.Users == 0)
            {
                entries.Remove(id);
            }
        }
    }

    /// <summary>The right to use a channel.</summary>
    internal sealed class Lease(SessionChannels owner, string id, SessionChannel channel) : IDisposable
    {
        private int disposed;

        /// <summary>The channel.</summary>
        public SessionChannel Channel => channel;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref disposed, 1) == 0)
            {
                owner.Return(id);
            }
        }
    }

    private sealed class Entry
    {
        public SessionChannel Channel { get; } = new();

        public int Users { get; set; }
    }
}
