using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor.GrantTables;

/// <summary>
/// GNTTABOP_transfer (FACTS b.12; <c>grant_table.c gnttab_transfer</c>): moves the ownership of a page. From the steal
/// on, a failure frees the page: the caller has lost it.
/// </summary>
public static class TransferOps
{
    private const ushort Committed = GrantTable.Gtf.AcceptTransfer | GrantTable.Gtf.TransferCommitted;

    /// <summary>Transfers one page.</summary>
    /// <param name="world">Everything.</param>
    /// <param name="caller">Who gives.</param>
    /// <param name="gfn">The caller's own number of the page.</param>
    /// <param name="to">Who gets it; DOMID_SELF is not accepted.</param>
    /// <param name="reference">The entry of the receiver's table that accepts it.</param>
    public static GrantStatus Transfer(GrantWorld world, GrantDomain caller, ulong gfn, ushort to, uint reference)
    {
        if (!caller.IsPv)
        {
            return world.FrameOf(caller, gfn) is null ? GrantStatus.BadPage : GrantStatus.GeneralError;
        }

        if (world.PageAt(gfn) is not { } page || !page.TrySteal(caller))
        {
            return GrantStatus.BadPage;
        }

        var status = Give(world, caller, page, to, reference);
        if (status != GrantStatus.Okay)
        {
            page.Put();
        }

        return status;
    }

    private static GrantStatus Give(
        GrantWorld world, GrantDomain caller, PageInfo page, ushort to, uint reference)
    {
        if (world.Find(to) is not { } target)
        {
            return GrantStatus.BadDomain;
        }

        if (target.IsDying || target.OwnedPages >= target.Setup.MaxPages
            || reference >= target.EntryCount
            || target.FlagsOf(reference) != GrantTable.Gtf.AcceptTransfer
            || target.DomIdOf(reference) != caller.Id.Value)
        {
            return GrantStatus.GeneralError;
        }

        target.SetFlags(reference, Committed);
        page.Assign(target);
        if (target.IsPv)
        {
            target.SetFrame(reference, page.Mfn);
        }
        else
        {
            target.SetPlace(target.FrameOf(reference), new Place(page, PlaceKind.Ram));
        }

        target.SetFlags(reference, Committed | GrantTable.Gtf.TransferCompleted);
        return GrantStatus.Okay;
    }
}
