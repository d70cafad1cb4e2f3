using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>One page of a request.</summary>
/// <param name="Ref">The grant of the page.</param>
/// <param name="Page">The frame.</param>
/// <param name="FirstSect">First 512-byte sector of the page, 0 to 7.</param>
/// <param name="LastSect">Last one, 0 to 7.</param>
public readonly record struct PageSegment(GrantRef Ref, Mfn Page, byte FirstSect, byte LastSect);

/// <summary>The frontend's private record of a request that is waiting (Linux <c>struct blk_shadow</c>).</summary>
/// <param name="Id">Its id, below the ring size.</param>
/// <param name="Index">The ring index that it was put at.</param>
/// <param name="Read">True for READ.</param>
/// <param name="Sector">First sector.</param>
/// <param name="Segments">Its pages.</param>
public sealed record Shadow(ulong Id, RingIndex Index, bool Read, ulong Sector, ImmutableArray<PageSegment> Segments)
{
    /// <summary>Sectors of 512 bytes.</summary>
    public int Sectors => Segments.Sum(s => s.LastSect - s.FirstSect + 1);
}

/// <summary>A response that was taken and is not yet told to the application.</summary>
/// <param name="Request">The request.</param>
/// <param name="Status">BLKIF_RSP_*.</param>
public sealed record Taken(Shadow Request, short Status);

/// <summary>The variables of blkfront (Linux <c>struct blkfront_info</c> and its one ring).</summary>
public sealed record BlkfrontState : PrivateState
{
    /// <summary>Slots of the ring.</summary>
    public required int Size { get; init; }

    /// <summary>The frame of the ring page.</summary>
    public required Mfn Ring { get; init; }

    /// <summary>The backend's domain.</summary>
    public required DomId Peer { get; init; }

    /// <summary>The event channel, 0 while there is none.</summary>
    public Port Port { get; init; }

    /// <summary>The grant of the ring page.</summary>
    public GrantRef RingRef { get; init; }

    /// <summary>True when the device can be used (XenbusStateConnected).</summary>
    public bool Connected { get; init; }

    /// <summary>True when the backend broke the protocol: nothing is sent any more.</summary>
    public bool Broken { get; init; }

    /// <summary>Next index to fill; not published until the push.</summary>
    public RingIndex ReqProdPvt { get; init; }

    /// <summary>Next response to take.</summary>
    public RingIndex RspCons { get; init; }

    /// <summary>Requests that wait, by id.</summary>
    public ImmutableArray<Shadow?> Shadows { get; init; } = [];

    /// <summary>Ids that are free, the next one first.</summary>
    public ImmutableArray<ulong> FreeIds { get; init; } = [];

    /// <summary>References that were given back, the last one last; it is used first.</summary>
    public ImmutableArray<uint> FreeRefs { get; init; } = [];

    /// <summary>The first reference that was never used.</summary>
    public uint FreshRef { get; init; }

    /// <summary>Responses taken and not told yet.</summary>
    public ImmutableArray<Taken> Finished { get; init; } = [];

    /// <summary>References whose revoke failed; their pages must not be used again.</summary>
    public ImmutableArray<uint> Deferred { get; init; } = [];

    /// <summary>Free slots (RING_FREE_REQUESTS).</summary>
    public uint Free => RingMath.Free(ReqProdPvt, RspCons, Size);

    /// <inheritdoc/>
    public override void AddTo(ref Hasher hasher)
    {
        hasher.Add(Port.Value);
        hasher.Add(RingRef.Value);
        hasher.Add(Connected);
        hasher.Add(Broken);
        hasher.Add(ReqProdPvt.Value);
        hasher.Add(RspCons.Value);
        hasher.Add(FreshRef);
        foreach (var shadow in Shadows)
        {
            hasher.Add(shadow is not null);
            if (shadow is not null)
            {
                hasher.Add(shadow.Index.Value);
                hasher.Add(shadow.Read);
                hasher.Add(shadow.Sector);
                hasher.Add(shadow.Segments.Length);
            }
        }

        foreach (var id in FreeIds)
        {
            hasher.Add(id);
        }

        foreach (var reference in FreeRefs)
        {
            hasher.Add(reference);
        }

        foreach (var taken in Finished)
        {
            hasher.Add(taken.Request.Id);
            hasher.Add((int)taken.Status);
        }

        foreach (var deferred in Deferred)
        {
            hasher.Add(deferred);
        }
    }
}
