using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor;

/// <summary>
/// Xen's four counters of uses of a grant in one word (<c>grant_table.c</c> GNTPIN_*): host write in bits 0 to 7, host
/// read 8 to 15, device write 16 to 23, device read 24 to 31.
/// </summary>
public static class Pins
{
    private const uint HostWrite = 1;
    private const uint HostRead = 1 << 8;
    private const uint DeviceWrite = 1 << 16;
    private const uint DeviceRead = 1 << 24;

    /// <summary>What one mapping with these GNTMAP flags adds.</summary>
    public static uint Of(uint flags)
    {
        var readOnly = (flags & GrantTable.Gntmap.ReadOnly) != 0;
        uint pins = 0;
        if ((flags & GrantTable.Gntmap.DeviceMap) != 0)
        {
            pins += readOnly ? DeviceRead : DeviceWrite;
        }

        if ((flags & GrantTable.Gntmap.HostMap) != 0)
        {
            pins += readOnly ? HostRead : HostWrite;
        }

        return pins;
    }

    /// <summary>True when a counter that would grow has its top bit set already: at most 128 uses of a kind.</summary>
    public static bool Overflows(uint pins, uint added) =>
        (pins & (added << 7)) != 0;

    /// <summary>True when a writing use is counted.</summary>
    public static bool AnyWrite(uint pins) => (pins & 0x00FF_00FF) != 0;

    /// <summary>Page references that a mapping takes: one for host, one for device.</summary>
    public static int References(uint flags) =>
        ((flags & GrantTable.Gntmap.DeviceMap) != 0 ? 1 : 0) + ((flags & GrantTable.Gntmap.HostMap) != 0 ? 1 : 0);

    /// <summary>Writable type references that a mapping takes (FACTS a).</summary>
    public static int WritableTypes(uint flags, bool granterIsPv, bool own)
    {
        if ((flags & GrantTable.Gntmap.ReadOnly) != 0)
        {
            return 0;
        }

        var host = (flags & GrantTable.Gntmap.HostMap) != 0 && (granterIsPv || own) ? 1 : 0;
        return host + ((flags & GrantTable.Gntmap.DeviceMap) != 0 ? 1 : 0);
    }
}
