using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor;

/// <summary>Where a virtual address of a PV domain has its level-1 entry.</summary>
public static class PageTables
{
    /// <summary>The table and the entry's offset in it, or null when no level-1 table covers the address.</summary>
    public static (Mfn Table, int OffsetBytes)? EntryOf(Domain domain, ulong address)
    {
        if (address < domain.TableBase)
        {
            return null;
        }

        var table = (address - domain.TableBase) >> 21;
        return table < (ulong)domain.PageTables.Length
            ? (domain.PageTables[(int)table], PageTableEntry.OffsetBytes(address))
            : null;
    }
}
