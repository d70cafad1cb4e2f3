using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor.EventChannels;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor;

/// <summary>
/// Unmasking a port by hypercall with the FIFO ABI (<c>event_fifo.c evtchn_fifo_unmask</c>): the mask goes, and a port
/// that is pending is raised anew, which puts it into its queue.
/// </summary>
public static class EventFifoUnmask
{
    /// <summary>The listing, inside Xen. Its locals name the port as a delivery's do.</summary>
    public static Listing<DeliveryLocals> Listing { get; } = new(
        "evtchn_unmask", "evtchn_fifo_unmask", Actor.Xen, true,
        [
            new()
            {
                Label = "clear_masked", Kind = AccessKind.Atomic, Cites = "event_fifo.c evtchn_fifo_unmask",
                Text = "clear_bit(MASKED, word)",
                Body = (ref DeliveryLocals f, ref GuestCpu cpu) =>
                {
                    var world = new DraftEventWorld(cpu);
                    world.ClearWord(world.Find(f.Target), f.Port.Value, EventChannel.Fifo.MaskedBit);
                    cpu = world.Cpu;
                    cpu.Draft.Say(new MachineEvent.Noted("port", f.Port.Value));
                    return Flow.Next;
                },
            },
            new()
            {
                Label = "test_pending", Kind = AccessKind.Load, Cites = "event_fifo.c evtchn_fifo_unmask",
                Text = "if (test_bit(PENDING, word)) evtchn_fifo_set_pending(port)",
                Body = (ref DeliveryLocals f, ref GuestCpu cpu) =>
                {
                    var world = new DraftEventWorld(cpu);
                    var pending = EventRaise.IsPending(ref world, world.Find(f.Target), f.Port.Value);
                    cpu = world.Cpu;
                    cpu.Draft.Say(new MachineEvent.Noted("port", f.Port.Value));
                    cpu.Draft.Say(new MachineEvent.Outcome(pending ? "again" : "none"));
                    return pending ? Flow.Call(EventDelivery.RaiseIn(cpu.Draft, f), "done") : Flow.Return;
                },
            },
            new()
            {
                Label = "done", Kind = AccessKind.Private, Cites = "event_channel.c evtchn_unmask", Text = "return 0",
                Body = (ref DeliveryLocals f, ref GuestCpu cpu) => Flow.Return,
            },
        ]);
}
