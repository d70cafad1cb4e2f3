using System.Collections.Immutable;
using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Devices;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Makes the Xenstore tab. A store that did not change gives the very same view again.</summary>
public sealed class StoreProjector
{
    private const string State = "/state";

    private XenStore? _store;
    private DomId _guest;
    private StoreView _view = new();

    /// <summary>The store of a machine.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="guest">The guest whose device the two states are of.</param>
    public StoreView Of(Machine machine, DomId guest)
    {
        if (machine.Store is XenStore store && (!ReferenceEquals(store, _store) || guest != _guest))
        {
            (_store, _guest, _view) = (store, guest, Make(store, guest));
        }

        return _view;
    }

    private static StoreView Make(XenStore store, DomId guest) => new()
    {
        FrontState = StateOf(store, $"/domain/{guest}/device/", ""),
        BackState = StateOf(store, "/backend/", $"/{guest}/"),
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

    private static int? StateOf(XenStore store, string within, string of)
    {
        foreach (var (path, node) in store.Nodes)
        {
            if (path.EndsWith(State, StringComparison.Ordinal) && path.Contains(within, StringComparison.Ordinal)
                && path.Contains(of, StringComparison.Ordinal))
            {
                return int.TryParse(node.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var state)
                    ? state
                    : 0;
            }
        }

        return null;
    }
}
