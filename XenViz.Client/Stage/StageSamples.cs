using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Client.Stage;

/// <summary>Moments of the figure written down by hand, to look at the stage, and to rehearse it, without a
/// session.</summary>
public static class StageSamples
{
    /// <summary>The moments there are.</summary>
    public static readonly ImmutableArray<string> Names =
    [
        "before", "2.2", "2.4", "2.8", "2.11", "3.5", "4.10", "4.16", "5.3", "U.2", "R.6", "6.5", "7.9", "E.2", "done",
    ];

    /// <summary>A moment.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="slots">8, 16 or 32.</param>
    /// <param name="read">True for the READ.</param>
    /// <param name="start">All indices at the start.</param>
    public static SessionView Of(string name, int slots = 8, bool read = false, uint start = 45)
    {
        var at = Math.Max(0, Names.IndexOf(name));
        bool From(string moment) => at >= Names.IndexOf(moment);
        var next = unchecked(start + 1);
        var slot = (int)(start & (uint)(slots - 1));
        var request = new RequestView(
            3, start, slot, read ? "READ" : "WRITE", 2048, 8, [9],
            From("7.9") ? "done" : From("R.6") ? "answered" : From("4.10") ? "serving"
            : From("2.11") ? "pending" : "private");
        var mapped = From("4.16") && !From("U.2");
        var text = read ? (From("5.3") ? "Hello, guest!" : "") : "Hello, disk!";
        var stage = new StageView
        {
            Focus = From("2.8") ? request : null,
            Guest = new DomainView(5, true, !(From("4.10") && !From("6.5"))),
            Driver = new DomainView(2, true, From("3.5")),
            ApplicationCall = read ? "read(fd, buf, 4096)" : "write(fd, buf, 4096)",
            Front = new FrontIndicesView(From("2.8") ? next : start, From("7.9") ? next : start),
            Back = new BackIndicesView(From("4.10") ? next : start, From("R.6") ? next : start),
            BackendCopy = From("4.10") && !From("6.5") ? request : null,
            DiskDriver = From("U.2") ? "done" : From("5.3") ? "submitted" : "idle",
            Data = name == "before" ? null : new DataPageView(
                0x5A21, 0x1A4, 5, text, "48656C6C6F2C2064", mapped ? 2 : 1, read && mapped ? 1 : 0, 1, 1),
            DriverWindow = From("4.16") && !From("R.6")
                ? new WindowView("0xFFFF8880003F1000", read, From("U.2")) : null,
            Grant = From("2.2") ? Grant(name, read, mapped) : null,
            Maptrack = mapped ? new MaptrackView(
                17, 2, 5, 9, read ? 2u : 6u, read ? ["host_map"] : ["host_map", "readonly"], "0xFFFF8880003F1000",
                0x5A21) : null,
            GuestPort = new PortView(5, 6, "interdomain", 2, 70, name == "6.5", false, false, name == "6.5", false),
            DriverPort = new PortView(2, 70, "interdomain", 5, 6, name == "3.5", false, false, name == "3.5", false),
            DiskPort = new PortView(2, 12, "pirq", null, null, false, false, false, false, false),
            Iommu = mapped ? new IommuView(0x5A21, 0x5A21, read) : null,
            Dma = name == "5.3" ? new DmaView("moved", 0x5A21000, 4096, 2048, read)
                : new DmaView("idle", null, 0, 0, read),
            Carriers = Carriers(name, read),
            Lights = Lights(name),
            Acting = Acting(name),
        };
        return View(name, at, slots, read, start, stage, request, From);
    }

    private static GrantEntryView Grant(string name, bool read, bool mapped)
    {
        string[] names = name switch
        {
            "2.2" or "E.2" or "done" => [],
            _ => [.. read ? new[] { "permit_access" } : ["permit_access", "readonly"],
                .. mapped ? read ? ["reading", "writing"] : new[] { "reading" } : []],
        };
        var flags = names.Sum(n => n switch { "permit_access" => 1, "readonly" => 4, "reading" => 8, _ => 16 });
        return new GrantEntryView
        {
            Ref = 9, Flags = (ushort)flags, FlagNames = [.. names], DomId = 2, Frame = 0x5A21, Use = "data",
        };
    }

    private static SessionView View(
        string name, int at, int slots, bool read, uint start, StageView stage, RequestView request,
        Func<string, bool> from)
    {
        var next = unchecked(start + 1);
        var step = name switch
        {
            "before" => 0, "done" or "E.2" or "7.9" => 7, "U.2" or "R.6" => 6, _ => name[0] - '0',
        };
        var kind = from("R.6") ? "response" : from("2.8") ? "request" : "free";
        var state = kind == "free" ? "free" : request.State;
        return new SessionView
        {
            Sequence = at + 1,
            Run = new RunView
            {
                Parameters = new RunParameters { Slots = slots, Read = read, StartIndex = start },
                Title = name, Subtitle = name, Position = at, Length = Names.Length, Link = "", Fingerprint = "",
            },
            Timeline = new TimelineView { Stops = [.. Enumerable.Range(0, Names.Length)] },
            Narration = new NarrationView
            {
                Number = name, Step = step, Caption = name, Why = name, Spoken = name,
                InFigure = char.IsDigit(name[0]),
                StepStates = [.. Enumerable.Range(1, 7).Select(
                    i => name == "done" || i < step ? "past" : i == step ? "current" : "future")],
            },
            Stage = stage,
            Ring = new RingView
            {
                Size = slots, Mfn = 0x5A10, ReqProd = from("2.11") ? next : start, ReqEvent = next,
                RspProd = from("R.6") ? next : start, RspEvent = next, ReqProdPvt = stage.Front.ReqProdPvt,
                RspCons = stage.Front.RspCons, ReqCons = stage.Back.ReqCons, RspProdPvt = stage.Back.RspProdPvt,
                Free = (uint)slots - (from("2.8") && !from("7.9") ? 1u : 0u),
                Slots = [.. Enumerable.Range(0, slots).Select(i => i == request.Slot && kind != "free"
                    ? new SlotView(i, start, kind, state, request.Operation, 3, kind == "request" ? 9u : null,
                        kind == "response" ? 0 : null, false)
                    : new SlotView(i, start, "free", "free", "", 0, null, null, i % 3 != 0))],
                FocusSlot = request.Slot,
            },
            Grants = new GrantTableView(), PageMap = new PageMapView(), Events = new EventChannelView(),
            Code = new CodeView(), Bytes = new HexView(),
            Changes = Changes(name, start, read),
        };
    }

    private static ImmutableArray<ChangeView> Changes(string name, uint start, bool read)
    {
        string from = $"{start}", to = $"{unchecked(start + 1)}";
        var slot = $"slot.{start & 7}";
        return name switch
        {
            "2.2" => [new("grant.9.frame", "0x0", "0x5A21")],
            "2.4" => [new("grant.9.flags", "0x0000", read ? "0x0001" : "0x0005")],
            "2.8" => [new(slot, "free", "request"), new("front.req_prod_pvt", from, to)],
            "2.11" => [new("ring.req_prod", from, to)],
            "3.5" => [new("port.2.70.pending", "0", "1"), new("vcpu.2", "asleep", "running"),
                new("port.2.70.upcall", "0", "1")],
            "4.10" => [new("back.copy", "", "WRITE"), new("back.req_cons", from, to)],
            "4.16" => [new("grant.9.flags", read ? "0x0001" : "0x0005", read ? "0x0019" : "0x000D"),
                new("mapping.17", "", "17"), new("pte", "", "0x5A21"), new("iommu", "", "read"),
                new("refs.0x5A21", "1", "2")],
            "5.3" => read ? [new("data", "", "Hello"), new("dma", "queued", "moved")]
                : [new("disk", "", "Hello"), new("dma", "queued", "moved")],
            "U.2" => [new("pte", "0x5A21", ""), new("mapping.17", "17", ""), new("iommu", "read", "")],
            "R.6" => [new("ring.rsp_prod", from, to)],
            "6.5" => [new("port.5.6.pending", "0", "1"), new("vcpu.5", "asleep", "running")],
            "7.9" => [new("front.rsp_cons", from, to)],
            "E.2" => [new("grant.9.flags", read ? "0x0001" : "0x0005", "0x0000")],
            _ => [],
        };
    }

    private static ImmutableArray<CarrierView> Carriers(string name, bool read) => name switch
    {
        "2.2" or "2.4" => [new("grant-write", "9")],
        "2.8" => [new("put", "9")],
        "2.11" => [new("publish", "")],
        "3.5" => [new("event-to-driver", "70")],
        "4.10" => [new("fetch", "9")],
        "4.16" => [new("hypercall-back", "9"), new("check-grant", ""), new("map", ""), new("iommu", "")],
        "5.3" => [new("iommu-check", ""), new(read ? "dma-in" : "dma-out", "")],
        "U.2" => [new("hypercall-back", "17"), new("unmap", "")],
        "R.6" => [new("respond", "")],
        "6.5" => [new("event-to-guest", "6")],
        "7.9" => [new("consume", "")],
        "E.2" => [new("end-access", "9")],
        "done" => [new("done", "")],
        _ => [],
    };

    private static ImmutableArray<string> Lights(string name) => name switch
    {
        "2.2" or "2.4" or "E.2" => ["front", "grant", "data"],
        "2.8" or "2.11" or "7.9" => ["front", "ring"],
        "3.5" => ["guest-port", "driver-port", "xen"],
        "4.10" => ["back", "ring"],
        "4.16" => ["back", "grant", "maptrack", "data", "driver-window", "guest-window", "iommu", "xen"],
        "5.3" => ["iommu", "dma", "disk", "data"],
        "U.2" => ["back", "driver-window", "maptrack", "iommu", "data"],
        "R.6" => ["back", "ring"],
        "6.5" => ["guest-port", "driver-port", "xen"],
        "done" => ["app", "front"],
        _ => [],
    };

    private static string? Acting(string name) => name switch
    {
        "before" => null,
        "3.5" or "6.5" => "xen",
        "4.10" or "4.16" or "U.2" or "R.6" => "back",
        "5.3" => "dma",
        _ => "front",
    };
}
