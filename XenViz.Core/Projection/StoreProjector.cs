using System.Collections.Immutable;
using System.Globalization;
using XenViz.Core.Devices;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Makes the Xenstore tab. A store that did not change gives the very same view again.</summary>
public sealed class StoreProjector
{
    private const string State = "/state";

    private XenStore? _store;
    private StoreView _view = new();

    /// <summary>The store of a machine.</summary>
    public StoreView Of(Machine machine)
    {
        if (machine.Store is XenStore store && !ReferenceEquals(store, _store))
        {
            (_store, _view) = (store, Make(store));
        }

        return _view;
    }

    private static StoreView Make(XenStore store) => new()
    {
        FrontState = StateOf(store, "/device/"), BackState = StateOf(store, "/backend/"),
        Nodes =
        [
            .. store.Nodes.Where(n => n.Key.Length > 1).OrderBy(n => n.Key, StringComparer.Ordinal).Select(n =>
                new StoreNodeView(
                    n.Key, n.Value.Value, n.Value.Permissions.Owner.Value, n.Value.Permissions.ToString(),
                    [.. store.Watches.Where(w => w.Path == n.Key).Select(w => w.Domain.Value).Distinct().Order()])),
        ],
        Watches =
        [
            .. store.Watches.Select(w => new StoreWatchView(
                w.Domain.Value, w.Path, w.Token,
                store.EventsOf(w.Domain).Count(e => e.Token == w.Token && IsAt(e.Path, w)))),
        ],
    };

    // Events of a watch that was set with a relative path come with one.
    private static bool IsAt(string path, StoreWatch watch) =>
        watch.Relative || path.StartsWith(watch.Path, StringComparison.Ordinal);

    private static int? StateOf(XenStore store, string within)
    {
        foreach (var (path, node) in store.Nodes)
        {
            if (path.EndsWith(State, StringComparison.Ordinal) && path.Contains(within, StringComparison.Ordinal))
            {
                return int.TryParse(node.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var state)
                    ? state
                    : 0;
            }
        }

        return null;
    }
}
