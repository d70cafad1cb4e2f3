using XenViz.Core.Abi;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Events;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Which text of a row fits: the row's number among the texts, and how the row came out.</summary>
public static class NarrationVariants
{
    /// <summary>The number under which a row's text stands: rows that another row opens into speak as their like.
    /// </summary>
    public static string KeyOf(PlayedRow row)
    {
        var (listing, label) = (row.Record.Row.Listing, row.Record.Row.Label);
        return FifoWords.KeyOf(listing, label) ?? listing switch
        {
            "evtchn_raise" => label switch
            {
                "set_pending" => "3.5", "test_mask" => "3.6", "set_selector" => "3.7", "set_upcall" => "3.8", _ =>
                    "3.9",
            },
            "driver_upcall" => label switch
            {
                "upcall" => "4.1", "lower" => "4.2", "take_selector" => "4.3", "load_pending" => "4.4",
                "load_mask" => "4.5", "clear_pending" => "4.6", _ => "W.2",
            },
            "map_grant_ref" => label switch
            {
                "read_entry" => "4.11", "mark" => "4.12", "count" => "4.13", "map_pte" => "4.14", "iommu" => "4.15",
                _ => "4.16",
            },
            "unmap_grant_ref" when row.Record.Phase == Phase.Connect => label switch
            {
                "clear_pte" => "U.2", "free_handle" => "U.3", "flush" => "U.4", "release" => "U.5", _ => "U.6",
            },
            "talk_to_blkback" => label switch
            {
                "grant_domid" => "2.1", "grant_frame" => "2.2", "grant_wmb" => "2.3", "grant_flags" => "C.5",
                _ => row.Number,
            },
            "talk_to_netback" => label switch
            {
                "grant_domid" => "2.1", "grant_frame" => "2.2", "grant_wmb" => "2.3", "grant_flags" => "C.6",
                _ => row.Number,
            },
            "blkif_interrupt" when row.Number.StartsWith("H.5", StringComparison.Ordinal) => "H.5",
            "xennet_tx_buf_gc" or "xennet_poll" when row.Number.StartsWith("H.5", StringComparison.Ordinal) => "H.5",
            "xen_blkif_schedule" when label == "undo" => "U.1",
            _ => row.Number,
        };
    }

    /// <summary>How a row came out, as the texts name it; null for as usual.</summary>
    public static string? OutcomeOf(PlayedRow row)
    {
        var word = row.Outcome switch
        {
            "" or "asleep" or "empty" or "submitted" or "answered" => null,
            "held" => "kept",
            "halted" => "broken",
            var other => other,
        };
        return row.Record.Row.Key switch
        {
            "application.look" => RowOutcomes.OfLook(row),
            "xen_blkif_schedule.load_prod" when word == "none" && RowOutcomes.IsFresh(row) => "first",
            "xen_blkif_schedule.copy" when word is "invalid" or "unknown" && RowOutcomes.LayoutsDiffer(row) => "layout",
            "blkif_interrupt.copy" when word == "broken" && RowOutcomes.LayoutsDiffer(row) => "layout",
            "xen_blkif_schedule.block" or "xenvif_tx_action.block" => RowOutcomes.OfSleep(row) ?? word,
            "blkback_changed.look" or "netback_changed.look" or "frontend_changed.look" =>
                RowOutcomes.IsGone(row) ? "gone" : word,
            "blkback_changed.grant_flags" or "blkback_changed.grant_end" or "blkback_changed.close_port"
                or "netback_changed.grant_flags" or "netback_changed.grant_end" or "netback_changed.close_port" =>
                    word ?? RowOutcomes.OfEnd(row),
            "blkif_queue_request.fill_segment" =>
                row.Before.Frontend().Queues.Select(q => q.ReqProdPvt)
                    .SequenceEqual(row.After.Frontend().Queues.Select(q => q.ReqProdPvt)) ? "more"
                    : null,
            "driver_upcall.take_selector" or "guest_upcall.take_selector" => Count(row, 8) switch
            {
                0 => "none", 1 => null, _ => "many",
            },
            "driver_upcall.load_pending" or "guest_upcall.load_pending" =>
                Count(row, 8) == 0 ? "none" : RowOutcomes.OfPort(row),
            "driver_upcall.clear_pending" or "driver_fifo_upcall.clear" =>
                row.Record.Phase == Phase.Connect ? "new" : RowOutcomes.OfPort(row),
            "talk_to_blkback.grant_domid" or "talk_to_netback.grant_domid" or "talk_to_blkback.grant_frame"
                or "talk_to_netback.grant_frame" => "ring",
            "xen_blkif_schedule.final_mb" or "xenvif_tx_action.final_mb" => RowOutcomes.OfFence(row),
            "xen_blkbk_unmap_and_respond.put_id" => RowOutcomes.OfAnswer(row),
            "xen_blkbk_unmap_and_respond.push_new" => Copies(row) ? "copied" : word,
            "xen_blkbk_unmap_and_respond.keep" => Copies(row) ? "copied" : HasNoPages(row) ? "nopages" : word,
            "map_grant_ref.read_entry" when word == "refused" => Refusal(row),
            "map_grant_ref.iommu" or "unmap_grant_ref.free_handle" => Kept(row),
            "map_grant_ref.undo" => "undo",
            "xennet_alloc_rx_buffers.grant_frame" or "xennet_alloc_rx_buffers.grant_flags" =>
                row.After.Front is NetfrontState { Flips: true } ? "flip" : word,
            "unmap_grant_ref.clear_status" => row.Events.Any(e => e is MachineEvent.Accessed) ? word : "kept",
            "disk.interrupt" => RowOutcomes.OfInterrupt(row),
            "xen_blkbk_unmap_and_respond.put_status" or "blkif_interrupt.copy" => word ?? Failed(row),
            "blkif_interrupt.tell" => OfTell(row),
            "application.hand_over" => HasNoPages(row) ? "nopages" : null,
            "blkif_queue_request.fill_head" => OfHead(row),
            "xen_blkif_schedule.submit" or "disk.move" => HasNoPages(row) ? "nopages"
                : BusFrames.AimedAt(row) is not null ? "aimed"
                : Copies(row) ? "copied"
                : BusFrames.Bounces(row) ? "bounced" : word,
            "blkif_interrupt.final_load" or "xennet_tx_buf_gc.final_load" or "xennet_poll.final_load" =>
                word is null ? "load" : "load.more",
            "blkif_interrupt.final_arm" or "xennet_tx_buf_gc.final_arm" or "xennet_poll.final_arm" => "arm",
            "blkif_interrupt.final_mb" or "xennet_tx_buf_gc.final_mb" or "xennet_poll.final_mb" => "fence",
            "blkif_interrupt.final_again" or "xennet_tx_buf_gc.final_again" or "xennet_poll.final_again" =>
                word is null ? "again" : "again.more",
            _ => word,
        };
    }

    private static string? OfTell(PlayedRow row) =>
        row.Events.OfType<MachineEvent.RequestFinished>().FirstOrDefault() switch
        {
            { Status: not 0, Pages.Length: 0 } => "error.nopages", { Status: not 0 } => "error",
            { Pages.Length: 0 } => "nopages", _ => RowOutcomes.OfPath(row),
        };

    private static bool Copies(PlayedRow row) =>
        row.Before.Back is BlkbackState { Options.Path: DataPath.Copy };

    private static string? OfHead(PlayedRow row) => ShadowOf(row) switch
    {
        { Secure: true } => "secure",
        { Segments.IsEmpty: true } => "nopages",
        { Indirect.IsEmpty: false } => "indirect",
        _ => null,
    };

    private static bool HasNoPages(PlayedRow row) => ShadowOf(row) is { Segments.IsEmpty: true };

    private static Shadow? ShadowOf(PlayedRow row) =>
        row.Events.OfType<MachineEvent.RequestTouched>().LastOrDefault() is { } touched
        && row.After.Front is BlkfrontState front
            ? front.Queues[touched.Queue].Shadows.ElementAtOrDefault((int)Math.Min(touched.Id, int.MaxValue))
            : null;

    private static int Count(PlayedRow row, int width)
    {
        var access = row.Events.OfType<MachineEvent.Accessed>().FirstOrDefault();
        return access is { } a && a.Before.Length == width
            ? System.Numerics.BitOperations.PopCount(BitConverter.ToUInt64(a.Before))
            : 1;
    }

    private static string? Kept(PlayedRow row) => row.Events.OfType<MachineEvent.IommuChanged>().FirstOrDefault() switch
    {
        { } io when io.Before != io.After => null,
        { } io when !row.Before[io.Domain].IommuSync => "apart",
        _ => "kept",
    };

    private static string? Failed(PlayedRow row)
    {
        var access = row.Events.OfType<MachineEvent.Accessed>().FirstOrDefault();
        return access?.After switch
        {
            { Length: 2 } status when status[0] != 0 => "error",
            { Length: 12 or 16 } response when response[10] != 0 => "error",
            _ => null,
        };
    }

    private static string Refusal(PlayedRow row)
    {
        var status =
            (GrantStatus)(row.Events.OfType<MachineEvent.Noted>().LastOrDefault(n => n.Name == "status")?.Value ?? 0);
        if (status != GrantStatus.GeneralError)
        {
            return status switch { GrantStatus.BadGntref => "range", GrantStatus.BadDomain => "granter", _ =>
                "refused" };
        }

        if (row.Events.OfType<MachineEvent.Accessed>().FirstOrDefault() is not { After.Length: 4 } access)
        {
            return "refused";
        }

        var word = BitConverter.ToUInt32(access.After);
        return (word & GrantTable.Gtf.TypeMask) != GrantTable.Gtf.PermitAccess ? "type"
            : word >> 16 != World.Driver.Value ? "domain"
            : "readonly";
    }
}
