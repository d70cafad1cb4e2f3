using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Whom a row turns to: who is woken, called or given the page.</summary>
internal static class RowTargets
{
    /// <summary>The one that a row turns to, or null.</summary>
    /// <param name="row">The row.</param>
    /// <param name="events">What happened in it.</param>
    public static Actor? Of(RowInfo row, IReadOnlyList<MachineEvent> events)
    {
        var woken = events.OfType<MachineEvent.Woken>().FirstOrDefault();
        if (woken is not null && row.Label == "wake")
        {
            return woken.Domain == Scenarios.World.Driver ? Actor.Backend : Actor.Frontend;
        }

        return row.Key switch
        {
            "application.hand_over" or "net_application.hand_over" => Actor.Frontend,
            "blkif_interrupt.tell" or "xennet_tx_buf_gc.free" or "xennet_poll.gather" => Actor.Application,
            "xen_blkif_schedule.submit" or "xenvif_tx_action.bridge" => Actor.Device,
            "disk.interrupt" or "nic.interrupt" or "nic.rx_interrupt" => Actor.Xen,
            "blkif_queue_request.send" or "xen_blkbk_unmap_and_respond.send" or "xennet_start_xmit.send"
                or "xennet_alloc_rx_buffers.send" or "xenvif_tx_dealloc.send" or "xenvif_rx_action.send" => Actor.Xen,
            _ => null,
        };
    }
}
