using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor.EventChannels;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor;

/// <summary>The locals of a delivery with the FIFO ABI.</summary>
public struct FifoDeliveryLocals : ILocals
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

    /// <summary>Where the delivery stands.</summary>
    public FifoRaise Raise;

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
        hasher.Add((int)Raise.Step);
        hasher.Add(Raise.WasPending);
        hasher.Add(Raise.IsBusy);
        hasher.Add(Raise.Tries);
        hasher.Add(Raise.Queue);
        hasher.Add(Raise.Tail);
        hasher.Add(Raise.TailWord);
        hasher.Add((int)Part);
    }
}

/// <summary>
/// How Xen delivers an event with the FIFO ABI (<c>event_fifo.c evtchn_fifo_set_pending</c>), each access of its
/// own. Xen
/// locks the queue, and the one that the port was on; this listing has one lock for all queues of a domain.
/// </summary>
public static class EventFifoDelivery
{
    /// <summary>The send hypercall, inside Xen.</summary>
    public static Listing<FifoDeliveryLocals> Send { get; } =
        new("evtchn_send_fifo", "evtchn_send", Actor.Xen, true, Rows());

    private static Row<FifoDeliveryLocals>[] Rows() =>
    [
        new()
        {
            Label = "look_up", Kind = AccessKind.Private, Cites = "event_channel.c evtchn_send",
            Text = "chn = port_to_evtchn(caller, port); (rd, rport) = other end", Body = LookUp,
        },
        new()
        {
            Label = "wait", Decide = (in FifoDeliveryLocals f, Machine machine) =>
                machine[f.Target].Events.QueuesLocked ? null : "lock",
        },
        new()
        {
            Label = "lock", Kind = AccessKind.Private, Cites = "event_fifo.c evtchn_fifo_set_pending",
            Text = "spin_lock(queue)", Body = Lock,
        },
        .. Links(),
        new()
        {
            Label = "unlock", Kind = AccessKind.Private, Cites = "event_fifo.c evtchn_fifo_set_pending",
            Text = "spin_unlock(queue)", Body = Unlock,
        },
        Step(FifoStep.SetReady, AccessKind.Atomic, "if (test_and_set_bit(q, &ready)) return",
            "evtchn_fifo_set_pending"),
        Step(FifoStep.SetUpcall, AccessKind.Atomic, "if (test_and_set(evtchn_upcall_pending)) return",
            "vcpu_mark_events_pending"),
        Step(FifoStep.Kick, AccessKind.Notify, "vcpu_kick(v): unblock, or interrupt the CPU it runs on", "vcpu_kick"),
        new()
        {
            Label = "return", Kind = AccessKind.Private, Cites = "event_channel.c evtchn_send", Text = "return 0",
            Body = (ref FifoDeliveryLocals f, ref GuestCpu cpu) => Flow.Return,
        },
    ];

    private static Row<FifoDeliveryLocals>[] Links() =>
    [
        Step(FifoStep.Begin, AccessKind.Private, "word = event_array[rport]; q = queue[v][priority]",
            "evtchn_fifo_word_from_port"),
        Step(FifoStep.SetPending, AccessKind.Atomic, "was_pending = test_and_set_bit(PENDING, word)",
            "evtchn_fifo_set_pending"),
        Step(FifoStep.TestMask, AccessKind.Load, "if (test_bit(MASKED, word)) return", "evtchn_fifo_set_pending"),
        Step(FifoStep.SetLinked, AccessKind.Atomic, "if (test_and_set_bit(LINKED, word)) return",
            "evtchn_fifo_set_pending"),
        Step(FifoStep.LoadTail, AccessKind.Load, "w = *tail_word; if (!(w & LINKED)) the queue is empty",
            "try_set_link"),
        Step(FifoStep.LinkTail, AccessKind.Atomic, "cmpxchg(tail_word, w, w with link rport); tail = rport",
            "try_set_link"),
        Step(FifoStep.SetBusy, AccessKind.Atomic, "set_bit(BUSY, tail_word), then once more",
            "evtchn_fifo_set_link"),
        Step(FifoStep.ClearBusy, AccessKind.Atomic, "clear_bit(BUSY, tail_word)", "evtchn_fifo_set_link"),
        Step(FifoStep.StoreHead, AccessKind.Store, "head[q] = rport; tail = rport", "evtchn_fifo_set_pending"),
    ];

    private static Flow LookUp(ref FifoDeliveryLocals f, ref GuestCpu cpu)
    {
        var world = new DraftEventWorld(cpu.Draft);
        var (route, domain, port) = EventUses.Route(ref world, world.Find(f.Caller), f.From.Value);
        if (route != SendRoute.Port)
        {
            cpu.Draft.Say(new MachineEvent.Outcome(route == SendRoute.Unbound ? "unbound" : "refused"));
            return Flow.To("return");
        }

        (f.Target, f.Port) = (world.IdOf(domain), new Port(port));
        f.Vcpu = world.ChannelOf(domain, port).Vcpu;
        cpu.Draft.Say(new MachineEvent.ChannelLookedUp(f.Caller, f.From, f.Target, f.Port));
        return Flow.Next;
    }

    private static Flow Lock(ref FifoDeliveryLocals f, ref GuestCpu cpu)
    {
        SetLock(cpu.Draft, f.Target, true);
        f.Raise = default;
        return Flow.Next;
    }

    private static Flow Unlock(ref FifoDeliveryLocals f, ref GuestCpu cpu)
    {
        SetLock(cpu.Draft, f.Target, false);
        return Flow.To(f.Raise.Step == FifoStep.Done ? "return" : LabelOf(f.Raise.Step));
    }

    private static void SetLock(Draft draft, DomId id, bool held)
    {
        var domain = draft.Domain(id);
        draft.Put(domain with { Events = domain.Events with { QueuesLocked = held } });
    }

    private static string LabelOf(FifoStep step) => step switch
    {
        FifoStep.Begin => "find_word",
        FifoStep.SetPending => "set_pending",
        FifoStep.TestMask => "test_mask",
        FifoStep.SetLinked => "set_linked",
        FifoStep.LoadTail => "load_tail",
        FifoStep.LinkTail => "link_tail",
        FifoStep.SetBusy => "set_busy",
        FifoStep.ClearBusy => "clear_busy",
        FifoStep.StoreHead => "store_head",
        FifoStep.SetReady => "set_ready",
        FifoStep.SetUpcall => "set_upcall",
        FifoStep.Kick => "wake",
        _ => "return",
    };

    private static Row<FifoDeliveryLocals> Step(FifoStep step, AccessKind kind, string text, string symbol) => new()
    {
        Label = LabelOf(step), Kind = kind, Text = text,
        Cites = (step is FifoStep.SetUpcall or FifoStep.Kick ? "domain.c " : "event_fifo.c ") + symbol,
        Body = (ref FifoDeliveryLocals f, ref GuestCpu cpu) =>
        {
            var world = new DraftEventWorld(cpu);
            f.Raise.Next(ref world, world.Find(f.Target), f.Port.Value, f.Vcpu);
            cpu = world.Cpu;
            // Linking is done under the lock, the rest after it.
            var linked = f.Raise.Step is FifoStep.SetReady or FifoStep.Done && step < FifoStep.SetReady;
            return Flow.To(linked ? "unlock" : LabelOf(f.Raise.Step));
        },
    };
}
