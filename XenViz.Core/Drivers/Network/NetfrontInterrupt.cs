using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Network;

/// <summary>The locals of taking transmit responses.</summary>
public struct TxGcLocals : IConsumerLocals
{
    /// <summary>Whose ring.</summary>
    public DomId Domain;

    /// <inheritdoc/>
    public RingIndex Prod { get; set; }

    /// <summary>The slot whose grant is being ended.</summary>
    public TxSlot? Slot;

    /// <summary>The flags of its grant as last read.</summary>
    public ushort Flags;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Complete;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Domain.Value);
        hasher.Add(Prod.Value);
        hasher.Add(Slot is null ? -1 : (Slot.Packet.Number * NetfrontState.Size) + Slot.Piece);
        hasher.Add((int)Flags);
    }
}

/// <summary>
/// netfront takes transmit responses (Linux <c>xennet_tx_buf_gc</c>): read the index once, copy each response, check
/// it, end the grant, give the packet back; look once more. Answers may come in any order.
/// </summary>
public static class NetfrontInterrupt
{
    /// <summary>The listing.</summary>
    public static Listing<TxGcLocals> Gc { get; } =
        new("xennet_tx_buf_gc", "xennet_tx_buf_gc", Actor.Frontend, false,
            [
                .. Take(), .. End(),
                .. new RingFinalCheck<TxGcLocals>(EndOf, "rmb", "leave").Responses(),
                new() { Label = "leave", Enter = (_, _, here) => here },
            ]);

    /// <summary>The handler of the event channel (Linux <c>xennet_interrupt</c>): both rings are looked at.</summary>
    public static Func<Activation, Activation> Handler(DomId domain) => caller => Gc.Start(
        new TxGcLocals { Domain = domain },
        NetfrontPoll.Listing.Start(new PollLocals { Domain = domain }, caller));

    private static RingEnd EndOf(in TxGcLocals f, ref GuestCpu cpu)
    {
        var front = Netfront.State(cpu.Draft, f.Domain);
        return new(front.Tx.Ring, front.Tx.RspCons, front.Port, NetfrontState.Size);
    }

    private static IEnumerable<Row<TxGcLocals>> Take() =>
    [
        new()
        {
            Label = "load_prod", Kind = AccessKind.Load, Cites = "xen-netfront.c xennet_tx_buf_gc",
            Text = "prod = tx.rsp_prod; more than size ahead: broken",
            Body = (ref TxGcLocals f, ref GuestCpu cpu) =>
            {
                var end = EndOf(f, ref cpu);
                f.Prod = new RingIndex((uint)cpu.Load(end.Ring, Ring.RspProd.OffsetBytes, 4));
                if (RingMath.ResponseProducerOverflows(f.Prod, end.Next, end.Size))
                {
                    return Break(cpu.Draft, f.Domain);
                }

                if (f.Prod != end.Next)
                {
                    return Flow.Next;
                }

                cpu.Draft.Say(new MachineEvent.Outcome("none"));
                return Flow.To("final_load");
            },
        },
        new()
        {
            Label = "rmb", Kind = AccessKind.Fence, Cites = "xen-netfront.c xennet_tx_buf_gc", Text = "rmb()",
            Body = (ref TxGcLocals f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Read);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "copy", Kind = AccessKind.Load, Cites = "io/ring.h RING_COPY_RESPONSE",
            Text = "rsp = RING_COPY_RESPONSE(rsp_cons++); check the id", Body = Copy,
        },
    ];

    private static IEnumerable<Row<TxGcLocals>> End() =>
    [
        new()
        {
            Label = "grant_flags", Kind = AccessKind.Load, Cites = "grant-table.c gnttab_end_foreign_access_ref_v1",
            Text = "flags = grant[ref].flags; reading: still in use",
            Body = (ref TxGcLocals f, ref GuestCpu cpu) =>
            {
                f.Flags = (ushort)cpu.Load(GrantRows.Table(ref cpu), At(f), 2);
                Touched(f, cpu.Draft);
                return (f.Flags & (GrantTable.Gtf.Reading | GrantTable.Gtf.Writing)) == 0
                    ? Flow.Next
                    : Break(cpu.Draft, f.Domain);
            },
        },
        new()
        {
            Label = "grant_end", Kind = AccessKind.Atomic, Cites = "grant-table.c gnttab_end_foreign_access_ref_v1",
            Text = "cmpxchg(&grant[ref].flags, flags, 0)",
            Body = (ref TxGcLocals f, ref GuestCpu cpu) =>
            {
                Touched(f, cpu.Draft);
                return cpu.CompareExchange(GrantRows.Table(ref cpu), At(f), f.Flags, 0, 2) == f.Flags
                    ? Flow.Next
                    : Flow.To("grant_flags");
            },
        },
        new()
        {
            Label = "free", Kind = AccessKind.Private, Cites = "xen-netfront.c dev_consume_skb_irq",
            Text = "dev_consume_skb_irq(skb)", Body = Free,
        },
    ];

    private static TxPiece PieceOf(in TxGcLocals f) => f.Slot!.Packet.Pieces[f.Slot.Piece];

    private static int At(in TxGcLocals f) => GrantTable.EntryV1.OffsetBytes(PieceOf(f).Ref);

    private static void Touched(in TxGcLocals f, Draft draft) => draft.Say(new MachineEvent.RequestTouched(
        PieceOf(f).Id, PieceOf(f).Index.Value, Netfront.RingOf(f.Domain, false)));

    private static Flow Copy(ref TxGcLocals f, ref GuestCpu cpu)
    {
        var front = Netfront.State(cpu.Draft, f.Domain);
        var tx = front.Tx;
        var at = RingMath.SlotOffset(tx.RspCons, NetfrontState.Size, Netif.TxSlotBytes);
        var bytes = cpu.LoadBytes(tx.Ring, at, Netif.TxResponse.SizeBytes);
        var id = (ushort)Netif.TxResponse.Id.Read(bytes);
        var status = (short)Netif.TxResponse.Status.Read(bytes);
        Netfront.Put(cpu.Draft, f.Domain, front with { Tx = tx with { RspCons = tx.RspCons.Plus(1) } });
        if (status == (short)NetifStatus.Null)
        {
            cpu.Draft.Say(new MachineEvent.Outcome("null"));
            return More(ref f, cpu.Draft);
        }

        if (id >= NetfrontState.Size || tx.Slots[id] is not { } slot)
        {
            return Break(cpu.Draft, f.Domain);
        }

        f.Slot = slot;
        Touched(f, cpu.Draft);
        cpu.Draft.Say(new MachineEvent.Noted("status", status));
        if (status != (short)NetifStatus.Okay)
        {
            cpu.Draft.Say(new MachineEvent.Outcome("error"));
        }

        return Flow.Next;
    }

    // The packet is over with the answer to its last slot: with an error in any of them it was not sent.
    private static Flow Free(ref TxGcLocals f, ref GuestCpu cpu)
    {
        var front = Netfront.State(cpu.Draft, f.Domain);
        var piece = PieceOf(f);
        var tx = front.Tx with
        {
            Slots = front.Tx.Slots.SetItem(piece.Id, null), FreeIds = front.Tx.FreeIds.Enqueue(piece.Id),
        };
        Touched(f, cpu.Draft);
        Netfront.Put(
            cpu.Draft, f.Domain, front with { Tx = tx, FreeRefs = front.FreeRefs.Add(piece.Ref.Value) });
        var packet = f.Slot!.Packet;
        if (packet.Pieces.All(p => tx.Slots[p.Id]?.Packet != packet))
        {
            NetApplication.Sent(cpu.Draft, f.Domain);
        }
        else
        {
            cpu.Draft.Say(new MachineEvent.Outcome("more"));
        }

        f.Slot = null;
        f.Flags = 0;
        return More(ref f, cpu.Draft);
    }

    private static Flow More(ref TxGcLocals f, Draft draft) =>
        Netfront.State(draft, f.Domain).Tx.RspCons != f.Prod ? Flow.To("copy") : Flow.To("final_load");

    internal static Flow Break(Draft draft, DomId domain)
    {
        Netfront.Put(draft, domain, Netfront.State(draft, domain) with { Broken = true });
        draft.Say(new MachineEvent.Outcome("broken"));
        return Flow.Return;
    }
}
