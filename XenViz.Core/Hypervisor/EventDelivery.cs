using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor.EventChannels;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor;

/// <summary>The locals of a delivery.</summary>
public struct DeliveryLocals : ILocals
{
    /// <summary>Who sends.</summary>
    public DomId Caller;

    /// <summary>The sender's port.</summary>
    public Port From;

    /// <summary>Who receives.</summary>
    public DomId Target;

    /// <summary>The receiver's port.</summary>
    public Port Port;

    /// <summary>The vCPU that the receiver's port notifies, looked up once.</summary>
    public int Vcpu;

    /// <summary>The part of the story.</summary>
    public Phase Part;

    /// <inheritdoc/>
    public readonly Phase Phase => Part;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Caller.Value);
        hasher.Add(From.Value);
        hasher.Add(Target.Value);
        hasher.Add(Port.Value);
        hasher.Add(Vcpu);
        hasher.Add((int)Part);
    }
}

/// <summary>
/// How Xen delivers an event with the 2-level ABI (<c>event_2l.c evtchn_2l_set_pending</c>): pending, mask, selector,
/// upcall, wake, each an access of its own, stopping where nothing more is needed. A domain with the FIFO ABI gets it
/// by <see cref="EventFifoDelivery"/>.
/// </summary>
public static class EventDelivery
{
    /// <summary>The send hypercall, inside Xen.</summary>
    public static Listing<DeliveryLocals> Send { get; } =
        new("evtchn_send", "evtchn_send", Actor.Xen, true, [LookUp(), .. Raise("return"), Return()]);

    /// <summary>Raising a port from inside Xen: a device's interrupt, or the first event of a new binding.</summary>
    public static Listing<DeliveryLocals> Interrupt { get; } =
        new("evtchn_raise", "evtchn_port_set_pending", Actor.Xen, true, Raise(null));

    /// <summary>Raises a port from inside Xen in the ABI of its domain: each domain has one of its own.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="delivery">Target, port and part.</param>
    /// <returns>The listing to run, given the caller to return to.</returns>
    public static Func<Activation, Activation> RaiseIn(Draft machine, DeliveryLocals delivery) =>
        machine.Domain(delivery.Target).Events.IsFifo
            ? Fifo(delivery)
            : caller => Interrupt.Start(delivery, caller);

    private static Func<Activation, Activation> Fifo(DeliveryLocals delivery)
    {
        var raise = new FifoDeliveryLocals { Target = delivery.Target, Port = delivery.Port, Part = delivery.Part };
        return caller => EventFifoDelivery.Raise.Start(raise, caller);
    }

    private static Row<DeliveryLocals> LookUp() => new Row<DeliveryLocals>
    {
        Label = "look_up", Kind = AccessKind.Private, Cites = "event_channel.c evtchn_send",
        Text = "chn = port_to_evtchn(caller, port); (rd, rport) = other end",
        Body = (ref DeliveryLocals f, ref GuestCpu cpu) =>
        {
            var world = new DraftEventWorld(cpu.Draft);
            var (route, domain, port) = EventUses.Route(ref world, world.Find(f.Caller), f.From.Value);
            if (route == SendRoute.Xen)
            {
                world.XenNotified(domain, port);
                return Flow.To("return");
            }

            if (route != SendRoute.Port)
            {
                cpu.Draft.Say(new MachineEvent.Outcome(route == SendRoute.Unbound ? "unbound" : "refused"));
                return Flow.To("return");
            }

            (f.Target, f.Port) = (world.IdOf(domain), new Port(port));
            cpu.Draft.Say(new MachineEvent.ChannelLookedUp(f.Caller, f.From, f.Target, f.Port));
            return world.IsFifo(domain) ? Flow.Call(Fifo(f), "return") : Flow.Next;
        },
    };

    private static Row<DeliveryLocals> Return() => new Row<DeliveryLocals>
    {
        Label = "return", Kind = AccessKind.Private, Cites = "event_channel.c evtchn_send",
        Text = "return 0",
        Body = (ref DeliveryLocals f, ref GuestCpu cpu) => Flow.Return,
    };

    // "stop" is where a delivery ends early: the return row of a hypercall, or simply the end.
    private static Row<DeliveryLocals>[] Raise(string? stop) =>
    [
        new()
        {
            Label = "set_pending", Kind = AccessKind.Atomic, Cites = "event_2l.c evtchn_2l_set_pending",
            Text = "if (test_and_set_bit(rport, evtchn_pending)) return",
            Body = Body(TwoLevelStep.SetPending, "coalesced", stop),
        },
        new()
        {
            Label = "test_mask", Kind = AccessKind.Load, Cites = "event_2l.c evtchn_2l_set_pending",
            Text = "if (test_bit(rport, evtchn_mask)) return",
            Body = Body(TwoLevelStep.TestMask, "masked", stop),
        },
        new()
        {
            Label = "set_selector", Kind = AccessKind.Atomic, Cites = "event_2l.c evtchn_2l_set_pending",
            Text = "if (test_and_set_bit(rport / 64, evtchn_pending_sel)) return",
            Body = Body(TwoLevelStep.SetSelector, "set", stop),
        },
        new()
        {
            Label = "set_upcall", Kind = AccessKind.Atomic, Cites = "domain.c vcpu_mark_events_pending",
            Text = "if (test_and_set(evtchn_upcall_pending)) return",
            Body = Body(TwoLevelStep.SetUpcall, "set", stop),
        },
        new()
        {
            Label = "wake", Kind = AccessKind.Notify, Cites = "domain.c vcpu_kick",
            Text = "vcpu_kick(v): unblock, or interrupt the CPU it runs on",
            Body = (ref DeliveryLocals f, ref GuestCpu cpu) =>
            {
                var world = new DraftEventWorld(cpu);
                var domain = world.Find(f.Target);
                cpu.Draft.Say(new MachineEvent.Outcome(world.IsBlocked(domain, f.Vcpu) ? "asleep" : "running"));
                TwoLevelRaise.Step(ref world, domain, f.Port.Value, f.Vcpu, TwoLevelStep.Kick);
                return Flow.Next;
            },
        },
    ];

    private static RowBody<DeliveryLocals> Body(TwoLevelStep step, string outcome, string? stop) =>
        (ref DeliveryLocals f, ref GuestCpu cpu) =>
        {
            var world = new DraftEventWorld(cpu);
            var domain = world.Find(f.Target);
            if (step == TwoLevelStep.SetPending)
            {
                f.Vcpu = world.ChannelOf(domain, f.Port.Value).Vcpu;
            }

            var next = TwoLevelRaise.Step(ref world, domain, f.Port.Value, f.Vcpu, step);
            cpu = world.Cpu;
            if (next != TwoLevelStep.Done)
            {
                return Flow.Next;
            }

            cpu.Draft.Say(new MachineEvent.Outcome(outcome));
            return stop is null ? Flow.Return : Flow.To(stop);
        };
}
