using XenViz.Core.Abi;
using XenViz.Core.History;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>
/// When bytes of a branch changed, found by comparing the states themselves, so that no way of writing (a store, DMA, a
/// copy by Xen) is missed. A frame is read once, when it is first asked for.
/// </summary>
/// <param name="branch">The branch.</param>
public sealed class ByteHistory(Branch branch)
{
    private const int CellBytes = 8;

    private readonly Dictionary<Mfn, Dictionary<int, List<int>>> _frames = [];

    /// <summary>The last row before a position that changed one of these bytes.</summary>
    /// <param name="mfn">The frame.</param>
    /// <param name="offset">The first byte, 0 to 4095.</param>
    /// <param name="length">Bytes, all in the frame.</param>
    /// <param name="position">0 to the branch's length: rows from here on do not count.</param>
    /// <param name="bits">The bits of each byte that count.</param>
    /// <returns>The row, or -1 when they are as they were at the start.</returns>
    public int LastChange(Mfn mfn, int offset, int length, int position, byte bits = byte.MaxValue)
    {
        if (!_frames.TryGetValue(mfn, out var cells))
        {
            _frames[mfn] = cells = Read(mfn);
        }

        var found = -1;
        for (var cell = offset / CellBytes; cell <= (offset + length - 1) / CellBytes; cell++)
        {
            if (cells.TryGetValue(cell, out var rows))
            {
                found = Math.Max(found, LastIn(rows, mfn, offset, length, position, bits));
            }
        }

        return found;
    }

    private int LastIn(List<int> rows, Mfn mfn, int offset, int length, int position, byte bits)
    {
        var at = rows.BinarySearch(position);
        for (at = (at < 0 ? ~at : at) - 1; at >= 0; at--)
        {
            if (Differs(PageAt(mfn, rows[at]), PageAt(mfn, rows[at] + 1), offset, length, bits))
            {
                return rows[at];
            }
        }

        return -1;
    }

    private Dictionary<int, List<int>> Read(Mfn mfn)
    {
        var cells = new Dictionary<int, List<int>>();
        var before = new byte[Page.Size];
        var after = new byte[Page.Size];
        var last = PageAt(mfn, 0);
        for (var row = 0; row < branch.Length; row++)
        {
            var now = PageAt(mfn, row + 1);
            if (ReferenceEquals(last, now))
            {
                continue;
            }

            (last ?? Page.Zero).Read(0, before);
            (now ?? Page.Zero).Read(0, after);
            last = now;
            for (var at = 0; at < Page.Size; at += CellBytes)
            {
                if (!before.AsSpan(at, CellBytes).SequenceEqual(after.AsSpan(at, CellBytes)))
                {
                    if (!cells.TryGetValue(at / CellBytes, out var rows))
                    {
                        cells[at / CellBytes] = rows = [];
                    }

                    rows.Add(row);
                }
            }
        }

        return cells;
    }

    private Page? PageAt(Mfn mfn, int position) => branch.At(position).Frames.Find(mfn)?.Page;

    private static bool Differs(Page? before, Page? after, int offset, int length, byte bits)
    {
        Span<byte> one = stackalloc byte[length];
        Span<byte> other = stackalloc byte[length];
        (before ?? Page.Zero).Read(offset, one);
        (after ?? Page.Zero).Read(offset, other);
        if (bits == byte.MaxValue)
        {
            return !one.SequenceEqual(other);
        }

        for (var i = 0; i < length; i++)
        {
            if (((one[i] ^ other[i]) & bits) != 0)
            {
                return true;
            }
        }

        return false;
    }
}
