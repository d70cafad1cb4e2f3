using System.Runtime.CompilerServices;
using XenViz.Core.Abi;

namespace XenViz.Core.Simulation;

/// <summary>What a frame is used for in this world; for people, the model does not look at it.</summary>
public enum FrameUse : byte
{
    /// <summary>A page of the guest application.</summary>
    Data,

    /// <summary>A shared ring.</summary>
    Ring,

    /// <summary>Segments of indirect requests.</summary>
    Segments,

    /// <summary>A frame of a grant table.</summary>
    GrantTable,

    /// <summary>A shared info page.</summary>
    SharedInfo,

    /// <summary>A level-1 page table.</summary>
    PageTable,

    /// <summary>A page of event words (FIFO).</summary>
    EventArray,

    /// <summary>The page with a vCPU's control block (FIFO).</summary>
    EventControl,
}

/// <summary>A frame: its bytes and what Xen notes about it (<c>struct page_info</c>).</summary>
/// <param name="Mfn">Its number.</param>
/// <param name="Owner">The domain it belongs to. Grants never change it.</param>
/// <param name="Use">What it is used for.</param>
/// <param name="Pfn">The owner's own number for it.</param>
/// <param name="Page">Its bytes.</param>
/// <param name="References">Page references, counted from 1, the owner's own (<c>count_info</c>).</param>
/// <param name="WritableUses">Type references as writable page (<c>type_info</c>); the owner's own are not counted.
/// </param>
public sealed record Frame(
    Mfn Mfn, DomId Owner, FrameUse Use, Pfn Pfn, Page Page, int References = 1, int WritableUses = 0);

/// <summary>
/// All frames of the world: an immutable table in blocks of 8 blocks of 8, so that a change copies little. Up to four
/// frames that changed since lie beside it: a run changes the same few again and again.
/// </summary>
public sealed class FrameTable
{
    private const int BlockSize = 8;
    private const int AreaSize = BlockSize * BlockSize;

    /// <summary>Most frames beside the blocks.</summary>
    private const int MostRecent = 4;

    private readonly Dictionary<ulong, int> _index;
    private readonly Frame[][][] _areas;
    private readonly Recent _recent;

    private FrameTable(Dictionary<ulong, int> index, Frame[][][] areas, in Recent recent)
    {
        _index = index;
        _areas = areas;
        _recent = recent;
    }

    /// <summary>How many frames there are.</summary>
    public int Count => _index.Count;

    /// <summary>The frame, which must exist.</summary>
    public Frame this[Mfn mfn]
    {
        get
        {
            foreach (var frame in _recent)
            {
                if (frame is null)
                {
                    break;
                }

                if (frame.Mfn == mfn)
                {
                    return frame;
                }
            }

            var at = _index[mfn.Value];
            return _areas[at / AreaSize][at % AreaSize / BlockSize][at % BlockSize];
        }
    }

    /// <summary>A table of these frames.</summary>
    public static FrameTable Of(IEnumerable<Frame> frames)
    {
        var all = frames.ToArray();
        var index = new Dictionary<ulong, int>(all.Length);
        foreach (var frame in all)
        {
            index.Add(frame.Mfn.Value, index.Count);
        }

        return new FrameTable(index, [.. all.Chunk(BlockSize).Chunk(BlockSize)], default);
    }

    /// <summary>The frame, or null when there is none.</summary>
    public Frame? Find(Mfn mfn) => _index.ContainsKey(mfn.Value) ? this[mfn] : null;

    /// <summary>All frames in the order in which they were added.</summary>
    public IEnumerable<Frame> All()
    {
        foreach (var area in Whole())
        {
            foreach (var block in area)
            {
                foreach (var frame in block)
                {
                    yield return frame;
                }
            }
        }
    }

    /// <summary>The table with this frame in place of the one of the same number.</summary>
    /// <exception cref="KeyNotFoundException">There is no frame of this number.</exception>
    public FrameTable With(Frame frame)
    {
        var recent = _recent;
        for (var i = 0; i < MostRecent; i++)
        {
            if (recent[i] is not { } other)
            {
                // Asks whether there is such a frame at all.
                _ = _index[frame.Mfn.Value];
                recent[i] = frame;
                return new FrameTable(_index, _areas, recent);
            }

            if (other.Mfn == frame.Mfn)
            {
                recent[i] = frame;
                return new FrameTable(_index, _areas, recent);
            }
        }

        recent = default;
        _ = _index[frame.Mfn.Value];
        recent[0] = frame;
        return new FrameTable(_index, Whole(), recent);
    }

    /// <summary>The table with one more frame.</summary>
    public FrameTable Add(Frame frame) => Of(All().Append(frame));

    // The blocks with the frames beside them in their places. What is touched is copied once.
    private Frame[][][] Whole()
    {
        if (_recent[0] is null)
        {
            return _areas;
        }

        var areas = _areas.AsSpan().ToArray();
        foreach (var frame in _recent)
        {
            if (frame is null)
            {
                break;
            }

            var at = _index[frame.Mfn.Value];
            ref var area = ref areas[at / AreaSize];
            if (ReferenceEquals(area, _areas[at / AreaSize]))
            {
                area = area.AsSpan().ToArray();
            }

            ref var block = ref area[at % AreaSize / BlockSize];
            if (ReferenceEquals(block, _areas[at / AreaSize][at % AreaSize / BlockSize]))
            {
                block = block.AsSpan().ToArray();
            }

            block[at % BlockSize] = frame;
        }

        return areas;
    }

    [InlineArray(MostRecent)]
    private struct Recent
    {
        private Frame? _first;
    }
}
