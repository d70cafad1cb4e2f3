using System.Buffers.Binary;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Events;
using XenViz.Core.Hypervisor.EventChannels;

namespace XenViz.Conformance;

/// <summary>
/// Four domains to whose event channels anything may happen: domains 1 and 3 are hostile (also to themselves), domain 0
/// is a careful 2-level guest, domain 2 a careful FIFO guest. Careful guests unmask by hypercall and run their handlers
/// to the end, so that nothing may be lost for them.
/// </summary>
sealed class HostileEvents
{
    /// <summary>The careful guest of the 2-level ABI, and the one of the FIFO ABI.</summary>
    public const int CarefulTwoLevel = 0, CarefulFifo = 2;

    int _wordFrames = 1;

    /// <summary>Makes the domains.</summary>
    public HostileEvents(HostileShape[] shapes)
    {
        for (ushort id = 0; id < shapes.Length; id++)
        {
            Limits[id] = new(
                shapes[id].Vcpus, WordBits: id == 3 ? 32 : 64, shapes[id].MaxPort, Pirqs: 8, IsPrivileged: id == 0,
                IsPv: true);
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

    /// <summary>Does what is asked.</summary>
    public HostileTarget Target { get; }

    /// <summary>Frame <paramref name="index"/>, 0 to 3, of a domain.</summary>
    public static ulong FrameOf(int domain, int index) => (ulong)(64 + (domain * 64) + index);

    /// <summary>What the careful FIFO guest does before anything else: control blocks for all its vCPUs, and a page of
    /// words.</summary>
    public IEnumerable<HostileAct> Opening()
    {
        for (var vcpu = 0; vcpu < Limits[CarefulFifo].Vcpus; vcpu++)
        {
            var control = new byte[HostileAct.ArgumentBytes];
            Write64(control, EventChannel.InitControl.ControlGfn, FrameOf(CarefulFifo, 0));
            EventChannel.InitControl.Offset.Write(control, (uint)vcpu * 128);
            EventChannel.InitControl.Vcpu.Write(control, (uint)vcpu);
            yield return new(new(HostileKind.Hypercall, CarefulFifo, 0, EventChannel.Op.InitControl, 0), control);
        }

        yield return new(
            new(HostileKind.Hypercall, CarefulFifo, 0, EventChannel.Op.ExpandArray, 0), Words(FrameOf(CarefulFifo, 1)));
    }

    /// <summary>What an act means as things are; null when its domain is gone.</summary>
    public HostileAct? Now(HostileAct act)
    {
        var op = act.Op;
        if (Events.Domains[op.Domain].IsGone)
        {
            return null;
        }

        op = op with { Vcpu = op.Vcpu % Limits[op.Domain].Vcpus };
        if (op is { Kind: HostileKind.HandleQueues } && Events.Domains[op.Domain].Words is null)
        {
            op = new(HostileKind.Upcall, op.Domain, op.Vcpu, 0, 0);
        }

        // A careful guest's frames are used once: frame 0 holds the control blocks, 1 the first words.
        return op is { Kind: HostileKind.Hypercall, Domain: CarefulFifo, A: EventChannel.Op.ExpandArray }
            ? new(op, Words(FrameOf(CarefulFifo, ++_wordFrames < 4 ? _wordFrames : 99)))
            : act with { Op = op };
    }

    static byte[] Words(ulong frame)
    {
        var argument = new byte[HostileAct.ArgumentBytes];
        Write64(argument, EventChannel.ExpandArray.ArrayGfn, frame);
        return argument;
    }

    static void Write64(byte[] argument, Field field, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(argument.AsSpan(field.OffsetBytes), value);
}
