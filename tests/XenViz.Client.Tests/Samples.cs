using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests;

/// <summary>Views as the engine would give them: the WRITE of the figure when Xen has just marked entry 9.</summary>
internal static class Samples
{
    private static readonly string[] Numbers =
    [
        "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9", "2.10", "2.11",
        "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9", "3.10",
        "4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8", "4.9", "4.10", "4.11", "4.12", "4.13", "4.14", "4.15",
        "4.16", "5.1", "5.2", "5.3", "5.4", "6.1", "6.2", "6.3", "6.4", "6.10", "7.1", "7.2", "7.9", "7.10",
    ];

    /// <summary>The rows of one WRITE.</summary>
    public static ImmutableArray<TimelineRow> Rows { get; } = [.. Numbers.Select(Row)];

    /// <summary>An answer by which every fifth row is about the question; nothing is about "nothing".</summary>
    public static FindAnswer Found(FindRequest request)
    {
        int[] positions = request.Text == "nothing" ? [] : [.. Enumerable.Range(1, Rows.Length / 5).Select(i => i * 5)];
        return new FindAnswer(
            null, 0, Rows.Length, positions.Length, request.From == 0 ? positions : [],
            [
                .. positions.Skip(request.From).Take(request.Count).Select(at => new HitView(
                    at, Rows[at - 1].Number, Rows[at - 1].Lane, $"row {at}", $"{request.Text} 0 → 1", true)),
            ]);
    }

    /// <summary>A view at a position with every row told.</summary>
    public static SessionView At(int position, Func<SessionView, SessionView>? change = null)
    {
        var number = position == 0 ? "start" : Numbers[position - 1];
        var view = new SessionView
        {
            Sequence = position + 1,
            Run = new RunView
            {
                Parameters = new RunParameters(),
                Title = "Block write, 4 KiB",
                Subtitle = "blkfront to blkback, mapped, ring of 8",
                Position = position,
                Length = Rows.Length,
                InsideXen = true,
                Link = $"/?scenario=figure&at={position}",
                Fingerprint = "0123456789ABCDEF",
            },
            Timeline = new TimelineView
            {
                Rows = Rows,
                Stops = [.. Enumerable.Range(1, Rows.Length)],
                Branches = [new BranchView(0, null, 0, Rows.Length, "main")],
            },
            Narration = new NarrationView
            {
                Number = number,
                Step = position == 0 ? 0 : Rows[position - 1].Step,
                Caption = "Xen marks the entry \"reading\". The guest can see it.",
                Why = "Flags and domain are compared and exchanged in one atomic step. If the guest changed them "
                    + "meanwhile Xen tries again, 5 times in all.",
                Actor = position == 0 ? Actor.Application : Rows[position - 1].Lane,
                Spoken = $"{number}, Xen: Xen marks the entry reading.",
                Choices = [new ChoiceView(2, "blkback", Actor.Backend, "4.13", true)],
            },
            Stage = Stage,
            Ring = Ring(),
            Grants = Grants,
            PageMap = Map,
            Events = Events,
            Code = Code,
            Bytes = Bytes,
            Changes = [new ChangeView("grant.9.flags", "0x0005", "0x000d"), new ChangeView("pin.9", "0x0", "0x100")],
        };
        return change is null ? view : change(view);
    }

    /// <summary>A ring with one request in service at index 45.</summary>
    public static RingView Ring(int size = 8, uint start = 45) => new RingView
    {
        Size = size,
        Mfn = 0x5A10,
        ReqProd = unchecked(start + 1),
        ReqEvent = unchecked(start + 1),
        RspProd = start,
        RspEvent = unchecked(start + 1),
        ReqProdPvt = unchecked(start + 1),
        RspCons = start,
        ReqCons = unchecked(start + 1),
        RspProdPvt = start,
        Free = (uint)size - 1,
        Slots = [.. Enumerable.Range(0, size).Select(slot => Slot(slot, size, start))],
        FocusSlot = new RingIndex(start).SlotIn(size),
        Notify = new NotifyView(true, start, unchecked(start + 1), unchecked(start + 1), true, "3.2"),
    };

    /// <summary>The two entries of the figure.</summary>
    public static GrantTableView Grants { get; } = new GrantTableView
    {
        Domain = 5,
        Mfn = 0x5F00,
        FocusRef = 9,
        Entries =
        [
            new GrantEntryView
            {
                Ref = 8, Flags = 0x19, FlagNames = ["permit_access", "reading", "writing"], DomId = 2, Frame = 0x5A10,
                PinnedMfn = 0x5A10, Pins = 0x1, Use = "ring", Bytes = "19000200105A0000",
            },
            new GrantEntryView
            {
                Ref = 9, Flags = 0xD, FlagNames = ["permit_access", "readonly", "reading"], DomId = 2, Frame = 0x5A21,
                PinnedMfn = 0x5A21, Pins = 0x100, Use = "data", Bytes = "0D000200215A0000",
            },
        ],
        Mappings =
        [
            new MaptrackView(16, 2, 5, 8, 2, ["host_map"], "0xFFFF8880003F0000", 0x5A10),
            new MaptrackView(17, 2, 5, 9, 6, ["host_map", "readonly"], "0xFFFF8880003F1000", 0x5A21),
        ],
    };

    /// <summary>The data page, mapped read-only.</summary>
    public static PageMapView Map { get; } = new PageMapView
    {
        Mfn = 0x5A21,
        Owner = 5,
        Use = "data",
        Head = "48656C6C6F2C206469736B21" + new string('0', 232),
        GuestPfn = 0x1A4,
        Backend = new WindowView("0xFFFF8880003F1000", false, false),
        Handle = 17,
        References = 2,
        Frames = [new FrameView(0x5A21, 5, "data", 2, [2]), new FrameView(0x5A10, 5, "ring", 2, [2])],
    };

    /// <summary>Both ends of the channel and the disk's interrupt.</summary>
    public static EventChannelView Events { get; } = new EventChannelView
    {
        Ports =
        [
            new PortView(5, 6, "interdomain", 2, 70, false, false, false, false, false),
            new PortView(2, 70, "interdomain", 5, 6, true, false, true, true, false),
            new PortView(2, 12, "pirq", null, null, false, false, false, false, false),
        ],
        Way =
        [
            new EventStepView("3.5", "Xen sets the pending bit of port 70", "pending 0 → 1", false),
            new EventStepView("3.6", "Port 70 is not masked", "", true),
        ],
    };

    /// <summary>Two listings; blkback's second row just ran.</summary>
    public static CodeView Code { get; } = new CodeView
    {
        Listings =
        [
            new ListingView("front", "blkif_queue_rw_req", Actor.Frontend,
            [
                new("wait for event", "blkif_interrupt", AccessKind.Private),
                new("rp = ring.rsp_prod", "", AccessKind.Load),
            ]),
            new ListingView("back", "xen_blkbk_map", Actor.Backend,
            [
                new("rp = ring.req_prod", "", AccessKind.Load),
                new("map(dom 5, ref 9)", "gnttab_map_refs", AccessKind.Hypercall),
            ]),
            new ListingView("idle", "blkfront_probe", Actor.Frontend,
            [
                new("state = Initialised", "", AccessKind.XenStore),
            ]),
        ],
        Cursors =
        [
            new CursorView(1, "blkfront", "front", 0, "7.1", "waiting", false, "", -1),
            new CursorView(2, "blkback", "back", 0, "5.1", "ready", true, "back", 1),
        ],
        Access = new AccessView(
            AccessKind.Atomic, "grant frame 0x5F00 @0x048", "05 00 02 00", "0D 00 02 00", "_set_status"),
    };

    /// <summary>The ring's header and the changed entry.</summary>
    public static HexView Bytes { get; } = new HexView
    {
        Areas =
        [
            new HexAreaView("ring-header", "Ring page", 0x5A10, 0,
                "2E0000002E0000002D0000002E000000" + new string('0', 96),
                [
                    new HexFieldView(0, 4, "req_prod", "46", Writer.Guest, false),
                    new HexFieldView(4, 4, "req_event", "46", Writer.Driver, false),
                    new HexFieldView(8, 4, "rsp_prod", "45", Writer.Driver, false),
                    new HexFieldView(12, 4, "rsp_event", "46", Writer.Guest, false),
                ],
                []),
            new HexAreaView("grants", "Grant table of dom 5", 0x5F00, 0x40, "19000200105A00000D000200215A0000",
                [
                    new HexFieldView(0x40, 2, "flags", "0x0019", Writer.Both, false),
                    new HexFieldView(0x42, 2, "domid", "2", Writer.Guest, false),
                    new HexFieldView(0x44, 4, "frame", "0x5A10", Writer.Guest, false),
                    new HexFieldView(0x48, 2, "flags", "0x000d", Writer.Both, false),
                    new HexFieldView(0x4A, 2, "domid", "2", Writer.Guest, false),
                    new HexFieldView(0x4C, 4, "frame", "0x5A21", Writer.Guest, false),
                ],
                [0x48]),
        ],
    };

    private static StageView Stage { get; } = new StageView
    {
        Guest = new DomainView(5, true, false),
        Driver = new DomainView(2, true, true),
        ApplicationCall = "write(fd, buf, 4096)",
        Front = new FrontIndicesView(46, 45),
        Back = new BackIndicesView(46, 45),
        DiskDriver = "idle",
        Dma = new DmaView("idle", null, 0, 0, false),
        Data = new DataPageView(0x5A21, 0x1A4, 5, "Hello, disk!", "48 65 6C 6C", 2, 0, 1, 1),
    };

    private static SlotView Slot(int slot, int size, uint start)
    {
        var used = slot == new RingIndex(start).SlotIn(size);
        var index = unchecked(start + (uint)((slot - (int)(start % (uint)size) + size) % size));
        return used
            ? new SlotView(slot, index, "request", "serving", "WRITE", 3, 9, null, false)
            : new SlotView(slot, index, "free", "free", "", 0, null, null, slot % 2 == 0);
    }

    private static TimelineRow Row(string number)
    {
        var step = number[0] - '0';
        var lane = number switch
        {
            "1.1" or "1.2" => Actor.Application,
            _ when step is 2 or 7 => Actor.Frontend,
            "3.1" or "3.2" or "3.3" => Actor.Frontend,
            "5.2" or "5.3" or "5.4" => Actor.Device,
            "4.11" or "4.12" or "4.13" or "4.14" or "4.15" or "4.16" => Actor.Xen,
            _ when step == 3 || number == "6.4" => Actor.Xen,
            _ => Actor.Backend,
        };
        var kind = number is "2.3" or "2.10" or "3.1" or "4.8" or "6.1" ? AccessKind.Fence : AccessKind.Store;
        Actor? target = number switch
        {
            "1.2" => Actor.Frontend,
            "3.3" => Actor.Xen,
            "3.9" => Actor.Backend,
            "5.4" => Actor.Backend,
            "6.3" => Actor.Xen,
            "6.10" => Actor.Frontend,
            "7.10" => Actor.Application,
            _ => null,
        };
        return new TimelineRow(number, step, lane, kind, true, target);
    }
}
