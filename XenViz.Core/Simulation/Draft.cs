using System.Buffers.Binary;
using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Events;

namespace XenViz.Core.Simulation;

/// <summary>
/// A machine while one step changes it. Everything here is raw: who may do what is decided by the callers
/// (<c>GuestCpu</c> for drivers, the hypervisor's operations for Xen).
/// </summary>
public sealed class Draft
{
    private readonly List<MachineEvent>? _events;
    private PrivateStates _states;

    /// <summary>Starts from a machine.</summary>
    /// <param name="machine">Where the step starts.</param>
    /// <param name="events">Takes what happens, or null when nobody wants to know.</param>
    public Draft(Machine machine, List<MachineEvent>? events)
    {
        _events = events;
        Frames = machine.Frames;
        Domains = machine.Domains;
        Agents = machine.Agents;
        _states = machine.States;
        Before = machine;
    }

    /// <summary>The machine before the step.</summary>
    public Machine Before { get; }

    /// <summary>True when somebody wants to know what happens: only then events are worth making.</summary>
    public bool Observed => _events is not null;

    /// <summary>This draft when somebody wants to know what happens, else null: after <c>?.</c> no event is made for
    /// nobody.</summary>
    public Draft? Watched => Observed ? this : null;

    /// <summary>The frames so far.</summary>
    public FrameTable Frames { get; private set; }

    /// <summary>The domains so far.</summary>
    public ImmutableArray<Domain> Domains { get; private set; }

    /// <summary>The agents so far.</summary>
    public ImmutableArray<Agent> Agents { get; private set; }

    /// <summary>The frontend driver's variables.</summary>
    public PrivateState? Front
    {
        get => _states.Front;
        set => _states = _states with { Front = value };
    }

    /// <summary>The backend driver's variables.</summary>
    public PrivateState? Back
    {
        get => _states.Back;
        set => _states = _states with { Back = value };
    }

    /// <summary>The application's variables.</summary>
    public PrivateState? Application
    {
        get => _states.Application;
        set => _states = _states with { Application = value };
    }

    /// <summary>The device: a disk or a network card.</summary>
    public PrivateState? Disk
    {
        get => _states.Disk;
        set => _states = _states with { Disk = value };
    }

    /// <summary>The frontend driver's variables in a second guest.</summary>
    public PrivateState? PeerFront
    {
        get => _states.PeerFront;
        set => _states = _states with { PeerFront = value };
    }

    /// <summary>The application's variables in a second guest.</summary>
    public PrivateState? PeerApplication
    {
        get => _states.PeerApplication;
        set => _states = _states with { PeerApplication = value };
    }

    /// <summary>Xenstore.</summary>
    public PrivateState? Store
    {
        get => _states.Store;
        set => _states = _states with { Store = value };
    }

    /// <summary>Notes what happened.</summary>
    public void Say(MachineEvent happened) => _events?.Add(happened);

    /// <summary>The domain, which must exist.</summary>
    public Domain Domain(DomId id) => Domains[IndexOf(id)];

    /// <summary>The domain, or null.</summary>
    public Domain? FindDomain(DomId id) => Domains.FirstOrDefault(d => d.Id == id);

    /// <summary>Puts a changed domain in the place of the one with its id.</summary>
    public void Put(Domain domain) => Domains = Domains.SetItem(IndexOf(domain.Id), domain);

    /// <summary>Puts a changed agent in its place.</summary>
    public void Put(int index, Agent agent) => Agents = Agents.SetItem(index, agent);

    /// <summary>Puts a changed frame in the place of the one with its number.</summary>
    public void Put(Frame frame) => Frames = Frames.With(frame);

    /// <summary>A little-endian number in a frame.</summary>
    public ulong Peek(Mfn mfn, int offset, int width) => Frames[mfn].Page.Load(offset, width);

    /// <summary>Copies bytes of a frame.</summary>
    public byte[] PeekBytes(Mfn mfn, int offset, int length)
    {
        var bytes = new byte[length];
        Frames[mfn].Page.Read(offset, bytes);
        return bytes;
    }

    /// <summary>Writes bytes into a frame.</summary>
    public void Poke(Mfn mfn, int offset, ReadOnlySpan<byte> bytes)
    {
        var frame = Frames[mfn];
        Put(frame with { Page = frame.Page.With(offset, bytes) });
    }

    /// <summary>Writes a little-endian number into a frame.</summary>
    public void Poke(Mfn mfn, int offset, ulong value, int width)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Poke(mfn, offset, bytes[..width]);
    }

    /// <summary>The machine that the step leads to.</summary>
    /// <param name="agent">The agent that took it.</param>
    public Machine Done(int agent) => new()
    {
        Frames = Frames, Domains = Domains, Agents = Agents, States = _states, LastAgent = agent,
    };

    private int IndexOf(DomId id)
    {
        for (var i = 0; i < Domains.Length; i++)
        {
            if (Domains[i].Id == id)
            {
                return i;
            }
        }

        throw new InvalidOperationException($"There is no domain {id} in this world.");
    }
}
