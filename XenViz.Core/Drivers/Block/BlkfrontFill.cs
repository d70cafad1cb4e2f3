using System.Buffers.Binary;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>The rows with which blkfront writes a request: the pages that go with it, then the slot.</summary>
internal static class BlkfrontFill
{
    /// <summary>The rows that write into granted pages of the driver's own.</summary>
    public static IEnumerable<Row<QueueLocals>> Pages() =>
    [
        new()
        {
            Label = "pages",
            Decide = (in QueueLocals f, Machine _) =>
                !f.Request.Read && !f.Request.Segments.IsEmpty && f.Request.Segments[0].Source is not null ? "bounce_in"
                : !f.Request.Indirect.IsEmpty ? "fill_indirect"
                : "fill_head",
        },
        Blkfront.Row("bounce_in", AccessKind.Store, "xen-blkfront.c blkif_copy_from_sg",
            "memcpy(granted page, page of the data)", BounceIn),
        Blkfront.Row("fill_indirect", AccessKind.Store, "xen-blkfront.c blkif_setup_rw_req_grant",
            "page of segments[i] = {ref, first_sect, last_sect}", FillIndirect),
    ];

    /// <summary>The rows that write into the slot.</summary>
    public static IEnumerable<Row<QueueLocals>> Slot() =>
    [
        Blkfront.Row("fill_head", AccessKind.Store, "io/blkif.h blkif_request",
            "slot.operation, nr_segments, handle = ...", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                f.Segment = 0;
                return Put(ref f, ref cpu, 0, Head(f.Request), 4);
            }),
        Blkfront.Row("fill_id", AccessKind.Store, "io/blkif.h blkif_request",
            "slot.id = id of the shadow", (ref QueueLocals f, ref GuestCpu cpu) =>
                Put(ref f, ref cpu, Layout(ref cpu).IdAt, f.Request.Id, 8)),
        Blkfront.Row("fill_sector", AccessKind.Store, "io/blkif.h blkif_request",
            "slot.sector_number = sector", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                Put(ref f, ref cpu, Layout(ref cpu).SectorAt, f.Request.Sector, 8);
                return f.Request.Operation == BlkifOperation.Discard ? Flow.To("fill_count")
                    : !f.Request.Indirect.IsEmpty ? Flow.To("fill_handle")
                    : f.Request.Segments.IsEmpty ? Filled(ref f, ref cpu)
                    : Flow.Next;
            }),
        Blkfront.Row("fill_segment", AccessKind.Store, "io/blkif.h blkif_request_segment",
            "slot.seg[i] = {ref, first_sect, last_sect}; after the last: req_prod_pvt++", FillSegment),
        Blkfront.Row("fill_count", AccessKind.Store, "io/blkif.h blkif_request_discard",
            "slot.nr_sectors = how many; req_prod_pvt++", (ref QueueLocals f, ref GuestCpu cpu) =>
            {
                Put(ref f, ref cpu, Layout(ref cpu).NrSectorsAt, f.Request.Discarded, 8);
                return Filled(ref f, ref cpu);
            }),
        Blkfront.Row("fill_handle", AccessKind.Store, "io/blkif.h blkif_request_indirect",
            "slot.handle = device number", (ref QueueLocals f, ref GuestCpu cpu) =>
                Put(ref f, ref cpu, Layout(ref cpu).IndirectHandleAt, Blkfront.DeviceNumber, 2)),
        Blkfront.Row("fill_ref", AccessKind.Store, "io/blkif.h blkif_request_indirect",
            "slot.indirect_grefs[i] = ref of the page of segments; after the last: req_prod_pvt++", FillRef),
    ];

    private static BlkifLayout Layout(ref GuestCpu cpu) => Blkfront.State(cpu.Draft).Options.FrontLayout;

    // What the first four bytes say differs by kind: see the three request structures.
    private static uint Head(Shadow request)
    {
        if (request.Operation == BlkifOperation.Discard)
        {
            return BlkifSlot.Head(
                BlkifOperation.Discard, (byte)(request.Secure ? Blkif.Discard.Secure : 0), Blkfront.DeviceNumber);
        }

        return request.Indirect.IsEmpty
            ? BlkifSlot.Head(request.Operation, (byte)request.Segments.Length, Blkfront.DeviceNumber)
            : BlkifSlot.Head(BlkifOperation.Indirect, (byte)request.Operation, (ushort)request.Segments.Length);
    }

    private static Flow Put(ref QueueLocals f, ref GuestCpu cpu, int offset, ulong value, int width)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Store(ref f, ref cpu, offset, bytes[..width]);
        return Flow.Next;
    }

    private static void Store(ref QueueLocals f, ref GuestCpu cpu, int offset, scoped ReadOnlySpan<byte> bytes)
    {
        var state = Blkfront.State(cpu.Draft);
        var at = RingMath.SlotOffset(f.Request.Index, state.Size, state.Options.FrontLayout.SlotBytes) + offset;
        cpu.StoreBytes(state.Queues[f.Request.Queue].Pages, at, bytes);
    }

    private static Flow BounceIn(ref QueueLocals f, ref GuestCpu cpu)
    {
        var segment = f.Request.Segments[f.Segment];
        var offset = segment.FirstSect * Sector.SizeBytes;
        var bytes = cpu.Draft.PeekBytes(segment.Data, offset, segment.Bytes);
        cpu.StoreBytes(segment.Page, offset, bytes);
        cpu.Draft.Say(new MachineEvent.BytesCopied(cpu.Domain, bytes.Length, false));
        f.Segment++;
        if (f.Segment < f.Request.Segments.Length)
        {
            return Flow.To("bounce_in");
        }

        f.Segment = 0;
        return Flow.To(f.Request.Indirect.IsEmpty ? "fill_head" : "fill_indirect");
    }

    private static Flow FillIndirect(ref QueueLocals f, ref GuestCpu cpu)
    {
        var page = f.Request.Indirect[f.Segment / Blkif.SegmentsPerPage].Page;
        Span<byte> bytes = stackalloc byte[BlkifSlot.SegmentBytes];
        BlkifSlot.WriteSegment(bytes, f.Request.Segments[f.Segment].Wire);
        cpu.StoreBytes(page, f.Segment % Blkif.SegmentsPerPage * Blkif.Segment.SizeBytes, bytes);
        f.Segment++;
        return f.Segment < f.Request.Segments.Length ? Flow.To("fill_indirect") : Flow.Next;
    }

    private static Flow FillSegment(ref QueueLocals f, ref GuestCpu cpu)
    {
        Span<byte> bytes = stackalloc byte[BlkifSlot.SegmentBytes];
        BlkifSlot.WriteSegment(bytes, f.Request.Segments[f.Segment].Wire);
        Store(ref f, ref cpu, Layout(ref cpu).SegmentsAt + (f.Segment * Blkif.Segment.SizeBytes), bytes);
        f.Segment++;
        return f.Segment < f.Request.Segments.Length ? Flow.To("fill_segment") : Filled(ref f, ref cpu);
    }

    private static Flow FillRef(ref QueueLocals f, ref GuestCpu cpu)
    {
        Put(ref f, ref cpu, Layout(ref cpu).IndirectGrefsAt + (f.Segment * 4), f.Request.Indirect[f.Segment].Ref.Value,
            4);
        f.Segment++;
        return f.Segment < f.Request.Indirect.Length ? Flow.To("fill_ref") : Filled(ref f, ref cpu);
    }

    private static Flow Filled(ref QueueLocals f, ref GuestCpu cpu)
    {
        f.Segment = 0;
        var state = Blkfront.State(cpu.Draft);
        var queue = state.Queues[f.Request.Queue];
        cpu.Draft.Front = state.With(f.Request.Queue, queue with { ReqProdPvt = queue.ReqProdPvt.Plus(1) });
        return Flow.To("push_old");
    }
}
