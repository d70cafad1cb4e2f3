using System.Collections.Immutable;
using XenViz.Core.Abi;

namespace XenViz.Core.Devices;

/// <summary>A tree under change, of the store itself or of a transaction: the rules of each operation.</summary>
internal sealed class XenStoreEdit(
    DomId caller, ImmutableSortedDictionary<string, StoreNode> nodes, ImmutableSortedDictionary<string, ulong>? seen,
    ulong clock)
{
    private readonly List<StoreChange> _changes = [];

    /// <summary>The tree so far.</summary>
    public ImmutableSortedDictionary<string, StoreNode> Nodes { get; private set; } = nodes;

    /// <summary>Generations of the nodes that were looked at; null outside a transaction.</summary>
    public ImmutableSortedDictionary<string, ulong>? Seen { get; private set; } = seen;

    /// <summary>What was changed so far.</summary>
    public IReadOnlyList<StoreChange> Changes => _changes;

    /// <summary>The clock after the changes.</summary>
    public ulong Clock { get; private set; } = clock;

    /// <summary>The node if the caller may use it so; else why not: EACCES, or ENOENT for a node that is not there
    /// and whose nearest parent it may use (<c>xenstored errno_from_parents</c>).</summary>
    public (int Errno, StoreNode? Node) Get(string path, StoreAccess wanted)
    {
        if (Find(path) is { } node)
        {
            return (node.Permissions.Of(caller) & wanted) == wanted ? (0, node) : (Errno.Acces, null);
        }

        var parent = path;
        StoreNode? above = null;
        while (above is null && parent != "/")
        {
            parent = XenStorePath.Parent(parent);
            above = Find(parent);
        }

        return above is not null && (above.Permissions.Of(caller) & wanted) == wanted
            ? (Errno.NoEnt, null)
            : (Errno.Acces, null);
    }

    /// <summary>Writes a value, or only makes sure that the node is there when it is null.</summary>
    public int Put(string path, string? value)
    {
        if (value is { Length: > XenStore.MaxNodeBytes } && caller.Value != 0)
        {
            return Errno.NoSpc;
        }

        var (errno, node) = Get(path, StoreAccess.Write);
        if (node is not null)
        {
            if (value is not null)
            {
                Set(path, node with { Value = value });
                _changes.Add(new StoreChange(path, false));
            }

            return 0;
        }

        return errno == Errno.NoEnt ? Create(path, value ?? "") : errno;
    }

    /// <summary>Removes a node and everything below it.</summary>
    public int Remove(string path)
    {
        if (path == "/")
        {
            return Errno.Inval;
        }

        var (errno, node) = Get(path, StoreAccess.Write);
        if (node is null)
        {
            return errno == Errno.NoEnt && Find(XenStorePath.Parent(path)) is not null ? 0 : errno;
        }

        foreach (var below in Nodes.Keys.Where(k => XenStorePath.IsBelow(k, path)).ToList())
        {
            Find(below);
            Nodes = Nodes.Remove(below);
        }

        TouchParent(path);
        _changes.Add(new StoreChange(path, true));
        return 0;
    }

    /// <summary>Changes the permissions of a node; only its owner may, and only domain 0 may give it away.</summary>
    public int Permit(string path, StorePermissions permissions)
    {
        if (permissions.Listed.Length + 1 > XenStore.MaxPermissions && caller.Value != 0)
        {
            return Errno.NoSpc;
        }

        var (errno, node) = Get(path, StoreAccess.Write);
        if (node is null)
        {
            return errno;
        }

        if (caller.Value != 0 && node.Permissions.Owner != caller)
        {
            return Errno.Acces;
        }

        if (caller.Value != 0 && permissions.Owner != caller)
        {
            return Errno.Perm;
        }

        Set(path, node with { Permissions = permissions });
        _changes.Add(new StoreChange(path, false));
        return 0;
    }

    /// <summary>The names of a node's children, in order.</summary>
    public IEnumerable<string> Children(string path)
    {
        var prefix = path == "/" ? "/" : path + "/";
        return Nodes.Keys
            .Where(k => k.Length > prefix.Length && k.StartsWith(prefix, StringComparison.Ordinal)
                && k.IndexOf('/', prefix.Length) < 0)
            .Select(k => k[prefix.Length..]);
    }

    /// <summary>Makes a committed transaction's changes in this tree.</summary>
    public void Apply(StoreTransaction transaction)
    {
        var touched = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in transaction.Seen.Keys)
        {
            var now = transaction.Nodes.GetValueOrDefault(path);
            var then = Nodes.GetValueOrDefault(path);
            if (now is null && then is not null)
            {
                Nodes = Nodes.Remove(path);
            }
            else if (now is not null && now.Generation != then?.Generation)
            {
                touched.Add(path);
            }
        }

        foreach (var path in touched)
        {
            Set(path, transaction.Nodes[path]);
        }

        _changes.AddRange(transaction.Changes);
    }

    // A new node, and its parents where they are missing, has its parent's permissions; it belongs to its maker
    // unless that is domain 0 (xenstored construct_node).
    private int Create(string path, string value)
    {
        var missing = new Stack<string>();
        var at = path;
        while (Find(at) is null)
        {
            missing.Push(at);
            at = XenStorePath.Parent(at);
        }

        var permissions = Nodes[at].Permissions;
        if (caller.Value != 0)
        {
            if (Nodes.Values.Count(n => n.Permissions.Owner == caller) + missing.Count > XenStore.MaxNodes)
            {
                return Errno.NoSpc;
            }

            permissions = permissions with { Owner = caller };
        }

        TouchParent(missing.Peek());
        foreach (var made in missing)
        {
            Set(made, new StoreNode(made == path ? value : "", permissions, 0));
        }

        _changes.Add(new StoreChange(path, false));
        return 0;
    }

    private void TouchParent(string path)
    {
        var parent = XenStorePath.Parent(path);
        Set(parent, Find(parent)!);
    }

    private StoreNode? Find(string path)
    {
        var node = Nodes.GetValueOrDefault(path);
        if (Seen is not null && !Seen.ContainsKey(path))
        {
            Seen = Seen.Add(path, node?.Generation ?? 0);
        }

        return node;
    }

    private void Set(string path, StoreNode node) =>
        Nodes = Nodes.SetItem(path, node with { Generation = ++Clock });
}
