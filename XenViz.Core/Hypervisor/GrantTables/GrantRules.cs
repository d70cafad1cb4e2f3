using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor.GrantTables;

/// <summary>
/// The decisions of the grant table code that touch nothing (<c>grant_table.c</c>): used by the flat form and by the
/// listings that a learner steps through, so that the two cannot disagree.
/// </summary>
public static class GrantRules
{
    /// <summary>Bytes of a version-2 entry (<c>union grant_entry_v2</c>).</summary>
    public const int EntryV2Bytes = 16;

    /// <summary>Status words in a frame (<c>grant_status_t</c>).</summary>
    public const int StatusPerFrame = PageSize.Bytes / 2;

    /// <summary>Unmaps that share one TLB flush (GNTTAB_UNMAP_BATCH_SIZE).</summary>
    public const int UnmapBatch = 32;

    /// <summary>The two bits that Xen sets while a grant is in use.</summary>
    public const ushort UseBits = GrantTable.Gtf.Reading | GrantTable.Gtf.Writing;

    private const uint DeviceAndHost = GrantTable.Gntmap.DeviceMap | GrantTable.Gntmap.HostMap;
    private const uint PvOnly =
        GrantTable.Gntmap.DeviceMap | GrantTable.Gntmap.ApplicationMap | GrantTable.Gntmap.ContainsPte;

    /// <summary>Frames of status words for a number of entries, rounded up.</summary>
    public static int StatusFramesFor(int entries) => (entries + StatusPerFrame - 1) / StatusPerFrame;

    /// <summary>The checks of a map's flags, before anything is looked up: FACTS b.8, 1 and 2.</summary>
    public static GrantStatus CheckMapFlags(uint flags, bool callerIsPv) =>
        (flags & DeviceAndHost) == 0 ? GrantStatus.BadGntref
        : !callerIsPv && (flags & PvOnly) != 0 ? GrantStatus.GeneralError
        : GrantStatus.Okay;

    /// <summary>
    /// True when an entry in use refuses another use: other mapper, full counter, or a part of a page.
    /// </summary>
    public static bool RefusesPin(uint pin, ushort grantee, bool isSubPage, ushort caller, uint added, bool map) =>
        pin != 0 && (grantee != caller || Pins.Overflows(pin, added) || (map && isSubPage));

    /// <summary>True when a use must look at the entry: the first one, or the first writable one.</summary>
    public static bool NeedsStatus(uint pin, bool write) => pin == 0 || (write && !Pins.AnyWrite(pin));

    /// <summary>
    /// Whether an entry permits a use (<c>set_status_v1</c>, <c>set_status_v2</c>): while it is in use already, its
    /// type and domain are not looked at again, readonly is.
    /// </summary>
    /// <param name="flags">The entry's flags.</param>
    /// <param name="domid">The domain that it names.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="pin">Uses so far.</param>
    /// <param name="write">True when writing is asked.</param>
    /// <param name="map">True for a map: a part of a page cannot be mapped.</param>
    /// <param name="version">The table's version: transitive entries are known to version 2.</param>
    public static bool Permits(
        ushort flags, ushort domid, ushort caller, uint pin, bool write, bool map, int version)
    {
        if (pin == 0)
        {
            var mask = map ? GrantTable.Gtf.TypeMask | GrantTable.Gtf.SubPage : GrantTable.Gtf.TypeMask;
            var transitive = !map && version == 2 && (flags & mask) == GrantTable.Gtf.Transitive;
            if (((flags & mask) != GrantTable.Gtf.PermitAccess && !transitive) || domid != caller)
            {
                return false;
            }
        }

        return !write || (flags & GrantTable.Gtf.ReadOnly) == 0;
    }

    /// <summary>The bits that a use sets: reading always, writing for a writable one.</summary>
    public static ushort BitsOf(bool write) => write ? UseBits : GrantTable.Gtf.Reading;

    /// <summary>The bits that are cleared after a use (<c>reduce_status_for_pin</c>): reading when no use is left,
    /// writing
    /// when the finished use was writable and no writable one is left.</summary>
    public static ushort BitsToClear(uint pinLeft, bool wasWrite)
    {
        var bits = pinLeft == 0 ? GrantTable.Gtf.Reading : (ushort)0;
        return (ushort)(wasWrite && !Pins.AnyWrite(pinLeft) ? bits | GrantTable.Gtf.Writing : bits);
    }
}
