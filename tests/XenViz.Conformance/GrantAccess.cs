using System.Buffers.Binary;
using XenViz.Core.Abi;
using XenViz.Core.Hypervisor;
using XenViz.Core.Hypervisor.GrantTables;

namespace XenViz.Conformance;

/// <summary>
/// Who may reach which bytes, read off the entries of the tables and nothing else; and what copies really changed.
/// </summary>
sealed class GrantAccess
{
    readonly GrantWorld _world;
    readonly Dictionary<PageInfo, byte[]> _bytes = [];

    public GrantAccess(GrantWorld world)
    {
        _world = world;
        foreach (var page in world.Pages.Values)
        {
            _bytes[page] = [.. page.Bytes];
        }
    }

    /// <summary>The page that a map may lead to, or null when it must be refused.</summary>
    public PageInfo? OfMap(GrantDomain caller, ushort granter, uint reference, bool write) =>
        _world.Find(granter) is { } domain ? Reach(domain, reference, caller.Id.Value, write, map: true)?.Page : null;

    /// <summary>What a copy may read and write.</summary>
    public CopyWatch OfCopy(GrantDomain caller, in CopySide source, in CopySide target, int length)
    {
        var from = Side(caller, source, write: false, length);
        return new CopyWatch(
            from is { } page ? [.. page.Bytes.AsSpan(source.Offset, length)] : null,
            Side(caller, target, write: true, length), target.Offset, length);
    }

    /// <summary>Null, or what a copy did that it must not.</summary>
    public string? AfterCopy(CopyWatch watch, GrantStatus status)
    {
        var moved = status == GrantStatus.Okay && watch.Length > 0;
        if (moved && (watch.Read is null || watch.Target is null))
        {
            return "bytes were copied that no grant gives";
        }

        foreach (var page in _world.Pages.Values)
        {
            if (page.IsUntouched)
            {
                // It is free, and its bytes are gone.
                _bytes.Remove(page);
                continue;
            }

            if (!_bytes.TryGetValue(page, out var expected))
            {
                _bytes[page] = expected = new byte[PageSize.Bytes];
            }

            if (moved && page == watch.Target)
            {
                watch.Read!.CopyTo(expected, watch.Offset);
            }

            if (!page.Bytes.AsSpan().SequenceEqual(expected))
            {
                return $"bytes of frame {page.Mfn} changed that were not to be copied";
            }
        }

        return null;
    }

    PageInfo? Side(GrantDomain caller, in CopySide side, bool write, int length)
    {
        if (_world.FindOrSelf(side.Domain, caller) is not { } domain || side.Number > uint.MaxValue)
        {
            return null;
        }

        var reach = side.IsRef
            ? Reach(domain, (uint)side.Number, caller.Id.Value, write, map: false)
            : domain == caller && _world.FrameOf(domain, side.Number) is { } own ? (own, 0, PageSize.Bytes) : null;
        return reach is var (page, start, end) && side.Offset >= start && side.Offset + length <= end
            && end <= PageSize.Bytes ? page : null;
    }

    (PageInfo Page, int Start, int End)? Reach(
        GrantDomain granter, uint reference, ushort user, bool write, bool map, bool further = true)
    {
        if (reference >= granter.EntryCount)
        {
            return null;
        }

        var flags = granter.FlagsOf(reference);
        var active = granter.Active(reference);
        if (write && (flags & GrantTable.Gtf.ReadOnly) != 0 && !Pins.AnyWrite(active.Pin))
        {
            return null;
        }

        if (active.Pin != 0)
        {
            // In use: whoever uses it may use it more, and what it leads to does not change.
            return active.Grantee == user && !(map && active.IsSubPage)
                ? (active.Page!, active.Start, Math.Min(active.Start + active.Length, PageSize.Bytes))
                : null;
        }

        if (granter.DomIdOf(reference) != user)
        {
            return null;
        }

        var (type, isPart) = (flags & GrantTable.Gtf.TypeMask, (flags & GrantTable.Gtf.SubPage) != 0);
        if (type == GrantTable.Gtf.Transitive && granter.Version == 2 && !map && further)
        {
            var through = BinaryPrimitives.ReadUInt16LittleEndian(granter.Entry(reference)[4..]);
            var other = BinaryPrimitives.ReadUInt32LittleEndian(granter.Entry(reference)[8..]);
            return _world.Find(through) is { } source && source != granter
                ? Reach(source, other, granter.Id.Value, write, map: false, further: false)
                : null;
        }

        return type == GrantTable.Gtf.PermitAccess && !(map && isPart)
            && _world.FrameOf(granter, granter.FrameOf(reference)) is { } page
            ? Part(granter, reference, page, isPart && granter.Version == 2)
            : null;
    }

    static (PageInfo Page, int Start, int End) Part(GrantDomain granter, uint reference, PageInfo page, bool isPart)
    {
        var entry = granter.Entry(reference);
        var start = isPart ? BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]) : 0;
        var end = isPart ? start + BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]) : PageSize.Bytes;
        return (page, start, Math.Min(end, PageSize.Bytes));
    }

    /// <summary>What a copy may do: the bytes that it may read and the page that it may write, null for none.</summary>
    internal sealed record CopyWatch(byte[]? Read, PageInfo? Target, int Offset, int Length);
}
