using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor.EventChannels;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor;

/// <summary>The locals of a delivery with the FIFO ABI.</summary>
public struct FifoDeliveryLocals : ILocals
{
    /// <summary>Who receives.</summary>
    public DomId Target;

    /// <summary>The receiver's port.</summary>
    public Port Port;

    /// <summary>The vCPU that the receiver's port notifies, looked up once.</summary>
    public int Vcpu;

    /// <summary>Where the delivery stands.</summary>
    public FifoRaise Raise;

    /// <summary>The step that it ended at; of interest once <see cref="FifoRaise.Step"/> is done.</summary>
    public FifoStep Last;

    /// <summary>The part of the story.</summary>
    public Phase Part;

    /// <inheritdoc/>
    public readonly Phase Phase => Part;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Target.Value);
        hasher.Add(Port.Value);
        hasher.Add(Vcpu);
        hasher.Add((int)Raise.Step);
        hasher.Add(Raise.WasPending);
        hasher.Add(Raise.IsLinked);
        hasher.Add(Raise.IsBusy);
        hasher.Add(Raise.Tries);
        hasher.Add(Raise.Queue);
        hasher.Add(Raise.Tail);
        hasher.Add(Raise.TailWord);
        hasher.Add((int)Last);
        hasher.Add((int)Part);
    }
}

/// <summary>
/// How Xen delivers an event with the FIFO ABI (<c>event_fifo.c evtchn_fifo_set_pending</c>), each access of its own.
/// Each queue has a lock; a port that moves to another queue needs that of the old one too, until it has left it.
/// </summary>
public static class EventFifoDelivery
{
    /// <summary>Raising a port of a domain with the FIFO ABI, whatever raises it.</summary>
    public static Listing<FifoDeliveryLocals> Raise { get; } =
        new("fifo_raise", "evtchn_fifo_set_pending", Actor.Xen, true, Rows());

    private static Row<FifoDeliveryLocals>[] Rows() =>
    [
        Step(FifoStep.Begin, AccessKind.Private, "word = event_array[rport]; q = queue[v][priority]",
            "evtchn_fifo_word_from_port"),
        new() { Label = "wait", Decide = Wait },
        new()
        {
            Label = "lock", Kind = AccessKind.Private, Cites = "event_fifo.c evtchn_fifo_set_pending",
            Text = "spin_lock(q); spin_lock(the queue that it was on)", Body = Lock,
        },
        .. Links(),
        new()
        {
            Label = "unlock", Kind = AccessKind.Private, Cites = "event_fifo.c evtchn_fifo_set_pending",
            Text = "spin_unlock(q)", Body = Unlock,
        },
        Step(FifoStep.SetReady, AccessKind.Atomic, "if (test_and_set_bit(q, &ready)) return",
            "evtchn_fifo_set_pending"),
        Step(FifoStep.SetUpcall, AccessKind.Atomic, "if (test_and_set(evtchn_upcall_pending)) return",
            "vcpu_mark_events_pending"),
        Step(FifoStep.Kick, AccessKind.Notify, "vcpu_kick(v): unblock, or interrupt the CPU it runs on", "vcpu_kick"),
    ];

    private static Row<FifoDeliveryLocals>[] Links() =>
    [
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

    private static string? Wait(in FifoDeliveryLocals f, Machine machine)
    {
        var domain = machine[f.Target];
        foreach (var queue in QueuesOf(domain, f))
        {
            if (domain.Events.LockedQueues.Contains(queue))
            {
                return null;
            }
        }

        return "lock";
    }

    // The queue of the port's priority, and the one that it was last put on.
    private static int[] QueuesOf(Domain domain, in FifoDeliveryLocals f)
    {
        var channel = f.Port.Value < domain.Channels.Length ? domain.Channels[(int)f.Port.Value] : default;
        return [Queue(f.Vcpu, channel.Priority), Queue(channel.LastVcpu, channel.LastPriority)];
    }

    private static int Queue(int vcpu, int priority) => (vcpu * EventChannel.Fifo.Queues) + priority;

    // The priority counts that the port has when the lock is held.
    private static Flow Lock(ref FifoDeliveryLocals f, ref GuestCpu cpu)
    {
        var domain = cpu.Draft.Domain(f.Target);
        var queues = QueuesOf(domain, f);
        f.Raise.Queue = (byte)(queues[0] % EventChannel.Fifo.Queues);
        Put(cpu.Draft, domain, domain.Events.LockedQueues.Union(queues));
        Note(cpu.Draft, f);
        return Flow.Next;
    }

    private static Flow Unlock(ref FifoDeliveryLocals f, ref GuestCpu cpu)
    {
        var domain = cpu.Draft.Domain(f.Target);
        var queue = Queue(f.Vcpu, f.Raise.Queue);
        Put(cpu.Draft, domain, domain.Events.LockedQueues.Remove(queue).Remove(QueuesOf(domain, f)[1]));
        Note(cpu.Draft, f);
        if (f.Raise.Step != FifoStep.Done)
        {
            return Flow.To(LabelOf(f.Raise.Step));
        }

        cpu.Draft.Say(new MachineEvent.Outcome(Ended(f.Last)));
        return Flow.Return;
    }

    private static void Put(Draft draft, Domain domain, System.Collections.Immutable.ImmutableSortedSet<int> locks) =>
        draft.Put(domain with { Events = domain.Events with { LockedQueues = locks } });

    private static string Ended(FifoStep last) => last switch
    {
        FifoStep.Begin => "dropped",
        FifoStep.TestMask => "masked",
        FifoStep.SetLinked => "coalesced",
        FifoStep.SetReady or FifoStep.SetUpcall => "set",
        _ => "queued",
    };

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
        _ => "wake",
    };

    private static Row<FifoDeliveryLocals> Step(FifoStep step, AccessKind kind, string text, string symbol) => new()
    {
        Label = LabelOf(step), Kind = kind, Text = text,
        Cites = (step is FifoStep.SetUpcall or FifoStep.Kick ? "domain.c " : "event_fifo.c ") + symbol,
        Body = (ref FifoDeliveryLocals f, ref GuestCpu cpu) => Run(step, ref f, ref cpu),
    };

    private static Flow Run(FifoStep step, ref FifoDeliveryLocals f, ref GuestCpu cpu)
    {
        var world = new DraftEventWorld(cpu);
        var domain = world.Find(f.Target);
        if (step == FifoStep.Begin)
        {
            f.Vcpu = world.ChannelOf(domain, f.Port.Value).Vcpu;
        }

        var asleep = step == FifoStep.Kick && world.IsBlocked(domain, f.Vcpu);
        var old = QueuesOf(cpu.Draft.Domain(f.Target), f)[1];
        f.Raise.Next(ref world, domain, f.Port.Value, f.Vcpu);
        cpu = world.Cpu;
        f.Last = step;
        if (step == FifoStep.SetLinked && f.Raise.Step != FifoStep.Done)
        {
            LeaveOld(cpu.Draft, f, old);
        }

        Note(cpu.Draft, f);
        Say(step, asleep, f, cpu.Draft);
        var next = f.Raise.Step;
        return step == FifoStep.Begin ? next == FifoStep.Done ? Flow.Return : Flow.To("wait")
            : step >= FifoStep.SetReady ? next == FifoStep.Done ? Flow.Return : Flow.To(LabelOf(next))
            : Flow.To(next is FifoStep.SetReady or FifoStep.Done ? "unlock" : LabelOf(next));
    }

    // Once the port is noted as one of the new queue, nothing of the old one is touched any more.
    private static void LeaveOld(Draft draft, in FifoDeliveryLocals f, int old)
    {
        var domain = draft.Domain(f.Target);
        if (old != Queue(f.Vcpu, f.Raise.Queue))
        {
            Put(draft, domain, domain.Events.LockedQueues.Remove(old));
        }
    }

    // What the words for the row need and no access shows.
    private static void Note(Draft draft, in FifoDeliveryLocals f)
    {
        if (draft.Observed)
        {
            draft.Say(new MachineEvent.Noted("port", f.Port.Value));
            draft.Say(new MachineEvent.Noted("queue", f.Raise.Queue));
            draft.Say(new MachineEvent.Noted("tail", f.Raise.Tail));
        }
    }

    private static void Say(FifoStep step, bool asleep, in FifoDeliveryLocals f, Draft draft)
    {
        var ends = f.Raise.Step == FifoStep.Done;
        var outcome = step switch
        {
            FifoStep.Begin => ends ? "dropped" : null,
            FifoStep.SetPending => f.Raise.WasPending ? "again" : null,
            FifoStep.TestMask => ends ? "masked" : null,
            FifoStep.SetLinked => ends ? "coalesced" : f.Raise.Step == FifoStep.StoreHead ? "first" : null,
            FifoStep.LoadTail => f.Raise.Step == FifoStep.LinkTail ? null : "empty_queue",
            FifoStep.LinkTail => f.Raise.IsLinked ? "queued" : "changed",
            FifoStep.SetReady or FifoStep.SetUpcall => ends ? "set" : null,
            FifoStep.Kick => asleep ? "asleep" : "running",
            _ => null,
        };
        if (outcome is not null)
        {
            draft.Say(new MachineEvent.Outcome(outcome));
        }
    }
}
