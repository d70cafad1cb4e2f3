using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor.GrantTables;

/// <summary>What an unmap is asked (<c>struct gnttab_unmap_grant_ref</c>, <c>gnttab_unmap_and_replace</c>).</summary>
/// <param name="Handle">The receipt of the map.</param>
/// <param name="HostPage">Host address divided by 4096; 0 leaves a host mapping.</param>
/// <param name="DeviceFrame">Bus address divided by 4096; 0 leaves a device mapping.</param>
/// <param name="NewPage">unmap_and_replace: where the mapping is that comes in its place, divided by 4096; 0 is
/// none.</param>
public readonly record struct UnmapRequest(uint Handle, ulong HostPage, ulong DeviceFrame, ulong NewPage = 0);

/// <summary>
/// GNTTABOP_unmap_grant_ref and unmap_and_replace (FACTS b.9, b.10; <c>grant_table.c unmap_common</c>,
/// <c>unmap_common_complete</c>): in groups, first all mappings go, then the TLBs are flushed, then the uses end.
/// </summary>
public static class UnmapOps
{
    private const uint Kinds = GrantTable.Gntmap.DeviceMap | GrantTable.Gntmap.HostMap;

    /// <summary>Unmaps a batch.</summary>
    /// <param name="world">Everything.</param>
    /// <param name="caller">Who unmaps.</param>
    /// <param name="asks">The batch.</param>
    /// <param name="statuses">Takes a GNTST_* for each, as long as <paramref name="asks"/>.</param>
    public static void Unmap(
        GrantWorld world, GrantDomain caller, ReadOnlySpan<UnmapRequest> asks, Span<GrantStatus> statuses)
    {
        Span<Ended> ended = stackalloc Ended[GrantRules.UnmapBatch];
        for (var from = 0; from < asks.Length; from += GrantRules.UnmapBatch)
        {
            var count = Math.Min(GrantRules.UnmapBatch, asks.Length - from);
            for (var i = 0; i < count; i++)
            {
                statuses[from + i] = Begin(world, caller, asks[from + i], out ended[i]);
            }

            // Here Xen flushes the TLBs, once for the group.
            for (var i = 0; i < count; i++)
            {
                Complete(world, caller, ended[i]);
            }
        }
    }

    /// <summary>Unmaps one and puts another mapping in its place; see FACTS b.10. A device mapping stays.</summary>
    public static GrantStatus UnmapAndReplace(
        GrantWorld world, GrantDomain caller, uint handle, ulong hostPage, ulong newPage)
    {
        Span<GrantStatus> status = stackalloc GrantStatus[1];
        Unmap(world, caller, [new UnmapRequest(handle, hostPage, 0, newPage)], status);
        return status[0];
    }

    /// <summary>Ends every use that a dying domain has of others' pages (<c>gnttab_release_mappings</c>).</summary>
    internal static void ReleaseAll(GrantWorld world, GrantDomain domain)
    {
        for (uint handle = 0; handle < domain.Handles.Allocated; handle++)
        {
            ref var record = ref domain.Handles[handle];
            if ((record.Flags & Kinds) != 0)
            {
                var ended = new Ended(record.Granter, record.Ref, record.Flags);
                record.Flags = 0;
                Complete(world, domain, ended);
            }
        }
    }

    private static GrantStatus Begin(
        GrantWorld world, GrantDomain caller, UnmapRequest ask, out Ended ended)
    {
        ended = default;
        if (ask.Handle >= caller.Handles.Allocated || caller.Handles[ask.Handle].Flags == 0)
        {
            return GrantStatus.BadHandle;
        }

        ref var record = ref caller.Handles[ask.Handle];
        if (world.Find(record.Granter) is not { } granter)
        {
            world.Crash(caller);
            return GrantStatus.BadDomain;
        }

        if (record.Ref >= granter.EntryCount || granter.Active(record.Ref).Page is not { } page)
        {
            return GrantStatus.BadHandle;
        }

        var device = ask.DeviceFrame != 0 && (record.Flags & GrantTable.Gntmap.DeviceMap) != 0;
        if (device && ask.DeviceFrame != page.Mfn)
        {
            return GrantStatus.BadDevAddr;
        }

        var host = ask.HostPage != 0 && (record.Flags & GrantTable.Gntmap.HostMap) != 0;
        if (host && !TryClear(caller, ask, page, record.Flags))
        {
            return GrantStatus.GeneralError;
        }

        var gone = (host ? GrantTable.Gntmap.HostMap : 0) | (device ? GrantTable.Gntmap.DeviceMap : 0);
        if (gone == 0)
        {
            // Okay, and nothing happens: the mapping and the handle stay.
            return GrantStatus.Okay;
        }

        ended = new Ended(record.Granter, record.Ref, gone | (record.Flags & GrantTable.Gntmap.ReadOnly));
        record.Flags &= ~gone;
        if ((record.Flags & Kinds) == 0)
        {
            caller.Handles.Put(ask.Handle);
        }

        return GrantStatus.Okay;
    }

    // The mapping must lead to exactly this frame with exactly this access.
    private static bool TryClear(GrantDomain caller, in UnmapRequest ask, PageInfo page, uint flags)
    {
        // The replacement is found by its virtual address: no HVM caller, no entry named by its machine address.
        if (ask.NewPage != 0 && (!caller.IsPv || (flags & GrantTable.Gntmap.ContainsPte) != 0))
        {
            return false;
        }

        var hostPage = MapOps.SlotOf(flags, ask.HostPage);
        if (!caller.TryFindPlace(hostPage, out var place) || place.Page != page
            || place.Kind != MapOps.KindOf(flags))
        {
            return false;
        }

        caller.ClearPlace(hostPage);
        if (ask.NewPage != 0 && caller.TryFindPlace(ask.NewPage, out var moved))
        {
            caller.ClearPlace(ask.NewPage);
            caller.SetPlace(hostPage, moved);
        }

        return true;
    }

    private static void Complete(GrantWorld world, GrantDomain caller, in Ended ended)
    {
        if ((ended.Flags & Kinds) == 0 || world.Find(ended.Granter) is not { } granter)
        {
            return;
        }

        ref var active = ref granter.Active(ended.Ref);
        var page = active.Page!;
        active.Pin -= Pins.Of(ended.Flags);
        var bits = GrantRules.BitsToClear(active.Pin, (ended.Flags & GrantTable.Gntmap.ReadOnly) == 0);
        granter.ClearUseBits(ended.Ref, bits);
        if (active.Pin == 0)
        {
            active.Page = null;
            active.Source = null;
        }

        MapOps.Give(
            page, Pins.References(ended.Flags), Pins.WritableTypes(ended.Flags, granter.IsPv, granter == caller));
    }

    /// <summary>A use that ends: whose grant, and which of the kinds of mapping, with readonly.</summary>
    private readonly record struct Ended(ushort Granter, uint Ref, uint Flags);
}
