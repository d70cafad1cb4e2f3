using XenViz.Core.Abi;
using XenViz.Core.Devices;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection.Details;

/// <summary>Xenstore: the tree by which the two ends meet.</summary>
internal static class StoreSubjects
{
    /// <summary>The store as a whole; its parts are the nodes of the two ends, the states first.</summary>
    public static Subject? Store(Moment moment)
    {
        if (moment.Machine.Store is not XenStore { Nodes.IsEmpty: false } store)
        {
            return null;
        }

        var paths = store.Nodes.Keys.Where(IsKey).OrderBy(path => !path.EndsWith("/state", StringComparison.Ordinal))
            .ThenBy(path => path, StringComparer.Ordinal);
        return new Subject
        {
            Title = Subjects.Say("Title_xenstore"),
            About = Subjects.Say("About_xenstore"),
            Mark = Writer.Nobody,
            Owner = Subjects.Say("Owner_xenstore"),
            Writes = Subjects.Say("Writes_xenstore"),
            Name = "io/xs_wire.h, io/xenbus.h",
            ByMessage = true,
            Value = Subjects.Say("Value_xenstore", store.Nodes.Count, store.Watches.Length),
            Parts =
            [
                .. paths.Select(path => new Part(
                    path, store.Nodes[path].Value,
                    Subjects.MarkOf(moment.Machine, store.Nodes[path].Permissions.Owner))
                {
                    Source = machine => machine.Store, Fact = machine => ValueOf(machine, path),
                }),
                new Part(Subjects.Say("Part_nodes"), Subjects.Text(store.Nodes.Count), Writer.Nobody)
                {
                    Source = machine => machine.Store,
                    Fact = machine => (machine.Store as XenStore)?.Nodes.Count,
                },
            ],
        };

        bool IsKey(string path) => store.Nodes[path].Value.Length > 0;
    }

    /// <summary>One node; null when there is none at this path.</summary>
    public static Subject? Node(Moment moment, string path)
    {
        if (moment.Machine.Store is not XenStore store || !store.Nodes.TryGetValue(path, out var node))
        {
            return null;
        }

        var (rights, mark) = (node.Permissions, Subjects.MarkOf(moment.Machine, node.Permissions.Owner));
        var children = store.Nodes.Keys.Count(key => ParentOf(key) == path);
        return new Subject
        {
            Title = path[(path.LastIndexOf('/') + 1)..],
            About = Subjects.Say(path.EndsWith("/state", StringComparison.Ordinal) ? "About_node_state"
                : children > 0 ? "About_node_directory" : "About_node", path),
            Mark = mark,
            Owner = Subjects.Owner(moment.Machine, rights.Owner),
            Writes = WritersOf(rights),
            Name = path,
            ByMessage = true,
            Value = Stated(path, node.Value, children),
            Parts =
            [
                new Part(Subjects.Say("Part_value"), Shown(node.Value), mark)
                {
                    Cites = "io/xs_wire.h XS_WRITE", Source = machine => machine.Store,
                    Fact = machine => ValueOf(machine, path),
                },
                new Part(Subjects.Say("Part_rights"), RightsOf(rights), mark)
                {
                    Cites = "io/xs_wire.h XS_SET_PERMS", Source = machine => machine.Store,
                    Fact = machine => NodeOf(machine, path)?.Permissions,
                },
                new Part(Subjects.Say("Part_watches"), WatchesOf(store, path), Writer.Both)
                {
                    Cites = "io/xs_wire.h XS_WATCH", Source = machine => machine.Store,
                    Fact = machine => machine.Store is XenStore s ? WatchesOf(s, path) : null,
                },
            ],
        };
    }

    private static string Stated(string path, string value, int children) =>
        path.EndsWith("/state", StringComparison.Ordinal) && int.TryParse(value, out var state)
            && Enum.IsDefined((Abi.Io.XenbusState)state) ? $"{value} {(Abi.Io.XenbusState)state}"
        : value.Length == 0 && children > 0 ? Subjects.Say("Value_directory", children)
        : Shown(value);

    private static string Shown(string value) => value.Length == 0 ? Subjects.Say("Value_empty") : value;

    private static string? ParentOf(string path) =>
        path.LastIndexOf('/') is > 0 and var at ? path[..at] : path.Length > 1 ? "/" : null;

    // Who may write: the owner, whoever is listed, and domain 0, which may do everything.
    private static string WritersOf(StorePermissions rights)
    {
        if ((rights.Others & StoreAccess.Write) != StoreAccess.None)
        {
            return Subjects.Say("Writes_node_all");
        }

        var others = rights.Listed.Where(l => (l.Access & StoreAccess.Write) != StoreAccess.None)
            .Select(l => l.Domain).Prepend(rights.Owner).Where(d => d.Value != 0).Distinct();
        return string.Join(
            "; ", others.Select(d => Subjects.Say("Owner_other", d)).Append(Subjects.Say("Writes_node_0")));
    }

    private static string RightsOf(StorePermissions rights) => string.Join("; ", rights.Listed
        .Select(l => Subjects.Say("Right_" + l.Access, l.Domain))
        .Prepend(Subjects.Say("Right_owner", rights.Owner)).Append(Subjects.Say("Rights_" + rights.Others)));

    // A watch is told of its own node and of all below it.
    private static string WatchesOf(XenStore store, string path)
    {
        var here = store.Watches.Where(w => w.Path == "/" || w.Path == path
            || path.StartsWith(w.Path + "/", StringComparison.Ordinal));
        var told = string.Join("; ", here.Select(w => Subjects.Say(
            w.Path == path ? "Watch_here" : "Watch_above", w.Domain, w.Path)));
        return told.Length > 0 ? told : Subjects.Say("None");
    }

    private static StoreNode? NodeOf(Machine machine, string path) =>
        machine.Store is XenStore store ? store.Nodes.GetValueOrDefault(path) : null;

    private static string? ValueOf(Machine machine, string path) =>
        machine.Store is XenStore store && store.Nodes.TryGetValue(path, out var node) ? node.Value : null;
}
