using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>
/// The event channels of a machine under change as the rules see them. Accesses to shared words go through the row's
/// <see cref="GuestCpu"/> when there is one, so that they are counted, shown and at most one; else straight to memory.
/// </summary>
public ref partial struct DraftEventWorld : IEventWorld
{
    private readonly bool _stepped;
    private GuestCpu _cpu;

    /// <summary>For a whole operation at once.</summary>
    public DraftEventWorld(Draft draft) => Draft = draft;

    /// <summary>For the body of a row.</summary>
    public DraftEventWorld(GuestCpu cpu)
    {
        Draft = cpu.Draft;
        _cpu = cpu;
        _stepped = true;
    }

    /// <summary>The row's door, to be put back when the rule is done.</summary>
    public readonly GuestCpu Cpu => _cpu;

    /// <summary>The machine.</summary>
    public Draft Draft { get; }

    /// <inheritdoc/>
    public readonly int Domains => Draft.Domains.Length;

    /// <inheritdoc/>
    public readonly int Find(DomId id)
    {
        for (var at = 0; at < Draft.Domains.Length; at++)
        {
            if (Draft.Domains[at].Id == id)
            {
                return at;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public readonly DomId IdOf(int domain) => Draft.Domains[domain].Id;

    /// <inheritdoc/>
    public readonly EventLimits LimitsOf(int domain)
    {
        var t = Of(domain);
        return new(t.Vcpus, t.WordBits, t.MaxPort, t.Pirqs, t.IsPrivileged, Draft.Domains[domain].IsPv);
    }

    /// <inheritdoc/>
    public readonly bool MayUsePirq(int domain, uint pirq) => Of(domain).AllowedPirqs.Contains(pirq);

    /// <inheritdoc/>
    public readonly bool IsPaused(int domain) => Of(domain).IsPaused;

    /// <inheritdoc/>
    public readonly bool IsDying(int domain) => Of(domain).IsDying;

    /// <inheritdoc/>
    public readonly bool ShouldYield() => false;

    /// <inheritdoc/>
    public readonly uint PortsOf(int domain)
    {
        const uint Bucket = EventChannel.PortsPerBucket;
        var channels = (uint)Draft.Domains[domain].Channels.Length;
        return Math.Max(Of(domain).Ports, (channels + Bucket - 1) / Bucket * Bucket);
    }

    /// <inheritdoc/>
    public readonly void AddBucket(int domain) =>
        Put(domain, Of(domain) with { Ports = PortsOf(domain) + EventChannel.PortsPerBucket });

    /// <inheritdoc/>
    public readonly Channel ChannelOf(int domain, uint port)
    {
        var channels = Draft.Domains[domain].Channels;
        return port == 0 ? new Channel(ChannelState.Reserved) : port < channels.Length ? channels[(int)port] : default;
    }

    /// <inheritdoc/>
    public readonly void Put(int domain, uint port, in Channel channel)
    {
        var d = Draft.Domains[domain];
        Draft.Put(d with { Channels = With(d.Channels, (int)port, channel) });
    }

    /// <inheritdoc/>
    public readonly uint VirqPort(int domain, int vcpu, int virq) =>
        At(Of(domain).VirqPorts, (vcpu * Virq.Count) + virq);

    /// <inheritdoc/>
    public readonly void SetVirqPort(int domain, int vcpu, int virq, uint port)
    {
        var t = Of(domain);
        Put(domain, t with { VirqPorts = With(t.VirqPorts, (vcpu * Virq.Count) + virq, port) });
    }

    /// <inheritdoc/>
    public readonly uint PirqPort(int domain, uint pirq) => At(Of(domain).PirqPorts, (int)pirq);

    /// <inheritdoc/>
    public readonly void SetPirqPort(int domain, uint pirq, uint port)
    {
        var t = Of(domain);
        Put(domain, t with { PirqPorts = With(t.PirqPorts, (int)pirq, port) });
    }

    /// <inheritdoc/>
    public readonly int ChosenHandler(int virq)
    {
        for (var at = 0; at < Draft.Domains.Length; at++)
        {
            if ((Of(at).HandledVirqs & (1u << virq)) != 0)
            {
                return at;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public readonly void ChooseHandler(int virq, int domain)
    {
        for (var at = 0; at < Draft.Domains.Length; at++)
        {
            var others = Of(at).HandledVirqs & ~(1u << virq);
            Put(at, Of(at) with { HandledVirqs = at == domain ? others | (1u << virq) : others });
        }
    }

    /// <inheritdoc/>
    public readonly uint ResetAt(int domain) => Of(domain).ResetAt;

    /// <inheritdoc/>
    public readonly void SetResetAt(int domain, uint port) => Put(domain, Of(domain) with { ResetAt = port });

    /// <inheritdoc/>
    public readonly ulong Pollers(int domain) => Of(domain).Pollers;

    /// <inheritdoc/>
    public readonly void SetPollers(int domain, ulong pollers) => Put(domain, Of(domain) with { Pollers = pollers });

    /// <inheritdoc/>
    public readonly int PollsFor(int domain, int vcpu) => At(Of(domain).PollsFor, vcpu);

    /// <inheritdoc/>
    public readonly void SetPollsFor(int domain, int vcpu, int port)
    {
        var t = Of(domain);
        Put(domain, t with { PollsFor = With(t.PollsFor, vcpu, port) });
    }

    /// <inheritdoc/>
    public readonly bool IsBlocked(int domain, int vcpu) =>
        vcpu == 0 ? Draft.Domains[domain].Blocked : (Of(domain).BlockedVcpus & (1UL << vcpu)) != 0;

    /// <inheritdoc/>
    public readonly void SetBlocked(int domain, int vcpu, bool blocked)
    {
        if (vcpu == 0)
        {
            Draft.Put(Draft.Domains[domain] with { Blocked = blocked });
            return;
        }

        var others = Of(domain).BlockedVcpus & ~(1UL << vcpu);
        Put(domain, Of(domain) with { BlockedVcpus = blocked ? others | (1UL << vcpu) : others });
    }

    /// <inheritdoc/>
    public readonly void Kicked(int domain, int vcpu, bool wasBlocked)
    {
        if (!wasBlocked)
        {
            Draft.Say(new MachineEvent.Woken(IdOf(domain), false));
        }
    }

    /// <inheritdoc/>
    public readonly void Woken(int domain, int vcpu) => Draft.Say(new MachineEvent.Woken(IdOf(domain), true));

    /// <inheritdoc/>
    public readonly void XenNotified(int domain, uint port) => Draft.Say(new MachineEvent.Outcome("xen"));

    private static T At<T>(ImmutableArray<T> array, int index)
        where T : struct => index < array.Length ? array[index] : default;

    private static ImmutableArray<T> With<T>(ImmutableArray<T> array, int index, T value)
        where T : struct => index < array.Length
            ? array.SetItem(index, value)
            : array.AddRange(new T[index - array.Length + 1]).SetItem(index, value);

    private readonly EventTables Of(int domain) => Draft.Domains[domain].Events;

    private readonly void Put(int domain, EventTables tables) =>
        Draft.Put(Draft.Domains[domain] with { Events = tables });
}
