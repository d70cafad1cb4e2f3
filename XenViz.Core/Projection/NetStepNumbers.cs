using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>
/// The numbers of the network's rows. What it does like the disk has the disk's numbers; what only it does is T
/// (packets that the guest sends), V (packets that it gets) and X (pages that change their owner).
/// </summary>
internal static class NetStepNumbers
{
    /// <summary>The row in which the bridge passes a packet of a guest on.</summary>
    public const string Bridge = "T.14";

    /// <summary>Adds the numbers.</summary>
    public static void Add(StepNumbers.Adder add)
    {
        Front(add);
        Back(add);
        Receive(add);
        Flip(add);
        Connect(add);
    }

    /// <summary>The number of a row of connecting: where the disk has one step the network has one or two more.
    /// </summary>
    /// <param name="number">The number of the disk's row.</param>
    public static string Connecting(string number) =>
        number.StartsWith("C.8.", StringComparison.Ordinal) ? "C.10." + number[4..]
        : number.StartsWith("C.9.", StringComparison.Ordinal) ? "C.11." + number[4..]
        : number;

    /// <summary>The step of the figure that a number belongs to, or null when it is none of the network's.</summary>
    public static int? StepOf(string number)
    {
        if (number[0] is not ('T' or 'V' or 'X'))
        {
            return null;
        }

        var row = int.Parse(number.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);
        return number[0] switch
        {
            'T' => row is <= 2 or 23 or 24 ? 1 : row is <= 9 or 25 ? 2 : row is 14 or 17 ? 5
                : row is <= 16 or 22 ? 4 : row <= 19 ? 6 : 7,
            'V' => row <= 3 ? 2 : row <= 7 ? 5 : row is <= 20 or >= 24 ? 6 : 7,
            _ => row == 1 ? 2 : row is 9 or 10 ? 7 : 6,
        };
    }

    private static void Front(StepNumbers.Adder add)
    {
        add("net_application", Phase.Submit, "T", 1, "fill", "hand_over");
        add("net_application", Phase.Submit, "T", 23, "segment", "checksum", "drop");
        add("net_application", Phase.Submit, "W", 1, "wait");
        add("net_application", Phase.Submit, "V", 23, "look");
        add("net_application", Phase.Complete, "V", 23, "look");
        add("xennet_start_xmit", Phase.Submit, "2", 1, "grant_domid", "grant_frame", "grant_wmb", "grant_flags");
        add("xennet_start_xmit", Phase.Submit, "T", 3, "fill_id", "fill_gref", "fill_offset", "fill_size", "fill_flags",
            "fill_extra", "fill_total");
        foreach (var listing in new[] { "xennet_start_xmit", "xennet_alloc_rx_buffers" })
        {
            add(listing, Phase.Submit, "2", 9, "push_old", "push_wmb", "push_new");
            add(listing, Phase.Submit, "3", 1, "push_mb", "push_event", "send");
        }

        foreach (var listing in new[] { "xennet_tx_buf_gc", "xennet_poll" })
        {
            add(listing, Phase.Complete, "7", 7, "load_prod", "rmb");
            add(listing, Phase.Complete, "E", 1, "grant_flags", "grant_end");
            add(listing, Phase.Complete, "H.5", 1, "final_load", "final_arm", "final_mb", "final_again");
        }

        add("xennet_tx_buf_gc", Phase.Complete, "T", 20, "copy", "free");
    }

    private static void Back(StepNumbers.Adder add)
    {
        add("xenvif_tx_action", Phase.Serve, "4", 7, "load_prod", "rmb");
        add("xenvif_tx_action", Phase.Serve, "T", 10, "copy", "copy_extra", "copy_more", "header", "bridge",
            "copy_failed", "carrier_off");
        add("xenvif_tx_action", Phase.Serve, "T", 22, "pause");
        add("xenvif_tx_action", Phase.Serve, "4", 10, "map");
        add("xenvif_tx_action", Phase.Serve, "H", 1, "final_load", "final_arm", "final_mb", "final_again");
        add("nic", Phase.Device, "5", 2, "check", "move", "interrupt");
        add("nic", Phase.Device, "T", 17, "transmit");
        add("xenvif_tx_dealloc", Phase.Answer, "U", 1, "unmap");
        add("xenvif_tx_dealloc", Phase.Answer, "T", 18, "release", "put_null");
        add("xenvif_tx_dealloc", Phase.Answer, "R", 1, "put_id");
        add("xenvif_tx_dealloc", Phase.Answer, "R", 3, "put_status");
        foreach (var listing in new[] { "xenvif_tx_dealloc", "xenvif_rx_action" })
        {
            add(listing, Phase.Answer, "R", 4, "push_old", "push_wmb", "push_new");
            add(listing, Phase.Answer, "6", 1, "push_mb", "push_event", "send");
        }
    }

    private static void Receive(StepNumbers.Adder add)
    {
        add("xennet_alloc_rx_buffers", Phase.Submit, "2", 1, "grant_domid", "grant_frame", "grant_wmb", "grant_flags");
        add("xennet_alloc_rx_buffers", Phase.Submit, "V", 1, "take", "fill_id", "fill_gref");
        add("nic", Phase.Device, "V", 4, "rx_check", "rx_move", "rx_interrupt");
        add("xenvif_tx_action", Phase.Serve, "V", 7, "bridge_in");
        add("xenvif_rx_action", Phase.Answer, "V", 8, "load_prod", "starve_arm", "starve_mb", "starve_again", "rmb",
            "take", "put_offset", "put_flags", "put_id", "put_status", "copy_out", "recycle", "put_error");
        add("xennet_poll", Phase.Complete, "V", 21, "copy", "gather");
        add("rx_clock", Phase.Answer, "V", 24, "expire");
        add("xenvif_tx_action", Phase.Serve, "V", 25, "drop_expired");
        add("rx_clock", Phase.Answer, "V", 26, "stall");
        add("xenvif_tx_action", Phase.Serve, "V", 27, "stall_check", "ready_check");
    }

    private static void Connect(StepNumbers.Adder add)
    {
        add("netback_connect", Phase.Connect, "C", 2, "offer");
        add("talk_to_netback", Phase.Connect, "C", 4, "read_offers", "init_ring");
        add("talk_to_netback", Phase.Connect, "C.6", 1, "grant_domid", "grant_frame", "grant_wmb", "grant_flags");
        add("talk_to_netback", Phase.Connect, "C", 7, "alloc_port", "publish");
        add("netback_connect", Phase.Connect, "C", 9, "read_keys", "map_rings", "bind", "connect", "unmap_rings",
            "fatal");
        add("talk_to_netback", Phase.Connect, "C", 15, "say_closed");
    }

    private static void Flip(StepNumbers.Adder add)
    {
        add("xennet_alloc_rx_buffers", Phase.Submit, "X", 1, "give_up");
        add("xenvif_rx_action", Phase.Answer, "X", 2, "transfer");
        add("gnttab_transfer", Phase.Answer, "X", 3, "steal", "commit", "assign", "frame", "wmb", "complete");
        add("xennet_poll", Phase.Complete, "X", 9, "flip_frame", "flip_end");
        add("xenvif_rx_action", Phase.Answer, "X", 11, "replace");
    }
}
