using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Events;

/// <summary>The locals of the FIFO event handler. Its heads and ready bits are all 0 again when it returns.</summary>
public struct FifoHandlerLocals : ILocals
{
    /// <summary>The queues, and where their handling stands.</summary>
    public FifoQueues Queues;

    /// <summary>The part of the story.</summary>
    public Phase Part;

    /// <inheritdoc/>
    public readonly Phase Phase => Part;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Queues.Ready);
        foreach (var head in Queues.Heads)
        {
            hasher.Add(head);
        }

        hasher.Add((int)Queues.Step);
        hasher.Add(Queues.Queue);
        hasher.Add(Queues.Port);
        hasher.Add((int)Part);
    }
}

/// <summary>
/// A guest's event handler with the FIFO ABI (Linux <c>events_fifo.c</c>), row by row: lower the flag, take the ready
/// bits, serve the highest priority first, look for a higher one after each port.
/// </summary>
public sealed class FifoHandler
{
    private readonly DomId _domain;
    private readonly int _vcpu;
    private readonly PortHandler _handler;
    private readonly Func<Machine, Phase> _begins;
    private readonly Func<Port, Phase> _partOf;

    /// <summary>Makes the handler of a domain's vCPU.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="vcpu">The vCPU, one with a control block.</param>
    /// <param name="lane">Whose listing it is.</param>
    /// <param name="handler">What is done with each port.</param>
    /// <param name="begins">The part of the story that an upcall begins.</param>
    /// <param name="partOf">The part that serving a port belongs to.</param>
    public FifoHandler(
        DomId domain, int vcpu, Actor lane, PortHandler handler, Func<Machine, Phase> begins, Func<Port, Phase> partOf)
    {
        _domain = domain;
        _vcpu = vcpu;
        _handler = handler;
        _begins = begins;
        _partOf = partOf;
        Listing = new(
            lane == Actor.Frontend ? "guest_fifo_upcall" : "driver_fifo_upcall", "xen_evtchn_do_upcall", lane, false,
            Rows());
    }

    /// <summary>The listing.</summary>
    public Listing<FifoHandlerLocals> Listing { get; }

    /// <summary>An upcall that interrupts what runs.</summary>
    public Activation Interrupt(Machine machine, Activation interrupted) =>
        Listing.Start(new FifoHandlerLocals { Part = _begins(machine) }, interrupted);

    private static string LabelOf(FifoHandlerStep step) => step switch
    {
        FifoHandlerStep.Lower => "lower",
        FifoHandlerStep.TakeReady => "take_ready",
        FifoHandlerStep.LoadHead => "load_head",
        FifoHandlerStep.Unlink => "unlink",
        FifoHandlerStep.Test => "test",
        FifoHandlerStep.Clear => "clear",
        _ => "return",
    };

    private Row<FifoHandlerLocals>[] Rows() =>
    [
        new()
        {
            Label = "upcall", Lane = Actor.Xen, Kind = AccessKind.Store, Cites = "x86_64/entry.S create_bounce_frame",
            Text = "(Xen) evtchn_upcall_mask = 1; enter the event callback",
            Body = (ref FifoHandlerLocals f, ref GuestCpu cpu) => StoreMask(ref cpu, 1, Flow.Next),
        },
        Step(FifoHandlerStep.Lower, AccessKind.Store, "vcpu_info->evtchn_upcall_pending = 0",
            "events_base.c xen_evtchn_do_upcall"),
        Step(FifoHandlerStep.TakeReady, AccessKind.Atomic, "ready |= xchg(&control_block->ready, 0)",
            "events_fifo.c __evtchn_fifo_handle_events"),
        Step(FifoHandlerStep.LoadHead, AccessKind.Load, "head = control_block->head[q]",
            "events_fifo.c consume_one_event"),
        Step(FifoHandlerStep.Unlink, AccessKind.Atomic, "head = clear_linked(word of port)",
            "events_fifo.c clear_linked"),
        Step(FifoHandlerStep.Test, AccessKind.Load, "if (!(word & PENDING) || (word & MASKED)) skip",
            "events_fifo.c consume_one_event"),
        Step(FifoHandlerStep.Clear, AccessKind.Atomic, "clear_bit(PENDING, word); handle(port)",
            "events_fifo.c evtchn_fifo_clear_pending"),
        Step(FifoHandlerStep.TakeReady, AccessKind.Atomic, "ready |= xchg(&control_block->ready, 0), after each port",
            "events_fifo.c __evtchn_fifo_handle_events", "take_again"),
        new()
        {
            Label = "return", Kind = AccessKind.Store, Cites = "x86/xen/xen-asm.S xen_iret",
            Text = "evtchn_upcall_mask = 0; return from the upcall",
            Body = (ref FifoHandlerLocals f, ref GuestCpu cpu) => StoreMask(ref cpu, 0, Flow.Return),
        },
    ];

    private Flow StoreMask(ref GuestCpu cpu, ulong value, Flow then)
    {
        var field = Xen.SharedInfo.OfVcpu(Xen.VcpuInfo.UpcallMask, _vcpu);
        cpu.Store(cpu.Draft.Domain(_domain).SharedInfo, field.OffsetBytes, value, 1);
        return then;
    }

    private Row<FifoHandlerLocals> Step(
        FifoHandlerStep step, AccessKind kind, string text, string cites, string? label = null) => new()
    {
        Label = label ?? LabelOf(step), Kind = kind, Text = text, Cites = cites,
        Body = (ref FifoHandlerLocals f, ref GuestCpu cpu) =>
        {
            var guest = new CpuFifoGuest(cpu, _domain, _vcpu);
            var port = f.Queues.Next(ref guest);
            cpu = guest.Cpu;
            Say(step, port, f.Queues, cpu.Draft);

            // The port is known with its queue's head; what follows belongs to it. Connecting stays one part.
            if (f.Queues.Step == FifoHandlerStep.Unlink && f.Part != Phase.Connect)
            {
                f.Part = _partOf(new Port(f.Queues.Port));
            }

            var then = f.Queues.Step == FifoHandlerStep.TakeReady && step != FifoHandlerStep.Lower
                ? "take_again"
                : LabelOf(f.Queues.Step);
            return port != 0 && _handler(cpu.Draft, new Port(port)) is { } call
                ? Flow.Call(call, then)
                : Flow.To(then);
        },
    };

    private static void Say(FifoHandlerStep step, uint port, in FifoQueues queues, Draft draft)
    {
        if (!draft.Observed)
        {
            return;
        }

        if (step is FifoHandlerStep.LoadHead or FifoHandlerStep.Unlink or FifoHandlerStep.Test or FifoHandlerStep.Clear)
        {
            draft.Say(new MachineEvent.Noted("port", port != 0 ? port : queues.Port));
            draft.Say(new MachineEvent.Noted("next", queues.Heads[queues.Queue]));
        }

        draft.Say(new MachineEvent.Noted("queue", queues.Queue));

        var outcome = step switch
        {
            FifoHandlerStep.TakeReady => queues.Step == FifoHandlerStep.Done ? "none" : null,
            FifoHandlerStep.Unlink => queues.Heads[queues.Queue] == 0 ? null : "more",
            FifoHandlerStep.Test => queues.Step == FifoHandlerStep.Clear ? null : "skipped",
            _ => null,
        };
        if (outcome is not null)
        {
            draft.Say(new MachineEvent.Outcome(outcome));
        }
    }
}
