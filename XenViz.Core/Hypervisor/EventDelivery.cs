using XenViz.Core.Abi;
using XenViz.Core.Events;
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
        hasher.Add((int)Part);
    }
}

/// <summary>
/// How Xen delivers an event with the 2-level ABI (<c>event_2l.c evtchn_2l_set_pending</c>): pending, mask, selector,
/// upcall, wake, each an access of its own, stopping where nothing more is needed.
/// </summary>
public static class EventDelivery
{
    /// <summary>The send hypercall, inside Xen.</summary>
    public static Listing<DeliveryLocals> Send { get; } =
        new("evtchn_send", "evtchn_send", Actor.Xen, true, [LookUp(), .. Raise("return"), Return()]);

    /// <summary>Raising a port from inside Xen: a device's interrupt, or the first event of a new binding.</summary>
    public static Listing<DeliveryLocals> Interrupt { get; } =
        new("evtchn_raise", "evtchn_port_set_pending", Actor.Xen, true, Raise(null));

    private static Row<DeliveryLocals> LookUp() => new Row<DeliveryLocals>
    {
        Label = "look_up", Kind = AccessKind.Private, Cites = "event_channel.c evtchn_send",
        Text = "chn = port_to_evtchn(caller, port); (rd, rport) = other end",
        Body = (ref DeliveryLocals f, ref GuestCpu cpu) =>
        {
            var (errno, target) = EventChannelOps.Route(cpu.Draft, f.Caller, f.From);
            if (target is not { } to)
            {
                cpu.Draft.Say(new MachineEvent.Outcome(errno == 0 ? "unbound" : "refused"));
                return Flow.To("return");
            }

            (f.Target, f.Port) = to;
            cpu.Draft.Say(new MachineEvent.ChannelLookedUp(f.Caller, f.From, f.Target, f.Port));
            return Flow.Next;
        },
    };

    private static Row<DeliveryLocals> Return() => new Row<DeliveryLocals>
    {
        Label = "return", Kind = AccessKind.Private, Cites = "event_channel.c evtchn_send",
        Text = "return 0",
        Body = (ref DeliveryLocals f, ref GuestCpu cpu) => Flow.Return,
    };

    // "stop" is where a delivery ends early: the return row of a hypercall, or simply the end.
    private static IEnumerable<Row<DeliveryLocals>> Raise(string? stop)
    {
        Flow Stop(Draft draft, string outcome)
        {
            draft.Say(new MachineEvent.Outcome(outcome));
            return stop is null ? Flow.Return : Flow.To(stop);
        }

        yield return new()
        {
            Label = "set_pending", Kind = AccessKind.Atomic, Cites = "event_2l.c evtchn_2l_set_pending",
            Text = "if (test_and_set_bit(rport, evtchn_pending)) return",
            Body = (ref DeliveryLocals f, ref GuestCpu cpu) =>
            {
                var info = cpu.Draft.Domain(f.Target).SharedInfo;
                var at = Xen.SharedInfo.PendingByteOf(f.Port).OffsetBytes;
                return cpu.TestAndSetBit(info, at, f.Port.Bit % 8) ? Stop(cpu.Draft, "coalesced") : Flow.Next;
            },
        };
        yield return new()
        {
            Label = "test_mask", Kind = AccessKind.Load, Cites = "event_2l.c evtchn_2l_set_pending",
            Text = "if (test_bit(rport, evtchn_mask)) return",
            Body = (ref DeliveryLocals f, ref GuestCpu cpu) =>
            {
                var info = cpu.Draft.Domain(f.Target).SharedInfo;
                var mask = cpu.Load(info, Xen.SharedInfo.MaskByteOf(f.Port).OffsetBytes, 1);
                return ((mask >> (f.Port.Bit % 8)) & 1) != 0 ? Stop(cpu.Draft, "masked") : Flow.Next;
            },
        };
        yield return new()
        {
            Label = "set_selector", Kind = AccessKind.Atomic, Cites = "event_2l.c evtchn_2l_set_pending",
            Text = "if (test_and_set_bit(rport / 64, evtchn_pending_sel)) return",
            Body = (ref DeliveryLocals f, ref GuestCpu cpu) =>
            {
                var info = cpu.Draft.Domain(f.Target).SharedInfo;
                var at = Xen.VcpuInfo.PendingSel.OffsetBytes + (f.Port.Word / 8);
                return cpu.TestAndSetBit(info, at, f.Port.Word % 8) ? Stop(cpu.Draft, "set") : Flow.Next;
            },
        };
        yield return new()
        {
            Label = "set_upcall", Kind = AccessKind.Atomic, Cites = "domain.c vcpu_mark_events_pending",
            Text = "if (test_and_set(evtchn_upcall_pending)) return",
            Body = (ref DeliveryLocals f, ref GuestCpu cpu) =>
            {
                var info = cpu.Draft.Domain(f.Target).SharedInfo;
                var was = cpu.TestAndSetBit(info, Xen.VcpuInfo.UpcallPending.OffsetBytes, 0);
                return was ? Stop(cpu.Draft, "set") : Flow.Next;
            },
        };
        yield return new()
        {
            Label = "wake", Kind = AccessKind.Notify, Cites = "domain.c vcpu_kick",
            Text = "vcpu_kick(v): unblock, or interrupt the CPU it runs on",
            Body = (ref DeliveryLocals f, ref GuestCpu cpu) =>
            {
                cpu.Draft.Say(new MachineEvent.Outcome(cpu.Draft.Domain(f.Target).Blocked ? "asleep" : "running"));
                SchedOps.Wake(cpu.Draft, f.Target);
                return Flow.Next;
            },
        };
    }
}
