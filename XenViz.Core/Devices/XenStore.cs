using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Devices;

/// <summary>What the store answers.</summary>
/// <param name="After">The store afterwards; the same as before when there is an error.</param>
/// <param name="Errno">0, or a number whose name goes over the wire (<see cref="XenStore.NameOf"/>).</param>
/// <param name="Value">For a read the value, for a listing the names with blanks between.</param>
/// <param name="Transaction">For a start the new transaction.</param>
public readonly record struct StoreAnswer(XenStore After, int Errno, string? Value = null, uint Transaction = 0);

/// <summary>
/// Xenstore: a tree of text keys with permissions, transactions and watches, as one immutable value
/// (<c>docs/misc/xenstore.txt</c>; limits and error names as in the C <c>xenstored</c>). Domain 0 is privileged: no
/// permission and no quota holds for it.
/// </summary>
public sealed record XenStore : PrivateState
{
    /// <summary>Most characters of a value written by a domain (ENOSPC).</summary>
    public const int MaxNodeBytes = 2048;

    /// <summary>Most nodes of a domain (ENOSPC).</summary>
    public const int MaxNodes = 1000;

    /// <summary>Most watches of a domain (E2BIG).</summary>
    public const int MaxWatches = 128;

    /// <summary>Most open transactions of a domain (ENOSPC).</summary>
    public const int MaxTransactions = 10;

    /// <summary>Most entries of a node's permissions, the owner's included (ENOSPC).</summary>
    public const int MaxPermissions = 5;

    /// <summary>
    /// Unread events of a domain from which on a watch is told only once more, with its own path: a peer that rewrites
    /// its nodes without end must not eat the reader's memory (XSA-349), and nothing may be missed.
    /// </summary>
    public const int MaxEvents = 64;

    // Generations of a transaction's own changes: never equal to one of the store.
    private const ulong InTransaction = 1UL << 63;

    private XenStore(ImmutableSortedDictionary<string, StoreNode> nodes) => Nodes = nodes;

    /// <summary>A tree with nothing but its root, which everybody may read.</summary>
    public static XenStore Empty { get; } = new(ImmutableSortedDictionary.Create<string, StoreNode>(
        StringComparer.Ordinal).Add("/", new StoreNode("", new(new DomId(0), StoreAccess.Read, []), 1)));

    /// <summary>The nodes by path.</summary>
    public ImmutableSortedDictionary<string, StoreNode> Nodes { get; init; }

    /// <summary>The watches, in the order in which they were set.</summary>
    public ImmutableArray<StoreWatch> Watches { get; init; } = [];

    /// <summary>Events that each domain has not read yet, oldest first.</summary>
    public ImmutableSortedDictionary<DomId, ImmutableArray<StoreEvent>> Events { get; init; } =
        ImmutableSortedDictionary.Create<DomId, ImmutableArray<StoreEvent>>(
            Comparer<DomId>.Create((a, b) => a.Value.CompareTo(b.Value)));

    /// <summary>Open transactions by their number.</summary>
    public ImmutableSortedDictionary<uint, StoreTransaction> Transactions { get; init; } =
        ImmutableSortedDictionary<uint, StoreTransaction>.Empty;

    /// <summary>Domains whose vCPU is woken for an event, because a thread of theirs handles it.</summary>
    public ImmutableArray<DomId> Listeners { get; init; } = [];

    /// <summary>Counts changes.</summary>
    public ulong Clock { get; init; } = 1;

    /// <summary>The number of the last transaction.</summary>
    public uint LastTransaction { get; init; }

    /// <summary>The value of a key, or null: for the screen, which may see everything.</summary>
    public string? this[string path] => Nodes.TryGetValue(path, out var node) ? node.Value : null;

    /// <summary>The name of an error as it goes over the wire.</summary>
    public static string NameOf(int errno) => errno switch
    {
        0 => "OK",
        Errno.Perm => "EPERM",
        Errno.NoEnt => "ENOENT",
        Errno.TooBig => "E2BIG",
        Errno.Again => "EAGAIN",
        Errno.Acces => "EACCES",
        Errno.Busy => "EBUSY",
        Errno.Exist => "EEXIST",
        Errno.Inval => "EINVAL",
        Errno.NoSpc => "ENOSPC",
        _ => throw new ArgumentOutOfRangeException(nameof(errno), errno, "Xenstore has no name for this error."),
    };

    /// <summary>Reads a value (XS_READ): EINVAL, EACCES, ENOENT.</summary>
    public StoreAnswer Read(DomId caller, string path, uint transaction = 0) =>
        Do(caller, path, transaction, (edit, at) =>
        {
            var (errno, node) = edit.Get(at, StoreAccess.Read);
            return (errno, node?.Value);
        });

    /// <summary>The names of a node's children (XS_DIRECTORY), with blanks between: EINVAL, EACCES, ENOENT.</summary>
    public StoreAnswer Directory(DomId caller, string path, uint transaction = 0) =>
        Do(caller, path, transaction, (edit, at) =>
        {
            var (errno, node) = edit.Get(at, StoreAccess.Read);
            return (errno, node is null ? null : string.Join(' ', edit.Children(at)));
        });

    /// <summary>Writes a value (XS_WRITE) and makes missing parents: EINVAL, EACCES, ENOSPC.</summary>
    public StoreAnswer Write(DomId caller, string path, string value, uint transaction = 0) =>
        Do(caller, path, transaction, (edit, at) => (edit.Put(at, value), null));

    /// <summary>Makes sure that a node exists (XS_MKDIR): EINVAL, EACCES, ENOSPC.</summary>
    public StoreAnswer Mkdir(DomId caller, string path, uint transaction = 0) =>
        Do(caller, path, transaction, (edit, at) => (edit.Put(at, null), null));

    /// <summary>Removes a node and all below it (XS_RM): EINVAL, EACCES; ENOENT when its parent is not there either.
    /// </summary>
    public StoreAnswer Remove(DomId caller, string path, uint transaction = 0) =>
        Do(caller, path, transaction, (edit, at) => (edit.Remove(at), null));

    /// <summary>The permissions of a node (XS_GET_PERMS): EINVAL, EACCES, ENOENT.</summary>
    public StoreAnswer Permissions(DomId caller, string path, uint transaction = 0) =>
        Do(caller, path, transaction, (edit, at) =>
        {
            var (errno, node) = edit.Get(at, StoreAccess.Read);
            return (errno, node?.Permissions.ToString());
        });

    /// <summary>Changes the permissions of a node (XS_SET_PERMS): EINVAL, EACCES, ENOENT, ENOSPC, EPERM.</summary>
    public StoreAnswer Permit(DomId caller, string path, StorePermissions permissions, uint transaction = 0) =>
        Do(caller, path, transaction, (edit, at) => (edit.Permit(at, permissions), null));

    /// <summary>Begins a transaction (XS_TRANSACTION_START) on a copy of the tree: ENOSPC.</summary>
    public StoreAnswer Start(DomId caller)
    {
        if (caller.Value != 0 && Transactions.Values.Count(t => t.Domain == caller) >= MaxTransactions)
        {
            return new StoreAnswer(this, Errno.NoSpc);
        }

        var begun = new StoreTransaction(
            caller, Nodes, ImmutableSortedDictionary.Create<string, ulong>(StringComparer.Ordinal), []);
        var number = LastTransaction + 1;
        return new StoreAnswer(
            this with { Transactions = Transactions.Add(number, begun), LastTransaction = number }, 0, null, number);
    }

    /// <summary>
    /// Ends a transaction (XS_TRANSACTION_END): ENOENT for one that is not the caller's. With commit all its changes
    /// appear at once; or none, with EAGAIN when a node that it looked at has changed since, or ENOSPC when the caller
    /// would own too many nodes. It is over in any case.
    /// </summary>
    public StoreAnswer End(DomId caller, uint transaction, bool commit)
    {
        if (!Transactions.TryGetValue(transaction, out var open) || open.Domain != caller)
        {
            return new StoreAnswer(this, Errno.NoEnt);
        }

        var over = this with { Transactions = Transactions.Remove(transaction) };
        if (!commit)
        {
            return new StoreAnswer(over, 0);
        }

        if (open.Seen.Any(seen => (Nodes.GetValueOrDefault(seen.Key)?.Generation ?? 0) != seen.Value))
        {
            return new StoreAnswer(over, Errno.Again);
        }

        var edit = new XenStoreEdit(caller, Nodes, null, Clock);
        edit.Apply(open);
        if (caller.Value != 0 && edit.Nodes.Values.Count(n => n.Permissions.Owner == caller) > MaxNodes)
        {
            return new StoreAnswer(over, Errno.NoSpc);
        }

        return new StoreAnswer(XenStoreWatches.Fire(over.With(edit), edit.Changes), 0);
    }

    /// <inheritdoc/>
    public override void AddTo(ref Hasher hasher)
    {
        foreach (var (path, node) in Nodes)
        {
            hasher.Add(path);
            hasher.Add(node.Value);
            hasher.Add(node.Permissions.ToString());
        }

        XenStoreWatches.AddTo(this, ref hasher);
        foreach (var (number, open) in Transactions)
        {
            hasher.Add(number);
            foreach (var change in open.Changes)
            {
                hasher.Add(change.Path);
                hasher.Add(open.Nodes.GetValueOrDefault(change.Path)?.Value ?? "");
            }

            foreach (var (path, generation) in open.Seen)
            {
                hasher.Add(path);
                hasher.Add((Nodes.GetValueOrDefault(path)?.Generation ?? 0) == generation);
            }
        }
    }

    private XenStore With(XenStoreEdit edit) => this with { Nodes = edit.Nodes, Clock = edit.Clock };

    private StoreAnswer Do(
        DomId caller, string path, uint transaction, Func<XenStoreEdit, string, (int Errno, string? Value)> act)
    {
        if (XenStorePath.Absolute(caller, path) is not { } at)
        {
            return new StoreAnswer(this, Errno.Inval);
        }

        StoreTransaction? open = null;
        if (transaction != 0 && (!Transactions.TryGetValue(transaction, out open) || open.Domain != caller))
        {
            return new StoreAnswer(this, Errno.NoEnt);
        }

        var edit = new XenStoreEdit(caller, open?.Nodes ?? Nodes, open?.Seen, open is null ? Clock : InTransaction);
        var (errno, value) = act(edit, at);
        if (open is null)
        {
            return errno != 0
                ? new StoreAnswer(this, errno)
                : new StoreAnswer(XenStoreWatches.Fire(With(edit), edit.Changes), 0, value);
        }

        var after = open with { Seen = edit.Seen! };
        if (errno == 0)
        {
            after = after with { Nodes = edit.Nodes, Changes = open.Changes.AddRange(edit.Changes) };
        }

        return new StoreAnswer(this with { Transactions = Transactions.SetItem(transaction, after) }, errno, value);
    }
}
