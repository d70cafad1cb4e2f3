using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Devices;

/// <summary>Watches of the store: setting, firing, reading.</summary>
public static class XenStoreWatches
{
    /// <summary>
    /// Sets a watch (XS_WATCH): EINVAL, EEXIST for the same path and token, E2BIG for too many. It fires once at once.
    /// </summary>
    public static StoreAnswer Watch(this XenStore store, DomId caller, string path, string token)
    {
        var special = path.StartsWith('@');
        var at = !special ? XenStorePath.Absolute(caller, path) : path.Length <= XenStorePath.MaxRelative ? path : null;
        if (at is null)
        {
            return new StoreAnswer(store, Errno.Inval);
        }

        if (store.Watches.Any(w => w.Domain == caller && w.Path == at && w.Token == token))
        {
            return new StoreAnswer(store, Errno.Exist);
        }

        if (caller.Value != 0 && store.Watches.Count(w => w.Domain == caller) >= XenStore.MaxWatches)
        {
            return new StoreAnswer(store, Errno.TooBig);
        }

        var watch = new StoreWatch(caller, at, token, !special && path[0] != '/');
        return new StoreAnswer(Tell(store with { Watches = store.Watches.Add(watch) }, watch, at), 0);
    }

    /// <summary>Takes a watch back (XS_UNWATCH): EINVAL, ENOENT. Events that it caused stay.</summary>
    public static StoreAnswer Unwatch(this XenStore store, DomId caller, string path, string token)
    {
        var at = path.StartsWith('@') ? path : XenStorePath.Absolute(caller, path);
        if (at is null)
        {
            return new StoreAnswer(store, Errno.Inval);
        }

        var left = store.Watches.RemoveAll(w => w.Domain == caller && w.Path == at && w.Token == token);
        return left.Length == store.Watches.Length
            ? new StoreAnswer(store, Errno.NoEnt)
            : new StoreAnswer(store with { Watches = left }, 0);
    }

    /// <summary>Events that a domain has not read, oldest first.</summary>
    public static ImmutableArray<StoreEvent> EventsOf(this XenStore store, DomId domain) =>
        store.Events.GetValueOrDefault(domain, []);

    /// <summary>Takes all events of a domain.</summary>
    public static (XenStore After, ImmutableArray<StoreEvent> Events) TakeEvents(this XenStore store, DomId domain) =>
        (store with { Events = store.Events.Remove(domain) }, store.EventsOf(domain));

    /// <summary>A domain is gone: its watches, events and transactions go, and <c>@releaseDomain</c> fires.</summary>
    public static XenStore Release(this XenStore store, DomId domain)
    {
        var left = store with
        {
            Watches = store.Watches.RemoveAll(w => w.Domain == domain),
            Events = store.Events.Remove(domain),
            Transactions = store.Transactions.RemoveRange(
                store.Transactions.Where(t => t.Value.Domain == domain).Select(t => t.Key)),
        };
        foreach (var watch in left.Watches.Where(w => w.Path == XenStorePath.ReleaseDomain))
        {
            left = Tell(left, watch, watch.Path);
        }

        return left;
    }

    // A watch hears of its path and of everything below; when a parent of it goes, of its own path.
    internal static XenStore Fire(XenStore store, IReadOnlyList<StoreChange> changes)
    {
        foreach (var (path, removed) in changes)
        {
            foreach (var watch in store.Watches)
            {
                if (XenStorePath.IsBelow(path, watch.Path) && MayHear(store, watch.Domain, path))
                {
                    store = Tell(store, watch, path);
                }
                else if (removed && XenStorePath.IsBelow(watch.Path, path))
                {
                    store = Tell(store, watch, watch.Path);
                }
            }
        }

        return store;
    }

    internal static void AddTo(XenStore store, ref Hasher hasher)
    {
        foreach (var watch in store.Watches)
        {
            hasher.Add(watch.Domain.Value);
            hasher.Add(watch.Path);
            hasher.Add(watch.Token);
        }

        foreach (var (domain, events) in store.Events)
        {
            hasher.Add(domain.Value);
            foreach (var waiting in events)
            {
                hasher.Add(waiting.Path);
                hasher.Add(waiting.Token);
            }
        }
    }

    // A node that is not there any more keeps no secret: a backend must hear that a frontend's directory went.
    private static bool MayHear(XenStore store, DomId domain, string path) =>
        !store.Nodes.TryGetValue(path, out var node)
        || node.Permissions.Of(domain).HasFlag(StoreAccess.Read);

    // An event that is waiting already is not queued twice.
    private static XenStore Tell(XenStore store, StoreWatch watch, string path)
    {
        var waiting = store.EventsOf(watch.Domain);
        var told = new StoreEvent(waiting.Length < XenStore.MaxEvents ? Shown(watch, path) : Shown(watch, watch.Path),
            watch.Token);
        return waiting.Contains(told)
            ? store
            : store with { Events = store.Events.SetItem(watch.Domain, waiting.Add(told)) };
    }

    private static string Shown(StoreWatch watch, string path) =>
        watch.Relative ? path[(XenStorePath.Home(watch.Domain).Length + 1)..] : path;
}
