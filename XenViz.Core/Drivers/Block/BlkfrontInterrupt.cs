using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>
/// blkfront's event handler (Linux <c>blkif_interrupt</c>, <c>blkif_completion</c>): read the index once, copy each
/// response, check it, with persistent grants copy the data out, end the grants that nobody keeps, arm the event index,
/// tell the application.
/// </summary>
public sealed class BlkfrontInterrupt
{
    private readonly Action<Draft, Taken> _tell;

    /// <summary>Makes the handler.</summary>
    /// <param name="tell">Tells the application that a request is done.</param>
    public BlkfrontInterrupt(Action<Draft, Taken> tell)
    {
        _tell = tell;
        Listing = new(
            "blkif_interrupt", "blkif_interrupt", Actor.Frontend, false, [.. Take(), .. BlkfrontEnd.Rows(), .. Rest()]);
    }

    /// <summary>The listing.</summary>
    public Listing<InterruptLocals> Listing { get; }

    internal static BlkfrontState State(Draft draft) => (BlkfrontState)draft.Front!;

    private static FrontQueue QueueOf(Draft draft, in InterruptLocals f) => State(draft).Queues[f.Queue];

    private static IEnumerable<Row<InterruptLocals>> Take() =>
    [
        new()
        {
            Label = "load_prod", Kind = AccessKind.Load, Cites = "xen-blkfront.c blkif_interrupt",
            Text = "rp = ring.rsp_prod; more than size ahead: broken",
            Body = (ref InterruptLocals f, ref GuestCpu cpu) =>
            {
                var queue = QueueOf(cpu.Draft, f);
                f.Prod = new RingIndex((uint)cpu.Load(queue.Pages[0], Ring.RspProd.OffsetBytes, 4));
                if (RingMath.ResponseProducerOverflows(f.Prod, queue.RspCons, State(cpu.Draft).Size))
                {
                    return Break(cpu.Draft);
                }

                if (f.Prod != queue.RspCons)
                {
                    return Flow.Next;
                }

                cpu.Draft.Say(new MachineEvent.Outcome("none"));
                return Flow.To("settle");
            },
        },
        new()
        {
            Label = "rmb", Kind = AccessKind.Fence, Cites = "xen-blkfront.c blkif_interrupt", Text = "rmb()",
            Body = (ref InterruptLocals f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Read);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "copy", Kind = AccessKind.Load, Cites = "io/ring.h RING_COPY_RESPONSE",
            Text = "rsp = RING_COPY_RESPONSE(rsp_cons++); check id and operation", Body = Copy,
        },
    ];

    private static Flow Copy(ref InterruptLocals f, ref GuestCpu cpu)
    {
        var state = State(cpu.Draft);
        var queue = state.Queues[f.Queue];
        var layout = state.Options.FrontLayout;
        var at = RingMath.SlotOffset(queue.RspCons, state.Size, layout.SlotBytes);
        var response = BlkifSlot.Response(cpu.LoadBytes(queue.Pages, at, layout.ResponseBytes));
        cpu.Draft.Front = state.With(f.Queue, queue with { RspCons = queue.RspCons.Plus(1) });
        var waiting = response.Id < (ulong)queue.Shadows.Length ? queue.Shadows[(int)response.Id] : null;
        if (waiting is null || response.Operation != waiting.Operation)
        {
            return Break(cpu.Draft);
        }

        cpu.Draft.Say(new MachineEvent.RequestTouched(waiting.Id, waiting.Index.Value, f.Queue));
        f.Request = waiting;
        f.Status = (short)response.Status;
        f.Segment = 0;
        return waiting.Granted.IsEmpty ? BlkfrontEnd.Close(ref f, cpu.Draft)
            : waiting.Read && waiting.Segments[0].Source is not null ? Flow.Next
            : Flow.To("grant_flags");
    }

    // A violation of the protocol: the device goes into its error state and sends no more.
    private static Flow Break(Draft draft)
    {
        draft.Front = State(draft) with { Broken = true };
        draft.Say(new MachineEvent.Outcome("broken"));
        return Flow.Return;
    }

    private IEnumerable<Row<InterruptLocals>> Rest() =>
    [
        new()
        {
            Label = "settle",
            Decide = (in InterruptLocals f, Machine m) =>
                ((BlkfrontState)m.Front!).Queues[f.Queue] is var q && q.ReqProdPvt == q.RspCons ? "arm" : "final_load",
        },
        new()
        {
            Label = "final_load", Kind = AccessKind.Load, Cites = "io/ring.h RING_FINAL_CHECK_FOR_RESPONSES",
            Text = "more = ring.rsp_prod != rsp_cons", Body = FinalLoad,
        },
        new()
        {
            Label = "final_arm", Kind = AccessKind.Store, Cites = "io/ring.h RING_FINAL_CHECK_FOR_RESPONSES",
            Text = "ring.rsp_event = rsp_cons + 1", Body = Arm,
        },
        new()
        {
            Label = "final_mb", Kind = AccessKind.Fence, Cites = "io/ring.h RING_FINAL_CHECK_FOR_RESPONSES",
            Text = "mb()",
            Body = (ref InterruptLocals f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Full);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "final_again", Kind = AccessKind.Load, Cites = "io/ring.h RING_FINAL_CHECK_FOR_RESPONSES",
            Text = "more = ring.rsp_prod != rsp_cons",
            Body = (ref InterruptLocals f, ref GuestCpu cpu) =>
            {
                var flow = FinalLoad(ref f, ref cpu);
                return flow.Label is null ? Flow.To("finished") : flow;
            },
        },
        new()
        {
            Label = "arm", Kind = AccessKind.Store, Cites = "xen-blkfront.c blkif_interrupt",
            Text = "nothing outstanding: ring.rsp_event = rsp_cons + 1", Body = Arm,
        },
        new()
        {
            Label = "finished",
            Decide = (in InterruptLocals _, Machine m) =>
                ((BlkfrontState)m.Front!).Finished.IsEmpty ? "leave" : "tell",
        },
        new()
        {
            Label = "tell", Kind = AccessKind.Private, Cites = "xen-blkfront.c blk_mq_end_request",
            Text = "blk_mq_end_request(req, status)",
            Body = (ref InterruptLocals f, ref GuestCpu cpu) =>
            {
                var state = State(cpu.Draft);
                var taken = state.Finished[0];
                cpu.Draft.Front = state with { Finished = state.Finished.RemoveAt(0) };
                var pages = taken.Request.Segments.Select(s => s.Data).ToArray();
                cpu.Draft.Say(new MachineEvent.RequestTouched(
                    taken.Request.Id, taken.Request.Index.Value, taken.Request.Queue));
                cpu.Draft.Say(new MachineEvent.RequestFinished(
                    taken.Request.Id, taken.Request.Read, taken.Request.Sector, taken.Request.Sectors, pages,
                    taken.Status));
                _tell(cpu.Draft, taken);
                return Flow.To("finished");
            },
        },
        new() { Label = "leave", Enter = (_, _, here) => here },
    ];

    private static Flow FinalLoad(ref InterruptLocals f, ref GuestCpu cpu)
    {
        var queue = QueueOf(cpu.Draft, f);
        f.Prod = new RingIndex((uint)cpu.Load(queue.Pages[0], Ring.RspProd.OffsetBytes, 4));
        if (RingMath.ResponseProducerOverflows(f.Prod, queue.RspCons, State(cpu.Draft).Size))
        {
            return Break(cpu.Draft);
        }

        if (f.Prod == queue.RspCons)
        {
            f.Prod = default;
            return Flow.Next;
        }

        cpu.Draft.Say(new MachineEvent.Outcome("more"));
        return Flow.To("rmb");
    }

    private static Flow Arm(ref InterruptLocals f, ref GuestCpu cpu)
    {
        var queue = QueueOf(cpu.Draft, f);
        cpu.Store(queue.Pages[0], Ring.RspEvent.OffsetBytes, queue.RspCons.Plus(1).Value, 4);
        return queue.ReqProdPvt == queue.RspCons ? Flow.To("finished") : Flow.Next;
    }
}
