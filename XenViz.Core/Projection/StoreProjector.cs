using System.Collections.Immutable;
using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Devices;
using XenViz.Core.History;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Makes the Xenstore tab. A store that did not change gives the very same view again.</summary>
/// <param name="branch">The branch.</param>
public sealed class StoreProjector(Branch branch)
{
    private const string State = "/state";
    private const string Backend = "/backend/";

    private XenStore? _store;
    private DomId _guest;
    private StoreView _view = new();
    private (DomId Guest, int Position)? _first;

    /// <summary>The store at a position.</summary>
    /// <param name="position">The position.</param>
    /// <param name="guest">The guest whose device the two states are of.</param>
    public StoreView Of(int position, DomId guest)
    {
        if (branch.At(position).Store is XenStore store && (!ReferenceEquals(store, _store) || guest != _guest))
        {
            // Whether something was there before is as much the store's own: each state of it stands in one stretch.
            var removed = !HasDevice(store, guest) && First(guest) < position;
            (_store, _guest, _view) = (store, guest, Make(store, guest) with { Removed = removed });
        }

        return _view;
    }

    private static bool HasDevice(XenStore store, DomId guest) =>
        (StateOf(store, Frontend(guest), "") ?? StateOf(store, Backend, Of(guest))) is not null;

    // The first position at which there is a device; past the end where there never is one.
    private int First(DomId guest)
    {
        if (_first is not { } known || known.Guest != guest)
        {
            var at = 0;
            XenStore? seen = null;
            while (at <= branch.Length)
            {
                var store = branch.At(at).Store as XenStore;
                if (store is not null && !ReferenceEquals(store, seen) && HasDevice(store, guest))
                {
                    break;
                }

                (seen, at) = (store, at + 1);
            }

            known = (guest, at);
            _first = known;
        }

        return known.Position;
    }

    private static StoreView Make(XenStore store, DomId guest) => new()
    {
        FrontState = StateOf(store, Frontend(guest), ""),
        BackState = StateOf(store, Backend, Of(guest)),
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

    private static string Frontend(DomId guest) => $"/domain/{guest}/device/";

    private static string Of(DomId guest) => $"/{guest}/";

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
