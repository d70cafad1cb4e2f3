using System.Collections.Concurrent;
using XenViz.Core.Projection;

namespace XenViz.Server.Sessions;

/// <summary>
/// Where a session's frames go out. It holds the newest frame and nothing else: a viewer is told that there is
/// something new and takes the newest when it can, so no viewer, however slow, makes anything grow.
/// </summary>
internal sealed class SessionChannel
{
    private readonly ConcurrentDictionary<object, Action> viewers = new();
    private Frame? latest;

    /// <summary>The newest frame, or null before the first.</summary>
    public Frame? Latest => Volatile.Read(ref latest);

    /// <summary>The number of the newest frame, 0 before the first.</summary>
    public long Sequence => Latest?.View.Sequence ?? 0;

    /// <summary>How many look at this session now.</summary>
    public int Viewers => viewers.Count;

    /// <summary>Sends the next frame. Only the session's owner calls this, one call at a time.</summary>
    public void Publish(SessionView view)
    {
        var before = Latest;
        Volatile.Write(ref latest, new Frame(view, before?.View));
        before?.Retire();
        foreach (var tell in viewers.Values)
        {
            tell();
        }
    }

    /// <summary>Adds a viewer.</summary>
    /// <param name="tell">Called after each frame on the owner's thread: it must only take note.</param>
    /// <returns>Ends the viewing when disposed.</returns>
    public IDisposable Watch(Action tell)
    {
        var viewer = new Viewer(viewers);
        viewers[viewer] = tell;
        return viewer;
    }

    private sealed class Viewer(ConcurrentDictionary<object, Action> viewers) : IDisposable
    {
        public void Dispose() => viewers.TryRemove(this, out _);
    }
}
