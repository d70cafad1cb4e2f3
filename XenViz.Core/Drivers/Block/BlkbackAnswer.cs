using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>The locals of answering a request.</summary>
public struct AnswerLocals : ILocals
{
    /// <summary>The request; default when it was refused without being kept.</summary>
    public RingIndex Key;

    /// <summary>What is answered.</summary>
    public BlkifResponse Response;

    /// <summary>The shared index before the push.</summary>
    public RingIndex Old;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Answer;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Key.Value);
        hasher.Add(Response.Id);
        hasher.Add((int)Response.Status);
        hasher.Add(Old.Value);
    }
}

/// <summary>
/// blkback's end of a request (Linux <c>xen_blkbk_unmap_and_respond</c>, <c>make_response</c>): unmap, write the
/// response, publish, look whether to notify, notify.
/// </summary>
public static class BlkbackAnswer
{
    /// <summary>The listing.</summary>
    public static Listing<AnswerLocals> Listing { get; } =
        new("xen_blkbk_unmap_and_respond", "xen_blkbk_unmap_and_respond", Actor.Backend, false, [.. Put(), .. Push()]);

    /// <summary>The locals for the oldest finished command.</summary>
    public static AnswerLocals For(BlkbackState state)
    {
        var done = state.Completions[0];
        var pending = state.Find(done.Key)!;
        var status = done.Ok ? BlkifStatus.Okay : BlkifStatus.Error;
        return new AnswerLocals
        {
            Key = done.Key, Response = new BlkifResponse(pending.Id, (BlkifOperation)pending.Operation, status),
        };
    }

    private static Row<AnswerLocals> Row(
        string label, AccessKind kind, string cites, string text, RowBody<AnswerLocals> body) =>
        new()
        {
            Label = label, Kind = kind, Cites = cites, Text = text,
            Body = (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                // The index for people: where the answer goes, which is not where the request was.
                cpu.Draft.Say(new MachineEvent.RequestTouched(f.Response.Id,
                    Blkback.State(cpu.Draft).RspProdPvt.Value));
                return body(ref f, ref cpu);
            },
        };

    private static IEnumerable<Row<AnswerLocals>> Put() =>
    [
        Row("unmap", AccessKind.Hypercall, "grant_table.h GNTTABOP_unmap_grant_ref",
            "gnttab_unmap_refs(handles of the request)", Unmap),
        Row("put_id", AccessKind.Store, "io/blkif.h blkif_response",
            "slot[rsp_prod_pvt].id = id of the request", (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                cpu.Store(Blkback.RingOf(ref cpu), At(ref cpu, Blkif.Response.Id), f.Response.Id, 8);
                return Flow.Next;
            }),
        Row("put_operation", AccessKind.Store, "io/blkif.h blkif_response",
            "slot.operation = operation of the request", (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                var at = At(ref cpu, Blkif.Response.Operation);
                cpu.Store(Blkback.RingOf(ref cpu), at, (byte)f.Response.Operation, 1);
                return Flow.Next;
            }),
        Row("put_status", AccessKind.Store, "io/blkif.h blkif_response",
            "slot.status = status; rsp_prod_pvt++", (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                var at = At(ref cpu, Blkif.Response.Status);
                cpu.Store(Blkback.RingOf(ref cpu), at, unchecked((ushort)f.Response.Status), 2);
                var state = Blkback.State(cpu.Draft);
                cpu.Draft.Back = state with { RspProdPvt = state.RspProdPvt.Plus(1) };
                return Flow.Next;
            }),
    ];

    private static int At(ref GuestCpu cpu, Field field)
    {
        var state = Blkback.State(cpu.Draft);
        return RingMath.SlotOffset(state.RspProdPvt, state.Size, Blkif.SlotBytes) + field.OffsetBytes;
    }

    private static Flow Unmap(ref AnswerLocals f, ref GuestCpu cpu)
    {
        var state = Blkback.State(cpu.Draft);
        var pending = state.Find(f.Key)!;
        ImmutableArray<UnmapOp> ops =
            [.. pending.Segments.Select(s => new UnmapOp(state.AddressOf(s.Slot), 0, s.Handle!.Value))];
        cpu.Draft.Back = state with
        {
            Completions = state.Completions.RemoveAt(0), Pending = state.Pending.Remove(pending),
            Slots = state.Slots.Except(pending.Segments.Select(s => s.Slot)),
        };
        cpu.Hypercall(
            Xen.Hypercall.GrantTableOp, "GNTTABOP_unmap_grant_ref", ops[0].Handle.Value, ops[0].HostAddress, 0,
                ops.Length);
        var unmap =
            new UnmapLocals { Caller = cpu.Domain, Ops = ops, Results = [], Releases = [], Part = Phase.Answer };
        return Flow.Call(caller => GrantUnmap.Listing.Start(unmap, caller));
    }

    private static IEnumerable<Row<AnswerLocals>> Push() =>
    [
        Row("push_old", AccessKind.Load, "io/ring.h RING_PUSH_RESPONSES_AND_CHECK_NOTIFY",
            "old = ring.rsp_prod; new = rsp_prod_pvt", (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                f.Old = new RingIndex((uint)cpu.Load(Blkback.RingOf(ref cpu), Ring.RspProd.OffsetBytes, 4));
                return Flow.Next;
            }),
        Row("push_wmb", AccessKind.Fence, "io/ring.h RING_PUSH_RESPONSES_AND_CHECK_NOTIFY",
            "wmb()", (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Write);
                return Flow.Next;
            }),
        Row("push_new", AccessKind.Store, "io/ring.h RING_PUSH_RESPONSES_AND_CHECK_NOTIFY",
            "ring.rsp_prod = new", (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                var now = Blkback.State(cpu.Draft).RspProdPvt;
                cpu.Store(Blkback.RingOf(ref cpu), Ring.RspProd.OffsetBytes, now.Value, 4);
                return Flow.Next;
            }),
        Row("push_mb", AccessKind.Fence, "io/ring.h RING_PUSH_RESPONSES_AND_CHECK_NOTIFY",
            "mb()", (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Full);
                return Flow.Next;
            }),
        Row("push_event", AccessKind.Load, "io/ring.h RING_PUSH_RESPONSES_AND_CHECK_NOTIFY",
            "notify = (new - ring.rsp_event) < (new - old)", (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                var state = Blkback.State(cpu.Draft);
                var armed = new RingIndex((uint)cpu.Load(Blkback.RingOf(ref cpu), Ring.RspEvent.OffsetBytes, 4));
                var notify = RingMath.Notify(f.Old, state.RspProdPvt, armed);
                RingNotes.Push(cpu.Draft, false, f.Old, state.RspProdPvt, armed, notify);
                cpu.Draft.Back = state with { Answered = true };
                return notify ? Flow.Next : Flow.Return;
            }),
        Row("send", AccessKind.Hypercall, "event_channel.h EVTCHNOP_send",
            "notify_remote_via_irq(port)", (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                var port = Blkback.State(cpu.Draft).Port;
                cpu.Hypercall(Xen.Hypercall.EventChannelOp, "EVTCHNOP_send", port.Value);
                var send = new DeliveryLocals { Caller = cpu.Domain, From = port, Part = Phase.Answer };
                return Flow.Call(caller => EventDelivery.Send.Start(send, caller));
            }),
    ];
}
