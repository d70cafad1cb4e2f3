using XenViz.Core.Events;

namespace XenViz.Core.Projection;

/// <summary>What moves and takes part in the rows of the network.</summary>
internal static class NetCarriers
{
    /// <summary>What moves, a word of <see cref="CarrierView.Kind"/>, or null.</summary>
    public static string? KindOf(PlayedRow row) => (row.Record.Row.Listing, row.Record.Row.Label) switch
    {
        ("talk_to_netback", "init_ring") => "put",
        ("talk_to_netback", "alloc_port") => "hypercall-front",
        ("netback_connect", "map_rings" or "bind" or "unmap_rings") => "hypercall-back",
        ("xennet_start_xmit" or "xennet_alloc_rx_buffers" or "talk_to_netback",
            "grant_domid" or "grant_frame" or "grant_flags") => "grant-write",
        ("xennet_start_xmit" or "xennet_alloc_rx_buffers", "push_new") => "publish",
        ("xennet_start_xmit" or "xennet_alloc_rx_buffers", "send" or "give_up") => "hypercall-front",
        ("xennet_start_xmit", _) when row.Record.Row.Label.StartsWith("fill_", StringComparison.Ordinal) => "put",
        ("xennet_alloc_rx_buffers", "fill_id" or "fill_gref") => "put",
        ("xenvif_tx_action", "copy" or "copy_more" or "copy_extra") or ("xenvif_rx_action", "take") => "fetch",
        ("xenvif_tx_action", "header" or "map") or ("xenvif_tx_dealloc", "unmap" or "send") => "hypercall-back",
        ("xenvif_rx_action", "copy_out" or "transfer" or "replace" or "send") => "hypercall-back",
        ("xenvif_tx_action", "bridge") => row.Outcome == "local" ? null : "command",
        ("nic", "check" or "rx_check") => "iommu-check",
        ("nic", "move" or "rx_move") => StageCarriers.Moved(row),
        ("nic", "interrupt" or "rx_interrupt") => "irq",
        ("xenvif_tx_dealloc", "put_id" or "push_new") or ("xenvif_rx_action", "put_offset" or "push_new") => "respond",
        ("xennet_tx_buf_gc" or "xennet_poll", "copy") => "consume",
        ("xennet_tx_buf_gc" or "xennet_poll", "grant_end" or "flip_end") => "end-access",
        ("xennet_tx_buf_gc", "free") or ("xennet_poll", "gather") => "done",
        ("gnttab_copy", "copy") => StageCarriers.Copied(row),
        ("gnttab_transfer", "commit" or "complete") => "check-grant",
        _ => null,
    };

    /// <summary>The objects that take part.</summary>
    public static IEnumerable<string> LightsOf(string key) => key switch
    {
        "net_application.segment" or "net_application.checksum" => ["data"],
        "talk_to_netback.grant_wmb" => ["grant"],
        "netback_connect.map_rings" or "netback_connect.unmap_rings" => ["grant"],
        "net_application.hand_over" => ["front", "data", "guest-window"],
        "net_application.fill" or "net_application.look" or "xennet_alloc_rx_buffers.take" => ["data", "guest-window"],
        "xennet_tx_buf_gc.free" or "xennet_poll.gather" => ["app"],
        "xennet_alloc_rx_buffers.give_up" => ["xen", "data"],
        "xennet_start_xmit.send" or "xennet_alloc_rx_buffers.send" => ["guest-port"],
        "xenvif_tx_dealloc.send" or "xenvif_rx_action.send" => ["driver-port"],
        "xenvif_tx_action.map" or "xenvif_tx_action.header" or "xenvif_rx_action.copy_out" => ["grant"],
        "xenvif_tx_dealloc.unmap" => ["maptrack", "driver-window"],
        "xenvif_tx_action.bridge" or "xenvif_tx_action.bridge_in" or "xenvif_rx_action.recycle" => ["disk-driver"],
        "xenvif_tx_action.stall_check" or "xenvif_tx_action.ready_check" => ["ring"],
        "nic.transmit" => ["dma", "disk"],
        _ => [],
    };
}
