using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Network;

/// <summary>
/// netback (Linux <c>xenvif_tx_action</c>, <c>xenvif_rx_action</c>, <c>xenvif_dealloc_kthread</c>) and the bridge under
/// it. In Linux these are a softirq and two threads for each queue; here they take turns on one vCPU.
/// </summary>
public static class Netback
{
    /// <summary>The driver domain, which the card belongs to.</summary>
    public static readonly DomId Driver = new(2);

    /// <summary>The listing; never returns.</summary>
    public static Listing<NetThreadLocals> Thread { get; } =
        new("xenvif_tx_action", "xenvif_tx_action", Actor.Backend, false,
            [
                new() { Label = "top", Decide = Top }, .. NetbackGather.Rows(), .. NetbackSubmit.Rows(),
                .. new RingFinalCheck<NetThreadLocals>(EndOf, "rmb", "top").Requests(), .. Idle(),
                .. NetbackClock.Rows(),
            ]);

    /// <summary>An event of a frontend: look at its transmit ring, and again at the pages that it offers.</summary>
    public static void Woken(Draft draft, Port port)
    {
        var state = State(draft);
        if (state.VifOf(port) is >= 0 and var vif)
        {
            draft.Back = state.With(vif, state.Vifs[vif] with
            {
                Wake = true, Starved = false, Expired = false, Silent = false,
            });
        }
    }

    /// <summary>The card's driver is told that a frame is on the wire, or that the card could not read it.</summary>
    public static void Sent(Draft draft, uint tag, bool fine)
    {
        var state = State(draft);
        var packet = state.Pending.First(p => TagOf(state, p) == tag);
        draft.Back = state with
        {
            Pending = state.Pending.Remove(packet),
            Finished = state.Finished.Add(packet with { Status = fine ? NetifStatus.Okay : NetifStatus.Error }),
        };
    }

    /// <summary>The card's driver is told that a frame is in its pages.</summary>
    public static void Arrived(Draft draft, ImmutableArray<SgElement> elements)
    {
        var parts = elements.Select(e => new Part(new Mfn(e.BusAddress >> PageSize.Shift), 0, e.Bytes));
        var packet = new RxPacket([.. parts], NetRxFlags.None);
        draft.Back = State(draft) with { Arrived = State(draft).Arrived.Add(packet) };
    }

    internal static NetbackState State(Draft draft) => (NetbackState)draft.Back!;

    internal static uint TagOf(NetbackState state, BackPacket packet) =>
        unchecked((packet.Key.Value * (uint)state.Vifs.Length) + (uint)packet.Vif);

    /// <summary>The number under which events name a ring of an interface.</summary>
    internal static int RingOf(Draft draft, int vif, bool receives) =>
        Netfront.RingOf(State(draft).Vifs[vif].Peer, receives);

    internal static Mfn TxRing(ref GuestCpu cpu, int vif) => cpu.Translate(State(cpu.Draft).Vifs[vif].RingAddress);

    internal static Mfn RxRing(ref GuestCpu cpu, int vif) =>
        cpu.Translate(State(cpu.Draft).Vifs[vif].RingAddress + PageSize.Bytes);

    internal static RingEnd EndOf(in NetThreadLocals f, ref GuestCpu cpu)
    {
        var vif = State(cpu.Draft).Vifs[f.Vif];
        return new(TxRing(ref cpu, f.Vif), vif.TxReqCons, vif.Port, NetfrontState.Size);
    }

    internal static int Awake(NetbackState state)
    {
        for (var i = 0; i < state.Vifs.Length; i++)
        {
            if (state.HasPages && state.Vifs[i] is { Wake: true, Disabled: false } vif && (vif.Carrier || vif.Stalled))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The frontend broke the protocol (Linux <c>xenvif_fatal_tx_err</c>).</summary>
    internal static Flow Disable(ref NetThreadLocals f, Draft draft)
    {
        var state = State(draft);
        draft.Back = state.With(f.Vif, state.Vifs[f.Vif] with { Disabled = true, Wake = false });
        draft.Say(new MachineEvent.Outcome("halted"));
        return Flow.To("carrier_off");
    }

    private static int Deliverable(NetbackState state)
    {
        for (var i = 0; i < state.Vifs.Length; i++)
        {
            if (state.Vifs[i] is { Starved: false, Carrier: true, Queue.IsEmpty: false })
            {
                return i;
            }
        }

        return -1;
    }

    internal static string? Top(in NetThreadLocals f, Machine machine)
    {
        var state = (NetbackState)machine.Back!;
        return NetbackClock.Next(state) is { } late ? late
            : Awake(state) >= 0 ? "load_prod"
            : !state.Finished.IsEmpty ? "answer"
            : !state.Arrived.IsEmpty ? "bridge_in"
            : Deliverable(state) >= 0 ? "deliver"
            : "block";
    }

    private static IEnumerable<Row<NetThreadLocals>> Idle() =>
    [
        new()
        {
            Label = "answer",
            Enter = (_, m, here) => NetbackAnswer.Listing.Start(
                new NetAnswerLocals { Packet = ((NetbackState)m.Back!).Finished[0] }, here),
        },
        new() { Label = "answered", Decide = (in NetThreadLocals _, Machine _) => "top" },
        new()
        {
            Label = "deliver",
            Enter = (_, m, here) => NetbackRx.Listing.Start(
                new RxLocals { Vif = Deliverable((NetbackState)m.Back!), Copies = [] }, here),
        },
        new() { Label = "delivered", Decide = (in NetThreadLocals _, Machine _) => "top" },
        new()
        {
            Label = "bridge_in", Kind = AccessKind.Private, Cites = "net/bridge/br_input.c br_handle_frame_finish",
            Text = "whose Ethernet address is it? queue the frame for that interface",
            Body = (ref NetThreadLocals f, ref GuestCpu cpu) =>
            {
                var state = State(cpu.Draft);
                var packet = state.Arrived[0];
                cpu.Draft.Back = state with { Arrived = state.Arrived.RemoveAt(0) };
                Bridge.FromWire(cpu.Draft, packet);
                return Flow.To("top");
            },
        },
        new()
        {
            Label = "carrier_off", Kind = AccessKind.Private, Cites = "xen-netback/interface.c xenvif_carrier_off",
            Text = "carrier off: the interface is down, its rings are never touched again",
            Body = (ref NetThreadLocals f, ref GuestCpu cpu) =>
            {
                var state = State(cpu.Draft);
                cpu.Draft.Back = state.With(f.Vif, state.Vifs[f.Vif] with { Carrier = false });
                f = default;
                return Flow.To("top");
            },
        },
        new()
        {
            Label = "block", Kind = AccessKind.Hypercall, Cites = "sched.h SCHEDOP_block",
            Text = "nothing to do: HYPERVISOR_sched_op(SCHEDOP_block)",
            Body = (ref NetThreadLocals f, ref GuestCpu cpu) =>
            {
                cpu.Hypercall(Xen.Hypercall.SchedOp, "SCHEDOP_block", 0);
                cpu.Draft.Say(new MachineEvent.Outcome(State(cpu.Draft).Answered ? "answered" : "submitted"));
                SchedOps.Block(cpu.Draft, cpu.Domain);
                f = default;
                return Flow.To("top");
            },
        },
    ];
}
