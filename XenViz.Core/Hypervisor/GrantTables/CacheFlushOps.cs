using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor.GrantTables;

/// <summary>
/// GNTTABOP_cache_flush in its order of checks (FACTS b.14; <c>grant_table.c _cache_flush</c>). Only Xen on Arm has it:
/// on x86 <see cref="RawCall"/> answers -ENOSYS. Caches are no part of the model: an accepted call changes nothing.
/// </summary>
public static class CacheFlushOps
{
    /// <summary>Write changed lines back.</summary>
    [Cites("grant_table.h GNTTAB_CACHE_CLEAN")]
    public const uint Clean = 1;

    /// <summary>Forget lines.</summary>
    [Cites("grant_table.h GNTTAB_CACHE_INVAL")]
    public const uint Invalidate = 2;

    /// <summary>Checks one element.</summary>
    /// <param name="world">Everything.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="frame">The machine frame: bus address divided by 4096.</param>
    /// <param name="offset">First byte in the frame.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="operation">Bits of <see cref="Clean"/> and <see cref="Invalidate"/>.</param>
    /// <returns>0 or a negative errno.</returns>
    public static int Flush(
        GrantWorld world, GrantDomain caller, ulong frame, ushort offset, ushort length, uint operation)
    {
        if (offset >= PageSize.Bytes || length > PageSize.Bytes || offset + length > PageSize.Bytes
            || (operation & ~(Clean | Invalidate)) != 0)
        {
            return -Errno.Inval;
        }

        if (length == 0 || operation == 0)
        {
            return 0;
        }

        if (world.PageAt(frame) is not { } page)
        {
            return -Errno.Inval;
        }

        return page.Owner is not { } owner ? -Errno.Perm
            : owner == caller || IsGranted(owner, caller, page) ? 0
            : -Errno.Inval;
    }

    // A grant that the caller uses now, not one that it might use (grant_map_exists).
    private static bool IsGranted(GrantDomain owner, GrantDomain caller, PageInfo page)
    {
        for (uint reference = 0; reference < owner.EntryCount; reference++)
        {
            ref var active = ref owner.Active(reference);
            if (active.Pin != 0 && active.Grantee == caller.Id.Value && active.Page == page)
            {
                return true;
            }
        }

        return false;
    }
}
