using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>
/// A machine's event channels in plain arrays that change in place: for replaying recordings, for soak runs and for
/// speed. The rules are the same as everywhere; <see cref="FlatEventWorld"/> is the view that they work on.
/// </summary>
public sealed class FlatEvents
{
    private readonly List<FlatDomain> _domains = [];
    private readonly short[] _byId = new short[Xen.Domain.FirstReserved];

    /// <summary>Makes a machine without domains.</summary>
    public FlatEvents()
    {
        Array.Fill(_byId, (short)-1);
        Array.Fill(Handlers, -1);
    }

    /// <summary>Its domains, by index.</summary>
    public IReadOnlyList<FlatDomain> Domains => _domains;

    /// <summary>vCPUs whose upcall flag rose, as (domain, vCPU), since the list was cleared.</summary>
    public List<(int Domain, int Vcpu)> Upcalls { get; } = [];

    /// <summary>Blocked vCPUs that were woken, likewise.</summary>
    public List<(int Domain, int Vcpu)> Woken { get; } = [];

    /// <summary>Events that reached Xen's own ends, as (domain, port), likewise.</summary>
    public List<(int Domain, uint Port)> XenNotified { get; } = [];

    /// <summary>True to keep the three lists above.</summary>
    public bool KeepsNotes { get; set; }

    /// <summary>True to stop a reset at each opportunity.</summary>
    public bool Yields { get; set; }

    /// <summary>The view for the rules.</summary>
    public FlatEventWorld World => new(this);

    internal int[] Handlers { get; } = new int[Virq.Count];

    /// <summary>Adds a domain: every port is free except port 0, all bits are 0.</summary>
    /// <param name="id">Its id, a real one that is not taken.</param>
    /// <param name="limits">What is fixed about it.</param>
    /// <param name="pirqs">Physical interrupts that it may use.</param>
    /// <param name="frames">Frames that it may hand over.</param>
    /// <param name="masked">True to begin with all mask bits set.</param>
    /// <returns>Its index.</returns>
    public int Add(
        DomId id, EventLimits limits, IEnumerable<uint>? pirqs = null, IEnumerable<ulong>? frames = null,
        bool masked = false)
    {
        _byId[id.Value] = (short)_domains.Count;
        _domains.Add(new FlatDomain(id, limits, pirqs ?? [], frames ?? [], masked));
        return _domains.Count - 1;
    }

    /// <summary>The index of a domain, or -1 when there is none or it is gone.</summary>
    public int Find(DomId id) =>
        id.Value < _byId.Length && _byId[id.Value] is >= 0 and var at && !_domains[at].IsGone ? at : -1;

    /// <summary>
    /// Ends a domain: its ports are closed, its roles as a handler go back, and the hardware domain is told by
    /// VIRQ_DOM_EXC (<c>domain_kill</c>).
    /// </summary>
    public void Kill(int domain)
    {
        var world = World;
        _domains[domain].IsDying = true;
        EventAbis.Destroy(ref world, domain);
        _domains[domain].IsGone = true;
        EventVirqs.Send(ref world, -1, 0, Virq.DomainException);
    }

    internal FlatDomain Of(int domain) => _domains[domain];
}
