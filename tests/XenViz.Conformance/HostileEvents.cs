using System.Buffers.Binary;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Events;
using XenViz.Core.Hypervisor.EventChannels;

namespace XenViz.Conformance;

/// <summary>
/// Four domains that do anything at all to event channels, from a seed: domains 1 and 3 are hostile (also to
/// themselves),
/// domain 0 is a careful 2-level guest, domain 2 a careful FIFO guest. Careful guests unmask by hypercall and run their
/// handlers to the end, so that nothing may be lost for them.
/// </summary>
sealed class HostileEvents
{
    /// <summary>The careful guest of the 2-level ABI, and the one of the FIFO ABI.</summary>
    public const int CarefulTwoLevel = 0, CarefulFifo = 2;

    const int ArgumentBytes = 24;
    readonly Random _random;
    readonly byte[] _argument = new byte[ArgumentBytes];
    int _wordFrames = 1;

    /// <summary>Makes the domains.</summary>
    public HostileEvents(int seed)
    {
        _random = new Random(seed);
        for (ushort id = 0; id < 4; id++)
        {
            Limits[id] = new(
                Vcpus: 1 + _random.Next(3), WordBits: id == 3 ? 32 : 64, MaxPort: MaxPort(), Pirqs: 8,
                IsPrivileged: id == 0, IsPv: true);
            Events.Add(new DomId(id), Limits[id], [1, 2, 3], Enumerable.Range(0, 4).Select(f => FrameOf(id, f)));
            Guests.Add(new FlatGuest(Events.Domains[id]));
        }

        Target = new HostileTarget(Events, Guests);
    }

    /// <summary>What is fixed about each domain.</summary>
    public EventLimits[] Limits { get; } = new EventLimits[4];

    /// <summary>Their event channels.</summary>
    public FlatEvents Events { get; } = new();

    /// <summary>Their guests' memory.</summary>
    public List<FlatGuest> Guests { get; } = [];

    /// <summary>Does what is chosen.</summary>
    public HostileTarget Target { get; }

    /// <summary>The argument of the hypercall that was chosen last; outputs go elsewhere.</summary>
    public ReadOnlySpan<byte> Argument => _argument;

    /// <summary>Frame <paramref name="index"/>, 0 to 3, of a domain.</summary>
    public static ulong FrameOf(int domain, int index) => (ulong)(64 + (domain * 64) + index);

    /// <summary>What the careful FIFO guest does before anything else: control blocks for all its vCPUs, and a page of
    /// words.</summary>
    public IEnumerable<HostileOp> Opening()
    {
        for (var vcpu = 0; vcpu < Limits[CarefulFifo].Vcpus; vcpu++)
        {
            Write64(EventChannel.InitControl.ControlGfn, FrameOf(CarefulFifo, 0));
            Write(EventChannel.InitControl.Offset, (uint)vcpu * 128);
            Write(EventChannel.InitControl.Vcpu, (uint)vcpu);
            yield return new(HostileKind.Hypercall, CarefulFifo, 0, EventChannel.Op.InitControl, 0);
        }

        Write64(EventChannel.ExpandArray.ArrayGfn, FrameOf(CarefulFifo, 1));
        yield return new(HostileKind.Hypercall, CarefulFifo, 0, EventChannel.Op.ExpandArray, 0);
    }

    /// <summary>Chooses what is done next.</summary>
    public HostileOp Next()
    {
        int domain;
        do
        {
            domain = _random.Next(4);
        }
        while (Events.Domains[domain].IsGone);

        var vcpu = _random.Next(Limits[domain].Vcpus);
        return _random.Next(100) switch
        {
            < 55 => Hypercall(domain),
            < 80 => Guest(domain, vcpu),
            < 83 => new(HostileKind.Poll, domain, vcpu, (uint)_random.Next(_random.Next(20) == 0 ? 131 : 3), Port()),
            < 84 => new(HostileKind.Block, domain, vcpu, 0, 0),
            < 90 => new(HostileKind.SendVirq, domain, vcpu, (uint)_random.Next(26), 0),
            < 92 => new(HostileKind.SetHandler, domain, 0, (uint)_random.Next(26), 0),
            < 93 => new(HostileKind.AllocForXen, domain, vcpu, (uint)_random.Next(4), 0),
            < 95 => new(HostileKind.Notify, domain, 0, Port(), 0),
            < 96 => new(HostileKind.FreeChannel, domain, 0, Port(), 0),
            < 98 => new(HostileKind.SendPirq, domain, 0, (uint)_random.Next(10), 0),
            < 99 => new(HostileKind.Pause, domain is 1 or 3 ? domain : 1, 0, (uint)_random.Next(2), 0),
            _ => domain is 1 or 3 && _random.Next(20) == 0
                ? new(HostileKind.Kill, domain, 0, 0, 0)
                : new(HostileKind.SendVirq, domain, vcpu, Virq.Timer, 0),
        };
    }

    HostileOp Guest(int domain, int vcpu)
    {
        var careful = domain is CarefulTwoLevel or CarefulFifo;
        var handle = Events.Domains[domain].Words is null
            ? new HostileOp(HostileKind.Upcall, domain, vcpu, 0, 0)
            : new HostileOp(HostileKind.HandleQueues, domain, vcpu, careful ? 100_000 : (uint)_random.Next(5),
                careful ? 0 : (uint)_random.Next(2));
        return _random.Next(careful ? 6 : 10) switch
        {
            0 or 1 or 2 => handle,
            3 or 4 => new(HostileKind.SetMask, domain, vcpu, Port(), 0),
            5 => new(HostileKind.SetUpcallMask, domain, vcpu, (uint)_random.Next(2), 0),
            6 => new(HostileKind.ClearMask, domain, vcpu, Port(), 0),
            7 => new(HostileKind.ClearPending, domain, vcpu, Port(), 0),
            8 => new(HostileKind.ClearUpcall, domain, vcpu, 0, 0),
            _ => new(HostileKind.TakeSelector, domain, vcpu, 0, 0),
        };
    }

    HostileOp Hypercall(int domain)
    {
        var careful = domain is CarefulTwoLevel or CarefulFifo;
        var command = (uint)_random.Next(17) switch
        {
            15 => EventChannel.Op.Send,
            16 => EventChannel.Op.BindInterdomain,
            var any => any,
        };
        _random.NextBytes(_argument);
        switch (command)
        {
            case EventChannel.Op.BindInterdomain:
                WriteDom(EventChannel.BindInterdomain.RemoteDom);
                Write(EventChannel.BindInterdomain.RemotePort, Port());
                break;
            case EventChannel.Op.BindVirq or EventChannel.Op.BindPirq:
                Write(EventChannel.BindVirq.Virq, (uint)_random.Next(26));
                Write(EventChannel.BindVirq.Vcpu, (uint)_random.Next(_random.Next(2) == 0 ? 1 : 4));
                break;
            case EventChannel.Op.Status:
                WriteDom(EventChannel.StatusOf.Dom);
                Write(EventChannel.StatusOf.Port, Port());
                break;
            case EventChannel.Op.AllocUnbound:
                WriteDom(EventChannel.AllocUnbound.Dom);
                WriteDom(EventChannel.AllocUnbound.RemoteDom);
                break;
            case EventChannel.Op.BindIpi:
                Write(EventChannel.BindIpi.Vcpu, (uint)_random.Next(4));
                break;
            case EventChannel.Op.Reset or EventChannel.Op.ResetContinue:
                return Reset(domain, command);
            case EventChannel.Op.InitControl when careful:
            case EventChannel.Op.ExpandArray when domain == CarefulTwoLevel:
                return new(HostileKind.SendVirq, domain, 0, Virq.Debug, 0);
            case EventChannel.Op.InitControl:
                Write64(EventChannel.InitControl.ControlGfn, FrameOf(domain, _random.Next(5)));
                Write(EventChannel.InitControl.Offset, (uint)_random.Next(520) * (_random.Next(9) == 0 ? 7u : 8u));
                Write(EventChannel.InitControl.Vcpu, (uint)_random.Next(4));
                break;
            case EventChannel.Op.ExpandArray:
                Write64(EventChannel.ExpandArray.ArrayGfn, careful ? CleanFrame() : FrameOf(domain, _random.Next(5)));
                break;
            default:
                // Close, send, unmask, bind_vcpu and set_priority begin with a port.
                Write(EventChannel.Send.Port, Port());
                Write(EventChannel.BindVcpu.Vcpu, (uint)_random.Next(_random.Next(4) == 0 ? 20 : 3));
                break;
        }

        return new(HostileKind.Hypercall, domain, 0, command, 0);
    }

    // A careful guest's frames are used once: frame 0 holds the control blocks, 1 the first words.
    ulong CleanFrame() => FrameOf(CarefulFifo, ++_wordFrames < 4 ? _wordFrames : 99);

    // Resets are rare, or there would be nothing else to see; nobody resets the careful FIFO guest.
    HostileOp Reset(int domain, uint command)
    {
        var self = domain != CarefulFifo && _random.Next(8) == 0;
        var of = self ? Xen.Domain.Self : (ushort)(_random.Next(2) == 0 ? 1 : 3);
        BinaryPrimitives.WriteUInt16LittleEndian(_argument, of);
        return domain == CarefulFifo || _random.Next(8) != 0
            ? new(HostileKind.SendVirq, domain, 0, Virq.Xenoprof, 0)
            : new(HostileKind.Hypercall, domain, 0, command, 0);
    }

    uint Port() => _random.Next(20) switch
    {
        0 => (uint)_random.Next(260),
        1 => (uint)_random.Next(),
        2 => 0,
        _ => (uint)_random.Next(24),
    };

    uint MaxPort() => _random.Next(4) switch { 0 => 6, 1 => 40, 2 => 127, _ => 4095 };

    void WriteDom(Field field) => BinaryPrimitives.WriteUInt16LittleEndian(
        _argument.AsSpan(field.OffsetBytes),
        (ushort)(_random.Next(10) switch { < 3 => Xen.Domain.Self, 9 => _random.Next(65536), _ => _random.Next(4) }));

    void Write(Field field, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(_argument.AsSpan(field.OffsetBytes), value);

    void Write64(Field field, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(_argument.AsSpan(field.OffsetBytes), value);
}
