using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>
/// blkback's ring threads (Linux <c>xen_blkif_schedule</c>, <c>do_block_io_op</c>, <c>dispatch_rw_block_io</c>): read
/// the index once, copy each request, check the copy, map, submit; arm the event index and look once more; sleep. Each
/// queue has a thread; here they share one vCPU and give way when their ring is empty.
/// </summary>
public static class Blkback
{
    /// <summary>The listing; never returns.</summary>
    public static Listing<ThreadLocals> Thread { get; } =
        new("xen_blkif_schedule", "xen_blkif_schedule", Actor.Backend, false,
            [
                .. Take(), .. BlkbackIndirect.Rows(), .. BlkbackServe.Drain(), .. BlkbackServe.Rows(),
                .. Idle(),
            ]);

    /// <summary>The disk driver's part of the interrupt: a command is done. Runs when the device writes its status.
    /// </summary>
    public static void Completed(Draft draft, uint tag, DiskResult result)
    {
        var state = State(draft);
        draft.Back = state with { Completions = state.Completions.Add(new Completion(tag, result)) };
    }

    /// <summary>An event of the frontend asks the thread of its queue to look.</summary>
    public static void Woken(Draft draft, Port port)
    {
        var state = State(draft);
        if (state.QueueOf(port) is >= 0 and var queue)
        {
            draft.Back = state.With(queue, state.Queues[queue] with { Wake = true });
        }
    }

    internal static BlkbackState State(Draft draft) => (BlkbackState)draft.Back!;

    internal static Mfn RingOf(ref GuestCpu cpu, int queue) =>
        cpu.Translate(State(cpu.Draft).Queues[queue].RingAddress);

    // The pages of the ring that a slot lies in, from the one it begins in, with the offset in that.
    internal static (ImmutableArray<Mfn> Pages, int Offset) SlotOf(ref GuestCpu cpu, int queue, RingIndex index)
    {
        var state = State(cpu.Draft);
        var at = RingMath.SlotOffset(index, state.Size, state.Options.BackLayout.SlotBytes);
        var address = state.Queues[queue].RingAddress + (ulong)(at / PageSize.Bytes * PageSize.Bytes);
        var inPage = at % PageSize.Bytes;
        var first = cpu.Translate(address);
        return inPage + state.Options.BackLayout.SlotBytes <= PageSize.Bytes
            ? ([first], inPage)
            : ([first, cpu.Translate(address + PageSize.Bytes)], inPage);
    }

    private static IEnumerable<Row<ThreadLocals>> Take() =>
    [
        new() { Label = "top", Decide = Top },
        new()
        {
            Label = "load_prod", Kind = AccessKind.Load, Cites = "xen-blkback/blkback.c __do_block_io_op",
            Text = "rp = ring.req_prod; more than size ahead: halt",
            Body = (ref ThreadLocals f, ref GuestCpu cpu) =>
            {
                f.Queue = Awake(State(cpu.Draft)) is >= 0 and var awake ? awake : f.Queue;
                var prod = new RingIndex((uint)cpu.Load(RingOf(ref cpu, f.Queue), Ring.ReqProd.OffsetBytes, 4));
                var state = State(cpu.Draft);
                var queue = state.Queues[f.Queue] with { Wake = false };
                cpu.Draft.Back = (state with { Answered = false }).With(f.Queue, queue);
                if (RingMath.RequestProducerOverflows(prod, queue.RspProdPvt, state.Size))
                {
                    return Halt(ref f, cpu.Draft);
                }

                f.Prod = prod;
                if (prod != queue.ReqCons)
                {
                    return Flow.Next;
                }

                cpu.Draft.Say(new MachineEvent.Outcome("none"));
                return Flow.To("final_load");
            },
        },
        new()
        {
            Label = "rmb", Kind = AccessKind.Fence, Cites = "xen-blkback/blkback.c __do_block_io_op", Text = "rmb()",
            Body = (ref ThreadLocals f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Read);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "copy", Kind = AccessKind.Load, Cites = "io/ring.h RING_COPY_REQUEST",
            Text = "req = RING_COPY_REQUEST(req_cons++); check the copy", Body = Copy,
        },
    ];

    private static int Awake(BlkbackState state)
    {
        for (var i = 0; i < state.Queues.Length; i++)
        {
            if (state.Queues[i] is { Wake: true, Halted: false })
            {
                return i;
            }
        }

        return -1;
    }

    internal static string? Top(in ThreadLocals f, Machine machine)
    {
        var state = (BlkbackState)machine.Back!;
        return state.Connected && Awake(state) >= 0 ? "load_prod"
            : !state.Completions.IsEmpty ? "complete"
            : state.Queues.Any(BlkbackServe.MustPurge) ? "purge"
            : "block";
    }

    private static Flow Halt(ref ThreadLocals f, Draft draft)
    {
        var state = State(draft);
        draft.Back = state.With(f.Queue, state.Queues[f.Queue] with { Halted = true });
        draft.Say(new MachineEvent.Outcome("halted"));
        f = default;
        return Flow.To("top");
    }

    private static Flow Copy(ref ThreadLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var state = State(draft);
        var key = state.Queues[f.Queue].ReqCons;
        var (pages, at) = SlotOf(ref cpu, f.Queue, key);
        var layout = state.Options.BackLayout;
        var request = BlkbackRequest.Decode(cpu.LoadBytes(pages, at, layout.SlotBytes), layout);
        state = state.With(f.Queue, state.Queues[f.Queue] with { ReqCons = key.Plus(1) });
        draft.Say(new MachineEvent.RequestTouched(request.Id, key.Value, f.Queue));
        f.Key = key;
        f.Page = 0;
        var status = BlkbackRequest.Check(request, state.Options, state.Sectors);
        var indirect = request.Operation == BlkifOperation.Indirect;
        ImmutableArray<BlkifSegment> segments = indirect
            ? [.. request.IndirectRefs.Select(r => new BlkifSegment(r, 0, Blkif.SectorsPerPage - 1))]
            : request.Segments;
        var room = status != BlkifStatus.Okay ? null : indirect
            ? state.AssignPages(segments)
            : state.Assign(f.Queue, key, segments);
        if (room is var (after, assigned))
        {
            draft.Back = after with
            {
                Pending = state.Pending.Add(new PendingRequest(
                    key, request.Id, (byte)request.Meant, request.Sector, indirect ? [] : assigned)
                {
                    Queue = f.Queue, IndirectCount = indirect ? request.NrSegments : 0,
                    IndirectPages = indirect ? assigned : [], Discarded = request.Discarded, Secure = request.Secure,
                }),
            };
            return Flow.Next;
        }

        draft.Back = state;
        f.Refusal = new BlkifResponse(
            request.Id, request.Meant, status == BlkifStatus.Okay ? BlkifStatus.Error : status);
        draft.Say(new MachineEvent.Outcome("invalid"));
        return Flow.To("refuse");
    }

    private static IEnumerable<Row<ThreadLocals>> Idle() =>
    [
        new()
        {
            Label = "final_load", Kind = AccessKind.Load, Cites = "io/ring.h RING_FINAL_CHECK_FOR_REQUESTS",
            Text = "more = ring.req_prod != req_cons", Body = FinalLoad,
        },
        new()
        {
            Label = "final_arm", Kind = AccessKind.Store, Cites = "io/ring.h RING_FINAL_CHECK_FOR_REQUESTS",
            Text = "ring.req_event = req_cons + 1",
            Body = (ref ThreadLocals f, ref GuestCpu cpu) =>
            {
                var next = State(cpu.Draft).Queues[f.Queue].ReqCons.Plus(1);
                cpu.Store(RingOf(ref cpu, f.Queue), Ring.ReqEvent.OffsetBytes, next.Value, 4);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "final_mb", Kind = AccessKind.Fence, Cites = "io/ring.h RING_FINAL_CHECK_FOR_REQUESTS",
            Text = "mb()",
            Body = (ref ThreadLocals f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Full);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "final_again", Kind = AccessKind.Load, Cites = "io/ring.h RING_FINAL_CHECK_FOR_REQUESTS",
            Text = "more = ring.req_prod != req_cons",
            Body = (ref ThreadLocals f, ref GuestCpu cpu) =>
            {
                var flow = FinalLoad(ref f, ref cpu);
                f = flow.Label is null ? default : new ThreadLocals { Queue = f.Queue };
                return flow.Label is null ? Flow.To("top") : flow;
            },
        },
        new()
        {
            Label = "complete",
            Enter = (_, m, here) => BlkbackAnswer.Listing.Start(BlkbackAnswer.For((BlkbackState)m.Back!), here),
        },
        new() { Label = "completed", Decide = (in ThreadLocals _, Machine _) => "top" },
        .. BlkbackServe.Purge(),
        new()
        {
            Label = "block", Kind = AccessKind.Hypercall, Cites = "sched.h SCHEDOP_block",
            Text = "nothing to do: HYPERVISOR_sched_op(SCHEDOP_block)",
            Body = (ref ThreadLocals f, ref GuestCpu cpu) =>
            {
                cpu.Hypercall(Xen.Hypercall.SchedOp, "SCHEDOP_block", 0);
                cpu.Draft.Say(new MachineEvent.Outcome(State(cpu.Draft).Answered ? "answered" : "submitted"));
                SchedOps.Block(cpu.Draft, cpu.Domain);
                return Flow.To("top");
            },
        },
    ];

    private static Flow FinalLoad(ref ThreadLocals f, ref GuestCpu cpu)
    {
        var prod = new RingIndex((uint)cpu.Load(RingOf(ref cpu, f.Queue), Ring.ReqProd.OffsetBytes, 4));
        var state = State(cpu.Draft);
        var queue = state.Queues[f.Queue];
        if (RingMath.UnconsumedRequests(prod, queue.ReqCons, queue.RspProdPvt, state.Size) == 0)
        {
            return Flow.Next;
        }

        cpu.Draft.Back = state.With(f.Queue, queue with { Wake = true });
        cpu.Draft.Say(new MachineEvent.Outcome("more"));
        return Flow.To("load_prod");
    }
}
