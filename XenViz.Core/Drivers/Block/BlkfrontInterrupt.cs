using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>The locals of blkfront's event handler.</summary>
public struct InterruptLocals : ILocals
{
    /// <summary>The producer index, read once.</summary>
    public RingIndex Prod;

    /// <summary>The request whose grants are being ended.</summary>
    public Shadow? Request;

    /// <summary>The status of its response.</summary>
    public short Status;

    /// <summary>The segment at work.</summary>
    public int Segment;

    /// <summary>The flags of its grant as last read.</summary>
    public ushort Flags;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Complete;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Prod.Value);
        hasher.Add(Request is null ? ulong.MaxValue : Request.Id);
        hasher.Add((int)Status);
        hasher.Add(Segment);
        hasher.Add((int)Flags);
    }
}

/// <summary>
/// blkfront's event handler (Linux <c>blkif_interrupt</c>, <c>blkif_completion</c>): read the index once, copy each
/// response, check it, end the grants, arm the event index, tell the application.
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
            "blkif_interrupt", "blkif_interrupt", Actor.Frontend, false, [.. Take(), .. EndAccess(), .. Rest()]);
    }

    /// <summary>The listing.</summary>
    public Listing<InterruptLocals> Listing { get; }

    private static BlkfrontState State(Draft draft) => (BlkfrontState)draft.Front!;

    private static IEnumerable<Row<InterruptLocals>> Take() =>
    [
        new()
        {
            Label = "load_prod", Kind = AccessKind.Load, Cites = "xen-blkfront.c blkif_interrupt",
            Text = "rp = ring.rsp_prod; more than size ahead: broken",
            Body = (ref InterruptLocals f, ref GuestCpu cpu) =>
            {
                var state = State(cpu.Draft);
                f.Prod = new RingIndex((uint)cpu.Load(state.Ring, Ring.RspProd.OffsetBytes, 4));
                if (RingMath.ResponseProducerOverflows(f.Prod, state.RspCons, state.Size))
                {
                    return Break(cpu.Draft);
                }

                if (f.Prod != state.RspCons)
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
        var at = RingMath.SlotOffset(state.RspCons, state.Size, Blkif.SlotBytes);
        var response = BlkifSlot.Response(cpu.LoadBytes(state.Ring, at, Blkif.Response.SizeBytes));
        cpu.Draft.Front = state with { RspCons = state.RspCons.Plus(1) };
        var waiting = response.Id < (ulong)state.Shadows.Length ? state.Shadows[(int)response.Id] : null;
        var operation = waiting is { Read: true } ? BlkifOperation.Read : BlkifOperation.Write;
        if (waiting is null || response.Operation != operation)
        {
            return Break(cpu.Draft);
        }

        cpu.Draft.Say(new MachineEvent.RequestTouched(waiting.Id, waiting.Index.Value));
        f.Request = waiting;
        f.Status = (short)response.Status;
        f.Segment = 0;
        return Flow.Next;
    }

    // A violation of the protocol: the device goes into its error state and sends no more.
    private static Flow Break(Draft draft)
    {
        draft.Front = State(draft) with { Broken = true };
        draft.Say(new MachineEvent.Outcome("broken"));
        return Flow.Return;
    }

    private static IEnumerable<Row<InterruptLocals>> EndAccess() =>
    [
        new()
        {
            Label = "grant_flags", Kind = AccessKind.Load, Cites = "grant-table.c gnttab_end_foreign_access_ref_v1",
            Text = "flags = grant[ref].flags; reading or writing: in use",
            Body = (ref InterruptLocals f, ref GuestCpu cpu) =>
            {
                var (table, at) = Entry(ref cpu, f);
                cpu.Draft.Say(new MachineEvent.RequestTouched(f.Request!.Id, f.Request.Index.Value));
                f.Flags = (ushort)cpu.Load(table, at, 2);
                if ((f.Flags & (GrantTable.Gtf.Reading | GrantTable.Gtf.Writing)) == 0)
                {
                    return Flow.Next;
                }

                cpu.Draft.Say(new MachineEvent.Outcome("busy"));
                return NextSegment(ref f, cpu.Draft, given: false);
            },
        },
        new()
        {
            Label = "grant_end", Kind = AccessKind.Atomic, Cites = "grant-table.c gnttab_end_foreign_access_ref_v1",
            Text = "cmpxchg(&grant[ref].flags, flags, 0)",
            Body = (ref InterruptLocals f, ref GuestCpu cpu) =>
            {
                var (table, at) = Entry(ref cpu, f);
                cpu.Draft.Say(new MachineEvent.RequestTouched(f.Request!.Id, f.Request.Index.Value));
                return cpu.CompareExchange(table, at, f.Flags, 0, 2) == f.Flags
                    ? NextSegment(ref f, cpu.Draft, given: true)
                    : Flow.To("grant_flags");
            },
        },
    ];

    private static (Mfn Table, int Offset) Entry(ref GuestCpu cpu, in InterruptLocals f) =>
        (cpu.Draft.Domain(cpu.Domain).GrantTable!.Value,
            GrantTable.EntryV1.OffsetBytes(f.Request!.Segments[f.Segment].Ref));

    private static Flow NextSegment(ref InterruptLocals f, Draft draft, bool given)
    {
        var state = State(draft);
        var request = f.Request!;
        var reference = request.Segments[f.Segment].Ref.Value;
        state = given
            ? state with { FreeRefs = state.FreeRefs.Add(reference) }
            : state with { Deferred = state.Deferred.Add(reference) };
        f.Flags = 0;
        f.Segment++;
        if (f.Segment < request.Segments.Length)
        {
            draft.Front = state;
            return Flow.To("grant_flags");
        }

        draft.Front = state with
        {
            Shadows = state.Shadows.SetItem((int)request.Id, null), FreeIds = state.FreeIds.Insert(0, request.Id),
            Finished = state.Finished.Add(new Taken(request, f.Status)),
        };
        f.Request = null;
        f.Segment = 0;
        f.Status = 0;
        return state.RspCons != f.Prod ? Flow.To("copy") : Flow.To("settle");
    }

    private IEnumerable<Row<InterruptLocals>> Rest() =>
    [
        new()
        {
            Label = "settle",
            Decide = (in InterruptLocals f, Machine m) =>
                ((BlkfrontState)m.Front!) is var s && s.ReqProdPvt == s.RspCons ? "arm" : "final_load",
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
                var pages = taken.Request.Segments.Select(s => s.Page).ToArray();
                cpu.Draft.Say(new MachineEvent.RequestTouched(taken.Request.Id, taken.Request.Index.Value));
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
        var state = State(cpu.Draft);
        f.Prod = new RingIndex((uint)cpu.Load(state.Ring, Ring.RspProd.OffsetBytes, 4));
        if (RingMath.ResponseProducerOverflows(f.Prod, state.RspCons, state.Size))
        {
            return Break(cpu.Draft);
        }

        if (f.Prod == state.RspCons)
        {
            f.Prod = default;
            return Flow.Next;
        }

        cpu.Draft.Say(new MachineEvent.Outcome("more"));
        return Flow.To("rmb");
    }

    private static Flow Arm(ref InterruptLocals f, ref GuestCpu cpu)
    {
        var state = State(cpu.Draft);
        cpu.Store(state.Ring, Ring.RspEvent.OffsetBytes, state.RspCons.Plus(1).Value, 4);
        return state.ReqProdPvt == state.RspCons ? Flow.To("finished") : Flow.Next;
    }
}
