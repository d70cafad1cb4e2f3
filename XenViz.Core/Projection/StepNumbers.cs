using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>The numbers of the rows as the course tells them: 2.4, W.1, 5.4.2.</summary>
public static class StepNumbers
{
    private static readonly string[] Upcall =
        ["upcall", "lower", "take_selector", "load_pending", "load_mask", "clear_pending", "return"];

    // The end of an attack: the backend sleeps and never looks at that ring again.
    private const string Refused = "O.4";

    private static readonly Dictionary<(string Key, Phase Phase), string> All = Build();

    /// <summary>The number of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="phase">The part of the story.</param>
    /// <param name="before">The machine before the row runs.</param>
    public static string Of(RowInfo row, Phase phase, Machine before)
    {
        if (row.Key is "xen_blkif_schedule.block" or "xenvif_tx_action.block")
        {
            if (before.Back is BlkbackState block && block.Queues.Any(q => q.Halted))
            {
                return Refused;
            }

            return before.Back is BlkbackState { Answered: true } or NetbackState { Answered: true } ? "W.5" : "W.3";
        }

        return !All.TryGetValue((row.Key, phase), out var number) ? row.Key
            : before.Front is NetfrontState && phase == Phase.Connect ? NetStepNumbers.Connecting(number)
            : number;
    }

    /// <summary>The step of the figure that a number belongs to: 1 to 7, 0 for connecting.</summary>
    public static int StepOf(string number) => NetStepNumbers.StepOf(number) ?? number[0] switch
    {
        >= '1' and <= '7' => number[0] - '0',
        'C' or 'K' or 'N' or 'Q' => 0,
        'M' => 5,
        'O' => number switch { "O.1" => 2, Refused => 4, _ => 3 },
        'S' => number == "S.1" ? 3 : 6,
        'H' => number == "H.5" || number.StartsWith("H.5.", StringComparison.Ordinal) ? 7 : 5,
        'U' or 'R' => 6,
        'E' => 7,
        'D' or 'F' or 'G' or 'I' or 'P' => StepOfFeature(number),
        _ => number[2] switch { '1' => 3, '2' => 4, '3' or '4' => 5, '5' => 6, _ => 7 },
    };

    /// <summary>The numbers of all rows that have one, in no order.</summary>
    public static IEnumerable<string> Known => All.Values.Append(Refused).Distinct();

    /// <summary>True for the rows of the figure's own steps; the network has letters for what stands in their place.
    /// </summary>
    public static bool InFigure(string number) => number[0] is (>= '1' and <= '7') or 'T' or 'V' or 'X';

    /// <summary>True for rows that are told though the figure has none of them: connecting, what ends it, and what a
    /// guest does that it should not, are stories of their own.</summary>
    public static bool IsOwnStory(string number) => number[0] is 'C' or 'K' or 'N' or 'Q' or 'S' or 'M' or 'O';

    // Rows of features that the figure does not need: D discard, F flush and barrier, G copy by Xen, I indirect
    // requests, P persistent grants.
    private static int StepOfFeature(string number) => number switch
    {
        "F.1" => 1,
        "D.1" or "I.1" or "I.2" or "I.3" or "P.1" => 2,
        "D.2" or "F.3" => 5,
        "F.4" or "P.2" or "P.3" => 6,
        "P.4" => 7,
        _ => number.StartsWith("G.2", StringComparison.Ordinal) ? 6 : 4,
    };

    private static void AddFeatures(Dictionary<(string, Phase), string> all)
    {
        all.Add(("blkif_queue_request.fill_count", Phase.Submit), "D.1");
        all.Add(("disk.discard", Phase.Device), "D.2");
        all.Add(("application.skip", Phase.Submit), "F.1");
        all.Add(("xen_blkif_schedule.drain", Phase.Serve), "F.2");
        all.Add(("disk.flush", Phase.Device), "F.3");
        all.Add(("xen_blkbk_unmap_and_respond.withdraw", Phase.Answer), "F.4");
        all.Add(("xen_blkif_schedule.copy_in", Phase.Serve), "G.1");
        all.Add(("xen_blkbk_unmap_and_respond.copy_out", Phase.Answer), "G.2");
        all.Add(("xen_blkif_schedule.copy_failed", Phase.Serve), "G.3");
        string[] rows = ["claim", "mark", "count", "copy", "release", "unmark"];
        for (var i = 0; i < rows.Length; i++)
        {
            all.Add(($"gnttab_copy.{rows[i]}", Phase.Serve), $"G.1.{i + 1}");
            all.Add(($"gnttab_copy.{rows[i]}", Phase.Answer), $"G.2.{i + 1}");
        }

        all.Add(("blkif_queue_request.fill_indirect", Phase.Submit), "I.1");
        all.Add(("blkif_queue_request.fill_handle", Phase.Submit), "I.2");
        all.Add(("blkif_queue_request.fill_ref", Phase.Submit), "I.3");
        all.Add(("xen_blkif_schedule.map_indirect", Phase.Serve), "I.4");
        all.Add(("xen_blkif_schedule.parse", Phase.Serve), "I.5");
        all.Add(("xen_blkif_schedule.unmap_indirect", Phase.Serve), "I.6");
        all.Add(("blkif_queue_request.bounce_in", Phase.Submit), "P.1");
        all.Add(("xen_blkbk_unmap_and_respond.keep", Phase.Answer), "P.2");
        all.Add(("xen_blkif_schedule.purge", Phase.Serve), "P.3");
        all.Add(("blkif_interrupt.bounce_out", Phase.Complete), "P.4");
    }

    private static Dictionary<(string, Phase), string> Build()
    {
        var all = new Dictionary<(string, Phase), string>();
        void Add(string listing, Phase phase, string prefix, int first, params ReadOnlySpan<string> labels)
        {
            for (var i = 0; i < labels.Length; i++)
            {
                all.Add(($"{listing}.{labels[i]}", phase), $"{prefix}.{first + i}");
            }
        }

        Add("application", Phase.Submit, "1", 1, "fill");
        Add("application", Phase.Submit, "1", 1, "prepare", "hand_over");
        Add("application", Phase.Submit, "W", 1, "wait");
        Add("application", Phase.Submit, "7", 11, "look");
        Add("blkif_queue_request", Phase.Submit, "2", 1, "grant_domid", "grant_frame", "grant_wmb", "grant_flags",
            "fill_head", "fill_id", "fill_sector", "fill_segment", "push_old", "push_wmb", "push_new");
        Add("blkif_queue_request", Phase.Submit, "3", 1, "push_mb", "push_event", "send");
        Add("evtchn_send", Phase.Submit, "3", 4, Delivery(true));
        Add("evtchn_send", Phase.Answer, "6", 4, Delivery(true));
        Add("evtchn_raise", Phase.Device, "5.4", 1, Delivery(false));
        Add("evtchn_raise", Phase.Connect, "C.9", 1, Delivery(false));
        Add("driver_upcall", Phase.Connect, "C.9", 6, Upcall);
        Add("driver_upcall", Phase.Serve, "4", 1, Upcall.AsSpan(0, 6));
        Add("driver_upcall", Phase.Serve, "W", 2, "return");
        Add("driver_upcall", Phase.Device, "W.4", 1, Upcall);
        Add("guest_upcall", Phase.Complete, "7", 1, Upcall.AsSpan(0, 6));
        Add("guest_upcall", Phase.Complete, "W", 6, "return");
        Add("xen_blkif_schedule", Phase.Serve, "4", 7, "load_prod", "rmb", "copy", "map");
        Add("xen_blkif_schedule", Phase.Serve, "U", 7, "undo");
        Add("xen_blkif_schedule", Phase.Serve, "5", 1, "submit");
        Add("xen_blkif_schedule", Phase.Serve, "H", 1, "final_load", "final_arm", "final_mb", "final_again");
        Add("map_grant_ref", Phase.Serve, "4", 11, Map);
        Add("map_grant_ref", Phase.Connect, "C.8", 1, Map);
        Add("disk", Phase.Device, "5", 2, "check", "move", "interrupt");
        Add("xen_blkbk_unmap_and_respond", Phase.Answer, "U", 1, "unmap");
        Add("unmap_grant_ref", Phase.Answer, "U", 2, "clear_pte", "free_handle", "flush", "release", "clear_status");
        Add("xen_blkbk_unmap_and_respond", Phase.Answer, "R", 1, "put_id", "put_operation", "put_status", "push_old",
            "push_wmb", "push_new");
        Add("xen_blkbk_unmap_and_respond", Phase.Answer, "6", 1, "push_mb", "push_event", "send");
        Add("blkif_interrupt", Phase.Complete, "7", 7, "load_prod", "rmb", "copy", "tell");
        Add("blkif_interrupt", Phase.Complete, "E", 1, "grant_flags", "grant_end");
        Add("blkif_interrupt", Phase.Complete, "H.5", 1, "final_load", "final_arm", "final_mb", "final_again");
        Add("blkif_interrupt", Phase.Complete, "H", 5, "arm");
        Add("toolstack", Phase.Connect, "C", 1, "create");
        Add("toolstack", Phase.Connect, "C", 3, "hotplug");
        Add("connect_ring", Phase.Connect, "C", 2, "offer");
        Add("connect_ring", Phase.Connect, "C", 8, "map_ring", "bind", "connect");
        Add("connect_ring", Phase.Connect, "C", 12, "fatal");
        Add("talk_to_blkback", Phase.Connect, "C", 4, "init_ring");
        Add("talk_to_blkback", Phase.Connect, "C.5", 1, "grant_domid", "grant_frame", "grant_wmb", "grant_flags");
        Add("talk_to_blkback", Phase.Connect, "C", 6, "alloc_port", "publish");
        Add("talk_to_blkback", Phase.Connect, "C", 11, "connect");
        AddEndings(Add);
        NetStepNumbers.Add(Add);
        FifoWords.Add(Add, (key, phase, number) => all.Add((key, phase), number));
        all[("application.look", Phase.Submit)] = "7.11";
        AddFeatures(all);
        return all;
    }

    /// <summary>Gives rows of a listing, in a part of the story, numbers that count on from the first.</summary>
    internal delegate void Adder(
        string listing, Phase phase, string prefix, int first, params ReadOnlySpan<string> labels);

    // K: a driver domain dies and comes again; N: the frontend begins anew; Q: the disk is unplugged; S: notifying by a
    // call; M: a guest wants its page back too early; O: a frontend lies about the ring.
    private static void AddEndings(Adder add)
    {
        add("toolstack_restart", Phase.Connect, "K", 1, "destroy");
        add("domain_kill", Phase.Connect, "K", 2, "close_ports", "drop_pin", "clear_status", "quarantine");
        add("toolstack_restart", Phase.Connect, "K", 6, "forget", "boot", "recreate");
        add("toolstack_restart", Phase.Connect, "C", 3, "hotplug");
        add("blkback_changed", Phase.Connect, "N", 1, "look", "stop", "grant_flags", "grant_end", "close_port",
            "requeue");
        add("netback_changed", Phase.Connect, "N", 1, "look", "stop", "grant_flags", "grant_end", "close_port");
        add("netback_changed", Phase.Connect, "Q", 2, "say_closed");
        add("toolstack_unplug", Phase.Connect, "Q", 1, "unplug");
        add("blkback_changed", Phase.Connect, "Q", 2, "say_closed");
        add("frontend_changed", Phase.Connect, "Q", 3, "look", "close_port", "unmap", "say_closed");
        add("unmap_grant_ref", Phase.Connect, "Q.5", 1, "clear_pte", "free_handle", "flush", "release",
            "clear_status");
        add("toolstack_unplug", Phase.Connect, "Q", 7, "remove");
        add("application", Phase.Submit, "M", 1, "try_end", "defer");
        add("hostile_frontend", Phase.Submit, "O", 1, "forge", "fence", "send");
        add("hostile_frontend", Phase.Submit, "W", 1, "sleep");
        add("blkif_queue_request", Phase.Submit, "S", 1, "call");
        add("xen_blkbk_unmap_and_respond", Phase.Answer, "S", 2, "reply");
    }

    private static ReadOnlySpan<string> Map =>
        new[] { "read_entry", "mark", "count", "map_pte", "iommu", "answer", "undo" };

    private static ReadOnlySpan<string> Delivery(bool send) => send
        ? new[] { "look_up", "set_pending", "test_mask", "set_selector", "set_upcall", "wake", "return" }
        : new[] { "set_pending", "test_mask", "set_selector", "set_upcall", "wake" };
}
