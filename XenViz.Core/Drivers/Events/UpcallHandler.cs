using XenViz.Core.Abi;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Events;

/// <summary>The locals of the event handler.</summary>
public struct UpcallLocals : ILocals
{
    /// <summary>Words of the pending bitmap that the selector named and that are not served yet.</summary>
    public ulong Words;

    /// <summary>The word at work.</summary>
    public int Word;

    /// <summary>Its ports that are pending, then those that are not masked either.</summary>
    public ulong Bits;

    /// <summary>The part of the story.</summary>
    public Phase Part;

    /// <inheritdoc/>
    public readonly Phase Phase => Part;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Words);
        hasher.Add(Word);
        hasher.Add(Bits);
        hasher.Add((int)Part);
    }
}

/// <summary>What a domain does with a port that rang: runs in the row that clears the pending bit.</summary>
/// <returns>A listing to run next (given the caller to return to), or null when a flag was enough.</returns>
public delegate Func<Activation, Activation>? PortHandler(Draft draft, Port port);

/// <summary>
/// A guest's event handler with the 2-level ABI (Linux <c>events_base.c</c>, <c>events_2l.c</c>): lower the flag, take
/// the selector, for each word the pending and not masked ports in ascending order, clear the bit, call the handler.
/// </summary>
public sealed class UpcallHandler
{
    private readonly DomId _domain;
    private readonly PortHandler _handler;
    private readonly Func<Machine, Phase> _begins;
    private readonly Func<Port, Phase> _partOf;

    /// <summary>Makes the handler of a domain.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="lane">Whose listing it is.</param>
    /// <param name="handler">What is done with each port.</param>
    /// <param name="begins">The part of the story that an upcall begins, for the numbers of its first rows.</param>
    /// <param name="partOf">The part that serving a port belongs to.</param>
    public UpcallHandler(
        DomId domain, Actor lane, PortHandler handler, Func<Machine, Phase> begins, Func<Port, Phase> partOf)
    {
        _domain = domain;
        _handler = handler;
        _begins = begins;
        _partOf = partOf;
        Listing = new(lane == Actor.Frontend ? "guest_upcall" : "driver_upcall", "xen_evtchn_do_upcall", lane, false,
            Rows());
    }

    /// <summary>The listing.</summary>
    public Listing<UpcallLocals> Listing { get; }

    /// <summary>An upcall that interrupts what runs.</summary>
    public Activation Interrupt(Machine machine, Activation interrupted) =>
        Listing.Start(new UpcallLocals { Part = _begins(machine) }, interrupted);

    private Row<UpcallLocals>[] Rows() =>
    [
        new()
        {
            Label = "upcall", Lane = Actor.Xen, Kind = AccessKind.Store, Cites = "x86_64/entry.S create_bounce_frame",
            Text = "(Xen) evtchn_upcall_mask = 1; enter the event callback",
            Body = (ref UpcallLocals f, ref GuestCpu cpu) =>
            {
                cpu.Store(Info(ref cpu), Xen.VcpuInfo.UpcallMask.OffsetBytes, 1, 1);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "lower", Kind = AccessKind.Store, Cites = "events_base.c xen_evtchn_do_upcall",
            Text = "vcpu_info->evtchn_upcall_pending = 0",
            Body = (ref UpcallLocals f, ref GuestCpu cpu) =>
            {
                cpu.Store(Info(ref cpu), Xen.VcpuInfo.UpcallPending.OffsetBytes, 0, 1);
                return Flow.Next;
            },
        },
        new()
        {
            Label = "take_selector", Kind = AccessKind.Atomic, Cites = "events_2l.c evtchn_2l_handle_events",
            Text = "words = xchg(&vcpu_info->evtchn_pending_sel, 0)",
            Body = (ref UpcallLocals f, ref GuestCpu cpu) =>
            {
                f.Words = cpu.Exchange(Info(ref cpu), Xen.VcpuInfo.PendingSel.OffsetBytes, 0, 8);
                return NextWord(ref f);
            },
        },
        new()
        {
            Label = "load_pending", Kind = AccessKind.Load, Cites = "events_2l.c active_evtchns",
            Text = "bits = evtchn_pending[w]",
            Body = (ref UpcallLocals f, ref GuestCpu cpu) =>
            {
                var at = Xen.SharedInfo.EvtchnPending.OffsetBytes + (f.Word * 8);
                f.Bits = cpu.Load(Info(ref cpu), at, 8);
                f.Part = f.Bits != 0 ? PartOfLowest(f) : f.Part;
                return Flow.Next;
            },
        },
        new()
        {
            Label = "load_mask", Kind = AccessKind.Load, Cites = "events_2l.c active_evtchns",
            Text = "bits &= ~evtchn_mask[w]",
            Body = (ref UpcallLocals f, ref GuestCpu cpu) =>
            {
                f.Bits &= ~cpu.Load(Info(ref cpu), Xen.SharedInfo.EvtchnMask.OffsetBytes + (f.Word * 8), 8);
                return f.Bits != 0 ? Flow.Next : NextWord(ref f);
            },
        },
        new()
        {
            Label = "clear_pending", Kind = AccessKind.Atomic, Cites = "events_base.c clear_evtchn, generic_handle_irq",
            Text = "clear_bit(port, evtchn_pending); handle(port)",
            Body = ClearPending,
        },
        new()
        {
            Label = "return", Kind = AccessKind.Store, Cites = "x86/xen/xen-asm.S xen_iret",
            Text = "evtchn_upcall_mask = 0; return from the upcall",
            Body = (ref UpcallLocals f, ref GuestCpu cpu) =>
            {
                cpu.Store(Info(ref cpu), Xen.VcpuInfo.UpcallMask.OffsetBytes, 0, 1);
                return Flow.Return;
            },
        },
    ];

    private Mfn Info(ref GuestCpu cpu) => cpu.Draft.Domain(_domain).SharedInfo;

    private Flow ClearPending(ref UpcallLocals f, ref GuestCpu cpu)
    {
        var port = EventChannel.PortOf(f.Word, System.Numerics.BitOperations.TrailingZeroCount(f.Bits));
        f.Bits &= f.Bits - 1;
        cpu.ClearBits(Info(ref cpu), Xen.SharedInfo.PendingByteOf(port).OffsetBytes, (byte)(1 << (port.Bit % 8)));
        string then;
        if (f.Bits != 0)
        {
            f.Part = PartOfLowest(f);
            then = "clear_pending";
        }
        else
        {
            then = NextWord(ref f).Label ?? "load_pending";
        }

        return _handler(cpu.Draft, port) is { } call ? Flow.Call(call, then) : Flow.To(then);
    }

    // While connecting, all of it belongs to connecting.
    private Phase PartOfLowest(in UpcallLocals f) => f.Part == Phase.Connect
        ? Phase.Connect
        : _partOf(EventChannel.PortOf(f.Word, System.Numerics.BitOperations.TrailingZeroCount(f.Bits)));

    private static Flow NextWord(ref UpcallLocals f)
    {
        if (f.Words == 0)
        {
            f.Word = 0;
            return Flow.To("return");
        }

        f.Word = System.Numerics.BitOperations.TrailingZeroCount(f.Words);
        f.Words &= f.Words - 1;
        return Flow.To("load_pending");
    }
}
