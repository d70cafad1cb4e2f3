using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Network;

/// <summary>The locals of taking packets.</summary>
public struct PollLocals : IConsumerLocals
{
    /// <summary>Whose ring.</summary>
    public DomId Domain;

    /// <inheritdoc/>
    public RingIndex Prod { get; set; }

    /// <summary>The page whose grant is being ended.</summary>
    public RxBuffer? Buffer;

    /// <summary>Its response.</summary>
    public RxResponse Response;

    /// <summary>The flags of its grant as last read.</summary>
    public ushort Flags;

    /// <summary>Pages of the packet so far.</summary>
    public ImmutableArray<Part> Packet;

    /// <summary>True when a page of the packet brought no data: the whole is dropped.</summary>
    public bool Failed;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Complete;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Domain.Value);
        hasher.Add(Prod.Value);
        hasher.Add(Buffer is null ? uint.MaxValue : Buffer.Index.Value);
        hasher.Add((int)Response.Status);
        hasher.Add((int)Flags);
        hasher.Add(Failed);
        hasher.Add(Packet.IsDefault ? 0 : Packet.Length);
    }
}

/// <summary>
/// netfront takes packets (Linux <c>xennet_poll</c>, <c>xennet_get_responses</c>): copy each response, check it, end
/// the grant of its page, gather the pages of the packet, hand it to the network stack, offer new pages.
/// </summary>
public static class NetfrontPoll
{
    /// <summary>The listing.</summary>
    public static Listing<PollLocals> Listing { get; } =
        new("xennet_poll", "xennet_poll", Actor.Frontend, false,
            [
                .. Take(), .. End(), .. Refill(),
                .. new RingFinalCheck<PollLocals>(EndOf, "rmb", "leave").Responses(),
                new() { Label = "leave", Enter = (_, _, here) => here },
            ]);

    private static RingEnd EndOf(in PollLocals f, ref GuestCpu cpu)
    {
        var front = Netfront.State(cpu.Draft, f.Domain);
        return new(front.Rx.Ring, front.Rx.RspCons, front.Port, NetfrontState.Size);
    }

    private static IEnumerable<Row<PollLocals>> Take() =>
    [
        new()
        {
            Label = "load_prod", Kind = AccessKind.Load, Cites = "xen-netfront.c xennet_poll",
            Text = "rp = rx.rsp_prod; more than size ahead: broken",
            Body = (ref PollLocals f, ref GuestCpu cpu) =>
            {
                var end = EndOf(f, ref cpu);
                f.Prod = new RingIndex((uint)cpu.Load(end.Ring, Ring.RspProd.OffsetBytes, 4));
                if (RingMath.ResponseProducerOverflows(f.Prod, end.Next, end.Size))
                {
                    return NetfrontInterrupt.Break(cpu.Draft, f.Domain);
                }

                if (f.Prod != end.Next)
                {
                    return Flow.Next;
                }

                cpu.Draft.Say(new MachineEvent.Outcome("none"));
                return Flow.Return;
            },
        },
        new()
        {
            Label = "rmb", Kind = AccessKind.Fence, Cites = "xen-netfront.c xennet_poll", Text = "rmb()",
            Body = (ref PollLocals f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Read);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "copy", Kind = AccessKind.Load, Cites = "io/ring.h RING_COPY_RESPONSE",
            Text = "rx = RING_COPY_RESPONSE(rsp_cons++); the page is that of the slot", Body = Copy,
        },
    ];

    private static IEnumerable<Row<PollLocals>> End() =>
    [
        new()
        {
            Label = "grant_flags", Kind = AccessKind.Load, Cites = "grant-table.c gnttab_end_foreign_access_ref_v1",
            Text = "flags = grant[ref].flags; writing: still in use",
            Body = (ref PollLocals f, ref GuestCpu cpu) =>
            {
                f.Flags = (ushort)cpu.Load(GrantRows.Table(ref cpu), At(f), 2);
                Touched(f, cpu.Draft);
                return Netfront.State(cpu.Draft, f.Domain).Flips ? Flow.To("flip_frame")
                    : (f.Flags & (GrantTable.Gtf.Reading | GrantTable.Gtf.Writing)) == 0 ? Flow.Next
                    : NetfrontInterrupt.Break(cpu.Draft, f.Domain);
            },
        },
        new()
        {
            Label = "grant_end", Kind = AccessKind.Atomic, Cites = "grant-table.c gnttab_end_foreign_access_ref_v1",
            Text = "cmpxchg(&grant[ref].flags, flags, 0)",
            Body = (ref PollLocals f, ref GuestCpu cpu) =>
            {
                Touched(f, cpu.Draft);
                return cpu.CompareExchange(GrantRows.Table(ref cpu), At(f), f.Flags, 0, 2) == f.Flags
                    ? Flow.To("gather")
                    : Flow.To("grant_flags");
            },
        },
        new()
        {
            Label = "flip_frame", Kind = AccessKind.Load, Cites = "grant-table.c gnttab_end_foreign_transfer_ref_v1",
            Text = "transfer_completed is set: frame = grant[ref].frame", Body = TakeFrame,
        },
        new()
        {
            Label = "flip_end", Kind = AccessKind.Store, Cites = "grant-table.c gnttab_end_foreign_transfer_ref_v1",
            Text = "grant[ref].flags = 0",
            Body = (ref PollLocals f, ref GuestCpu cpu) =>
            {
                cpu.Store(GrantRows.Table(ref cpu), At(f), 0, 2);
                Touched(f, cpu.Draft);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "gather", Kind = AccessKind.Private,
            Cites = "xen-netfront.c xennet_fill_frags, handle_incoming_queue",
            Text = "the page belongs to the packet; after the last one: netif_receive_skb", Body = Gather,
        },
    ];

    private static IEnumerable<Row<PollLocals>> Refill() =>
    [
        new()
        {
            Label = "refill", Decide = (in PollLocals f, Machine m) =>
                Netfront.State(m, f.Domain).Rx.WantsMore ? "offer" : "final_load",
        },
        new()
        {
            Label = "offer",
            Enter = (f, _, here) => NetfrontRx.Offer.Start(new OfferLocals { Domain = f.Domain }, here),
        },
    ];

    private static int At(in PollLocals f) => GrantTable.EntryV1.OffsetBytes(f.Buffer!.Ref);

    private static void Touched(in PollLocals f, Draft draft) => draft.Say(new MachineEvent.RequestTouched(
        f.Buffer!.Id, f.Buffer.Index.Value, Netfront.RingOf(f.Domain, true)));

    private static Flow Copy(ref PollLocals f, ref GuestCpu cpu)
    {
        var front = Netfront.State(cpu.Draft, f.Domain);
        var rx = front.Rx;
        var slot = rx.RspCons.SlotIn(NetfrontState.Size);
        var at = RingMath.SlotOffset(rx.RspCons, NetfrontState.Size, Netif.RxSlotBytes);
        f.Response = RxResponse.Decode(cpu.LoadBytes(rx.Ring, at, Netif.RxSlotBytes));
        Netfront.Put(cpu.Draft, f.Domain, front with { Rx = rx with { RspCons = rx.RspCons.Plus(1) } });
        if (rx.Buffers[slot] is not { } buffer)
        {
            return NetfrontInterrupt.Break(cpu.Draft, f.Domain);
        }

        f.Buffer = buffer;
        Touched(f, cpu.Draft);
        cpu.Draft.Say(new MachineEvent.Noted("status", f.Response.Status));
        if (IsBad(f.Response))
        {
            cpu.Draft.Say(new MachineEvent.Outcome("error"));
        }

        return Flow.Next;
    }

    private static bool IsBad(RxResponse response) =>
        response.Status < 0 || response.Offset + response.Status > PageSize.Bytes;

    private static Flow TakeFrame(ref PollLocals f, ref GuestCpu cpu)
    {
        const int whole = GrantTable.Gtf.AcceptTransfer | GrantTable.Gtf.TransferCommitted
            | GrantTable.Gtf.TransferCompleted;
        Touched(f, cpu.Draft);
        var mfn = new Mfn(cpu.Load(GrantRows.Table(ref cpu), At(f) + GrantTable.EntryV1.Frame.OffsetBytes, 4));
        var owned = cpu.Draft.Frames.Find(mfn) is { } found && found.Owner == f.Domain;
        if (f.Flags != whole || !owned)
        {
            return NetfrontInterrupt.Break(cpu.Draft, f.Domain);
        }

        // The guest's own number of the page leads to the new frame from now on.
        f.Buffer = f.Buffer! with { Page = mfn };
        cpu.Draft.Put(cpu.Draft.Frames[mfn] with { Pfn = f.Buffer.Pfn });
        return Flow.Next;
    }

    private static Flow Gather(ref PollLocals f, ref GuestCpu cpu)
    {
        var front = Netfront.State(cpu.Draft, f.Domain);
        var (buffer, response) = (f.Buffer!, f.Response);
        Touched(f, cpu.Draft);
        Netfront.Put(cpu.Draft, f.Domain, front with
        {
            FreeRefs = front.FreeRefs.Add(buffer.Ref.Value),
            Rx = front.Rx with { Buffers = front.Rx.Buffers.SetItem(buffer.Id, null) },
        });
        f.Failed |= IsBad(response);
        f.Packet = (f.Packet.IsDefault ? [] : f.Packet).Add(
            new Part(buffer.Page, response.Offset, IsBad(response) ? 0 : response.Status));
        var more = (response.Flags & NetRxFlags.MoreData) != NetRxFlags.None;
        if (!more)
        {
            NetApplication.Arrived(cpu.Draft, f.Domain, f.Packet, f.Failed);
            (f.Packet, f.Failed) = (default, false);
        }

        cpu.Draft.Say(new MachineEvent.Outcome(more ? "more" : ""));
        f.Buffer = null;
        f.Response = default;
        f.Flags = 0;
        return Netfront.State(cpu.Draft, f.Domain).Rx.RspCons != f.Prod ? Flow.To("copy") : Flow.To("refill");
    }
}
