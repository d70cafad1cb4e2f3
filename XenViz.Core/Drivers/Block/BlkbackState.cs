using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>
/// The variables of blkback (Linux <c>struct xen_blkif</c> and its rings) and of the disk driver under it. What is said
/// of "the ring" without a number is that of the first queue.
/// </summary>
public sealed record BlkbackState : PrivateState
{
    /// <summary>Slots of a ring.</summary>
    public required int Size { get; init; }

    /// <summary>The frontend's domain.</summary>
    public required DomId Peer { get; init; }

    /// <summary>Sectors of the disk.</summary>
    public required ulong Sectors { get; init; }

    /// <summary>The rings.</summary>
    public ImmutableArray<BackQueue> Queues { get; init; } = [new BackQueue()];

    /// <summary>What both ends agreed on.</summary>
    public BlockOptions Options { get; init; } = new();

    /// <summary>The virtual address of the first page set aside for mappings.</summary>
    public ulong MapAddress { get; init; }

    /// <summary>How many pages are set aside for mappings.</summary>
    public int MapPages { get; init; }

    /// <summary>Pages of its own for <see cref="DataPath.Copy"/>, by slot.</summary>
    public ImmutableArray<Mfn> OwnPages { get; init; } = [];

    /// <summary>Its directory in xenstore.</summary>
    public string StorePath { get; init; } = "";

    /// <summary>True when the ring threads run (XenbusStateConnected).</summary>
    public bool Connected { get; init; }

    /// <summary>Requests being served, oldest first.</summary>
    public ImmutableArray<PendingRequest> Pending { get; init; } = [];

    /// <summary>Commands that the disk has finished and that are not answered yet.</summary>
    public ImmutableArray<Completion> Completions { get; init; } = [];

    /// <summary>Pages of the address space in use for mappings.</summary>
    public SlotSet Slots { get; init; }

    /// <summary>True when the last thing it did was to answer (the number of the row that goes to sleep).</summary>
    public bool Answered { get; init; }

    /// <summary>The virtual address at which the ring page is mapped (once it is).</summary>
    public ulong RingAddress
    {
        get => Queues[0].RingAddress;
        init => Queues = First(Queues[0] with { RingAddress = value });
    }

    /// <summary>The receipt of the ring's first page; 0 while there is none.</summary>
    public GrantHandle RingHandle
    {
        get => Queues[0].RingHandles.IsEmpty ? default : Queues[0].RingHandles[0];
        init => Queues = First(Queues[0] with { RingHandles = Queues[0].RingHandles.IsEmpty ? [value]
            : Queues[0].RingHandles.SetItem(0, value) });
    }

    /// <summary>The event channel, 0 while there is none.</summary>
    public Port Port
    {
        get => Queues[0].Port;
        init => Queues = First(Queues[0] with { Port = value });
    }

    /// <summary>True when the frontend broke the ring: it is never touched again.</summary>
    public bool Halted
    {
        get => Queues[0].Halted;
        init => Queues = First(Queues[0] with { Halted = value });
    }

    /// <summary>True when an event asked the ring thread to look.</summary>
    public bool Wake
    {
        get => Queues[0].Wake;
        init => Queues = First(Queues[0] with { Wake = value });
    }

    /// <summary>Next response to write; not published until the push.</summary>
    public RingIndex RspProdPvt
    {
        get => Queues[0].RspProdPvt;
        init => Queues = First(Queues[0] with { RspProdPvt = value });
    }

    /// <summary>Next request to take.</summary>
    public RingIndex ReqCons
    {
        get => Queues[0].ReqCons;
        init => Queues = First(Queues[0] with { ReqCons = value });
    }

    /// <summary>The address of a page set aside for mappings.</summary>
    public ulong AddressOf(int slot) => MapAddress + ((ulong)slot << PageSize.Shift);

    /// <summary>The request with this key, or null.</summary>
    public PendingRequest? Find(int queue, RingIndex key) =>
        Pending.FirstOrDefault(p => p.Key == key && p.Queue == queue);

    /// <summary>The request of a command, or null.</summary>
    public PendingRequest? Find(uint tag) => Pending.FirstOrDefault(p => TagOf(p) == tag);

    /// <summary>
    /// The number under which the disk knows a request: the ring index, and with several queues the queue in it.
    /// </summary>
    public uint TagOf(PendingRequest pending) => TagOf(pending.Key, pending.Queue);

    /// <summary>The same number of a request by its ring index and its queue.</summary>
    public uint TagOf(RingIndex key, int queue) => unchecked((key.Value * (uint)Queues.Length) + (uint)queue);

    /// <summary>The state with one queue changed.</summary>
    public BlkbackState With(int queue, BackQueue changed) => this with { Queues = Queues.SetItem(queue, changed) };

    /// <summary>The queue whose event channel a port is, or -1.</summary>
    public int QueueOf(Port port)
    {
        for (var i = 0; i < Queues.Length; i++)
        {
            if (Queues[i].Port == port)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The state with a request in the place of the one with its key.</summary>
    public BlkbackState Replace(PendingRequest changed) =>
        this with { Pending = Pending.Replace(Find(changed.Queue, changed.Key)!, changed) };

    /// <summary>
    /// Gives each segment of a request its page: one that is still mapped from before when the reference is among the
    /// kept ones and not in use, else a page of the address space.
    /// </summary>
    /// <returns>The state and the segments, or null when there are not enough pages.</returns>
    public (BlkbackState After, ImmutableArray<BackSegment> Segments)? Assign(
        int queue, RingIndex key, ImmutableArray<BlkifSegment> segments)
    {
        var kept = Queues[queue].Kept;
        var assigned = ImmutableArray.CreateBuilder<BackSegment>(segments.Length);
        foreach (var segment in segments)
        {
            var found = Options.Path == DataPath.Persistent && kept.TryGetValue(segment.Ref.Value, out var one)
                && !one.Busy ? one : (KeptGrant?)null;
            assigned.Add(found is { } use
                ? new BackSegment(segment, use.Slot, use.Handle) { Kept = true }
                : new BackSegment(segment, -1, null));
            kept = found is { } taken
                ? kept.SetItem(segment.Ref.Value, taken with { Busy = true, LastUsed = key.Value })
                : kept;
        }

        if (TakeSlots(assigned.Count(s => s.Slot < 0)) is not var (after, slots))
        {
            return null;
        }

        var next = 0;
        for (var i = 0; i < assigned.Count; i++)
        {
            assigned[i] = assigned[i].Slot < 0 ? assigned[i] with { Slot = slots[next++] } : assigned[i];
        }

        return (after.With(queue, after.Queues[queue] with { Kept = kept }), assigned.ToImmutable());
    }

    /// <summary>Gives each page of segments a page of the address space: these are never kept.</summary>
    /// <returns>The state and the pages, or null when there are not enough.</returns>
    public (BlkbackState After, ImmutableArray<BackSegment> Segments)? AssignPages(
        ImmutableArray<BlkifSegment> pages) => TakeSlots(pages.Length) is var (after, slots)
        ? (after, [.. pages.Select((p, i) => new BackSegment(p, slots[i], null))])
        : null;

    /// <summary>
    /// With persistent grants: mappings that were made for a request stay, as long as there is room for them.
    /// </summary>
    public (BlkbackState After, PendingRequest Pending) Keep(PendingRequest pending)
    {
        if (Options.Path != DataPath.Persistent)
        {
            return (this, pending);
        }

        var queue = Queues[pending.Queue];
        var segments = pending.Segments.ToBuilder();
        for (var i = 0; i < segments.Count; i++)
        {
            var (segment, reference) = (segments[i], segments[i].Segment.Ref.Value);
            if (segment.Kept || segment.Handle is not { } handle || queue.Kept.ContainsKey(reference))
            {
                continue;
            }

            if (queue.Kept.Count >= Options.Kept)
            {
                queue = queue with { KeptFull = true };
                continue;
            }

            var keep = new KeptGrant(segment.Slot, handle, true, pending.Key.Value);
            queue = queue with { Kept = queue.Kept.Add(reference, keep) };
            segments[i] = segment with { Kept = true };
        }

        return (With(pending.Queue, queue), pending with { Segments = segments.ToImmutable() });
    }

    /// <summary>The state without a request: its pages are free again, but those of kept mappings.</summary>
    public BlkbackState Drop(PendingRequest pending)
    {
        var queue = Queues[pending.Queue];
        var kept = queue.Kept;
        var slots = new List<int>();
        foreach (var segment in pending.Segments.AddRange(pending.IndirectPages))
        {
            if (segment.Kept)
            {
                var one = kept[segment.Segment.Ref.Value];
                kept = kept.SetItem(segment.Segment.Ref.Value, one with { Busy = false });
            }
            else
            {
                slots.Add(segment.Slot);
            }
        }

        return (this with
        {
            Pending = Pending.Remove(Find(pending.Queue, pending.Key)!), Slots = Slots.Except(slots),
        }).With(pending.Queue, queue with { Kept = kept });
    }

    /// <summary>Takes pages of the address space for mappings, the lowest first.</summary>
    /// <returns>The state and the pages, or null when there are not enough.</returns>
    public (BlkbackState After, ImmutableArray<int> Taken)? TakeSlots(int count)
    {
        if (Slots.Count + count > MapPages)
        {
            return null;
        }

        var (after, taken) = Slots.Take(count);
        return (this with { Slots = after }, taken);
    }

    /// <inheritdoc/>
    public override void AddTo(ref Hasher hasher)
    {
        foreach (var queue in Queues)
        {
            queue.AddTo(ref hasher);
        }

        hasher.Add(Connected);
        hasher.Add(Answered);
        foreach (var pending in Pending)
        {
            hasher.Add(pending.Key.Value);
            hasher.Add(pending.Queue);
            hasher.Add(pending.Id);
            hasher.Add((int)pending.Operation);
            hasher.Add(pending.Sector);
            hasher.Add(pending.IndirectCount);
            foreach (var segment in pending.Segments.AddRange(pending.IndirectPages))
            {
                hasher.Add(segment.Segment.Ref.Value);
                hasher.Add(segment.Slot);
                hasher.Add(segment.Handle is { } handle ? (int)handle.Value : -1);
            }
        }

        foreach (var completion in Completions)
        {
            hasher.Add(completion.Tag);
            hasher.Add((int)completion.Result);
        }
    }

    private ImmutableArray<BackQueue> First(BackQueue changed) => Queues.SetItem(0, changed);
}
