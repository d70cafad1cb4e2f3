using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Network;

/// <summary>A page of a packet with the slot that it goes into.</summary>
/// <param name="Part">The bytes, in a page of the driver domain.</param>
/// <param name="Request">The guest's slot.</param>
/// <param name="Index">Its ring index.</param>
/// <param name="Flags">The flags of the response.</param>
public readonly record struct RxCopy(Part Part, RxRequest Request, RingIndex Index, NetRxFlags Flags);

/// <summary>The locals of delivering packets to a guest.</summary>
public struct RxLocals : IPushLocals
{
    /// <summary>The interface.</summary>
    public int Vif;

    /// <summary>The producer index, read once.</summary>
    public RingIndex Prod;

    /// <summary>Pages that have their slots; a batch for one hypercall.</summary>
    public ImmutableArray<RxCopy> Copies;

    /// <summary>Pages of the packet at work that have their slots.</summary>
    public int Part;

    /// <summary>Refused pages of the batch that are still to be answered for.</summary>
    public int Failed;

    /// <inheritdoc/>
    public RingIndex Old { get; set; }

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Answer;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Vif);
        hasher.Add(Prod.Value);
        hasher.Add(Part);
        hasher.Add(Failed);
        hasher.Add(Old.Value);
        foreach (var copy in Copies)
        {
            hasher.Add(copy.Index.Value);
            hasher.Add(copy.Request.Ref.Value);
            hasher.Add(copy.Part.Page.Value);
        }
    }
}

/// <summary>
/// netback brings packets to a guest (Linux <c>xenvif_rx_action</c>): take an empty page of the guest's for each page,
/// describe it in the very slot of its request, let Xen copy a batch, publish, notify.
/// </summary>
public static class NetbackRx
{
    /// <summary>Most copies of one hypercall (<c>COPY_BATCH_SIZE</c>).</summary>
    public const int BatchSize = 64;

    /// <summary>The listing.</summary>
    public static Listing<RxLocals> Listing { get; } =
        new("xenvif_rx_action", "xenvif_rx_action", Actor.Backend, false,
            [
                .. Look(), .. Describe(), .. NetbackRxMove.Rows(),
                .. new RingPush<RxLocals>(EndOf, Touched, null).Responses(),
            ]);

    internal static RingEnd EndOf(in RxLocals f, ref GuestCpu cpu)
    {
        var vif = Netback.State(cpu.Draft).Vifs[f.Vif];
        return new(Netback.RxRing(ref cpu, f.Vif), vif.RxRspProdPvt, vif.Port, NetfrontState.Size);
    }

    internal static void Touched(in RxLocals f, Draft draft)
    {
        if (f.Copies is [.., var last])
        {
            draft.Say(new MachineEvent.RequestTouched(
                last.Request.Id, last.Index.Value, Netback.RingOf(draft, f.Vif, true)));
        }
    }

    private static RxPacket Packet(Draft draft, in RxLocals f) => Netback.State(draft).Vifs[f.Vif].Queue[0];

    private static IEnumerable<Row<RxLocals>> Look() =>
    [
        new()
        {
            Label = "load_prod", Kind = AccessKind.Load, Cites = "xen-netback/rx.c xenvif_rx_ring_slots_available",
            Text = "enough empty pages? rx.req_prod - req_cons", Body = (ref RxLocals f, ref GuestCpu cpu) =>
                Enough(ref f, ref cpu) ? Flow.To("rmb") : Flow.Next,
        },
        new()
        {
            Label = "starve_arm", Kind = AccessKind.Store, Cites = "xen-netback/rx.c xenvif_rx_ring_slots_available",
            Text = "too few: rx.req_event = req_prod + 1",
            Body = (ref RxLocals f, ref GuestCpu cpu) =>
            {
                cpu.Store(Netback.RxRing(ref cpu, f.Vif), Ring.ReqEvent.OffsetBytes, f.Prod.Plus(1).Value, 4);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "starve_mb", Kind = AccessKind.Fence, Cites = "xen-netback/rx.c xenvif_rx_ring_slots_available",
            Text = "mb()",
            Body = (ref RxLocals f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Full);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "starve_again", Kind = AccessKind.Load, Cites = "xen-netback/rx.c xenvif_rx_ring_slots_available",
            Text = "has req_prod moved meanwhile? then count once more", Body = LookAgain,
        },
        new()
        {
            Label = "rmb", Kind = AccessKind.Fence, Cites = "xen-netback/rx.c xenvif_rx_queue_tail", Text = "rmb()",
            Body = (ref RxLocals f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Read);
                return Flow.Next;
            },
        },
    ];

    // However few have come: the flag lies at or behind the index now, so the guest's next push would ring no bell.
    private static Flow LookAgain(ref RxLocals f, ref GuestCpu cpu)
    {
        var prod = new RingIndex((uint)cpu.Load(Netback.RxRing(ref cpu, f.Vif), Ring.ReqProd.OffsetBytes, 4));
        var moved = prod != f.Prod;
        cpu.Draft.Say(new MachineEvent.Outcome(moved ? "" : "none"));
        if (moved)
        {
            return Flow.To("load_prod");
        }

        var state = Netback.State(cpu.Draft);
        cpu.Draft.Back = state.With(f.Vif, state.Vifs[f.Vif] with { Starved = true });
        return Flow.Return;
    }

    private static bool Enough(ref RxLocals f, ref GuestCpu cpu)
    {
        f.Prod = new RingIndex((uint)cpu.Load(Netback.RxRing(ref cpu, f.Vif), Ring.ReqProd.OffsetBytes, 4));
        var enough = HasRoom(f, cpu.Draft);
        cpu.Draft.Say(new MachineEvent.Outcome(enough ? "" : "none"));
        return enough;
    }

    // A guest that names an index far away has offered nothing that can be used.
    private static bool HasRoom(in RxLocals f, Draft draft)
    {
        var there = f.Prod.Since(Netback.State(draft).Vifs[f.Vif].RxReqCons);
        return there <= NetfrontState.Size && there >= (uint)Packet(draft, f).Parts.Length;
    }

    private static IEnumerable<Row<RxLocals>> Describe() =>
    [
        new()
        {
            Label = "take", Kind = AccessKind.Load, Cites = "xen-netback/rx.c xenvif_rx_data_slot",
            Text = "req = RING_COPY_REQUEST(req_cons++): an empty page of the guest", Body = Take,
        },
        Put("put_offset", "rsp->offset = 0", Netif.RxResponse.Offset, _ => 0),
        Put("put_flags", "rsp->flags = what is known of the checksum, more_data", Netif.RxResponse.Flags,
            copy => (ushort)copy.Flags),
        Put("put_id", "rsp->id = id of the request", Netif.RxResponse.Id, copy => copy.Request.Id),
        Put("put_status", "rsp->status = bytes; rsp_prod_pvt++", Netif.RxResponse.Status,
            copy => (ushort)copy.Part.Bytes, Described),
    ];

    private static Flow Take(ref RxLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var state = Netback.State(draft);
        var vif = state.Vifs[f.Vif];
        var packet = vif.Queue[0];
        var at = RingMath.SlotOffset(vif.RxReqCons, NetfrontState.Size, Netif.RxSlotBytes);
        var request = RxRequest.Decode(cpu.LoadBytes(Netback.RxRing(ref cpu, f.Vif), at, Netif.RxSlotBytes));
        var flags = f.Part + 1 < packet.Parts.Length ? NetRxFlags.MoreData : NetRxFlags.None;
        flags |= f.Part == 0 ? packet.Flags : NetRxFlags.None;
        f.Copies = f.Copies.Add(new RxCopy(packet.Parts[f.Part], request, vif.RxReqCons, flags));
        f.Part++;
        draft.Back = (state with { Answered = false })
            .With(f.Vif, vif with { RxReqCons = vif.RxReqCons.Plus(1) });
        Touched(f, draft);
        return Flow.Next;
    }

    private static Row<RxLocals> Put(
        string label, string text, Field field, Func<RxCopy, ushort> value, RowBody<RxLocals>? after = null) => new()
        {
            Label = label, Kind = AccessKind.Store, Cites = "xen-netback/rx.c xenvif_rx_data_slot", Text = text,
            Body = (ref RxLocals f, ref GuestCpu cpu) =>
            {
                var copy = f.Copies[^1];
                var at = RingMath.SlotOffset(copy.Index, NetfrontState.Size, Netif.RxSlotBytes);
                cpu.Store(Netback.RxRing(ref cpu, f.Vif), at + field.OffsetBytes, value(copy), field.WidthBytes);
                Touched(f, cpu.Draft);
                return after is null ? Flow.Next : after(ref f, ref cpu);
            },
        };

    // The next page of the packet, or the next packet while the batch has room, or the copy.
    private static Flow Described(ref RxLocals f, ref GuestCpu cpu)
    {
        var state = Netback.State(cpu.Draft);
        var vif = state.Vifs[f.Vif] with { RxRspProdPvt = state.Vifs[f.Vif].RxRspProdPvt.Plus(1) };
        if (f.Part < vif.Queue[0].Parts.Length)
        {
            cpu.Draft.Back = state.With(f.Vif, vif);
            return Flow.To("take");
        }

        f.Part = 0;
        vif = vif with { Queue = vif.Queue.RemoveAt(0) };
        cpu.Draft.Back = state.With(f.Vif, vif);
        var goesOn = !vif.Queue.IsEmpty && f.Copies.Length + vif.Queue[0].Parts.Length <= BatchSize
            && HasRoom(f, cpu.Draft);
        return goesOn ? Flow.To("take") : Flow.To(vif.Flips ? "transfer" : "copy_out");
    }
}
