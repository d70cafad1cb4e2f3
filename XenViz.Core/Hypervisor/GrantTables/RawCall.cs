using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor.GrantTables;

/// <summary>
/// The framing of the grant table hypercall (FACTS b.7; <c>grant_table.c do_grant_table_op</c>): what it returns for a
/// command and a count, with arguments that are all zero.
/// </summary>
public static class RawCall
{
    /// <summary>Bits of the command that are its number.</summary>
    private const uint CommandMask = 0xFFF;

    /// <summary>True for the operations that an HVM or PVH guest may ask for (x86 <c>hvm_grant_table_op</c>).</summary>
    public static bool IsForHvm(uint command) => command is GrantTable.Op.MapGrantRef or GrantTable.Op.UnmapGrantRef
        or GrantTable.Op.SetupTable or GrantTable.Op.QuerySize or GrantTable.Op.Copy or GrantTable.Op.SetVersion
        or GrantTable.Op.GetVersion or GrantTable.Op.SwapGrantRef;

    /// <summary>Makes the call.</summary>
    /// <param name="world">Everything.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="command">GNTTABOP_*, or any other number.</param>
    /// <param name="count">Elements, as the 32 bits that were given.</param>
    /// <param name="filtersHvm">True with Xen's filter for HVM callers in front, which recordings of the grant table
    /// code alone do not have.</param>
    /// <returns>0 or a negative errno.</returns>
    public static int Call(
        GrantWorld world, GrantDomain caller, uint command, uint count, bool filtersHvm = false)
    {
        if (filtersHvm && !caller.IsPv && !IsForHvm(command))
        {
            return -Errno.NoSys;
        }

        if ((int)count < 0 || ((command & ~CommandMask) != 0 && (command & CommandMask) != GrantTable.Op.CacheFlush))
        {
            return -Errno.Inval;
        }

        switch (command)
        {
            case GrantTable.Op.MapGrantRef or GrantTable.Op.UnmapGrantRef or GrantTable.Op.UnmapAndReplace
                or GrantTable.Op.Copy:
                // Zeros ask for nothing: no kind of mapping, no address, no bytes.
                return 0;
            case GrantTable.Op.SwapGrantRef:
                return 0;
            case GrantTable.Op.Transfer:
                for (uint i = 0; i < count; i++)
                {
                    TransferOps.Transfer(world, caller, 0, 0, 0);
                }

                return 0;
            case GrantTable.Op.SetupTable or GrantTable.Op.QuerySize or GrantTable.Op.GetStatusFrames:
                return count == 1 ? 0 : -Errno.Inval;
            case GrantTable.Op.SetVersion:
                return TableOps.SetVersion(caller, 0);
            case GrantTable.Op.GetVersion:
                return TableOps.GetVersion(world, caller, 0).Errno;
            default:
                return -Errno.NoSys;
        }
    }
}
