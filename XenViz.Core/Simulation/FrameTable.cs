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

/// <summary>All frames of the world: an immutable table in blocks of 8 blocks of 8, so that a change copies little.
/// </summary>
public sealed class FrameTable
{
    private const int BlockSize = 8;
    private const int AreaSize = BlockSize * BlockSize;
    private readonly Dictionary<ulong, int> _index;
    private readonly Frame[][][] _areas;

    private FrameTable(Dictionary<ulong, int> index, Frame[][][] areas)
    {
        _index = index;
        _areas = areas;
    }

    /// <summary>How many frames there are.</summary>
    public int Count => _index.Count;

    /// <summary>The frame, which must exist.</summary>
    public Frame this[Mfn mfn]
    {
        get
        {
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

        return new FrameTable(index, [.. all.Chunk(BlockSize).Chunk(BlockSize)]);
    }

    /// <summary>The frame, or null when there is none.</summary>
    public Frame? Find(Mfn mfn) => _index.ContainsKey(mfn.Value) ? this[mfn] : null;

    /// <summary>All frames in the order in which they were added.</summary>
    public IEnumerable<Frame> All()
    {
        foreach (var area in _areas)
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
    public FrameTable With(Frame frame)
    {
        var at = _index[frame.Mfn.Value];
        var areas = _areas.AsSpan().ToArray();
        var area = areas[at / AreaSize].AsSpan().ToArray();
        var block = area[at % AreaSize / BlockSize].AsSpan().ToArray();
        block[at % BlockSize] = frame;
        area[at % AreaSize / BlockSize] = block;
        areas[at / AreaSize] = area;
        return new FrameTable(_index, areas);
    }

    /// <summary>The table with one more frame.</summary>
    public FrameTable Add(Frame frame) => Of(All().Append(frame));
}
