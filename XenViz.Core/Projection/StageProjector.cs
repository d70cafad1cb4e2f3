using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>What the stage shows at a moment.</summary>
public static class StageProjector
{
    private const int TextLength = 24;

    /// <summary>Makes the view.</summary>
    public static StageView Of(Moment moment)
    {
        var m = moment.Machine;
        var sides = moment.Sides();
        var net = m.Front is Drivers.Network.NetfrontState;
        var reference = GrantProjector.FocusRef(moment);
        var page = moment.DataPage;
        var own = OwnPage(moment);
        var window = moment.Windowed is { } windowed ? PageMapProjector.WindowOf(m, windowed) : null;
        var followed = moment.Focus is not { } focus ? null
            : net ? NetStage.Request(moment, focus)
            : Request(focus.Request, sides.Size, StateOf((Shadow)focus.Request.Source, m));
        return new StageView
        {
            Device = net ? "network" : "disk",
            Focus = followed,
            Guest = DomainOf(m, sides.Guest),
            Driver = DomainOf(m, World.Driver),
            ApplicationCall = net ? NetStage.Call(m) : Call((ApplicationState)m.Application!, moment.Focus),
            Front = new FrontIndicesView(sides.ReqProdPvt.Value, sides.RspCons.Value),
            Back = new BackIndicesView(sides.ReqCons.Value, sides.RspProdPvt.Value),
            BackendCopy = net
                ? NetStage.Copy(moment)
                : Copy(m.Backend(), moment.Focus, followed is { State: "serving" or "answering" }),
            DiskDriver = DriverOf(m),
            Data = page is { } mfn ? Data(m, mfn, moment.Focus) with { Ungranted = IsAimed(moment, mfn) } : null,
            OwnPage = own, OwnPages = OwnPages.In(m),
            DriverWindow = window,
            Grant = reference is { } grant ? GrantProjector.Entry(m, grant) : null,
            Maptrack = reference is { } held ? GrantProjector.MaptrackOf(m, held) : null,
            GuestPort = sides.FrontPort.Value != 0 ? EventProjector.Port(m, sides.Guest, sides.FrontPort) : null,
            DriverPort = sides.BackPort.Value != 0 ? EventProjector.Port(m, World.Driver, sides.BackPort) : null,
            DiskPort = EventProjector.Port(m, World.Driver, World.DiskPort),
            Iommu = own is null && moment.Windowed is { } dma
                && m[World.Driver].Iommu.TryGetValue(dma.Value, out var use)
                ? new IommuView(dma.Value, dma.Value, use.Writers > 0)
                : null,
            Dma = moment.Rows.Any(r => r.Events.Any(e => e is MachineEvent.DmaFaulted))
                ? EngineOf(m) with { State = "refused" }
                : IsOver(moment, sides, followed)
                ? EngineOf(m) with { State = "idle", BusAddress = null, Bytes = 0, Sector = 0 }
                : EngineOf(m),
            Interfaces = moment.Interfaces, Rings = moment.Rings, Follows = moment.Follows,
            // An arrow of a mapping needs a window that it leads out of.
            Carriers =
            [
                .. moment.Rows.SelectMany(StageCarriers.Of).Where(c => c.Kind != "map" || window is not null),
            ],
            Lights = [.. moment.Told.SelectMany(r => StageCarriers.LightsOf(r, moment.Focus)).Distinct()],
            Acting = moment.Told is [.., var last] ? StageCarriers.ActingOf(last) : null,
        };
    }

    internal static DataPageView? OwnPage(Moment moment) =>
        moment.OwnPage is { } own && own != moment.DataPage && OwnPages.IsOwn(moment.Machine, own)
            ? Data(moment.Machine, own, moment.Focus)
            : null;

    private static bool IsAimed(Moment moment, Mfn page) =>
        moment.Rows.Any(row => BusFrames.AimedAt(row) == page);

    // What the device did last is no matter of ends that meet or part, nor of a request that has not come to it.
    private static bool IsOver(Moment moment, RingSides sides, RequestView? followed) =>
        EngineOf(moment.Machine) is { State: "done" } engine
        && (sides.RingRef.Value == 0 || moment.Told is [.., { Record.Phase: Phase.Connect }]
            || followed is null or { State: "private" or "pending" }
            || (moment.Focus!.Request.Source is Shadow shadow && !IsOf(moment.Machine, engine, shadow))
            || (moment.Machine.Disk is Devices.Network.Nic && (followed.Operation != "TX" || engine.ToMemory)));

    // A later request may be for the same sectors, so they do not tell.
    private static bool IsOf(Machine m, DmaView engine, Shadow request) => engine.ToMemory == request.Read
        && m is { Disk: Devices.Disk disk, Back: BlkbackState back }
        && disk.CurrentKey == back.TagOf(request.Index, request.Queue);

    /// <summary>What the device's own driver does.</summary>
    internal static string DriverOf(Machine m) =>
        m.Disk is Devices.Disk disk ? Driver(disk, m.Backend()) : NetStage.Driver(m);

    /// <summary>What the DMA engine does.</summary>
    internal static DmaView EngineOf(Machine m) => m.Disk is Devices.Disk disk ? Dma(disk) : NetStage.Dma(m);

    private static DomainView DomainOf(Machine m, DomId id) => new(id.Value, m[id].IsPv, !m[id].Blocked, m.IsDead(id));

    private static RequestView Request(FocusRequest request, int size, string state) => new(
        request.Id, request.Index.Value, request.Index.SlotIn(size), request.Name, request.Sector, request.Sectors,
        [.. request.Segments.Select(s => s.Ref.Value)], state);

    private static string StateOf(Shadow shadow, Machine m)
    {
        var front = (BlkfrontState)m.Front!;
        var back = (BlkbackState)m.Back!;
        var queue = front.Queues[shadow.Queue];
        if (shadow.Id >= (ulong)queue.Shadows.Length || queue.Shadows[(int)shadow.Id] != shadow)
        {
            return "done";
        }

        if (shadow.Index.Since(queue.ReqProdPvt) < 0x8000_0000)
        {
            return "private";
        }

        var reqProd = new RingIndex((uint)m.Frames[queue.Pages[0]].Page.Load(Ring.ReqProd.OffsetBytes, 4));
        return shadow.Index.Since(reqProd) < 0x8000_0000 ? "private"
            : shadow.Index.Since(back.Queues[shadow.Queue].ReqCons) < 0x8000_0000 ? "pending"
            : RingReader.Of(m, shadow.Queue).AnswerTo(shadow.Id)
                ?? (IsTaken(m, shadow) ? "done" : "serving");
    }

    // The frontend works through an answer that it has taken: no index of the ring tells of it any more.
    private static bool IsTaken(Machine m, Shadow shadow) =>
        m.Agents.Any(agent => agent.Top.Find<InterruptLocals>() is { Request: { } taken } && taken == shadow);


    private static string Call(ApplicationState app, Focus? focus)
    {
        (BlkifOperation? operation, var sectors) = focus is { } f && (app.InFlight > 0 || app.Done || app.Handed > 0)
            ? (((Shadow)f.Request.Source).Operation, f.Request.Sectors)
            : (app.Job?.Operation, app.Job?.Sectors ?? 0);
        return operation switch
        {
            null => "",
            BlkifOperation.FlushDiskCache => "fsync(fd)",
            BlkifOperation.Discard => $"ioctl(fd, BLKDISCARD, {sectors * Sector.SizeBytes})",
            BlkifOperation.Read => $"read(fd, buf, {sectors * Sector.SizeBytes})",
            _ => $"write(fd, buf, {sectors * Sector.SizeBytes})",
        };
    }

    private static RequestView? Copy(BlkbackState back, Focus? focus, bool served)
    {
        var own = focus is { Request: var request } ? back.Find(request.Queue, request.Index) : null;

        // What it holds of another request is on stage only while it does nothing for this one.
        var pending = own ?? (served ? null : back.Pending.FirstOrDefault());
        return pending is null
            ? null
            : new RequestView(
                pending.Id, pending.Key.Value, pending.Key.SlotIn(back.Size),
                RingProjector.Name((BlkifOperation)pending.Operation), pending.Sector, pending.Sectors,
                [.. pending.Segments.Select(s => s.Segment.Ref.Value)], "serving");
    }

    private static string Driver(Devices.Disk disk, BlkbackState back) =>
        !back.Completions.IsEmpty ? "done" : disk.Queue.IsEmpty ? "idle" : "submitted";

    private static DataPageView Data(Machine m, Mfn mfn, Focus? focus)
    {
        var frame = m.Frames[mfn];
        var head = new byte[16];
        frame.Page.Read(0, head);
        var text = m.Front is Drivers.Network.NetfrontState
            ? NetTokens.TextOf(frame.Page, focus)
            : NarrationTokens.TextOf(frame.Page);
        var inRequest = focus?.Request.Segments.Select(s => s.Page).ToList().IndexOf(mfn) ?? -1;
        var shown = text.Length > TextLength ? text[..(TextLength - 1)] + "…" : text;
        return new DataPageView(
            mfn.Value, frame.Pfn.Value, frame.Owner.Value, shown,
            Convert.ToHexString(head), frame.References, frame.WritableUses, Math.Max(0, inRequest) + 1,
            inRequest < 0 ? 1 : focus!.Request.Segments.Length)
        {
            IsZeros = frame.Page.Hash == Page.Zero.Hash, Unnumbered = NetPages.IsUnnumbered(m, frame),
        };
    }

    private static DmaView Dma(Devices.Disk disk)
    {
        var state = disk.Activity.ToString().ToLowerInvariant();
        return new DmaView(
            state, disk.Current?.BusAddress, disk.Current?.Bytes ?? 0, disk.CurrentSector, disk.CurrentToMemory);
    }
}
