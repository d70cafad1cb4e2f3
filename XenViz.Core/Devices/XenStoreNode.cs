using System.Collections.Immutable;
using XenViz.Core.Abi;

namespace XenViz.Core.Devices;

/// <summary>What a domain may do with a node (the letters n, r, w and b of a permission).</summary>
[Flags]
public enum StoreAccess : byte
{
    /// <summary>Nothing (n).</summary>
    None = 0,

    /// <summary>Read the value, the children's names and the permissions (r).</summary>
    Read = 1,

    /// <summary>Write the value and make or remove children (w).</summary>
    Write = 2,

    /// <summary>Both (b).</summary>
    Both = Read | Write,
}

/// <summary>Who may do what with a node: the owner everything, the listed domains what is listed, others the rest.
/// </summary>
/// <param name="Owner">May do everything, permissions included.</param>
/// <param name="Others">What a domain that is not listed may do.</param>
/// <param name="Listed">What single domains may do; the first entry of a domain counts.</param>
public sealed record StorePermissions(
    DomId Owner, StoreAccess Others, ImmutableArray<(DomId Domain, StoreAccess Access)> Listed)
{
    /// <summary>Permissions of a node that only its owner may use.</summary>
    public StorePermissions(DomId owner)
        : this(owner, StoreAccess.None, [])
    {
    }

    /// <summary>What a domain may do; domain 0 may do everything (<c>xenstored perm_for_conn</c>).</summary>
    public StoreAccess Of(DomId domain)
    {
        if (domain.Value == 0 || domain == Owner)
        {
            return StoreAccess.Both;
        }

        foreach (var (listed, access) in Listed)
        {
            if (listed == domain)
            {
                return access;
            }
        }

        return Others;
    }

    /// <inheritdoc/>
    public bool Equals(StorePermissions? other) =>
        other is not null && Owner == other.Owner && Others == other.Others && Listed.SequenceEqual(other.Listed);

    /// <inheritdoc/>
    public override int GetHashCode() => (Owner.Value * 31) + (int)Others + Listed.Length;

    /// <summary>As the protocol writes it: owner first, such as <c>n2 r5</c>.</summary>
    public override string ToString() =>
        string.Join(' ', Listed.Select(l => $"{Letter(l.Access)}{l.Domain}").Prepend($"{Letter(Others)}{Owner}"));

    private static char Letter(StoreAccess access) => "nrwb"[(int)access];
}

/// <summary>A node of the tree: there is no difference between a directory and a leaf.</summary>
/// <param name="Value">Its value, often empty where there are children.</param>
/// <param name="Permissions">Who may do what.</param>
/// <param name="Generation">When its value, permissions or list of children changed last; only transactions look.
/// </param>
public sealed record StoreNode(string Value, StorePermissions Permissions, ulong Generation);

/// <summary>A request to be told about changes at a path or below it.</summary>
/// <param name="Domain">Who wants to know.</param>
/// <param name="Path">The absolute path, or <c>@releaseDomain</c>.</param>
/// <param name="Token">Comes back with each event.</param>
/// <param name="Relative">True when it was asked for with a path relative to the domain's own directory.</param>
public readonly record struct StoreWatch(DomId Domain, string Path, string Token, bool Relative);

/// <summary>A watch that fired.</summary>
/// <param name="Path">What changed; the watched path itself when a parent of it was removed.</param>
/// <param name="Token">The watch's token.</param>
public readonly record struct StoreEvent(string Path, string Token);

/// <summary>An open transaction: a copy of the tree, what it saw and what it changed.</summary>
/// <param name="Domain">Whose it is.</param>
/// <param name="Nodes">Its copy.</param>
/// <param name="Seen">Generations of the nodes that it looked at, 0 for those that were not there.</param>
/// <param name="Changes">What it changed, in order.</param>
public sealed record StoreTransaction(
    DomId Domain, ImmutableSortedDictionary<string, StoreNode> Nodes, ImmutableSortedDictionary<string, ulong> Seen,
    ImmutableArray<StoreChange> Changes);

/// <summary>A node that was changed.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Removed">True when it and everything below it was removed.</param>
public readonly record struct StoreChange(string Path, bool Removed);
