using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Variants;

/// <summary>The locals of a hostile frontend: none.</summary>
public struct HostileLocals : ILocals
{
    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Submit;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
    }
}

/// <summary>
/// A frontend that lies: it announces one request more than the ring holds and rings the bell. A backend that trusted
/// the index would take slots that were never filled, again and again (FACTS i, XSA-39).
/// </summary>
public static class HostileFrontend
{
    /// <summary>The listing.</summary>
    public static Listing<HostileLocals> Listing { get; } =
        new("hostile_frontend", "hostile_frontend", Actor.Frontend, false, Rows());

    private static BlkfrontState State(Draft draft) => (BlkfrontState)draft.Front!;

    private static Row<HostileLocals>[] Rows() =>
    [
        new()
        {
            Label = "forge", Kind = AccessKind.Store, Cites = "io/ring.h RING_REQUEST_PROD_OVERFLOW",
            Text = "ring.req_prod = req_prod + size + 1 (a lie: the ring holds size)",
            Body = (ref HostileLocals _, ref GuestCpu cpu) =>
            {
                var state = State(cpu.Draft);
                var lie = state.Queues[0].ReqProdPvt.Plus((uint)state.Size + 1);
                cpu.Store(state.Queues[0].Pages[0], Ring.ReqProd.OffsetBytes, lie.Value, 4);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "fence", Kind = AccessKind.Fence, Cites = "io/ring.h RING_PUSH_REQUESTS_AND_CHECK_NOTIFY",
            Text = "mb()",
            Body = (ref HostileLocals _, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Full);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "send", Kind = AccessKind.Hypercall, Cites = "event_channel.h EVTCHNOP_send",
            Text = "notify_remote_via_evtchn(port), whether it is due or not",
            Body = (ref HostileLocals _, ref GuestCpu cpu) =>
            {
                var port = State(cpu.Draft).Queues[0].Port;
                cpu.Hypercall(Xen.Hypercall.EventChannelOp, "EVTCHNOP_send", port.Value);
                var send = new DeliveryLocals { Caller = cpu.Domain, From = port, Part = Phase.Submit };
                return Flow.Call(caller => EventDelivery.Send.Start(send, caller));
            },
        },
        new()
        {
            Label = "sleep", Kind = AccessKind.Hypercall, Cites = "sched.h SCHEDOP_block",
            Text = "nothing to do: HYPERVISOR_sched_op(SCHEDOP_block)",
            Body = (ref HostileLocals _, ref GuestCpu cpu) =>
            {
                cpu.Hypercall(Xen.Hypercall.SchedOp, "SCHEDOP_block", 0);
                SchedOps.Block(cpu.Draft, cpu.Domain);
                return Flow.Next;
            },
        },
    ];
}
