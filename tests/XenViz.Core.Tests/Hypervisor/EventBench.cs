using XenViz.Core.Abi;
using XenViz.Core.Drivers.Events;
using XenViz.Core.Hypervisor.EventChannels;

namespace XenViz.Core.Tests.Hypervisor;

/// <summary>
/// A small machine for unit tests. Domain 0 is privileged. Domain 1 is full: ports 1 (unbound, for 2), 2 (IPI) and 3
/// (unbound, for 2) are all it may have. Domain 2 has one of each: see the properties. Domain 3 has the FIFO ABI, a
/// control block for vCPU 0, and words for ports below 1024. Domain 4 is paused.
/// </summary>
sealed class EventBench
{
    FlatEventWorld _world;

    public EventBench()
    {
        _world = Events.World;
        Add(0, 4095, privileged: true);
        Add(1, 3);
        Add(2, 4095);
        Add(3, 131071);
        Add(4, 4095);
        Events.Domains[4].Pauses = 1;
        Unbound = Alloc(1, Xen.Domain.Self, 2);
        Ipi1 = Ipi(1, 0);
        Alloc(1, Xen.Domain.Self, 2);
        OfTimer = Virq(2, XenViz.Core.Abi.Virq.Timer, 1);
        OfArgo = Virq(2, XenViz.Core.Abi.Virq.Argo, 0);
        OfIpi = Ipi(2, 0);
        OfPirq = Pirq(2, 1);
        Waiting = Alloc(2, Xen.Domain.Self, 0);
        Xens = EventBinds.AllocForXen(ref _world, 2, 0, new DomId(0));
        Bound = Bind(0, 2, Waiting);
        Init(3, 0, 256, 0);
        Expand(3, 257);
        FifoIpi = Ipi(3, 0);
        Events.KeepsNotes = true;
    }

    public FlatEvents Events { get; } = new();

    public List<FlatGuest> Guests { get; } = [];

    public long Unbound { get; }

    public long Ipi1 { get; }

    public long OfTimer { get; }

    public long OfArgo { get; }

    public long OfIpi { get; }

    public long OfPirq { get; }

    /// <summary>Domain 2's end of a channel to domain 0's <see cref="Bound"/>.</summary>
    public long Waiting { get; }

    public long Xens { get; }

    public long Bound { get; }

    public long FifoIpi { get; }

    public long Alloc(int caller, int of, int remote) =>
        EventBinds.AllocUnbound(ref _world, caller, new((ushort)of), new((ushort)remote));

    public long Bind(int caller, int remote, long port) =>
        EventBinds.BindInterdomain(ref _world, caller, new((ushort)remote), (uint)port);

    public long Virq(int caller, uint virq, uint vcpu) => EventBinds.BindVirq(ref _world, caller, virq, vcpu);

    public long Ipi(int caller, uint vcpu) => EventBinds.BindIpi(ref _world, caller, vcpu);

    public long Pirq(int caller, uint pirq) => EventBinds.BindPirq(ref _world, caller, pirq);

    public long Close(int caller, long port) => EventUses.Close(ref _world, caller, (uint)port, byGuest: true);

    public long Send(int caller, long port) => EventUses.Send(ref _world, caller, (uint)port);

    public long Unmask(int caller, long port) => EventUses.Unmask(ref _world, caller, (uint)port);

    public long Vcpu(int caller, long port, uint vcpu) => EventUses.BindVcpu(ref _world, caller, (uint)port, vcpu);

    public long Status(int caller, int of, long port) =>
        EventUses.Status(ref _world, caller, new((ushort)of), (uint)port).Errno;

    public long Reset(int caller, int of, bool resuming = false) =>
        EventAbis.Reset(ref _world, caller, new((ushort)of), resuming);

    public long Init(int caller, uint vcpu, ulong gfn, uint offset) =>
        EventAbis.InitControl(ref _world, caller, vcpu, new(gfn), offset);

    public long Expand(int caller, ulong gfn) => EventAbis.ExpandArray(ref _world, caller, new(gfn));

    public long Priority(int caller, long port, uint priority) =>
        EventAbis.SetPriority(ref _world, caller, (uint)port, priority);

    public long Handler(int domain, uint virq) => EventVirqs.SetHandler(ref _world, new((ushort)domain), virq);

    public void Raise(int domain, uint vcpu, uint virq) => EventVirqs.Send(ref _world, domain, vcpu, virq);

    public (int Errno, bool Blocks) Poll(int domain, int vcpu, params uint[] ports) =>
        EventWaits.Poll(ref _world, domain, vcpu, ports);

    public bool Block(int domain, int vcpu) => EventWaits.Block(ref _world, domain, vcpu);

    public int Call(int caller, uint command, params byte[] argument) =>
        EventHypercall.Call(ref _world, caller, command, argument);

    public EventBench With(Action<EventBench> act)
    {
        act(this);
        return this;
    }

    public uint Word(int domain, long port) => Events.Domains[domain].WordOf((uint)port)!.Value;

    public List<uint> Handle(int domain, int vcpu, int most = 100)
    {
        var ports = new List<uint>();
        Guests[domain].HandleQueues(vcpu, most, forget: false, ports.Add);
        return ports;
    }

    void Add(ushort id, uint maxPort, bool privileged = false)
    {
        Events.Add(new DomId(id), new(2, 64, maxPort, Pirqs: 4, privileged, IsPv: true), [1, 2],
            Enumerable.Range(64 + (id * 64), 10).Select(f => (ulong)f));
        Guests.Add(new FlatGuest(Events.Domains[id]));
    }
}
