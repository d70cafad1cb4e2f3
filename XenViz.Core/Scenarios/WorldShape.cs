using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Commands;
using XenViz.Core.Drivers.Block;

namespace XenViz.Core.Scenarios;

/// <summary>How large the parts of a world are, and what its disk's two ends agree on.</summary>
internal sealed record WorldShape
{
    private const ulong MoreRingFrames = 0x5B00;
    private const ulong MoreRingPfns = 0x1C00;
    private const ulong PoolFrames = 0x7000;
    private const ulong PoolPfns = 0x2000;
    private const ulong OwnFrames = 0x2E00;
    private const ulong OwnPfns = 0x0800;
    private const int TableEntries = PageSize.Bytes / PageTableEntry.SizeBytes;

    /// <summary>Slots of a ring.</summary>
    public required int Slots { get; init; }

    /// <summary>Pages of a ring.</summary>
    public required int RingPages { get; init; }

    /// <summary>Rings.</summary>
    public required int Queues { get; init; }

    /// <summary>Data pages of the guest's application.</summary>
    public required int Pages { get; init; }

    /// <summary>Pages of the pool of each ring, for persistent grants.</summary>
    public required int PoolEach { get; init; }

    /// <summary>Pages of the frontend for the segments of indirect requests.</summary>
    public required int SegmentPages { get; init; }

    /// <summary>Most grants that one request of the frontend may need.</summary>
    public required int GrantsEach { get; init; }

    /// <summary>What both ends agree on.</summary>
    public required BlockOptions Options { get; init; }

    /// <summary>Pages of all rings.</summary>
    public int AllRingPages => RingPages * Queues;

    /// <summary>Pages of the driver domain's address space for mappings: all that its page tables leave.</summary>
    public int MapPages => (Tables * TableEntries) - TableOffset - AllRingPages;

    /// <summary>Level-1 page tables of the driver domain.</summary>
    public int Tables => Math.Max(
        2, (TableOffset + AllRingPages + (PoolEach * Queues) + SegmentPages + TableEntries) / TableEntries);

    /// <summary>Pages of the backend's own that Xen copies into and out of.</summary>
    public int OwnPages => Options.Path == DataPath.Copy ? MapPages : 0;

    // The first page of the rings lies this many pages behind the start of the first table.
    private static int TableOffset => (int)((World.RingAddress - World.TableBase) >> PageSize.Shift);

    /// <summary>The shape of a run.</summary>
    /// <param name="run">Its parameters, checked.</param>
    /// <param name="pages">Data pages of the application.</param>
    public static WorldShape Of(RunParameters run, int pages)
    {
        var path = run.Path switch { "copy" => DataPath.Copy, "persistent" => DataPath.Persistent, _ => DataPath.Map };
        var kept = path == DataPath.Persistent;
        var indirect = run.Segments > Blkif.MaxSegments ? Math.Min(run.Depth, 32) : 0;
        var ringPages = run.RingPages * run.Queues;

        // The guest's grant table has one frame; the rings and the pages of segments need their share of it.
        var left = GrantTable.EntryV1.PerFrame - GrantTable.ReservedEntries - ringPages - indirect;
        var each = kept ? left / run.Queues : left;
        return new WorldShape
        {
            Slots = RunLimits.SlotsOf(run), RingPages = run.RingPages, Queues = run.Queues, Pages = pages,
            PoolEach = kept ? Math.Min(each, Math.Max(run.Segments, Math.Min(run.Depth * run.Segments, pages))) : 0,
            SegmentPages = indirect, GrantsEach = each, Options = OptionsOf(run, path),
        };
    }

    /// <summary>The frames of a ring's pages.</summary>
    public ImmutableArray<Mfn> RingFrames(int queue) =>
    [
        .. Enumerable.Range(queue * RingPages, RingPages).Select(i =>
            i == 0 ? World.RingFrame : new Mfn(MoreRingFrames + (ulong)i)),
    ];

    /// <summary>The frames of a ring's pool.</summary>
    public ImmutableArray<Mfn> Pool(int queue) =>
        [.. Enumerable.Range(queue * PoolEach, PoolEach).Select(i => new Mfn(PoolFrames + (ulong)i))];

    /// <summary>The frames for the segments of indirect requests.</summary>
    public ImmutableArray<Mfn> ForSegments() =>
        [.. Enumerable.Range(PoolEach * Queues, SegmentPages).Select(i => new Mfn(PoolFrames + (ulong)i))];

    /// <summary>The backend's own frames for copies.</summary>
    public ImmutableArray<Mfn> Own() =>
        [.. Enumerable.Range(0, OwnPages).Select(i => new Mfn(OwnFrames + (ulong)i))];

    /// <summary>The frames that a world has beyond those of the figure.</summary>
    public IEnumerable<Simulation.Frame> MoreFrames()
    {
        for (var i = 1; i < AllRingPages; i++)
        {
            yield return new(new(MoreRingFrames + (ulong)i), World.Guest, Simulation.FrameUse.Ring,
                new(MoreRingPfns + (ulong)i), Simulation.Page.Zero);
        }

        for (var i = 0; i < (PoolEach * Queues) + SegmentPages; i++)
        {
            var use = i < PoolEach * Queues ? Simulation.FrameUse.Data : Simulation.FrameUse.Segments;
            yield return new(
                new(PoolFrames + (ulong)i), World.Guest, use, new(PoolPfns + (ulong)i), Simulation.Page.Zero);
        }

        for (var i = 0; i < OwnPages; i++)
        {
            yield return new(new(OwnFrames + (ulong)i), World.Driver, Simulation.FrameUse.Data,
                new(OwnPfns + (ulong)i), Simulation.Page.Zero);
        }
    }

    private static BlockOptions OptionsOf(RunParameters run, DataPath path)
    {
        var protocol = run.Protocol switch { "x86_32" => "x86_32-abi", "none" => null, _ => "x86_64-abi" };
        return new BlockOptions
        {
            Path = path, Kept = run.Kept, IndirectSegments = run.IndirectSegments, Flush = run.Flush,
            Barrier = run.Barrier, Discard = run.Discard, SecureDiscard = run.SecureDiscard, ReadOnly = run.ReadOnly,
            BlockBytes = run.BlockBytes, Protocol = protocol,
            FrontLayout = run.Protocol == "x86_32" ? BlkifLayout.X32 : BlkifLayout.X64,
            BackLayout = BlkifLayout.AssumedFor(protocol)!,
        };
    }
}
