using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Events;

/// <summary>
/// How a guest with the FIFO ABI opens a new port for events (Linux <c>events_fifo.c evtchn_fifo_unmask</c>): the words
/// of a new page are all masked. A port that is pending already needs Xen, which alone can put it into a queue.
/// </summary>
public static class FifoUnmask
{
    /// <summary>The listing of the guest's kernel.</summary>
    public static Listing<DeliveryLocals> Guest { get; } = Make("guest_unmask", Actor.Frontend);

    /// <summary>The listing of the driver domain's kernel.</summary>
    public static Listing<DeliveryLocals> Driver { get; } = Make("driver_unmask", Actor.Backend);

    /// <summary>Where a row goes on that has made a port: with the FIFO ABI by way of the listing.</summary>
    /// <param name="draft">The machine.</param>
    /// <param name="lane">Whose listing it is.</param>
    /// <param name="domain">Whose port it is.</param>
    /// <param name="port">The port.</param>
    /// <param name="then">The row to go on at, or null for the next one.</param>
    public static Flow Then(Draft draft, Actor lane, DomId domain, Port port, string? then) =>
        draft.Domain(domain).Events.IsFifo ? Flow.Call(caller => Before(draft, lane, domain, port, caller), then)
        : then is null ? Flow.Next
        : Flow.To(then);

    /// <summary>What runs before an activation goes on: with the FIFO ABI the listing, else nothing.</summary>
    public static Activation Before(Draft draft, Actor lane, DomId domain, Port port, Activation caller)
    {
        var locals = new DeliveryLocals { Caller = domain, Target = domain, Port = port, Part = Phase.Connect };
        return !draft.Domain(domain).Events.IsFifo ? caller
            : (lane == Actor.Frontend ? Guest : Driver).Start(locals, caller);
    }

    private static Listing<DeliveryLocals> Make(string id, Actor lane) => new(
        id, "evtchn_fifo_unmask", lane, false,
        [
            new() { Label = "wait", Decide = (in DeliveryLocals f, Machine m) => IsBusy(f, m) ? null : "open" },
            new()
            {
                Label = "open", Kind = AccessKind.Atomic, Cites = "events_fifo.c clear_masked_cond",
                Text = "if (!(word & PENDING)) cmpxchg(word, w, w & ~MASKED)", Body = Open,
            },
            new()
            {
                Label = "call", Kind = AccessKind.Hypercall, Cites = "event_channel.h EVTCHNOP_unmask",
                Text = "else EVTCHNOP_unmask(port)",
                Body = (ref DeliveryLocals f, ref GuestCpu cpu) =>
                {
                    var locals = f;
                    cpu.Hypercall(Abi.Xen.Hypercall.EventChannelOp, "EVTCHNOP_unmask", f.Port.Value);
                    cpu.Draft.Say(new MachineEvent.Noted("port", f.Port.Value));
                    return Flow.Call(caller => EventFifoUnmask.Listing.Start(locals, caller));
                },
            },
        ]);

    // Xen holds the word while it changes its link.
    private static bool IsBusy(in DeliveryLocals f, Machine machine) =>
        (FifoWord.Load(machine, f.Target, f.Port) & (1u << EventChannel.Fifo.BusyBit)) != 0;

    private static Flow Open(ref DeliveryLocals f, ref GuestCpu cpu)
    {
        var (mfn, at) = FifoWord.PlaceOf(cpu.Draft.Domain(f.Target), f.Port)!.Value;
        var word = (uint)cpu.Draft.Peek(mfn, at, 4);
        var pending = (word & (1u << EventChannel.Fifo.PendingBit)) != 0;
        cpu.CompareExchange(mfn, at, word, pending ? word : word & ~(1u << EventChannel.Fifo.MaskedBit), 4);
        cpu.Draft.Say(new MachineEvent.Noted("port", f.Port.Value));
        cpu.Draft.Say(new MachineEvent.Outcome(pending ? "pending" : "open"));
        return pending ? Flow.Next : Flow.Return;
    }
}
