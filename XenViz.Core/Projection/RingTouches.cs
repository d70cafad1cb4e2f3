using XenViz.Core.Abi;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Which ring of a device with several a row is about: the words and the stage must speak of the same one.
/// </summary>
internal static class RingTouches
{
    /// <summary>The ring that a row touched, by a request or by a word of its page: for a disk the queue, for the
    /// network 0 transmit, 1 receive, 2 and 3 those of a second guest; null when it touched none.</summary>
    public static int? Touched(IReadOnlyList<MachineEvent> events, Machine before, Machine after)
    {
        int? found = null;
        foreach (var happened in events)
        {
            found = happened switch
            {
                MachineEvent.RequestTouched touched => touched.Queue,
                _ when GrantUse.Of(happened, before, after) is { } use => OfGrant(after, use),
                MachineEvent.Accessed a => OfPage(after.Front, a.Mfn, 0) ?? OfPage(after.PeerFront, a.Mfn, 2),
                _ => null,
            } ?? found;
        }

        return found;
    }

    /// <summary>The ring of a row that touched none: 0 transmit, 1 receive; null when the row is about neither, such as
    /// one of the event handler.</summary>
    public static int? Of(RowInfo row, Machine after) => (row.Listing, row.Label) switch
    {
        ("xenvif_tx_action", "bridge_in" or "drop_expired" or "stall_check" or "ready_check") => 1,
        ("nic", "rx_check" or "rx_move" or "rx_interrupt") => 1,
        ("net_application", "wait" or "look") or ("xenvif_tx_action", "block") => null,
        ("xennet_tx_buf_gc" or "xenvif_tx_action" or "xenvif_tx_dealloc" or "xennet_start_xmit" or "nic"
            or "net_application", _) => 0,
        ("xennet_poll" or "xenvif_rx_action" or "xennet_alloc_rx_buffers" or "gnttab_transfer" or "rx_clock", _) => 1,
        ("talk_to_netback", _) => ((NetfrontState)after.Front!).Rx.Ref.Value != 0 ? 1 : 0,
        _ => null,
    };

    private static int? OfPage(PrivateState? state, Mfn page, int first) => state switch
    {
        BlkfrontState block => Queue(block, queue => queue.Pages.Contains(page)),
        NetfrontState net when page == net.Tx.Ring => first,
        NetfrontState net when page == net.Rx.Ring => first + 1,
        _ => null,
    };

    private static int? Queue(BlkfrontState front, Func<FrontQueue, bool> matches)
    {
        for (var queue = 0; queue < front.Queues.Length; queue++)
        {
            if (matches(front.Queues[queue]))
            {
                return queue;
            }
        }

        return null;
    }

    private static int? OfGrant(Machine machine, GrantUse use)
    {
        var reference = use.Ref;
        if (SeenFrom.SideOf(machine, use.Granter) is not { } side || reference.Value == 0)
        {
            return null;
        }

        if (machine.Front is BlkfrontState block)
        {
            return Queue(block, queue => queue.Refs.Contains(reference));
        }

        var front = (NetfrontState)machine.From(side).Front!;
        return reference == front.Tx.Ref ? 2 * side : reference == front.Rx.Ref ? (2 * side) + 1 : null;
    }
}
