using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>A page of the frontend's pool for persistent grants (Linux <c>struct grant</c>).</summary>
/// <param name="Page">The frame.</param>
/// <param name="Ref">Its grant, or null while it has none.</param>
public readonly record struct PoolPage(Mfn Page, GrantRef? Ref);

/// <summary>One ring of the frontend (Linux <c>struct blkfront_ring_info</c>).</summary>
public sealed record FrontQueue
{
    /// <summary>The frames of the ring, in the order of the shared area.</summary>
    public ImmutableArray<Mfn> Pages { get; init; } = [];

    /// <summary>The grants of these pages, as many as were made so far.</summary>
    public ImmutableArray<GrantRef> Refs { get; init; } = [];

    /// <summary>The event channel, 0 while there is none.</summary>
    public Port Port { get; init; }

    /// <summary>Next index to fill; not published until the push.</summary>
    public RingIndex ReqProdPvt { get; init; }

    /// <summary>Next response to take.</summary>
    public RingIndex RspCons { get; init; }

    /// <summary>Requests that wait, by id.</summary>
    public ImmutableArray<Shadow?> Shadows { get; init; } = [];

    /// <summary>Ids that are free, the next one first.</summary>
    public ImmutableArray<ulong> FreeIds { get; init; } = [];

    /// <summary>Pages of the pool: the first is taken first; pages without a grant are behind those with one.</summary>
    public ImmutableArray<PoolPage> Pool { get; init; } = [];

    /// <summary>Free slots (RING_FREE_REQUESTS).</summary>
    /// <param name="size">Slots of the ring.</param>
    public uint FreeIn(int size) => RingMath.Free(ReqProdPvt, RspCons, size);

    internal void AddTo(ref Hasher hasher)
    {
        hasher.Add(Port.Value);
        foreach (var reference in Refs)
        {
            hasher.Add(reference.Value);
        }

        hasher.Add(ReqProdPvt.Value);
        hasher.Add(RspCons.Value);
        foreach (var shadow in Shadows)
        {
            hasher.Add(shadow is not null);
            if (shadow is not null)
            {
                hasher.Add(shadow.Index.Value);
                hasher.Add((int)shadow.Operation);
                hasher.Add(shadow.Sector);
                hasher.Add(shadow.Segments.Length);
            }
        }

        foreach (var id in FreeIds)
        {
            hasher.Add(id);
        }

        foreach (var page in Pool)
        {
            hasher.Add(page.Page.Value);
            hasher.Add(page.Ref is { } reference ? (int)reference.Value : -1);
        }
    }
}
