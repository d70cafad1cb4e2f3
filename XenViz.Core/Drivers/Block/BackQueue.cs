using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>A mapping that stays for later requests (Linux <c>struct persistent_gnt</c>).</summary>
/// <param name="Slot">The page of the backend's address space that it takes.</param>
/// <param name="Handle">The receipt of the mapping.</param>
/// <param name="Busy">True while a request uses it.</param>
/// <param name="LastUsed">The ring index of the request that used it last: the least one is given up first.</param>
public readonly record struct KeptGrant(int Slot, GrantHandle Handle, bool Busy, uint LastUsed);

/// <summary>One ring of the backend (Linux <c>struct xen_blkif_ring</c>), with its thread.</summary>
public sealed record BackQueue
{
    /// <summary>The virtual address at which the ring's pages are mapped, one behind the other (once they are).
    /// </summary>
    public ulong RingAddress { get; init; }

    /// <summary>The receipts of the ring's mappings.</summary>
    public ImmutableArray<GrantHandle> RingHandles { get; init; } = [];

    /// <summary>The event channel, 0 while there is none.</summary>
    public Port Port { get; init; }

    /// <summary>True when the frontend broke the ring: it is never touched again.</summary>
    public bool Halted { get; init; }

    /// <summary>True when an event asked the ring's thread to look.</summary>
    public bool Wake { get; init; }

    /// <summary>Next response to write; not published until the push.</summary>
    public RingIndex RspProdPvt { get; init; }

    /// <summary>Next request to take.</summary>
    public RingIndex ReqCons { get; init; }

    /// <summary>Mappings that stay, by reference.</summary>
    public ImmutableSortedDictionary<uint, KeptGrant> Kept { get; init; } =
        ImmutableSortedDictionary<uint, KeptGrant>.Empty;

    /// <summary>True when a request found no place for a mapping that could have stayed.</summary>
    public bool KeptFull { get; init; }

    internal void AddTo(ref Hasher hasher)
    {
        hasher.Add(Port.Value);
        hasher.Add(Halted);
        hasher.Add(Wake);
        hasher.Add(RspProdPvt.Value);
        hasher.Add(ReqCons.Value);
        hasher.Add(KeptFull);
        foreach (var (reference, kept) in Kept)
        {
            hasher.Add(reference);
            hasher.Add(kept.Slot);
            hasher.Add(kept.Handle.Value);
            hasher.Add(kept.Busy);
            hasher.Add(kept.LastUsed);
        }
    }
}
