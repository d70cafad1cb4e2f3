using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor.GrantTables;

/// <summary>One side of a copy (<c>struct gnttab_copy_ptr</c>).</summary>
/// <param name="Domain">Whose grant; DOMID_SELF for one's own memory.</param>
/// <param name="IsRef">True when <paramref name="Number"/> is a reference, false for a frame number of the
/// caller.</param>
/// <param name="Number">The reference or the frame.</param>
/// <param name="Offset">First byte in the page.</param>
public readonly record struct CopySide(ushort Domain, bool IsRef, ulong Number, int Offset);

/// <summary>
/// GNTTABOP_copy (FACTS b.13; <c>grant_table.c gnttab_copy_one</c>, <c>acquire_grant_for_copy</c>): Xen copies bytes
/// between two pages. No mapping, no handle, no TLB flush.
/// </summary>
public static class CopyOps
{
    private const uint ReadPin = 1 << 8;
    private const uint WritePin = 1;

    /// <summary>Copies once.</summary>
    /// <param name="world">Everything.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="source">Where from.</param>
    /// <param name="target">Where to.</param>
    /// <param name="length">Bytes; 0 is okay whatever else is asked.</param>
    public static GrantStatus Copy(
        GrantWorld world, GrantDomain caller, in CopySide source, in CopySide target, int length)
    {
        if (length == 0)
        {
            return GrantStatus.Okay;
        }

        if (Find(world, caller, source, out var from) is var badFrom && badFrom != GrantStatus.Okay)
        {
            return badFrom;
        }

        if (Find(world, caller, target, out var to) is var badTo && badTo != GrantStatus.Okay)
        {
            return badTo;
        }

        var status = Claim(world, caller, from!, source, false, out var reading);
        if (status != GrantStatus.Okay)
        {
            return status;
        }

        status = Claim(world, caller, to!, target, true, out var writing);
        if (status == GrantStatus.Okay)
        {
            var typed = writing.Page.TryGetWritable();
            status = typed ? Move(reading, writing, source, target, length) : GrantStatus.GeneralError;
            Release(to!, target, true, writing, typed);
        }

        Release(from!, source, false, reading, false);
        return status;
    }

    private static GrantStatus Find(
        GrantWorld world, GrantDomain caller, in CopySide side, out GrantDomain? domain)
    {
        domain = null;
        if (!side.IsRef && side.Domain != Xen.Domain.Self)
        {
            return GrantStatus.PermissionDenied;
        }

        domain = world.FindOrSelf(side.Domain, caller);
        return domain is null ? GrantStatus.BadDomain : GrantStatus.Okay;
    }

    private static GrantStatus Claim(
        GrantWorld world, GrantDomain caller, GrantDomain domain, in CopySide side, bool write, out Held held)
    {
        if (side.IsRef)
        {
            return Acquire(world, domain, side.Number, caller.Id.Value, write, true, out held);
        }

        held = default;
        if (world.FrameOf(domain, side.Number) is not { } page || !page.TryGet(domain))
        {
            return GrantStatus.BadPage;
        }

        held = new Held(page, domain, 0, PageSize.Bytes);
        return GrantStatus.Okay;
    }

    /// <summary>Claims a grant for one use by a copy, with a reference on its page.</summary>
    private static GrantStatus Acquire(
        GrantWorld world, GrantDomain granter, ulong number, ushort user, bool write, bool transitive, out Held held)
    {
        held = default;
        if (number >= granter.EntryCount)
        {
            return GrantStatus.BadGntref;
        }

        var reference = (uint)number;
        ref var active = ref granter.Active(reference);
        var added = write ? WritePin : ReadPin;
        if (GrantRules.RefusesPin(active.Pin, active.Grantee, active.IsSubPage, user, added, map: false))
        {
            return GrantStatus.GeneralError;
        }

        var status = GrantRules.NeedsStatus(active.Pin, write)
            ? FirstUse(world, granter, reference, user, write, transitive)
            : AnotherUse(ref active);
        if (status == GrantStatus.Okay)
        {
            active.Pin += added;
            held = new Held(active.Page!, active.Source!, active.Start, active.Length);
        }

        return status;
    }

    // Nothing is read from the entry; but a dying owner may have lost the page meanwhile.
    private static GrantStatus AnotherUse(ref ActiveGrant active) =>
        active.Page!.Owner == active.Source && active.Source is { IsDying: false } source && active.Page.TryGet(source)
            ? GrantStatus.Okay
            : GrantStatus.BadDomain;

    private static GrantStatus FirstUse(
        GrantWorld world, GrantDomain granter, uint reference, ushort user, bool write, bool transitive)
    {
        ref var active = ref granter.Active(reference);
        var flags = granter.FlagsOf(reference);
        if (!GrantRules.Permits(
            flags, granter.DomIdOf(reference), user, active.Pin, write, map: false, granter.Version))
        {
            return GrantStatus.GeneralError;
        }

        granter.SetUseBits(reference, GrantRules.BitsOf(write));
        var isTransitive = granter.Version == 2 && (flags & GrantTable.Gtf.TypeMask) == GrantTable.Gtf.Transitive;
        var status = isTransitive
            ? transitive ? ThroughAnother(world, granter, reference, user, write) : GrantStatus.GeneralError
            : OwnPage(world, granter, reference, user);
        if (status != GrantStatus.Okay)
        {
            granter.ClearUseBits(reference, GrantRules.BitsToClear(active.Pin, write));
        }

        return status;
    }

    private static GrantStatus OwnPage(GrantWorld world, GrantDomain granter, uint reference, ushort user)
    {
        ref var active = ref granter.Active(reference);
        if (world.FrameOf(granter, granter.FrameOf(reference)) is not { } page || !page.TryGet(granter))
        {
            return GrantStatus.BadPage;
        }

        if (active.Pin != 0)
        {
            if (active.Page == page)
            {
                return GrantStatus.Okay;
            }

            // The entry has been pointed elsewhere since the first use: an old frame and new rights must not mix.
            page.Put();
            return GrantStatus.GeneralError;
        }

        var (isSubPage, start, length) = GuestGrants.RangeOf(granter, reference);
        active = new ActiveGrant
        {
            Grantee = user, IsSubPage = isSubPage, Start = start, Length = length, Page = page, Source = granter,
            SourceRef = reference,
        };
        return GrantStatus.Okay;
    }

    private static GrantStatus ThroughAnother(
        GrantWorld world, GrantDomain granter, uint reference, ushort user, bool write)
    {
        var (domain, other) = GuestGrants.TransitiveOf(granter, reference);
        if (domain == granter.Id.Value || world.Find(domain) is not { } source)
        {
            return GrantStatus.GeneralError;
        }

        var status = Acquire(world, source, other, granter.Id.Value, write, false, out var held);
        if (status != GrantStatus.Okay)
        {
            return status;
        }

        ref var active = ref granter.Active(reference);
        if (active.Pin == 0)
        {
            active = new ActiveGrant
            {
                Grantee = user, IsSubPage = true, Start = held.Start, Length = held.Length, Page = held.Page,
                Source = source, SourceRef = other,
            };
            return GrantStatus.Okay;
        }

        if (active.Page == held.Page && active.Start == held.Start && active.Length == held.Length
            && active.Source == source && active.SourceRef == other && active.IsSubPage)
        {
            return GrantStatus.Okay;
        }

        EndUse(source, other, write);
        held.Page.Put();
        return GrantStatus.GeneralError;
    }

    private static GrantStatus Move(
        in Held reading, in Held writing, in CopySide source, in CopySide target, int length)
    {
        if (source.Offset + length > PageSize.Bytes || target.Offset + length > PageSize.Bytes)
        {
            return GrantStatus.BadCopyArg;
        }

        if (!reading.Holds(source.Offset, length) || !writing.Holds(target.Offset, length))
        {
            return GrantStatus.GeneralError;
        }

        reading.Page.Bytes.AsSpan(source.Offset, length).CopyTo(writing.Page.Bytes.AsSpan(target.Offset));
        return GrantStatus.Okay;
    }

    private static void Release(GrantDomain domain, in CopySide side, bool write, in Held held, bool typed)
    {
        if (typed)
        {
            held.Page.PutType();
        }

        if (side.IsRef)
        {
            EndUse(domain, (uint)side.Number, write);
        }

        held.Page.Put();
    }

    private static void EndUse(GrantDomain granter, uint reference, bool write)
    {
        ref var active = ref granter.Active(reference);
        var (source, other) = (active.Source!, active.SourceRef);
        active.Pin -= write ? WritePin : ReadPin;
        granter.ClearUseBits(reference, GrantRules.BitsToClear(active.Pin, write));
        if (active.Pin == 0)
        {
            active.Page = null;
            active.Source = null;
        }

        if (source != granter)
        {
            EndUse(source, other, write);
        }
    }

    /// <summary>A page that a copy may use, and which of its bytes.</summary>
    private readonly record struct Held(PageInfo Page, GrantDomain Owner, int Start, int Length)
    {
        public bool Holds(int offset, int length) => offset >= Start && offset + length <= Start + Length;
    }
}
