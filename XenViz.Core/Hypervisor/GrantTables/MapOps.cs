using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor.GrantTables;

/// <summary>What a map is asked (<c>struct gnttab_map_grant_ref</c>).</summary>
/// <param name="Granter">Whose table; DOMID_SELF is not accepted.</param>
/// <param name="Ref">The reference.</param>
/// <param name="Flags">GNTMAP flags.</param>
/// <param name="HostPage">Host address divided by 4096.</param>
public readonly record struct MapRequest(ushort Granter, uint Ref, uint Flags, ulong HostPage);

/// <summary>What a map answers.</summary>
/// <param name="Status">GNTST_*.</param>
/// <param name="Handle">The receipt, when okay.</param>
/// <param name="DeviceFrame">The frame's bus address divided by 4096, when okay.</param>
public readonly record struct MapReply(GrantStatus Status, uint Handle = 0, ulong DeviceFrame = 0);

/// <summary>GNTTABOP_map_grant_ref, in Xen's order of checks (FACTS b.8; <c>grant_table.c map_grant_ref</c>).</summary>
public static class MapOps
{
    private const ulong MachineSlot = 1UL << 63;
    private const uint HvmFlags = GrantTable.Gntmap.HostMap | GrantTable.Gntmap.ReadOnly;

    /// <summary>Maps one page.</summary>
    /// <param name="world">Everything.</param>
    /// <param name="caller">Who maps.</param>
    /// <param name="vcpu">Whose list of handles is used.</param>
    /// <param name="ask">What is asked.</param>
    public static MapReply Map(GrantWorld world, GrantDomain caller, int vcpu, in MapRequest ask)
    {
        if (GrantRules.CheckMapFlags(ask.Flags, caller.IsPv) is var bad && bad != GrantStatus.Okay)
        {
            return new(bad);
        }

        if (world.Find(ask.Granter) is not { } granter)
        {
            return new(GrantStatus.BadDomain);
        }

        var handle = caller.Handles.Take(vcpu);
        if (handle == HandleLists.None)
        {
            return new(GrantStatus.NoSpace);
        }

        var (status, page) = Claim(world, caller, granter, ask);
        if (status != GrantStatus.Okay)
        {
            caller.Handles.Put(handle);
            return new(status);
        }

        ref var record = ref caller.Handles[handle];
        record.Granter = granter.Id.Value;
        record.Ref = ask.Ref;
        record.Flags = ask.Flags;
        return new(GrantStatus.Okay, handle, page!.Mfn);
    }

    private static (GrantStatus Status, PageInfo? Page) Claim(
        GrantWorld world, GrantDomain caller, GrantDomain granter, in MapRequest ask)
    {
        if (ask.Ref >= granter.EntryCount)
        {
            return (GrantStatus.BadGntref, null);
        }

        ref var active = ref granter.Active(ask.Ref);
        var added = Pins.Of(ask.Flags);
        var write = (ask.Flags & GrantTable.Gntmap.ReadOnly) == 0;
        if (GrantRules.RefusesPin(active.Pin, active.Grantee, active.IsSubPage, caller.Id.Value, added, map: true))
        {
            return (GrantStatus.GeneralError, null);
        }

        if (GrantRules.NeedsStatus(active.Pin, write))
        {
            if (!GrantRules.Permits(
                granter.FlagsOf(ask.Ref), granter.DomIdOf(ask.Ref), caller.Id.Value, active.Pin, write, map: true,
                granter.Version))
            {
                return (GrantStatus.GeneralError, null);
            }

            granter.SetUseBits(ask.Ref, GrantRules.BitsOf(write));
        }

        if (active.Pin == 0)
        {
            if (world.FrameOf(granter, granter.FrameOf(ask.Ref)) is not { } found)
            {
                granter.ClearUseBits(ask.Ref, GrantRules.BitsToClear(0, write));
                return (GrantStatus.BadPage, null);
            }

            active.Page = found;
            active.Grantee = caller.Id.Value;
            active.IsSubPage = false;
            active.Start = 0;
            active.Length = PageSize.Bytes;
            active.Source = granter;
            active.SourceRef = ask.Ref;
        }

        active.Pin += added;
        var page = active.Page!;
        if (TryTake(page, granter, caller, ask.Flags) && TryPlace(world, page, granter, caller, ask))
        {
            return (GrantStatus.Okay, page);
        }

        active.Pin -= added;
        granter.ClearUseBits(ask.Ref, GrantRules.BitsToClear(active.Pin, write));
        return (GrantStatus.GeneralError, null);
    }

    /// <summary>Takes the references of FACTS (a), all or none.</summary>
    private static bool TryTake(PageInfo page, GrantDomain granter, GrantDomain caller, uint flags)
    {
        var references = Pins.References(flags);
        var types = Pins.WritableTypes(flags, granter.IsPv, granter == caller);
        for (var taken = 0; taken < references; taken++)
        {
            if (!page.TryGet(granter))
            {
                Give(page, taken, 0);
                return false;
            }
        }

        for (var taken = 0; taken < types; taken++)
        {
            if (!page.TryGetWritable())
            {
                Give(page, references, taken);
                return false;
            }
        }

        return true;
    }

    private static bool TryPlace(
        GrantWorld world, PageInfo page, GrantDomain granter, GrantDomain caller, in MapRequest ask)
    {
        if ((ask.Flags & GrantTable.Gntmap.HostMap) == 0)
        {
            return true;
        }

        if (caller.IsPv ? !IsEntry(world, caller, ask) : (ask.Flags & ~HvmFlags) != 0)
        {
            Give(page, Pins.References(ask.Flags), Pins.WritableTypes(ask.Flags, granter.IsPv, granter == caller));
            return false;
        }

        caller.SetPlace(SlotOf(ask.Flags, ask.HostPage), new Place(page, KindOf(ask.Flags)));
        return true;
    }

    // With contains_pte the address is a machine address, which must lie in a page table of the caller's.
    private static bool IsEntry(GrantWorld world, GrantDomain caller, in MapRequest ask) =>
        (ask.Flags & GrantTable.Gntmap.ContainsPte) == 0
        || (world.PageAt(ask.HostPage) is { IsPageTable: true } table && table.Owner == caller);

    /// <summary>Where a mapping is kept in <see cref="GrantDomain.Places"/>: machine addresses of page-table entries
    /// apart from virtual ones.</summary>
    internal static ulong SlotOf(uint flags, ulong hostPage) =>
        (flags & GrantTable.Gntmap.ContainsPte) != 0 ? hostPage | MachineSlot : hostPage;

    internal static PlaceKind KindOf(uint flags) => (flags & GrantTable.Gntmap.ReadOnly) != 0
        ? PlaceKind.GrantReadOnly
        : PlaceKind.GrantWritable;

    internal static void Give(PageInfo page, int references, int types)
    {
        for (; types > 0; types--)
        {
            page.PutType();
        }

        for (; references > 0; references--)
        {
            page.Put();
        }
    }
}
