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
/// blkback's ring thread (Linux <c>xen_blkif_schedule</c>, <c>do_block_io_op</c>, <c>dispatch_rw_block_io</c>): read
/// the
/// index once, copy each request, check the copy, map, submit; arm the event index and look once more; sleep.
/// </summary>
public static class Blkback
{
    /// <summary>The listing; never returns.</summary>
    public static Listing<ThreadLocals> Thread { get; } =
        new("xen_blkif_schedule", "xen_blkif_schedule", Actor.Backend, false, [.. Take(), .. Serve(), .. Idle()]);

    /// <summary>The disk driver's part of the interrupt: a command is done. Runs when the device writes its status.
    /// </summary>
    public static void Completed(Draft draft, uint key, bool ok)
    {
        var state = State(draft);
        draft.Back = state with { Completions = state.Completions.Add(new Completion(new RingIndex(key), ok)) };
    }

    internal static BlkbackState State(Draft draft) => (BlkbackState)draft.Back!;

    internal static Mfn RingOf(ref GuestCpu cpu) => cpu.Translate(State(cpu.Draft).RingAddress);

    private static IEnumerable<Row<ThreadLocals>> Take() =>
    [
        new() { Label = "top", Decide = Top },
        new()
        {
            Label = "load_prod", Kind = AccessKind.Load, Cites = "xen-blkback/blkback.c __do_block_io_op",
            Text = "rp = ring.req_prod; more than size ahead: halt",
            Body = (ref ThreadLocals f, ref GuestCpu cpu) =>
            {
                var prod = new RingIndex((uint)cpu.Load(RingOf(ref cpu), Ring.ReqProd.OffsetBytes, 4));
                var state = State(cpu.Draft) with { Wake = false, Answered = false };
                cpu.Draft.Back = state;
                if (RingMath.RequestProducerOverflows(prod, state.RspProdPvt, state.Size))
                {
                    return Halt(cpu.Draft);
                }

                f.Prod = prod;
                if (prod != state.ReqCons)
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

    private static string? Top(in ThreadLocals f, Machine machine)
    {
        var state = (BlkbackState)machine.Back!;
        return state.Wake && state.Connected && !state.Halted ? "load_prod"
            : !state.Completions.IsEmpty ? "complete"
            : "block";
    }

    private static Flow Halt(Draft draft)
    {
        draft.Back = State(draft) with { Halted = true };
        draft.Say(new MachineEvent.Outcome("halted"));
        return Flow.To("top");
    }

    private static Flow Copy(ref ThreadLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var state = State(draft);
        var at = RingMath.SlotOffset(state.ReqCons, state.Size, Blkif.SlotBytes);
        var request = BlkifSlot.Request(cpu.LoadBytes(RingOf(ref cpu), at, Blkif.SlotBytes));
        var key = state.ReqCons;
        state = state with { ReqCons = key.Plus(1) };
        draft.Say(new MachineEvent.RequestTouched(request.Id, key.Value));
        var status = BlkbackRequest.Check(request, state.Sectors);
        if (status != BlkifStatus.Okay)
        {
            draft.Back = state;
            f.Refusal = new BlkifResponse(request.Id, request.Operation, status);
            draft.Say(new MachineEvent.Outcome("invalid"));
            return Flow.To("refuse");
        }

        var slots = state.Slots;
        var segments = ImmutableArray.CreateBuilder<BackSegment>();
        foreach (var segment in BlkbackRequest.Used(request))
        {
            var slot = 0;
            while (slots.Contains(slot))
            {
                slot++;
            }

            slots = slots.Add(slot);
            segments.Add(new BackSegment(segment, slot, null));
        }

        var pending = new PendingRequest(
            key, request.Id, (byte)request.Operation, request.SectorNumber, segments.ToImmutable());
        draft.Back = state with { Pending = state.Pending.Add(pending), Slots = slots };
        f.Key = key;
        return Flow.Next;
    }

    private static IEnumerable<Row<ThreadLocals>> Serve() =>
    [
        new()
        {
            Label = "map", Kind = AccessKind.Hypercall, Cites = "grant_table.h GNTTABOP_map_grant_ref",
            Text = "gnttab_map_refs(refs of the segments)", Body = Map,
        },
        new() { Label = "mapped", Decide = Mapped },
        new()
        {
            Label = "submit", Kind = AccessKind.Dma, Cites = "xen-blkback/blkback.c submit_bio",
            Text = "submit_bio(frames of the mappings, sector)", Body = Submit,
        },
        new()
        {
            Label = "more",
            Decide = (in ThreadLocals f, Machine m) =>
                ((BlkbackState)m.Back!).ReqCons != f.Prod ? "copy" : "final_load",
        },
        new()
        {
            Label = "undo", Kind = AccessKind.Hypercall, Cites = "grant_table.h GNTTABOP_unmap_grant_ref",
            Text = "a map failed: gnttab_unmap_refs(those that worked)", Body = Undo,
        },
        new()
        {
            Label = "refuse",
            Enter = (f, _, here) =>
                BlkbackAnswer.Listing.StartAt("put_id", new AnswerLocals { Response = f.Refusal }, here),
        },
        new() { Label = "refused", Decide = (in ThreadLocals _, Machine _) => "more" },
    ];

    private static Flow Map(ref ThreadLocals f, ref GuestCpu cpu)
    {
        var state = State(cpu.Draft);
        var pending = state.Find(f.Key)!;
        cpu.Draft.Say(new MachineEvent.RequestTouched(pending.Id, f.Key.Value));
        var flags = GrantTable.Gntmap.HostMap
            | (pending.Operation == (byte)BlkifOperation.Read ? 0 : GrantTable.Gntmap.ReadOnly);
        ImmutableArray<MapOp> ops =
        [
            .. pending.Segments.Select(s => new MapOp(state.AddressOf(s.Slot), flags, s.Segment.Ref, state.Peer)),
        ];
        cpu.Hypercall(
            Xen.Hypercall.GrantTableOp, "GNTTABOP_map_grant_ref", ops[0].Ref.Value, state.Peer.Value, flags,
                ops.Length);
        var map = new MapLocals { Caller = cpu.Domain, Ops = ops, Results = [], Part = Phase.Serve };
        return Flow.Call(caller => GrantMap.Listing.Start(map, caller));
    }

    private static string? Mapped(in ThreadLocals f, Machine machine)
    {
        var results = ((MapResults)machine.Agents[BackendAgent.Index].Result!).All;
        return results.All(r => r.Status == GrantStatus.Okay) ? "submit" : "undo";
    }

    private static Flow Submit(ref ThreadLocals f, ref GuestCpu cpu)
    {
        cpu.Acknowledge();
        var draft = cpu.Draft;
        var state = State(draft);
        var key = f.Key;
        var pending = WithHandles(state.Find(key)!, ((MapResults)cpu.Result!).All);
        var elements = ImmutableArray.CreateBuilder<SgElement>();
        foreach (var segment in pending.Segments)
        {
            var frame = cpu.Translate(state.AddressOf(segment.Slot));
            var first = segment.Segment.FirstSect * Sector.SizeBytes;
            var bytes = ((segment.Segment.LastSect + 1) * Sector.SizeBytes) - first;
            elements.Add(new SgElement(frame.Address(first), bytes));
        }

        var toMemory = pending.Operation == (byte)BlkifOperation.Read;
        var command = new DiskCommand(key.Value, pending.Sector, toMemory, elements.ToImmutable());
        var disk = (Disk)draft.Disk!;
        draft.Disk = disk with
        {
            Queue = disk.Queue.Enqueue(command), Activity = DiskActivity.Queued, Current = elements[0],
            CurrentSector = pending.Sector, CurrentToMemory = toMemory,
        };
        draft.Back = state with { Pending = state.Pending.Replace(state.Find(key)!, pending) };
        draft.Say(new MachineEvent.RequestTouched(pending.Id, key.Value));
        draft.Say(new MachineEvent.CommandQueued(
            pending.Id, elements[0].BusAddress, elements.Sum(e => e.Bytes), pending.Sector, elements.Count, toMemory));
        return Flow.Next;
    }

    private static PendingRequest WithHandles(PendingRequest pending, ImmutableArray<MapResult> results) => pending with
    {
        Segments =
        [
            .. pending.Segments.Select((s, i) =>
                results[i].Status == GrantStatus.Okay ? s with { Handle = results[i].Handle } : s),
        ],
    };

    // Some maps failed (FACTS e.2, 11): give back those that worked, answer with an error, do no I/O.
    private static Flow Undo(ref ThreadLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var state = State(draft);
        var pending = WithHandles(state.Find(f.Key)!, ((MapResults)cpu.Result!).All);
        var ops = pending.Segments.Where(s => s.Handle is not null)
            .Select(s => new UnmapOp(state.AddressOf(s.Slot), 0, s.Handle!.Value)).ToImmutableArray();
        draft.Back = state with
        {
            Pending = state.Pending.Remove(state.Find(f.Key)!), Slots =
                state.Slots.Except(pending.Segments.Select(s => s.Slot)),
        };
        f.Refusal = new BlkifResponse(pending.Id, (BlkifOperation)pending.Operation, BlkifStatus.Error);
        draft.Say(new MachineEvent.RequestTouched(pending.Id, f.Key.Value));
        if (ops.IsEmpty)
        {
            return Flow.To("refuse");
        }

        cpu.Hypercall(
            Xen.Hypercall.GrantTableOp, "GNTTABOP_unmap_grant_ref", ops[0].Handle.Value, ops[0].HostAddress, 0,
                ops.Length);
        var unmap =
            new UnmapLocals { Caller = cpu.Domain, Ops = ops, Results = [], Releases = [], Part = Phase.Answer };
        return Flow.Call(caller => GrantUnmap.Listing.Start(unmap, caller), "refuse");
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
                cpu.Store(RingOf(ref cpu), Ring.ReqEvent.OffsetBytes, State(cpu.Draft).ReqCons.Plus(1).Value, 4);
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
                f = default;
                return flow.Label is null ? Flow.To("top") : flow;
            },
        },
        new()
        {
            Label = "complete",
            Enter = (_, m, here) => BlkbackAnswer.Listing.Start(BlkbackAnswer.For((BlkbackState)m.Back!), here),
        },
        new() { Label = "completed", Decide = (in ThreadLocals _, Machine _) => "top" },
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
        var prod = new RingIndex((uint)cpu.Load(RingOf(ref cpu), Ring.ReqProd.OffsetBytes, 4));
        if (prod == State(cpu.Draft).ReqCons)
        {
            return Flow.Next;
        }

        cpu.Draft.Say(new MachineEvent.Outcome("more"));
        return Flow.To("load_prod");
    }
}
