using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor;

/// <summary>One element of a transfer batch (<c>struct gnttab_transfer</c>, the input).</summary>
/// <param name="Mfn">The caller's frame.</param>
/// <param name="Target">Who gets it.</param>
/// <param name="Ref">The target's entry that accepts a frame.</param>
public readonly record struct TransferOp(Mfn Mfn, DomId Target, GrantRef Ref);

/// <summary>What a transfer batch returns.</summary>
/// <param name="All">One status an element.</param>
public sealed record TransferResults(ImmutableArray<GrantStatus> All) : PrivateState
{
    /// <inheritdoc/>
    public override void AddTo(ref Hasher hasher)
    {
        foreach (var status in All)
        {
            hasher.Add((int)status);
        }
    }
}

/// <summary>The locals of a transfer batch.</summary>
public struct TransferLocals : ILocals
{
    /// <summary>Who asks.</summary>
    public DomId Caller;

    /// <summary>The batch.</summary>
    public ImmutableArray<TransferOp> Ops;

    /// <summary>The statuses so far; its length is the element at work.</summary>
    public ImmutableArray<GrantStatus> Results;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Answer;

    /// <summary>The element at work.</summary>
    public readonly TransferOp Op => Ops[Results.Length];

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        foreach (var op in Ops)
        {
            hasher.Add(op.Mfn.Value);
            hasher.Add(op.Ref.Value);
        }

        new TransferResults(Results).AddTo(ref hasher);
    }
}

/// <summary>
/// GNTTABOP_transfer on version-1 tables between PV guests (FACTS b.12): the frame leaves its owner, the entry is
/// claimed, the frame gets a new owner, and only then the entry says so. From the theft on a failure frees the frame.
/// </summary>
public static class PageTransfer
{
    /// <summary>The owner of a frame that belongs to no domain (<c>DOMID_INVALID</c>).</summary>
    public static readonly DomId Nobody = new(Xen.Domain.Invalid);

    /// <summary>The operation, inside Xen.</summary>
    public static Listing<TransferLocals> Listing { get; } =
        new("gnttab_transfer", "gnttab_transfer", Actor.Xen, true, Rows());

    /// <summary>A domain gives a frame back (<c>XENMEM_decrease_reservation</c>): nobody owns it, nothing is in it.
    /// </summary>
    public static void Free(Draft draft, Mfn mfn) =>
        draft.Put(draft.Frames[mfn] with { Owner = Nobody, Page = Page.Zero });

    /// <summary>A domain gets a frame that nobody owns (<c>XENMEM_increase_reservation</c>), as one of its pages.
    /// </summary>
    /// <returns>The frame, or null when there is none.</returns>
    public static Mfn? Allocate(Draft draft, DomId domain, Pfn pfn)
    {
        foreach (var frame in draft.Frames.All())
        {
            if (frame.Owner == Nobody)
            {
                draft.Put(frame with { Owner = domain, Pfn = pfn });
                return frame.Mfn;
            }
        }

        return null;
    }

    private static Row<TransferLocals>[] Rows() =>
    [
        new()
        {
            Label = "steal", Kind = AccessKind.Private, Cites = "grant_table.c gnttab_transfer, steal_page",
            Text = "the frame is the caller's, with no other reference: take it away", Body = Steal,
        },
        new()
        {
            Label = "commit", Kind = AccessKind.Atomic, Cites = "grant_table.c gnttab_prepare_for_transfer",
            Text = "cmpxchg(entry.flags, accept_transfer, accept_transfer | transfer_committed)", Body = Commit,
        },
        new()
        {
            Label = "assign", Kind = AccessKind.Private, Cites = "grant_table.c gnttab_transfer, assign_pages",
            Text = "the frame belongs to the target now",
            Body = (ref TransferLocals f, ref GuestCpu cpu) =>
            {
                var frame = cpu.Draft.Frames[f.Op.Mfn];
                cpu.Draft.Put(frame with { Owner = f.Op.Target });
                return Flow.Next;
            },
        },
        new()
        {
            Label = "frame", Kind = AccessKind.Store, Cites = "grant_table.c gnttab_transfer",
            Text = "entry.frame = the frame",
            Body = (ref TransferLocals f, ref GuestCpu cpu) =>
            {
                var at = GrantTable.EntryV1.OffsetBytes(f.Op.Ref) + GrantTable.EntryV1.Frame.OffsetBytes;
                cpu.Store(cpu.Draft.Domain(f.Op.Target).GrantTable!.Value, at, f.Op.Mfn.Value, 4);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "wmb", Kind = AccessKind.Fence, Cites = "grant_table.c gnttab_transfer", Text = "smp_wmb()",
            Body = (ref TransferLocals f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Write);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "complete", Kind = AccessKind.Store, Cites = "grant_table.c gnttab_transfer",
            Text = "entry.flags |= transfer_completed",
            Body = (ref TransferLocals f, ref GuestCpu cpu) =>
            {
                const int flags = GrantTable.Gtf.AcceptTransfer | GrantTable.Gtf.TransferCommitted
                    | GrantTable.Gtf.TransferCompleted;
                cpu.Store(
                    cpu.Draft.Domain(f.Op.Target).GrantTable!.Value, GrantTable.EntryV1.OffsetBytes(f.Op.Ref), flags,
                    2);
                return Finish(ref f, cpu.Draft, GrantStatus.Okay);
            },
        },
    ];

    private static Flow Steal(ref TransferLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        if (draft.Frames.Find(f.Op.Mfn) is not { } frame || frame.Owner != f.Caller || frame.References != 1)
        {
            return Finish(ref f, draft, GrantStatus.BadPage);
        }

        draft.Put(frame with { Owner = Nobody });
        draft.Say(new MachineEvent.CountsChanged(f.Op.Target, f.Op.Ref, frame.Mfn, 0, 0, 1, 1, 0, 0));
        return draft.FindDomain(f.Op.Target) is { GrantTable: not null } ? Flow.Next
            : Lose(ref f, draft, GrantStatus.BadDomain);
    }

    private static Flow Commit(ref TransferLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        if (f.Op.Ref.Value >= GrantTable.EntryV1.PerFrame)
        {
            return Lose(ref f, draft, GrantStatus.GeneralError);
        }

        var table = draft.Domain(f.Op.Target).GrantTable!.Value;
        var accepting = GrantTable.Gtf.AcceptTransfer | ((uint)f.Caller.Value << 16);
        var at = GrantTable.EntryV1.OffsetBytes(f.Op.Ref);
        var found = cpu.CompareExchange(table, at, accepting, accepting | GrantTable.Gtf.TransferCommitted, 4);
        return found == accepting ? Flow.Next : Lose(ref f, draft, GrantStatus.GeneralError);
    }

    private static Flow Lose(ref TransferLocals f, Draft draft, GrantStatus status)
    {
        Free(draft, f.Op.Mfn);
        return Finish(ref f, draft, status);
    }

    private static Flow Finish(ref TransferLocals f, Draft draft, GrantStatus status)
    {
        if (status != GrantStatus.Okay)
        {
            draft.Say(new MachineEvent.Outcome("refused"));
        }

        draft.Say(new MachineEvent.Noted("status", (short)status));
        f.Results = f.Results.Add(status);
        return f.Results.Length < f.Ops.Length ? Flow.To("steal") : Flow.ReturnWith(new TransferResults(f.Results));
    }
}
