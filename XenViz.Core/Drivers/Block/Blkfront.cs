using System.Buffers.Binary;
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
        hasher.Add(Request.Id);
        hasher.Add(Request.Sector);
        hasher.Add(Segment);
        hasher.Add(Old.Value);
    }
}

/// <summary>
/// blkfront's way of a request into the ring (Linux <c>xen-blkfront.c</c>): grant each page, fill the slot, publish,
/// look whether to notify, notify.
/// </summary>
public static class Blkfront
{
    /// <summary>The virtual device number 202:0, xvda; the backend does not use it.</summary>
    public const ushort DeviceNumber = 51712;

    /// <summary>The listing.</summary>
    public static Listing<QueueLocals> Queue { get; } =
        new("blkif_queue_request", "blkif_queue_request", Actor.Frontend, false, [.. Grant(), .. Fill(), .. Push()]);

    internal static BlkfrontState State(Draft draft) => (BlkfrontState)draft.Front!;

    private static Row<QueueLocals> Row(
        string label, AccessKind kind, string cites, string text, RowBody<QueueLocals> body) =>
        new Row<QueueLocals>
        {
            Label = label, Kind = kind, Cites = cites, Text = text,
            Body = (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                cpu.Draft.Say(new MachineEvent.RequestTouched(f.Request.Id, f.Request.Index.Value));
                return body(ref f, ref cpu);
            },
        };

    private static (Mfn Table, int Offset) Entry(ref GuestCpu cpu, in QueueLocals f) =>
        (cpu.Draft.Domain(cpu.Domain).GrantTable!.Value,
            GrantTable.EntryV1.OffsetBytes(f.Request.Segments[f.Segment].Ref));

    private static int SlotAt(in QueueLocals f, ref GuestCpu cpu) =>
        RingMath.SlotOffset(f.Request.Index, State(cpu.Draft).Size, Blkif.SlotBytes);

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
                var frame = f.Request.Segments[f.Segment].Page.Value;
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
                var flags = GrantTable.Gtf.PermitAccess | (f.Request.Read ? 0 : GrantTable.Gtf.ReadOnly);
                cpu.Store(table, at, (ulong)flags, 2);
                f.Segment++;
                if (f.Segment < f.Request.Segments.Length)
                {
                    return Flow.To("grant_domid");
                }

                f.Segment = 0;
                return Flow.Next;
            }),
    ];

    private static IEnumerable<Row<QueueLocals>> Fill() =>
    [
        Row("fill_head", AccessKind.Store, "io/blkif.h blkif_request",
            "slot.operation, nr_segments, handle = ...", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                var op = f.Request.Read ? BlkifOperation.Read : BlkifOperation.Write;
                var head = BlkifSlot.Head(op, (byte)f.Request.Segments.Length, DeviceNumber);
                cpu.Store(State(cpu.Draft).Ring, SlotAt(f, ref cpu), head, 4);
                return Flow.Next;
            }),
        Row("fill_id", AccessKind.Store, "io/blkif.h blkif_request",
            "slot.id = id of the shadow", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                var at = SlotAt(f, ref cpu) + Blkif.Request.Id.OffsetBytes;
                cpu.Store(State(cpu.Draft).Ring, at, f.Request.Id, 8);
                return Flow.Next;
            }),
        Row("fill_sector", AccessKind.Store, "io/blkif.h blkif_request",
            "slot.sector_number = sector", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                var at = SlotAt(f, ref cpu) + Blkif.Request.SectorNumber.OffsetBytes;
                cpu.Store(State(cpu.Draft).Ring, at, f.Request.Sector, 8);
                return Flow.Next;
            }),
        Row("fill_segment", AccessKind.Store, "io/blkif.h blkif_request_segment",
            "slot.seg[i] = {ref, first_sect, last_sect}; after the last: req_prod_pvt++",
            FillSegment),
    ];

    private static Flow FillSegment(ref QueueLocals f, ref GuestCpu cpu)
    {
        var state = State(cpu.Draft);
        var segment = f.Request.Segments[f.Segment];
        Span<byte> bytes = stackalloc byte[6];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, segment.Ref.Value);
        bytes[4] = segment.FirstSect;
        bytes[5] = segment.LastSect;
        var field = Blkif.Request.OfSegment(Blkif.Segment.Gref, f.Segment);
        cpu.StoreBytes(state.Ring, SlotAt(f, ref cpu) + field.OffsetBytes, bytes);
        f.Segment++;
        if (f.Segment < f.Request.Segments.Length)
        {
            return Flow.To("fill_segment");
        }

        f.Segment = 0;
        cpu.Draft.Front = state with { ReqProdPvt = state.ReqProdPvt.Plus(1) };
        return Flow.Next;
    }

    private static IEnumerable<Row<QueueLocals>> Push() =>
    [
        Row("push_old", AccessKind.Load, "io/ring.h RING_PUSH_REQUESTS_AND_CHECK_NOTIFY",
            "old = ring.req_prod; new = req_prod_pvt", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                f.Old = new RingIndex((uint)cpu.Load(State(cpu.Draft).Ring, Ring.ReqProd.OffsetBytes, 4));
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
                var state = State(cpu.Draft);
                cpu.Store(state.Ring, Ring.ReqProd.OffsetBytes, state.ReqProdPvt.Value, 4);
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
                var state = State(cpu.Draft);
                var armed = new RingIndex((uint)cpu.Load(state.Ring, Ring.ReqEvent.OffsetBytes, 4));
                var notify = RingMath.Notify(f.Old, state.ReqProdPvt, armed);
                RingNotes.Push(cpu.Draft, true, f.Old, state.ReqProdPvt, armed, notify);
                f.Old = default;
                return notify ? Flow.Next : Flow.Return;
            }),
        Row("send", AccessKind.Hypercall, "event_channel.h EVTCHNOP_send",
            "notify_remote_via_evtchn(port)", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                var port = State(cpu.Draft).Port;
                cpu.Hypercall(Xen.Hypercall.EventChannelOp, "EVTCHNOP_send", port.Value);
                var send = new DeliveryLocals { Caller = cpu.Domain, From = port, Part = Phase.Submit };
                return Flow.Call(caller => EventDelivery.Send.Start(send, caller));
            }),
    ];
}
