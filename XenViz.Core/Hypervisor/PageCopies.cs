using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor;

/// <summary>One element of a copy batch between a granted page and a page of the caller's own.</summary>
/// <param name="Own">The caller's frame.</param>
/// <param name="Ref">The reference.</param>
/// <param name="Granter">Whose table.</param>
/// <param name="FromGrant">True to copy out of the granted page, false to copy into it.</param>
/// <param name="Offset">The first byte, the same in both pages unless <see cref="OwnOffset"/> says otherwise.</param>
/// <param name="Bytes">How many bytes.</param>
public readonly record struct PageCopy(Mfn Own, GrantRef Ref, DomId Granter, bool FromGrant, int Offset, int Bytes)
{
    /// <summary>The first byte in the caller's page when it is another one than in the granted page.</summary>
    public int? OwnOffset { get; init; }

    /// <summary>The use of the grant that the copy counts as: one host read or one host write.</summary>
    public uint Use => GrantTable.Gntmap.HostMap | (FromGrant ? GrantTable.Gntmap.ReadOnly : 0);
}

/// <summary>What a copy batch returns.</summary>
/// <param name="All">One status an element.</param>
public sealed record PageCopyResults(ImmutableArray<GrantStatus> All) : PrivateState
{
    /// <summary>True when every element was copied.</summary>
    public bool Okay => All.All(s => s == GrantStatus.Okay);

    /// <inheritdoc/>
    public override void AddTo(ref Hasher hasher)
    {
        foreach (var status in All)
        {
            hasher.Add((int)status);
        }
    }
}

/// <summary>The locals of a copy batch.</summary>
public struct PageCopyLocals : ILocals
{
    /// <summary>Who asks.</summary>
    public DomId Caller;

    /// <summary>The batch.</summary>
    public ImmutableArray<PageCopy> Copies;

    /// <summary>The results so far; its length is the element at work.</summary>
    public ImmutableArray<GrantStatus> Results;

    /// <summary>Flags and domid as last read from the entry.</summary>
    public uint Word;

    /// <summary>Attempts to mark the entry so far.</summary>
    public int Tries;

    /// <summary>The refusal on its way to the release.</summary>
    public GrantStatus Status;

    /// <summary>The part of the story.</summary>
    public Phase Part;

    /// <inheritdoc/>
    public readonly Phase Phase => Part;

    /// <summary>The element at work.</summary>
    public readonly PageCopy Copy => Copies[Results.Length];

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        foreach (var copy in Copies)
        {
            hasher.Add(copy.Own.Value);
            hasher.Add(copy.Ref.Value);
            hasher.Add(copy.FromGrant);
            hasher.Add(copy.Offset);
            hasher.Add(copy.OwnOffset ?? copy.Offset);
            hasher.Add(copy.Bytes);
        }

        new PageCopyResults(Results).AddTo(ref hasher);
        hasher.Add(Word);
        hasher.Add(Tries);
        hasher.Add((int)Status);
        hasher.Add((int)Part);
    }
}

/// <summary>
/// GNTTABOP_copy between granted pages of version-1 tables and pages of the caller, as a backend uses it (FACTS b.13):
/// claim the entry like a map does, copy, release. No mapping appears anywhere, so nothing is flushed.
/// </summary>
public static class PageCopies
{
    private const int PageBytes = PageSize.Bytes;

    /// <summary>The operation, inside Xen.</summary>
    public static Listing<PageCopyLocals> Listing { get; } =
        new("gnttab_copy", "gnttab_copy", Actor.Xen, true, Rows());

    private static Row<PageCopyLocals>[] Rows() =>
    [
        new()
        {
            Label = "claim", Kind = AccessKind.Load, Cites = "grant_table.c acquire_grant_for_copy",
            Text = "entry = granter's table[ref]: permitted, and for this caller?", Body = Claim,
        },
        new()
        {
            Label = "mark", Kind = AccessKind.Atomic, Cites = "grant_table.c acquire_grant_for_copy, set_status_v1",
            Text = "cmpxchg(entry.flags+domid, += GTF_reading (and GTF_writing))", Body = Mark,
        },
        new()
        {
            Label = "count", Kind = AccessKind.Private, Cites = "grant_table.c acquire_grant_for_copy",
            Text = "act->pin += use; get_page(frame) (and its type)", Body = CountUse,
        },
        new()
        {
            Label = "copy", Kind = AccessKind.Store, Cites = "grant_table.c gnttab_copy_buf",
            Text = "memcpy(dest + offset, source + offset, len)", Body = CopyBytes,
        },
        new()
        {
            Label = "release", Kind = AccessKind.Private, Cites = "grant_table.c release_grant_for_copy",
            Text = "act->pin -= use; put_page(frame) (and its type)",
            Body = (ref PageCopyLocals f, ref GuestCpu cpu) =>
            {
                Grants.Release(cpu.Draft, f.Copy.Granter, f.Copy.Ref, f.Copy.Use, f.Caller);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "unmark", Kind = AccessKind.Atomic, Cites = "grant_table.c release_grant_for_copy",
            Text = "if (no pin left) entry.flags &= ~(GTF_reading | GTF_writing)",
            Body = (ref PageCopyLocals f, ref GuestCpu cpu) =>
            {
                Grants.ClearStatus(ref cpu, f.Copy.Granter, f.Copy.Ref, !f.Copy.FromGrant);
                return Finish(ref f, cpu.Draft);
            },
        },
    ];

    private static uint PinsOf(Draft draft, PageCopy copy) =>
        draft.Domain(copy.Granter).Active.TryGetValue(copy.Ref.Value, out var active) ? active.Pins : 0;

    private static Flow Claim(ref PageCopyLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var copy = f.Copy;
        f.Tries = 0;
        if (copy.Bytes == 0)
        {
            return Finish(ref f, draft);
        }

        if (draft.FindDomain(copy.Granter) is not { } granter)
        {
            return Refuse(ref f, draft, GrantStatus.BadDomain);
        }

        if (granter.GrantTable is null || copy.Ref.Value >= GrantTable.EntryV1.PerFrame)
        {
            return Refuse(ref f, draft, GrantStatus.BadGntref);
        }

        var pins = PinsOf(draft, copy);
        if (pins != 0
            && (granter.Active[copy.Ref.Value].Mapper != f.Caller || Pins.Overflows(pins, Pins.Of(copy.Use))))
        {
            return Refuse(ref f, draft, GrantStatus.GeneralError);
        }

        if (pins != 0 && (copy.FromGrant || Pins.AnyWrite(pins)))
        {
            draft.Say(new MachineEvent.Outcome("pinned"));
            return Flow.To("count");
        }

        f.Word = (uint)cpu.Load(granter.GrantTable.Value, GrantTable.EntryV1.OffsetBytes(copy.Ref), 4);
        return Permits(f, pins) ? Flow.Next : Refuse(ref f, draft, GrantStatus.GeneralError);
    }

    // set_status, as for a map: while pinned, type and domain are not checked again, readonly is.
    private static bool Permits(in PageCopyLocals f, uint pins)
    {
        const uint watched = GrantTable.Gtf.TypeMask | GrantTable.Gtf.SubPage;
        var fits = (f.Word & watched) == GrantTable.Gtf.PermitAccess && f.Word >> 16 == f.Caller.Value;
        return (pins != 0 || fits) && (f.Copy.FromGrant || (f.Word & GrantTable.Gtf.ReadOnly) == 0);
    }

    private static Flow Mark(ref PageCopyLocals f, ref GuestCpu cpu)
    {
        var copy = f.Copy;
        var bits = (uint)(GrantTable.Gtf.Reading | (copy.FromGrant ? 0 : GrantTable.Gtf.Writing));
        var table = cpu.Draft.Domain(copy.Granter).GrantTable!.Value;
        var at = GrantTable.EntryV1.OffsetBytes(copy.Ref);
        var found = (uint)cpu.CompareExchange(table, at, f.Word, f.Word | bits, 4);
        if (found == f.Word)
        {
            return Flow.Next;
        }

        cpu.Draft.Say(new MachineEvent.Outcome("changed"));
        f.Word = found;
        return ++f.Tries < GrantMap.MaxTries && Permits(f, PinsOf(cpu.Draft, copy))
            ? Flow.To("mark")
            : Refuse(ref f, cpu.Draft, GrantStatus.GeneralError);
    }

    private static Flow CountUse(ref PageCopyLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var copy = f.Copy;
        var granter = draft.Domain(copy.Granter);
        var entryAt = GrantTable.EntryV1.OffsetBytes(copy.Ref) + GrantTable.EntryV1.Frame.OffsetBytes;
        var active = granter.Active.TryGetValue(copy.Ref.Value, out var pinned)
            ? pinned
            : new ActiveEntry(f.Caller, new Mfn(draft.Peek(granter.GrantTable!.Value, entryAt, 4)), 0);
        var types = Pins.WritableTypes(copy.Use, granter.IsPv, granter.Id == f.Caller);
        var frame = draft.Frames.Find(active.Mfn);
        f.Status = frame is null || frame.Owner != granter.Id ? GrantStatus.BadPage
            : types > 0 && frame.Use == FrameUse.PageTable ? GrantStatus.GeneralError
            : GrantStatus.Okay;
        if (f.Status != GrantStatus.Okay)
        {
            draft.Say(new MachineEvent.Outcome("refused"));
            return Flow.To("unmark");
        }

        var pins = active.Pins + Pins.Of(copy.Use);
        draft.Say(new MachineEvent.CountsChanged(
            granter.Id, copy.Ref, frame!.Mfn, active.Pins, pins, frame.References, frame.References + 1,
            frame.WritableUses, frame.WritableUses + types));
        draft.Put(frame with { References = frame.References + 1, WritableUses = frame.WritableUses + types });
        draft.Put(granter with { Active = granter.Active.SetItem(copy.Ref.Value, active with { Pins = pins }) });
        return Flow.Next;
    }

    private static Flow CopyBytes(ref PageCopyLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var copy = f.Copy;
        var own = copy.OwnOffset ?? copy.Offset;
        if (Math.Max(copy.Offset, own) + copy.Bytes > PageBytes)
        {
            f.Status = GrantStatus.BadCopyArg;
            draft.Say(new MachineEvent.Outcome("refused"));
            return Flow.Next;
        }

        var granted = draft.Domain(copy.Granter).Active[copy.Ref.Value].Mfn;
        if (copy.FromGrant)
        {
            cpu.StoreBytes(copy.Own, own, draft.PeekBytes(granted, copy.Offset, copy.Bytes));
        }
        else
        {
            cpu.StoreBytes(granted, copy.Offset, draft.PeekBytes(copy.Own, own, copy.Bytes));
        }

        draft.Say(new MachineEvent.BytesCopied(f.Caller, copy.Bytes, true)
        {
            From = copy.FromGrant ? granted : copy.Own, To = copy.FromGrant ? copy.Own : granted,
        });
        return Flow.Next;
    }

    private static Flow Refuse(ref PageCopyLocals f, Draft draft, GrantStatus status)
    {
        f.Status = status;
        draft.Say(new MachineEvent.Outcome("refused"));
        return Finish(ref f, draft);
    }

    private static Flow Finish(ref PageCopyLocals f, Draft draft)
    {
        draft.Say(new MachineEvent.Noted("status", (short)f.Status));
        f.Results = f.Results.Add(f.Status);
        f.Status = GrantStatus.Okay;
        f.Word = 0;
        return f.Results.Length < f.Copies.Length
            ? Flow.To("claim")
            : Flow.ReturnWith(new PageCopyResults(f.Results));
    }
}
