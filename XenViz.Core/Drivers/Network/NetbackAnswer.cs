using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Network;

/// <summary>The locals of answering a packet of a guest.</summary>
public struct NetAnswerLocals : IPushLocals
{
    /// <summary>The packet.</summary>
    public BackPacket Packet;

    /// <summary>The slot of it that is answered next.</summary>
    public int Piece;

    /// <summary>Extra infos of the slot that are answered.</summary>
    public int Extra;

    /// <summary>The id of the last slot that was answered.</summary>
    public ushort Id;

    /// <inheritdoc/>
    public RingIndex Old { get; set; }

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Answer;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Packet.Vif);
        hasher.Add(Packet.Key.Value);
        hasher.Add(Piece);
        hasher.Add(Extra);
        hasher.Add(Old.Value);
    }
}

/// <summary>
/// netback's end of a packet that a guest sent (Linux <c>xenvif_tx_dealloc_action</c>, <c>make_tx_response</c>): unmap
/// all its pages in one batch; then for each slot a response, a NULL for each extra info, and a push.
/// </summary>
public static class NetbackAnswer
{
    /// <summary>The listing.</summary>
    public static Listing<NetAnswerLocals> Listing { get; } =
        new("xenvif_tx_dealloc", "xenvif_tx_dealloc_action, make_tx_response", Actor.Backend, false,
            [
                .. Release(), .. Put(), .. new RingPush<NetAnswerLocals>(EndOf, Touched, "next").Responses(),
                new()
                {
                    Label = "next",
                    Decide = (in NetAnswerLocals f, Machine _) =>
                        f.Piece < f.Packet.Pieces.Length ? "put_id" : "leave",
                },
                new() { Label = "leave", Enter = (_, _, here) => here },
            ]);

    private static RingEnd EndOf(in NetAnswerLocals f, ref GuestCpu cpu)
    {
        var vif = Netback.State(cpu.Draft).Vifs[f.Packet.Vif];
        return new(Netback.TxRing(ref cpu, f.Packet.Vif), vif.TxRspProdPvt, vif.Port, NetfrontState.Size);
    }

    // The index for people: where the answer goes, which is not where the request was.
    private static void Touched(in NetAnswerLocals f, Draft draft)
    {
        var id = f.Piece < f.Packet.Pieces.Length ? f.Packet.Pieces[f.Piece].Request.Id : f.Id;
        draft.Say(new MachineEvent.RequestTouched(
            id, Netback.State(draft).Vifs[f.Packet.Vif].TxRspProdPvt.Value,
            Netback.RingOf(draft, f.Packet.Vif, false)));
    }

    private static IEnumerable<Row<NetAnswerLocals>> Release() =>
    [
        new()
        {
            Label = "begin",
            Decide = (in NetAnswerLocals f, Machine _) =>
                f.Packet.Pieces.Any(p => p.Handle is not null) ? "unmap" : "release",
        },
        new()
        {
            Label = "release", Kind = AccessKind.Private, Cites = "xen-netback/netback.c xenvif_idx_release",
            Text = "nothing is mapped: its bytes were copied",
            Body = (ref NetAnswerLocals f, ref GuestCpu cpu) =>
            {
                Forget(cpu.Draft, f.Packet);
                return Flow.To("put_id");
            },
        },
        new()
        {
            Label = "unmap", Kind = AccessKind.Hypercall, Cites = "grant_table.h GNTTABOP_unmap_grant_ref",
            Text = "gnttab_unmap_refs(handles of the packet)",
            Body = (ref NetAnswerLocals f, ref GuestCpu cpu) =>
            {
                var state = Netback.State(cpu.Draft);
                ImmutableArray<UnmapOp> ops =
                [
                    .. f.Packet.Pieces.Where(p => p.Handle is not null)
                        .Select(p => new UnmapOp(state.AddressOf(p.Slot), 0, p.Handle!.Value)),
                ];
                Forget(cpu.Draft, f.Packet);
                Touched(f, cpu.Draft);
                return Block.BlkbackServe.Unmap(ref cpu, ops, null);
            },
        },
    ];

    private static IEnumerable<Row<NetAnswerLocals>> Put() =>
    [
        new()
        {
            Label = "put_id", Kind = AccessKind.Store, Cites = "xen-netback/netback.c make_tx_response",
            Text = "slot[rsp_prod_pvt].id = id of the request",
            Body = (ref NetAnswerLocals f, ref GuestCpu cpu) =>
            {
                f.Id = f.Packet.Pieces[f.Piece].Request.Id;
                return Put(ref f, ref cpu, Netif.TxResponse.Id, f.Id);
            },
        },
        new()
        {
            Label = "put_status", Kind = AccessKind.Store, Cites = "xen-netback/netback.c make_tx_response",
            Text = "slot.status = status; rsp_prod_pvt++",
            Body = (ref NetAnswerLocals f, ref GuestCpu cpu) =>
            {
                Put(ref f, ref cpu, Netif.TxResponse.Status, unchecked((ushort)f.Packet.Status));
                cpu.Draft.Say(new MachineEvent.Noted("status", (short)f.Packet.Status));
                cpu.Draft.Say(new MachineEvent.Outcome(f.Packet.Status == NetifStatus.Okay ? "" : "error"));
                return Written(ref f, cpu.Draft);
            },
        },
        new()
        {
            Label = "put_null", Kind = AccessKind.Store, Cites = "xen-netback/netback.c make_tx_response",
            Text = "slot of the extra info: status = NETIF_RSP_NULL; rsp_prod_pvt++",
            Body = (ref NetAnswerLocals f, ref GuestCpu cpu) =>
            {
                Put(ref f, ref cpu, Netif.TxResponse.Status, (ushort)NetifStatus.Null);
                f.Extra++;
                return Written(ref f, cpu.Draft);
            },
        },
    ];

    private static Flow Put(ref NetAnswerLocals f, ref GuestCpu cpu, Field field, ulong value)
    {
        Touched(f, cpu.Draft);
        var index = Netback.State(cpu.Draft).Vifs[f.Packet.Vif].TxRspProdPvt;
        var at = RingMath.SlotOffset(index, NetfrontState.Size, Netif.TxSlotBytes);
        cpu.Store(Netback.TxRing(ref cpu, f.Packet.Vif), at + field.OffsetBytes, value, field.WidthBytes);
        return Flow.Next;
    }

    private static Flow Written(ref NetAnswerLocals f, Draft draft)
    {
        var state = Netback.State(draft);
        var vif = state.Vifs[f.Packet.Vif];
        draft.Back = (state with { Answered = true })
            .With(f.Packet.Vif, vif with { TxRspProdPvt = vif.TxRspProdPvt.Plus(1) });
        if (f.Extra < f.Packet.Pieces[f.Piece].Extras)
        {
            return Flow.To("put_null");
        }

        f.Piece++;
        f.Extra = 0;
        return Flow.To("push_old");
    }

    // The packet is over: its pages and addresses are free.
    private static void Forget(Draft draft, BackPacket packet)
    {
        var state = Netback.State(draft);
        draft.Back = (state with
        {
            Finished = state.Finished.RemoveAt(0),
            Slots = state.Slots.Except(packet.Pieces.Where(p => p.Slot >= 0).Select(p => p.Slot)),
        }).GivePages(packet.Pieces.Where(p => p.Own is not null).Select(p => p.Own!.Value));
    }
}
