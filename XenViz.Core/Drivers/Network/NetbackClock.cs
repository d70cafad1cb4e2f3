using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Network;

/// <summary>The locals of the clock.</summary>
public struct ClockLocals : ILocals
{
    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Answer;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher) => hasher.Add(7);
}

/// <summary>
/// Time for packets that wait until a guest offers pages (FACTS e.5; Linux <c>xen-netback/rx.c</c>): after 10 s they
/// are dropped, after 60 s without a page the carrier goes off. The model has no clock: that the time has passed is a
/// step which somebody chooses, and which is there only while a guest keeps netback waiting.
/// </summary>
public static class NetbackClock
{
    /// <summary>The clock as an agent of its own.</summary>
    public static Listing<ClockLocals> Listing { get; } =
        new("rx_clock", "xenvif_rx_queue_timeout", Actor.Backend, false, Waits());

    /// <summary>What the thread does first when time is over, or when a guest that was given up shows life; null when
    /// there is nothing of it.</summary>
    public static string? Next(NetbackState state) =>
        Find(state, v => v.Expired) >= 0 ? "drop_expired"
        : Find(state, v => v.Silent) >= 0 ? "stall_check"
        : Find(state, IsBack) >= 0 ? "ready_check"
        : null;

    /// <summary>The rows of the thread.</summary>
    internal static IEnumerable<Row<NetThreadLocals>> Rows() =>
    [
        new()
        {
            Label = "drop_expired", Kind = AccessKind.Private, Cites = "xen-netback/rx.c xenvif_rx_queue_drop_expired",
            Text = "drop every packet of the queue that is older than 10 s", Body = DropExpired,
        },
        new()
        {
            Label = "stall_check", Kind = AccessKind.Load, Cites = "xen-netback/rx.c xenvif_queue_carrier_off",
            Text = "still no page offered? then stalled: carrier off",
            Body = (ref NetThreadLocals f, ref GuestCpu cpu) =>
            {
                f = new NetThreadLocals { Vif = Find(Netback.State(cpu.Draft), v => v.Silent) };
                var none = Offered(f, ref cpu) == 0;
                return Put(ref f, cpu.Draft, none ? "" : "none", v => v with
                {
                    Silent = false, Stalled = none, Carrier = !none, Starved = none,
                });
            },
        },
        new()
        {
            Label = "ready_check", Kind = AccessKind.Load, Cites = "xen-netback/rx.c xenvif_queue_carrier_on",
            Text = "pages offered again? then ready: carrier on",
            Body = (ref NetThreadLocals f, ref GuestCpu cpu) =>
            {
                f = new NetThreadLocals { Vif = Find(Netback.State(cpu.Draft), IsBack) };
                var some = Offered(f, ref cpu) > 0;
                return Put(ref f, cpu.Draft, some ? "" : "none", v => v with
                {
                    Stalled = !some, Carrier = some, Starved = !some,
                });
            },
        },
    ];

    private static Row<ClockLocals>[] Waits() =>
    [
        new() { Label = "wait", Decide = (in ClockLocals _, Machine m) => Due((NetbackState)m.Back!) },
        Row("expire", "xen-netback/rx.c xenvif_rx_queue_timeout",
            "10 s are over since the packet came: the thread's timer ends", IsLate, v => v with { Expired = true }),
        Row("stall", "xen-netback/rx.c xenvif_rx_queue_stalled",
            "60 s are over since the last packet went into a page", IsSilent, v => v with { Silent = true }),
    ];

    private static string? Due(NetbackState state)
    {
        var late = Find(state, IsLate) >= 0;
        return late ? "expire" : Find(state, IsSilent) >= 0 ? "stall" : null;
    }

    private static Row<ClockLocals> Row(
        string label, string cites, string text, Predicate<Vif> which, Func<Vif, Vif> change)
    {
        return new Row<ClockLocals>
        {
            Label = label, Kind = AccessKind.Private, Cites = cites, Text = text,
            Body = (ref ClockLocals f, ref GuestCpu cpu) =>
            {
                var state = Netback.State(cpu.Draft);
                var vif = Find(state, which);
                cpu.Draft.Back = state.With(vif, change(state.Vifs[vif]));
                if (cpu.Draft.Domain(Netback.Driver).Blocked)
                {
                    SchedOps.Wake(cpu.Draft, Netback.Driver);
                }

                return Flow.To("wait");
            },
        };
    }

    // A packet waits, and the last look has found too few pages for it.
    private static bool IsLate(Vif vif) =>
        vif is { Carrier: true, Starved: true, Queue.IsEmpty: false, Expired: false };

    // Nothing waits any more, and still the guest has offered nothing. Linux looks only at guests that promised to ring
    // (feature-rx-notify).
    private static bool IsSilent(Vif vif) =>
        vif is { Carrier: true, Starved: true, Queue.IsEmpty: true, Notifies: true, Silent: false };

    private static bool IsBack(Vif vif) => vif is { Stalled: true, Starved: false };

    private static int Find(NetbackState state, Predicate<Vif> which)
    {
        for (var i = 0; i < state.Vifs.Length; i++)
        {
            if (which(state.Vifs[i]))
            {
                return i;
            }
        }

        return -1;
    }

    // A guest that names an index far away has offered nothing that can be used.
    private static uint Offered(in NetThreadLocals f, ref GuestCpu cpu)
    {
        var ring = Netback.RxRing(ref cpu, f.Vif);
        var prod = new RingIndex((uint)cpu.Load(ring, Ring.ReqProd.OffsetBytes, 4));
        var there = prod.Since(Netback.State(cpu.Draft).Vifs[f.Vif].RxReqCons);
        return there <= NetfrontState.Size ? there : 0;
    }

    private static Flow Put(ref NetThreadLocals f, Draft draft, string outcome, Func<Vif, Vif> change)
    {
        var state = Netback.State(draft);
        draft.Back = state.With(f.Vif, change(state.Vifs[f.Vif]));
        draft.Say(new MachineEvent.Outcome(outcome));
        f = default;
        return Flow.To("top");
    }

    // All that waits came before the time was over: the model keeps no hour of each.
    private static Flow DropExpired(ref NetThreadLocals f, ref GuestCpu cpu)
    {
        var state = Netback.State(cpu.Draft);
        var at = Find(state, v => v.Expired);
        var vif = state.Vifs[at];
        cpu.Draft.Say(new MachineEvent.Noted("frames", vif.Queue.Length));
        cpu.Draft.Back = state.With(at, vif with
        {
            Expired = false, Queue = [], Dropped = vif.Dropped + vif.Queue.Length,
        });
        Bridge.Recycle(cpu.Draft, vif.Queue.SelectMany(p => p.Parts).Select(p => p.Page));
        f = default;
        return Flow.To("top");
    }
}
