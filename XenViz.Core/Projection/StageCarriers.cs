using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>What moves on the stage in a row, what takes part, and who acts.</summary>
internal static class StageCarriers
{
    /// <summary>What moves.</summary>
    public static IEnumerable<CarrierView> Of(PlayedRow row)
    {
        var kind = row.Record.Row.Key switch
        {
            "application.hand_over" or "net_application.hand_over" => "handover",
            "blkif_queue_request.grant_domid" or "blkif_queue_request.grant_frame"
                or "blkif_queue_request.grant_flags" => "grant-write",
            "talk_to_blkback.grant_domid" or "talk_to_blkback.grant_frame" or "talk_to_blkback.grant_flags" =>
                "grant-write",
            "blkif_queue_request.fill_head" or "blkif_queue_request.fill_id" or "blkif_queue_request.fill_sector"
                or "blkif_queue_request.fill_segment" or "talk_to_blkback.init_ring" => "put",
            "blkif_queue_request.push_new" => "publish",
            "blkif_queue_request.send" or "talk_to_blkback.alloc_port" => "hypercall-front",
            // A binding raises its own end: no device interrupts, and nobody has sent anything.
            "evtchn_raise.set_pending" or "fifo_raise.set_pending" when row.Record.Phase == Phase.Connect => null,
            "evtchn_send.set_pending" => row.Record.Phase == Phase.Submit ? "event-to-driver" : "event-to-guest",
            "fifo_raise.set_pending" => row.Record.Phase switch
            {
                Phase.Submit => "event-to-driver", Phase.Answer => "event-to-guest", _ => "irq",
            },
            "evtchn_raise.set_pending" or "disk.interrupt" => "irq",
            "xen_blkif_schedule.copy" => "fetch",
            "xen_blkif_schedule.map" or "xen_blkif_schedule.undo" or "xen_blkbk_unmap_and_respond.unmap"
                or "xen_blkbk_unmap_and_respond.send" or "connect_ring.map_ring" or "connect_ring.bind" =>
                    "hypercall-back",
            "map_grant_ref.read_entry" or "map_grant_ref.mark" => "check-grant",
            "map_grant_ref.map_pte" => "map",
            "map_grant_ref.iommu" or "unmap_grant_ref.free_handle" => "iommu",
            "unmap_grant_ref.clear_pte" => "unmap",
            "xen_blkif_schedule.submit" => "command",
            "disk.check" => row.Events.Any(e => e is MachineEvent.DmaFaulted) ? "iommu-refused" : "iommu-check",
            "disk.move" => Moved(row),
            "xen_blkbk_unmap_and_respond.put_id" or "xen_blkbk_unmap_and_respond.push_new" => "respond",
            "blkif_interrupt.copy" => "consume",
            "blkif_interrupt.grant_end" => "end-access",
            "blkif_interrupt.tell" => "done",
            _ => NetCarriers.KindOf(row) ?? (row.Record.Row.Kind == AccessKind.XenStore ? "xenstore" : null),
        };
        string?[] kinds = Bounced(row) is { } bounced
            ? bounced == "bounce" ? [bounced, kind] : [kind, bounced]
            : [kind];
        return kinds.OfType<string>().Select(name => new CarrierView(name, Label(row)));
    }

    /// <summary>What a device moves, and where.</summary>
    public static string Moved(PlayedRow row) => (BusFrames.IsOwn(row) ? "own-" : "")
        + (row.Events.OfType<MachineEvent.DmaMoved>().Any(d => d.ToMemory) ? "dma-in" : "dma-out");

    /// <summary>Which way Xen copies; null when it refused.</summary>
    public static string? Copied(PlayedRow row) =>
        row.Events.OfType<MachineEvent.BytesCopied>().LastOrDefault() is not { } copied ? null
        : OwnPages.IsOwn(row.After, copied.From) ? "copy-back" : "copy";

    // A CPU of the driver domain copies between a page that it has mapped and a low one.
    private static string? Bounced(PlayedRow row) =>
        row.Events.OfType<MachineEvent.BytesCopied>().LastOrDefault() is not { ByXen: false, From: not null } bounce
            ? null
            : OwnPages.IsOwn(row.After, bounce.From) ? "bounce-back" : "bounce";

    /// <summary>The objects that take part.</summary>
    public static IEnumerable<string> LightsOf(PlayedRow row, Focus? focus)
    {
        yield return ActingOf(row);
        foreach (var happened in row.Events)
        {
            foreach (var light in LightsOf(happened, row))
            {
                yield return light;
            }
        }

        foreach (var light in ByRow(row.Record.Row.Key, row.Record.Phase == Phase.Connect))
        {
            yield return light;
        }
    }

    /// <summary>The object that acts.</summary>
    public static string ActingOf(PlayedRow row) => LaneOf(row) switch
    {
        Actor.Application => "app",
        Actor.Frontend => "front",
        Actor.Backend => "back",
        Actor.Device => "dma",
        Actor.Xen => "xen",
        _ => "xenstore",
    };

    /// <summary>Whose row it is.</summary>
    public static Actor LaneOf(PlayedRow row) => LaneOf(row.Record, row.Before);

    /// <summary>Whose row it is.</summary>
    public static Actor LaneOf(StepRecord record, Machine machine) =>
        record.Row.Lane
        ?? (record.Row.Listing == "application" ? Actor.Application : machine.Agents[record.Choice.Agent].Kind.Lane);

    private static string Label(PlayedRow row)
    {
        foreach (var happened in row.Events)
        {
            switch (happened)
            {
                case MachineEvent.HypercallMade { Symbol: "SCHEDOP_block" }:
                    return "";
                case MachineEvent.HypercallMade call:
                    return call.A.ToString();
                case MachineEvent.CountsChanged counts:
                    return counts.Ref.ToString();
                case MachineEvent.MapAnswered answer:
                    return answer.Ref.ToString();
                case MachineEvent.RequestTouched touched:
                    return touched.Id.ToString();
            }
        }

        return "";
    }

    private static IEnumerable<string> LightsOf(MachineEvent happened, PlayedRow row) => happened switch
    {
        MachineEvent.Accessed a => row.After.Frames[a.Mfn].Use switch
        {
            FrameUse.Ring => ["ring"],
            FrameUse.GrantTable => ["grant"],
            FrameUse.Data => [OwnPages.IsOwn(row.After, a.Mfn) ? "own-page" : "data"],
            FrameUse.PageTable => ["driver-window"],
            _ => [row.After.Frames[a.Mfn].Owner.Value != Scenarios.World.Driver.Value ? "guest-port"
                : row.Record.Phase == Phase.Device ? "disk-port" : "driver-port"],
        },
        MachineEvent.CountsChanged c =>
            ["grant", row.After.Frames.Find(c.Mfn)?.Use == FrameUse.Ring ? "ring" : "data"],
        MachineEvent.BytesCopied { From: not null } => ["data", "own-page"],
        MachineEvent.IommuChanged => ["iommu"],
        MachineEvent.IommuChecked => BusFrames.IsOwn(row) ? ["iommu", "dma", "own-page"] : ["iommu", "dma"],
        MachineEvent.MapAnswered or MachineEvent.HandleFreed => ["maptrack"],
        MachineEvent.TlbFlushed => ["driver-window"],
        MachineEvent.CommandQueued => ["disk-driver", "dma", BusFrames.IsOwn(row) ? "own-page" : "data"],
        MachineEvent.DmaMoved => ["dma", "disk", BusFrames.IsOwn(row) ? "own-page" : "data", "iommu"],
        MachineEvent.InterruptRaised => ["dma", "disk-port"],
        MachineEvent.Woken w => [w.Domain == Scenarios.World.Driver ? "driver" : "guest"],
        MachineEvent.ChannelLookedUp => ["guest-port", "driver-port"],
        _ => [],
    };

    private static IEnumerable<string> ByRow(string key, bool connecting) => key switch
    {
        "map_grant_ref.map_pte" or "unmap_grant_ref.clear_pte" when connecting => ["ring", "driver-window"],
        "application.hand_over" => ["front", "data", "guest-window"],
        "application.fill" or "application.prepare" or "application.look" => ["data", "guest-window"],
        "blkif_interrupt.tell" => ["app"],
        "blkif_queue_request.grant_wmb" or "talk_to_blkback.grant_wmb" => ["grant"],
        "blkif_queue_request.push_wmb" or "blkif_queue_request.push_mb" => ["ring"],
        "xen_blkif_schedule.rmb" or "xen_blkif_schedule.final_mb" or "blkif_interrupt.rmb" => ["ring"],
        "xen_blkbk_unmap_and_respond.push_wmb" or "xen_blkbk_unmap_and_respond.push_mb" => ["ring"],
        "xen_blkif_schedule.map" => ["grant"],
        "xen_blkbk_unmap_and_respond.unmap" => ["maptrack", "driver-window"],
        "map_grant_ref.map_pte" or "unmap_grant_ref.clear_pte" => ["data", "driver-window"],
        "blkif_queue_request.send" => ["guest-port"],
        "xen_blkbk_unmap_and_respond.send" => ["driver-port"],
        _ => NetCarriers.LightsOf(key),
    };
}
