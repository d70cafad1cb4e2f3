using System.Buffers.Binary;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>The locals of answering a request.</summary>
public struct AnswerLocals : ILocals
{
    /// <summary>The queue.</summary>
    public int Queue;

    /// <summary>The request; default when it was refused without being kept.</summary>
    public RingIndex Key;

    /// <summary>What is answered.</summary>
    public BlkifResponse Response;

    /// <summary>True when Xen was asked to copy what was read into the granted pages.</summary>
    public bool Copied;

    /// <summary>The shared index before the push.</summary>
    public RingIndex Old;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Answer;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Queue);
        hasher.Add(Key.Value);
        hasher.Add(Response.Id);
        hasher.Add((int)Response.Status);
        hasher.Add(Copied);
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
        var pending = state.Find(done.Tag)!;
        var status = done.Result switch
        {
            DiskResult.Okay => BlkifStatus.Okay,
            DiskResult.NotSupported => BlkifStatus.NotSupported,
            _ => BlkifStatus.Error,
        };
        return new AnswerLocals
        {
            Queue = pending.Queue, Key = pending.Key,
            Response = new BlkifResponse(pending.Id, (BlkifOperation)pending.Operation, status),
        };
    }

    private static Row<AnswerLocals> Row(
        string label, AccessKind kind, string cites, string text, RowBody<AnswerLocals> body) =>
        new Row<AnswerLocals>
        {
            Label = label, Kind = kind, Cites = cites, Text = text,
            Body = (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                // The index for people: where the answer goes, which is not where the request was.
                cpu.Draft.Say(new MachineEvent.RequestTouched(f.Response.Id,
                    QueueOf(cpu.Draft, f).RspProdPvt.Value, f.Queue));
                return body(ref f, ref cpu);
            },
        };

    private static IEnumerable<Row<AnswerLocals>> Put() =>
    [
        new()
        {
            Label = "begin",
            Decide = (in AnswerLocals f, Machine m) => Begin(f, (BlkbackState)m.Back!),
        },
        Row("copy_out", AccessKind.Hypercall, "grant_table.h GNTTABOP_copy",
            "GNTTABOP_copy(pages of its own to granted pages)", (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                f.Copied = true;
                return BlkbackCopy.Call(ref cpu, Blkback.State(cpu.Draft).Find(f.Queue, f.Key)!, Phase.Answer);
            }),
        Row("keep", AccessKind.Private, "xen-blkback/blkback.c xen_blkbk_unmap_prepare",
            "nothing to unmap: its grants, if any, stay mapped", (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                if (f.Copied && !((PageCopyResults)cpu.Result!).Okay)
                {
                    f.Response = f.Response with { Status = BlkifStatus.Error };
                }

                Forget(cpu.Draft, f);
                return Flow.To("unmapped");
            }),
        Row("unmap", AccessKind.Hypercall, "grant_table.h GNTTABOP_unmap_grant_ref",
            "gnttab_unmap_refs(handles of the request)", (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                var state = Blkback.State(cpu.Draft);
                var ops = BlkbackServe.UnmapOps(state, state.Find(f.Queue, f.Key)!.Segments);
                Forget(cpu.Draft, f);
                return BlkbackServe.Unmap(ref cpu, ops, null);
            }),
        new()
        {
            Label = "unmapped",
            Decide = (in AnswerLocals f, Machine _) =>
                f.Response is { Status: BlkifStatus.NotSupported, Operation: not BlkifOperation.Discard }
                    ? "withdraw"
                    : "put_id",
        },
        Row("withdraw", AccessKind.XenStore, "xen-blkback/blkback.c xen_blkbk_flush_diskcache",
            "the disk cannot flush: write feature-flush-cache = 0, feature-barrier = 0", Withdraw),
        Row("put_id", AccessKind.Store, "io/blkif.h blkif_response",
            "slot[rsp_prod_pvt].id = id of the request", (ref AnswerLocals f, ref GuestCpu cpu) =>
                Put(ref f, ref cpu, Blkif.Response.Id, f.Response.Id)),
        Row("put_operation", AccessKind.Store, "io/blkif.h blkif_response",
            "slot.operation = operation of the request", (ref AnswerLocals f, ref GuestCpu cpu) =>
                Put(ref f, ref cpu, Blkif.Response.Operation, (byte)f.Response.Operation)),
        Row("put_status", AccessKind.Store, "io/blkif.h blkif_response",
            "slot.status = status; rsp_prod_pvt++", (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                Put(ref f, ref cpu, Blkif.Response.Status, unchecked((ushort)f.Response.Status));
                var state = Blkback.State(cpu.Draft);
                var queue = state.Queues[f.Queue];
                cpu.Draft.Back = state.With(f.Queue, queue with { RspProdPvt = queue.RspProdPvt.Plus(1) });
                return Flow.Next;
            }),
    ];

    private static string Begin(in AnswerLocals f, BlkbackState state)
    {
        var pending = state.Find(f.Queue, f.Key)!;
        return pending.Segments.Any(s => s.Handle is not null && !s.Kept) ? "unmap"
            : state.Options.Path == DataPath.Copy && pending.Read && f.Response.Status == BlkifStatus.Okay ? "copy_out"
            : "keep";
    }

    private static BackQueue QueueOf(Draft draft, in AnswerLocals f) => Blkback.State(draft).Queues[f.Queue];

    private static Flow Put(ref AnswerLocals f, ref GuestCpu cpu, Field field, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        var (pages, at) = Blkback.SlotOf(ref cpu, f.Queue, QueueOf(cpu.Draft, f).RspProdPvt);
        cpu.StoreBytes(pages, at + field.OffsetBytes, bytes[..field.WidthBytes]);
        return Flow.Next;
    }

    // The request is over: its pages are free, the disk's word of it is taken.
    private static void Forget(Draft draft, in AnswerLocals f)
    {
        var state = Blkback.State(draft);
        draft.Back = state.Drop(state.Find(f.Queue, f.Key)!) with { Completions = state.Completions.RemoveAt(0) };
    }

    private static Flow Withdraw(ref AnswerLocals f, ref GuestCpu cpu)
    {
        cpu.Acknowledge();
        var draft = cpu.Draft;
        var path = Blkback.State(draft).StorePath;
        foreach (var key in new[] { path + "/feature-flush-cache", path + "/feature-barrier" })
        {
            draft.Store = ((XenStore)draft.Store!).Write(cpu.Domain, key, "0").After;
            draft.Say(new MachineEvent.StoreWritten(key, "0"));
        }

        return Flow.Next;
    }

    private static IEnumerable<Row<AnswerLocals>> Push() =>
    [
        Row("push_old", AccessKind.Load, "io/ring.h RING_PUSH_RESPONSES_AND_CHECK_NOTIFY",
            "old = ring.rsp_prod; new = rsp_prod_pvt", (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                f.Old = new RingIndex((uint)cpu.Load(Blkback.RingOf(ref cpu, f.Queue), Ring.RspProd.OffsetBytes, 4));
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
                var now = QueueOf(cpu.Draft, f).RspProdPvt;
                cpu.Store(Blkback.RingOf(ref cpu, f.Queue), Ring.RspProd.OffsetBytes, now.Value, 4);
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
                var now = state.Queues[f.Queue].RspProdPvt;
                var ring = Blkback.RingOf(ref cpu, f.Queue);
                var armed = new RingIndex((uint)cpu.Load(ring, Ring.RspEvent.OffsetBytes, 4));
                var notify = RingMath.Notify(f.Old, now, armed);
                RingNotes.Push(cpu.Draft, false, f.Old, now, armed, notify);
                cpu.Draft.Back = state with { Answered = true };
                return notify ? Flow.Next : Flow.Return;
            }),
        Row("send", AccessKind.Hypercall, "event_channel.h EVTCHNOP_send",
            "notify_remote_via_irq(port)", (ref AnswerLocals f, ref GuestCpu cpu) =>
            {
                var port = QueueOf(cpu.Draft, f).Port;
                cpu.Hypercall(Xen.Hypercall.EventChannelOp, "EVTCHNOP_send", port.Value);
                var send = new DeliveryLocals { Caller = cpu.Domain, From = port, Part = Phase.Answer };
                return Flow.Call(caller => EventDelivery.Send.Start(send, caller));
            }),
    ];
}
