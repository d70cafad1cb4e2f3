using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>
/// The variables of blkfront (Linux <c>struct blkfront_info</c> and its rings). What is said of "the ring" without a
/// number is that of the first queue; most devices have no other.
/// </summary>
public sealed record BlkfrontState : PrivateState
{
    /// <summary>Slots of a ring.</summary>
    public required int Size { get; init; }

    /// <summary>The backend's domain.</summary>
    public required DomId Peer { get; init; }

    /// <summary>The rings.</summary>
    public ImmutableArray<FrontQueue> Queues { get; init; } = [new FrontQueue()];

    /// <summary>What both ends agreed on.</summary>
    public BlockOptions Options { get; init; } = new();

    /// <summary>True when the device can be used (XenbusStateConnected).</summary>
    public bool Connected { get; init; }

    /// <summary>True when the backend broke the protocol: nothing is sent any more.</summary>
    public bool Broken { get; init; }

    /// <summary>The queue that takes the next request.</summary>
    public int NextQueue { get; init; }

    /// <summary>References that were given back, the last one last; it is used first.</summary>
    public ImmutableArray<uint> FreeRefs { get; init; } = [];

    /// <summary>The first reference that was never used.</summary>
    public uint FreshRef { get; init; }

    /// <summary>Pages of the driver's own that hold the segments of indirect requests, the next one first.</summary>
    public ImmutableArray<Mfn> FreePages { get; init; } = [];

    /// <summary>Responses taken and not told yet.</summary>
    public ImmutableArray<Taken> Finished { get; init; } = [];

    /// <summary>References whose revoke failed; their pages must not be used again.</summary>
    public ImmutableArray<uint> Deferred { get; init; } = [];

    /// <summary>The first page of the ring.</summary>
    public Mfn Ring
    {
        get => Queues[0].Pages.IsEmpty ? default : Queues[0].Pages[0];
        init => Queues = First(Queues[0] with { Pages = Queues[0].Pages.IsEmpty ? [value]
            : Queues[0].Pages.SetItem(0, value) });
    }

    /// <summary>The event channel, 0 while there is none.</summary>
    public Port Port
    {
        get => Queues[0].Port;
        init => Queues = First(Queues[0] with { Port = value });
    }

    /// <summary>The grant of the ring's first page; 0 while there is none.</summary>
    public GrantRef RingRef
    {
        get => Queues[0].Refs.IsEmpty ? default : Queues[0].Refs[0];
        init => Queues = First(Queues[0] with { Refs = Queues[0].Refs.IsEmpty ? [value]
            : Queues[0].Refs.SetItem(0, value) });
    }

    /// <summary>Next index to fill; not published until the push.</summary>
    public RingIndex ReqProdPvt
    {
        get => Queues[0].ReqProdPvt;
        init => Queues = First(Queues[0] with { ReqProdPvt = value });
    }

    /// <summary>Next response to take.</summary>
    public RingIndex RspCons
    {
        get => Queues[0].RspCons;
        init => Queues = First(Queues[0] with { RspCons = value });
    }

    /// <summary>Requests that wait, by id.</summary>
    public ImmutableArray<Shadow?> Shadows
    {
        get => Queues[0].Shadows;
        init => Queues = First(Queues[0] with { Shadows = value });
    }

    /// <summary>Ids that are free, the next one first.</summary>
    public ImmutableArray<ulong> FreeIds
    {
        get => Queues[0].FreeIds;
        init => Queues = First(Queues[0] with { FreeIds = value });
    }

    /// <summary>Free slots (RING_FREE_REQUESTS).</summary>
    public uint Free => Queues[0].FreeIn(Size);

    /// <summary>Every request that waits, in all queues.</summary>
    public IEnumerable<Shadow> Waiting => Queues.SelectMany(q => q.Shadows).OfType<Shadow>();

    /// <summary>The state with one queue changed.</summary>
    public BlkfrontState With(int queue, FrontQueue changed) => this with { Queues = Queues.SetItem(queue, changed) };

    /// <summary>The queue whose event channel a port is; the first when none is.</summary>
    public int QueueOf(Port port)
    {
        for (var i = 0; i < Queues.Length; i++)
        {
            if (Queues[i].Port == port)
            {
                return i;
            }
        }

        return 0;
    }

    /// <summary>Takes a grant reference that is not in use.</summary>
    public (BlkfrontState After, GrantRef Ref) TakeRef() => FreeRefs.IsEmpty
        ? (this with { FreshRef = FreshRef + 1 }, new GrantRef(FreshRef))
        : (this with { FreeRefs = FreeRefs.RemoveAt(FreeRefs.Length - 1) }, new GrantRef(FreeRefs[^1]));

    /// <summary>
    /// Takes what a request needs: an id of the next queue, a grant for each page, with persistent grants a page of the
    /// pool in the place of each, and pages for the segments when there are more than a slot holds.
    /// </summary>
    /// <param name="operation">What is asked. A barrier that the device does not offer is sent as a write.</param>
    /// <param name="pages">The pages with the sectors of each, from its first one on.</param>
    /// <returns>The state after it and the record, which is not remembered yet.</returns>
    public (BlkfrontState After, Shadow Shadow) Take(
        BlkifOperation operation, ImmutableArray<(Mfn Page, int Sectors)> pages)
    {
        var after = this;
        var segments = ImmutableArray.CreateBuilder<PageSegment>(pages.Length);
        foreach (var (page, sectors) in pages)
        {
            (after, var segment) = after.Grant(page);
            segments.Add(segment with { LastSect = (byte)(sectors - 1) });
        }

        var indirect = ImmutableArray.CreateBuilder<PageSegment>();
        if (segments.Count > Blkif.MaxSegments)
        {
            for (var first = 0; first < segments.Count; first += Blkif.SegmentsPerPage)
            {
                (after, var reference) = after.TakeRef();
                indirect.Add(new PageSegment(reference, after.FreePages[0], 0, Blkif.SectorsPerPage - 1));
                after = after with { FreePages = after.FreePages.RemoveAt(0) };
            }
        }

        var sent = operation == BlkifOperation.WriteBarrier && !Options.Barrier ? BlkifOperation.Write
            : operation == BlkifOperation.FlushDiskCache && !Options.Flush ? BlkifOperation.WriteBarrier
            : operation;
        var queue = Queues[NextQueue];
        var shadow = new Shadow(queue.FreeIds[0], queue.ReqProdPvt, sent, 0, segments.ToImmutable())
        {
            Queue = NextQueue, Indirect = indirect.ToImmutable(),
        };
        return (after with { NextQueue = (NextQueue + 1) % Queues.Length }, shadow);
    }

    /// <summary>The state that remembers a request until its answer comes.</summary>
    public BlkfrontState Remember(Shadow shadow)
    {
        var queue = Queues[shadow.Queue];
        return With(shadow.Queue, queue with
        {
            FreeIds = queue.FreeIds.Remove(shadow.Id), Shadows = queue.Shadows.SetItem((int)shadow.Id, shadow),
        });
    }

    private (BlkfrontState After, PageSegment Segment) Grant(Mfn page)
    {
        if (Options.Path != DataPath.Persistent)
        {
            var (plain, reference) = TakeRef();
            return (plain, new PageSegment(reference, page, 0, 0));
        }

        var queue = Queues[NextQueue];
        var first = queue.Pool[0];
        var after = With(NextQueue, queue with { Pool = queue.Pool.RemoveAt(0) });
        var fresh = default(GrantRef);
        if (first.Ref is null)
        {
            (after, fresh) = after.TakeRef();
        }

        return (after, new PageSegment(first.Ref ?? fresh, first.Page, 0, 0)
        {
            Source = page, Kept = first.Ref is not null,
        });
    }

    /// <inheritdoc/>
    public override void AddTo(ref Hasher hasher)
    {
        foreach (var queue in Queues)
        {
            queue.AddTo(ref hasher);
        }

        hasher.Add(Connected);
        hasher.Add(Broken);
        hasher.Add(Options.Flush);
        hasher.Add(Options.Discard);
        hasher.Add(NextQueue);
        hasher.Add(FreshRef);
        foreach (var reference in FreeRefs)
        {
            hasher.Add(reference);
        }

        foreach (var page in FreePages)
        {
            hasher.Add(page.Value);
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

    private ImmutableArray<FrontQueue> First(FrontQueue changed) => Queues.SetItem(0, changed);
}
