using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>A segment of a request that the backend took.</summary>
/// <param name="Segment">As the frontend wrote it.</param>
/// <param name="Slot">The page of the backend's address space set aside for it.</param>
/// <param name="Handle">The receipt of its mapping, once it is mapped.</param>
public readonly record struct BackSegment(BlkifSegment Segment, int Slot, GrantHandle? Handle);

/// <summary>The backend's record of a request that it serves (Linux <c>struct pending_req</c>).</summary>
/// <param name="Key">The backend's own name for it: the ring index that it was taken from.</param>
/// <param name="Id">The frontend's id: echoed, never trusted.</param>
/// <param name="Operation">BLKIF_OP_*.</param>
/// <param name="Sector">First sector.</param>
/// <param name="Segments">Its pages.</param>
public sealed record PendingRequest(
    RingIndex Key, ulong Id, byte Operation, ulong Sector, ImmutableArray<BackSegment> Segments)
{
    /// <summary>Sectors of 512 bytes.</summary>
    public int Sectors => Segments.Sum(s => s.Segment.LastSect - s.Segment.FirstSect + 1);
}

/// <summary>A command that the disk has finished.</summary>
/// <param name="Key">The request.</param>
/// <param name="Ok">False when the disk or the IOMMU refused.</param>
public readonly record struct Completion(RingIndex Key, bool Ok);

/// <summary>The variables of blkback (Linux <c>struct xen_blkif_ring</c>) and of the disk driver under it.</summary>
public sealed record BlkbackState : PrivateState
{
    /// <summary>Slots of the ring.</summary>
    public required int Size { get; init; }

    /// <summary>The frontend's domain.</summary>
    public required DomId Peer { get; init; }

    /// <summary>The virtual address at which the ring page is mapped (once it is).</summary>
    public required ulong RingAddress { get; init; }

    /// <summary>Sectors of the disk.</summary>
    public required ulong Sectors { get; init; }

    /// <summary>The event channel, 0 while there is none.</summary>
    public Port Port { get; init; }

    /// <summary>The receipt of the ring page's mapping.</summary>
    public GrantHandle RingHandle { get; init; }

    /// <summary>True when the ring thread runs (XenbusStateConnected).</summary>
    public bool Connected { get; init; }

    /// <summary>True when the frontend broke the ring: it is never touched again.</summary>
    public bool Halted { get; init; }

    /// <summary>True when an event asked the ring thread to look.</summary>
    public bool Wake { get; init; }

    /// <summary>Next response to write; not published until the push.</summary>
    public RingIndex RspProdPvt { get; init; }

    /// <summary>Next request to take.</summary>
    public RingIndex ReqCons { get; init; }

    /// <summary>Requests being served, oldest first.</summary>
    public ImmutableArray<PendingRequest> Pending { get; init; } = [];

    /// <summary>Commands that the disk has finished and that are not answered yet.</summary>
    public ImmutableArray<Completion> Completions { get; init; } = [];

    /// <summary>Pages of the address space in use for mappings.</summary>
    public ImmutableSortedSet<int> Slots { get; init; } = [];

    /// <summary>True when the last thing it did was to answer (the number of the row that goes to sleep).</summary>
    public bool Answered { get; init; }

    /// <summary>The address of a page set aside for mappings.</summary>
    public ulong AddressOf(int slot) => RingAddress + ((ulong)(slot + 1) << PageSize.Shift);

    /// <summary>The request with this key, or null.</summary>
    public PendingRequest? Find(RingIndex key) => Pending.FirstOrDefault(p => p.Key == key);

    /// <inheritdoc/>
    public override void AddTo(ref Hasher hasher)
    {
        hasher.Add(Port.Value);
        hasher.Add(Connected);
        hasher.Add(Halted);
        hasher.Add(Wake);
        hasher.Add(Answered);
        hasher.Add(RspProdPvt.Value);
        hasher.Add(ReqCons.Value);
        foreach (var pending in Pending)
        {
            hasher.Add(pending.Key.Value);
            hasher.Add(pending.Id);
            hasher.Add((int)pending.Operation);
            hasher.Add(pending.Sector);
            foreach (var segment in pending.Segments)
            {
                hasher.Add(segment.Segment.Ref.Value);
                hasher.Add(segment.Slot);
                hasher.Add(segment.Handle is { } handle ? (int)handle.Value : -1);
            }
        }

        foreach (var completion in Completions)
        {
            hasher.Add(completion.Key.Value);
            hasher.Add(completion.Ok);
        }
    }
}
