using System.Collections.Immutable;
using XenViz.Core.Abi;

namespace XenViz.Core.Simulation;

/// <summary>
/// A mapper's handles (<c>maptrack</c>), for a domain of one vCPU. A handle is an index. The free list gives its head
/// away unless that is its last record; then a new frame of 256 records is added, whose first is the answer and whose
/// others go in front of the list. A freed handle goes to the end (FACTS b.3).
/// </summary>
public sealed record Maptrack
{
    /// <summary>Records in one frame.</summary>
    public const int RecordsPerFrame = 256;

    /// <summary>Frames a domain may have (<c>gnttab_max_maptrack_frames</c>).</summary>
    public const int FrameLimit = 1024;

    /// <summary>A maptrack without frames.</summary>
    public static Maptrack Empty { get; } = new();

    /// <summary>Records in use, by handle.</summary>
    public ImmutableSortedDictionary<uint, MaptrackRecord> Records { get; init; } =
        ImmutableSortedDictionary<uint, MaptrackRecord>.Empty;

    private uint Frames { get; init; }

    private uint FreshFrom { get; init; }

    private uint FreshTo { get; init; }

    private ImmutableQueue<uint> Freed { get; init; } = ImmutableQueue<uint>.Empty;

    private uint FreedCount { get; init; }

    /// <summary>Takes a handle.</summary>
    /// <returns>The maptrack without it and the handle, or null when there is no space (GNTST_no_space).</returns>
    public (Maptrack After, GrantHandle Handle)? Take()
    {
        var free = FreshTo - FreshFrom + FreedCount;
        if (free > 1)
        {
            return FreshFrom < FreshTo
                ? (this with { FreshFrom = FreshFrom + 1 }, new GrantHandle(FreshFrom))
                : (this with { Freed = Freed.Dequeue(out var head), FreedCount = FreedCount - 1 },
                    new GrantHandle(head));
        }

        if (Frames == FrameLimit)
        {
            return null;
        }

        var first = Frames * RecordsPerFrame;
        var freed = Freed;
        var freedCount = FreedCount;
        if (FreshFrom < FreshTo)
        {
            // The last record of the list is a fresh one: it stays behind the new frame's records.
            freed = ImmutableQueue.Create(FreshFrom);
            freedCount = 1;
        }

        return (this with
        {
            Frames = Frames + 1, FreshFrom = first + 1, FreshTo = first + RecordsPerFrame, Freed = freed,
            FreedCount = freedCount,
        }, new GrantHandle(first));
    }

    /// <summary>Fills the record of a handle.</summary>
    public Maptrack With(GrantHandle handle, MaptrackRecord record) =>
        this with { Records = Records.SetItem(handle.Value, record) };

    /// <summary>Gives a handle back.</summary>
    public Maptrack Free(GrantHandle handle) => this with
    {
        Records = Records.Remove(handle.Value), Freed = Freed.Enqueue(handle.Value), FreedCount = FreedCount + 1,
    };

    internal void AddTo(ref Hasher h)
    {
        h.Add(Frames);
        h.Add(FreshFrom);
        h.Add(FreshTo);
        h.Add(FreedCount);
        foreach (var freed in Freed)
        {
            h.Add(freed);
        }

        h.Add(Records.Count);
        foreach (var (handle, record) in Records)
        {
            h.Add(handle);
            h.Add(record.Granter.Value);
            h.Add(record.Ref.Value);
            h.Add(record.Flags);
            h.Add(record.HostAddress);
            h.Add(record.Mfn.Value);
        }
    }
}
