using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Network;

/// <summary>The locals of offering pages.</summary>
public struct OfferLocals : IPushLocals
{
    /// <summary>Who offers.</summary>
    public DomId Domain;

    /// <summary>The page at work.</summary>
    public RxBuffer? Buffer;

    /// <inheritdoc/>
    public RingIndex Old { get; set; }

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Submit;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Domain.Value);
        hasher.Add(Buffer is null ? uint.MaxValue : Buffer.Index.Value);
        hasher.Add(Old.Value);
    }
}

/// <summary>
/// netfront offers empty pages (Linux <c>xennet_alloc_rx_buffers</c>): packets come unasked, so the space for them lies
/// in the ring before. Historic page flip: the guest gives the frame up and promises to take another one.
/// </summary>
public static class NetfrontRx
{
    /// <summary>The listing.</summary>
    public static Listing<OfferLocals> Offer { get; } =
        new("xennet_alloc_rx_buffers", "xennet_alloc_rx_buffers", Actor.Frontend, false,
            [
                .. Take(), .. GrantRows.Make<OfferLocals>(GrantOf, Touched), .. Fill(),
                .. new RingPush<OfferLocals>(EndOf, Touched, null).Requests(),
            ]);

    private static NewGrant GrantOf(in OfferLocals f, ref GuestCpu cpu)
    {
        var front = Netfront.State(cpu.Draft, f.Domain);
        return front.Flips
            ? new(f.Buffer!.Ref, front.Peer, f.Buffer.Pfn.Value, GrantTable.Gtf.AcceptTransfer)
            : new(f.Buffer!.Ref, front.Peer, f.Buffer.Page.Value, GrantTable.Gtf.PermitAccess);
    }

    private static void Touched(in OfferLocals f, Draft draft)
    {
        if (f.Buffer is { } buffer)
        {
            draft.Say(new MachineEvent.RequestTouched(
                buffer.Id, buffer.Index.Value, Netfront.RingOf(f.Domain, true)));
        }
    }

    private static RingEnd EndOf(in OfferLocals f, ref GuestCpu cpu)
    {
        var front = Netfront.State(cpu.Draft, f.Domain);
        return new(front.Rx.Ring, front.Rx.ReqProdPvt, front.Port, NetfrontState.Size);
    }

    private static IEnumerable<Row<OfferLocals>> Take() =>
    [
        new()
        {
            Label = "take", Kind = AccessKind.Private, Cites = "xen-netfront.c xennet_alloc_one_rx_buffer",
            Text = "take an empty page, a reference and the next slot",
            Body = (ref OfferLocals f, ref GuestCpu cpu) =>
            {
                var (front, reference) = Netfront.State(cpu.Draft, f.Domain).TakeRef();
                var rx = front.Rx;
                var id = (ushort)rx.ReqProdPvt.SlotIn(NetfrontState.Size);
                var left = rx.FreePages.Dequeue(out var page);
                f.Buffer = new RxBuffer(id, rx.ReqProdPvt, reference, page, cpu.Draft.Frames[page].Pfn);
                Netfront.Put(cpu.Draft, f.Domain, front with
                {
                    Rx = rx with { FreePages = left, Buffers = rx.Buffers.SetItem(id, f.Buffer) },
                });
                Touched(f, cpu.Draft);
                return front.Flips ? Flow.Next : Flow.To("grant_domid");
            },
        },
        new()
        {
            Label = "give_up", Kind = AccessKind.Hypercall, Cites = "memory.h XENMEM_decrease_reservation",
            Text = "give the frame back to Xen: the number of the page is empty now",
            Body = (ref OfferLocals f, ref GuestCpu cpu) =>
            {
                cpu.Hypercall(Xen.Hypercall.MemoryOp, "XENMEM_decrease_reservation", f.Buffer!.Page.Value);
                Hypervisor.PageTransfer.Free(cpu.Draft, f.Buffer.Page);
                Touched(f, cpu.Draft);
                return Flow.Next;
            },
        },
    ];

    private static IEnumerable<Row<OfferLocals>> Fill() =>
    [
        new()
        {
            Label = "fill_id", Kind = AccessKind.Store, Cites = "xen-netfront.c xennet_alloc_rx_buffers",
            Text = "req->id = number of the slot",
            Body = (ref OfferLocals f, ref GuestCpu cpu) => Put(ref f, ref cpu, Netif.RxRequest.Id, f.Buffer!.Id),
        },
        new()
        {
            Label = "fill_gref", Kind = AccessKind.Store, Cites = "xen-netfront.c xennet_alloc_rx_buffers",
            Text = "req->gref = ref; req_prod_pvt++",
            Body = (ref OfferLocals f, ref GuestCpu cpu) =>
            {
                Put(ref f, ref cpu, Netif.RxRequest.Gref, f.Buffer!.Ref.Value);
                var front = Netfront.State(cpu.Draft, f.Domain);
                front = front with { Rx = front.Rx with { ReqProdPvt = front.Rx.ReqProdPvt.Plus(1) } };
                Netfront.Put(cpu.Draft, f.Domain, front);
                return front.Rx.WantsMore ? Flow.To("take") : Flow.Next;
            },
        },
    ];

    private static Flow Put(ref OfferLocals f, ref GuestCpu cpu, Field field, ulong value)
    {
        var ring = Netfront.State(cpu.Draft, f.Domain).Rx.Ring;
        var at = RingMath.SlotOffset(f.Buffer!.Index, NetfrontState.Size, Netif.RxSlotBytes);
        cpu.Store(ring, at + field.OffsetBytes, value, field.WidthBytes);
        Touched(f, cpu.Draft);
        return Flow.Next;
    }
}
