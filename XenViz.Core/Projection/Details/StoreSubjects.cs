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

    private static string? ValueOf(Machine machine, string path) =>
        machine.Store is XenStore store && store.Nodes.TryGetValue(path, out var node) ? node.Value : null;
}
