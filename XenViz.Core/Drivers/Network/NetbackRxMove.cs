using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Network;

/// <summary>
/// The rows that move a described batch: one hypercall copies it into the guest's pages, or (the historic way) gives
/// the guest the pages themselves.
/// </summary>
internal static class NetbackRxMove
{
    private const ulong FreshPfns = 0x4000;

    /// <summary>The rows.</summary>
    public static IEnumerable<Row<RxLocals>> Rows() =>
    [
        new()
        {
            Label = "copy_out", Kind = AccessKind.Hypercall, Cites = "grant_table.h GNTTABOP_copy",
            Text = "GNTTABOP_copy(pages of its own into the guest's pages)",
            Body = (ref RxLocals f, ref GuestCpu cpu) =>
            {
                var granter = Netback.State(cpu.Draft).Vifs[f.Vif].Peer;
                ImmutableArray<PageCopy> copies =
                [
                    .. f.Copies.Select(c => new PageCopy(
                        c.Part.Page, c.Request.Ref, granter, false, 0, c.Part.Bytes) { OwnOffset = c.Part.Offset }),
                ];
                NetbackRx.Touched(f, cpu.Draft);
                cpu.Hypercall(
                    Xen.Hypercall.GrantTableOp, "GNTTABOP_copy", copies[0].Ref.Value, granter.Value,
                    (ulong)copies.Sum(c => c.Bytes), copies.Length);
                var copy = new PageCopyLocals
                {
                    Caller = cpu.Domain, Copies = copies, Results = [], Part = Phase.Answer,
                };
                return Flow.Call(caller => PageCopies.Listing.Start(copy, caller), "recycle");
            },
        },
        new()
        {
            Label = "transfer", Kind = AccessKind.Hypercall, Cites = "grant_table.h GNTTABOP_transfer",
            Text = "GNTTABOP_transfer(pages of its own to the guest)",
            Body = (ref RxLocals f, ref GuestCpu cpu) =>
            {
                var target = Netback.State(cpu.Draft).Vifs[f.Vif].Peer;
                ImmutableArray<TransferOp> ops =
                    [.. f.Copies.Select(c => new TransferOp(c.Part.Page, target, c.Request.Ref))];
                NetbackRx.Touched(f, cpu.Draft);
                cpu.Hypercall(
                    Xen.Hypercall.GrantTableOp, "GNTTABOP_transfer", ops[0].Ref.Value, target.Value, ops[0].Mfn.Value,
                    ops.Length);
                var transfer = new TransferLocals { Caller = cpu.Domain, Ops = ops, Results = [] };
                return Flow.Call(caller => PageTransfer.Listing.Start(transfer, caller));
            },
        },
        new()
        {
            Label = "replace", Kind = AccessKind.Hypercall, Cites = "memory.h XENMEM_increase_reservation",
            Text = "XENMEM_increase_reservation: as many pages as it gave away; the card gets them", Body = Replace,
        },
        new()
        {
            Label = "recycle", Kind = AccessKind.Private, Cites = "xen-netback/rx.c __skb_queue_purge",
            Text = "free the packets: the card gets their pages for the next frames", Body = Recycle,
        },
        new()
        {
            Label = "put_error", Kind = AccessKind.Store, Cites = "xen-netback/rx.c xenvif_rx_copy_flush",
            Text = "a copy failed: rsp->status = its error", Body = PutError,
        },
    ];

    private static Flow Replace(ref RxLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var results = ((TransferResults)cpu.Result!).All;
        var fresh = new List<Mfn>();
        for (var i = 0; i < f.Copies.Length; i++)
        {
            if (results[i] == GrantStatus.BadPage)
            {
                fresh.Add(f.Copies[i].Part.Page);
            }
            else if (PageTransfer.Allocate(draft, cpu.Domain, new Pfn(FreshPfns + f.Copies[i].Index.Value)) is { } page)
            {
                fresh.Add(page);
            }
        }

        cpu.Hypercall(
            Xen.Hypercall.MemoryOp, "XENMEM_increase_reservation", (ulong)fresh.Count, cpu.Domain.Value, 0,
            fresh.Count);
        NetbackRx.Touched(f, draft);
        Bridge.Recycle(draft, fresh);
        return Failures(ref f, draft, results);
    }

    private static Flow Recycle(ref RxLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        NetbackRx.Touched(f, draft);
        Bridge.Recycle(draft, f.Copies.Select(c => c.Part.Page));
        return Failures(ref f, draft, ((PageCopyResults)cpu.Result!).All);
    }

    private static Flow Failures(ref RxLocals f, Draft draft, ImmutableArray<GrantStatus> results)
    {
        var state = Netback.State(draft);
        draft.Back = state with { Answered = true };
        f.Failed = results.Count(r => r != GrantStatus.Okay);
        return Flow.To(f.Failed > 0 ? "put_error" : "push_old");
    }

    private static Flow PutError(ref RxLocals f, ref GuestCpu cpu)
    {
        var results = cpu.Result switch
        {
            PageCopyResults copies => copies.All,
            TransferResults transfers => transfers.All,
            _ => throw new InvalidOperationException("A batch was moved before it is answered for."),
        };
        var failed = results.Select((status, i) => (status, i)).Where(r => r.status != GrantStatus.Okay)
            .ElementAt(f.Failed - 1);
        var at = RingMath.SlotOffset(f.Copies[failed.i].Index, NetfrontState.Size, Netif.RxSlotBytes);
        cpu.Store(
            Netback.RxRing(ref cpu, f.Vif), at + Netif.RxResponse.Status.OffsetBytes,
            unchecked((ushort)(short)failed.status), 2);
        f.Failed--;
        return Flow.To(f.Failed > 0 ? "put_error" : "push_old");
    }
}
