using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>The locals of putting a request into the ring.</summary>
public struct QueueLocals : ILocals
{
    /// <summary>The request.</summary>
    public Shadow Request;

    /// <summary>The segment at work.</summary>
    public int Segment;

    /// <summary>The shared index before the push.</summary>
    public RingIndex Old;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Submit;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Request.Queue);
        hasher.Add(Request.Id);
        hasher.Add(Request.Sector);
        hasher.Add(Segment);
        hasher.Add(Old.Value);
    }
}

/// <summary>
/// blkfront's way of a request into the ring (Linux <c>xen-blkfront.c</c>): grant each page that is not granted yet,
/// with persistent grants copy the data in, fill the slot, publish, look whether to notify, notify.
/// </summary>
public static class Blkfront
{
    /// <summary>The virtual device number 202:0, xvda; the backend does not use it.</summary>
    public const ushort DeviceNumber = 51712;

    /// <summary>The listing.</summary>
    public static Listing<QueueLocals> Queue { get; } =
        new("blkif_queue_request", "blkif_queue_request", Actor.Frontend, false,
            [.. Grant(), .. BlkfrontFill.Pages(), .. BlkfrontFill.Slot(), .. Push()]);

    internal static BlkfrontState State(Draft draft) => (BlkfrontState)draft.Front!;

    internal static Row<QueueLocals> Row(
        string label, AccessKind kind, string cites, string text, RowBody<QueueLocals> body) =>
        new Row<QueueLocals>
        {
            Label = label, Kind = kind, Cites = cites, Text = text,
            Body = (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                var request = f.Request;
                cpu.Draft.Say(new MachineEvent.RequestTouched(request.Id, request.Index.Value, request.Queue));
                return body(ref f, ref cpu);
            },
        };

    private static FrontQueue QueueOf(ref GuestCpu cpu, in QueueLocals f) => State(cpu.Draft).Queues[f.Request.Queue];

    private static Mfn RingOf(ref GuestCpu cpu, in QueueLocals f) => QueueOf(ref cpu, f).Pages[0];

    private static (Mfn Table, int Offset) Entry(ref GuestCpu cpu, in QueueLocals f) =>
        (cpu.Draft.Domain(cpu.Domain).GrantTable!.Value,
            GrantTable.EntryV1.OffsetBytes(f.Request.Granted[f.Segment].Ref));

    /// <summary>Begins to run it for a request: pages that are granted already need no entry.</summary>
    public static Activation Start(
        Shadow request, Activation caller, Listing<QueueLocals>? queue = null)
    {
        // The pool gives granted pages first, so those that are not granted yet lie behind them.
        var first = request.Segments.TakeWhile(s => s.Kept).Count();
        return first < request.Segments.Length + request.Indirect.Length
            ? (queue ?? Queue).Start(new QueueLocals { Request = request, Segment = first }, caller)
            : (queue ?? Queue).StartAt("pages", new QueueLocals { Request = request }, caller);
    }

    private static IEnumerable<Row<QueueLocals>> Grant() =>
    [
        Row("grant_domid", AccessKind.Store, "grant-table.c gnttab_update_entry_v1",
            "grant[ref].domid = backend", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                var (table, at) = Entry(ref cpu, f);
                cpu.Store(table, at + GrantTable.EntryV1.DomId.OffsetBytes, State(cpu.Draft).Peer.Value, 2);
                return Flow.Next;
            }),
        Row("grant_frame", AccessKind.Store, "grant-table.c gnttab_update_entry_v1",
            "grant[ref].frame = frame of the page", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                var (table, at) = Entry(ref cpu, f);
                var frame = f.Request.Granted[f.Segment].Page.Value;
                cpu.Store(table, at + GrantTable.EntryV1.Frame.OffsetBytes, frame, 4);
                return Flow.Next;
            }),
        Row("grant_wmb", AccessKind.Fence, "grant-table.c gnttab_update_entry_v1",
            "wmb()", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Write);
                return Flow.Next;
            }),
        Row("grant_flags", AccessKind.Store, "grant-table.c gnttab_update_entry_v1",
            "grant[ref].flags = permit_access (| readonly for a WRITE)", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                var (table, at) = Entry(ref cpu, f);
                var writable = f.Segment < f.Request.Segments.Length
                    && (f.Request.Read || State(cpu.Draft).Options.Path == DataPath.Persistent);
                var flags = GrantTable.Gtf.PermitAccess | (writable ? 0 : GrantTable.Gtf.ReadOnly);
                cpu.Store(table, at, (ulong)flags, 2);
                f.Segment++;
                if (f.Segment < f.Request.Segments.Length + f.Request.Indirect.Length)
                {
                    return Flow.To("grant_domid");
                }

                f.Segment = 0;
                return Flow.To("pages");
            }),
    ];

    private static IEnumerable<Row<QueueLocals>> Push() =>
    [
        Row("push_old", AccessKind.Load, "io/ring.h RING_PUSH_REQUESTS_AND_CHECK_NOTIFY",
            "old = ring.req_prod; new = req_prod_pvt", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                f.Old = new RingIndex((uint)cpu.Load(RingOf(ref cpu, f), Ring.ReqProd.OffsetBytes, 4));
                return Flow.Next;
            }),
        Row("push_wmb", AccessKind.Fence, "io/ring.h RING_PUSH_REQUESTS_AND_CHECK_NOTIFY",
            "wmb()", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Write);
                return Flow.Next;
            }),
        Row("push_new", AccessKind.Store, "io/ring.h RING_PUSH_REQUESTS_AND_CHECK_NOTIFY",
            "ring.req_prod = new", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                var queue = QueueOf(ref cpu, f);
                cpu.Store(queue.Pages[0], Ring.ReqProd.OffsetBytes, queue.ReqProdPvt.Value, 4);
                return Flow.Next;
            }),
        Row("push_mb", AccessKind.Fence, "io/ring.h RING_PUSH_REQUESTS_AND_CHECK_NOTIFY",
            "mb()", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Full);
                return Flow.Next;
            }),
        Row("push_event", AccessKind.Load, "io/ring.h RING_PUSH_REQUESTS_AND_CHECK_NOTIFY",
            "notify = (new - ring.req_event) < (new - old)", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                var queue = QueueOf(ref cpu, f);
                var armed = new RingIndex((uint)cpu.Load(queue.Pages[0], Ring.ReqEvent.OffsetBytes, 4));
                var notify = RingMath.Notify(f.Old, queue.ReqProdPvt, armed);
                RingNotes.Push(cpu.Draft, true, f.Old, queue.ReqProdPvt, armed, notify);
                f.Old = default;
                return notify ? Flow.Next : Flow.Return;
            }),
        Row("send", AccessKind.Hypercall, "event_channel.h EVTCHNOP_send",
            "notify_remote_via_evtchn(port)", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                var port = QueueOf(ref cpu, f).Port;
                cpu.Hypercall(Xen.Hypercall.EventChannelOp, "EVTCHNOP_send", port.Value);
                var send = new DeliveryLocals { Caller = cpu.Domain, From = port, Part = Phase.Submit };
                return Flow.Call(caller => EventDelivery.Send.Start(send, caller));
            }),
    ];
}
