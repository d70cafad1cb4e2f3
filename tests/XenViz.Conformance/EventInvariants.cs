using XenViz.Core.Abi;
using XenViz.Core.Drivers.Events;
using XenViz.Core.Hypervisor.EventChannels;
using XenViz.Core.Simulation;

namespace XenViz.Conformance;

/// <summary>What must hold of event channels after every operation, whatever guests do; and what must hold for
/// guests that
/// are careful.</summary>
static class EventInvariants
{
    /// <summary>The first property that does not hold, or null.</summary>
    public static string? Broken(FlatEvents events)
    {
        foreach (var domain in events.Domains.Where(d => !d.IsGone))
        {
            for (uint port = 0; port < domain.Channels.Length; port++)
            {
                if (OfPort(events, domain, port) is { } broken)
                {
                    return $"domain {domain.Id} port {port}: {broken}";
                }
            }

            if (OfTables(events, domain) is { } wrong)
            {
                return $"domain {domain.Id}: {wrong}";
            }
        }

        return null;
    }

    /// <summary>The first event that a careful 2-level guest cannot reach by its handler, or null.</summary>
    public static string? LostTwoLevel(FlatDomain domain)
    {
        ulong marked = 0;
        foreach (var vcpu in domain.Vcpus)
        {
            marked |= vcpu.UpcallPending ? vcpu.Selector : 0;
            if (vcpu.Selector != 0 && !vcpu.UpcallPending)
            {
                return "a selector has bits, and the upcall flag is down";
            }
        }

        for (var port = 1; port < domain.Channels.Length && port < domain.Limits.TwoLevelPorts; port++)
        {
            var (word, bit) = (port / domain.Limits.WordBits, port % domain.Limits.WordBits);
            var due = (domain.Pending[word] & ~domain.Mask[word] & (1UL << bit)) != 0;
            if (due && domain.Channels[port].IsUsable && (marked & (1UL << word)) == 0)
            {
                return $"port {port} is pending and not masked, and no handler will look at its word";
            }
        }

        return null;
    }

    /// <summary>The first fault of a careful FIFO guest's queues, or null: every linked word hangs in exactly one
    /// queue that
    /// is ready, every event that is due is linked, and ready bits come with the upcall flag.</summary>
    public static string? LostFifo(FlatDomain domain, FlatGuest guest)
    {
        var reached = new HashSet<uint>();
        for (var v = 0; v < domain.Vcpus.Length; v++)
        {
            if (Walk(domain, guest.QueuesOf(v), domain.Vcpus[v], reached) is { } broken)
            {
                return $"vCPU {v}: {broken}";
            }
        }

        var words = Math.Min((uint)domain.Channels.Length, (uint)domain.Words!.Count * EventChannel.Fifo.WordsPerPage);
        for (uint port = 1; port < words; port++)
        {
            var word = domain.WordOf(port)!.Value;
            var linked = (word & (1u << EventChannel.Fifo.LinkedBit)) != 0;
            if (linked != reached.Contains(port))
            {
                return $"port {port} is {(linked ? "" : "not ")}linked, and {(linked ? "no" : "a")} queue leads to it";
            }

            const uint Looked = (1u << EventChannel.Fifo.PendingBit) | (1u << EventChannel.Fifo.MaskedBit);
            if ((word & Looked) == 1u << EventChannel.Fifo.PendingBit && !linked && domain.Channels[port].IsUsable)
            {
                return $"port {port} is pending and not masked, and not linked";
            }
        }

        return null;
    }

    static string? Walk(FlatDomain domain, in FifoQueues own, FlatVcpu vcpu, HashSet<uint> reached)
    {
        if (vcpu.Ready != 0 && !vcpu.UpcallPending)
        {
            return "queues are ready, and the upcall flag is down";
        }

        var ready = vcpu.Ready | own.Ready;
        for (var queue = 0; queue < EventChannel.Fifo.Queues; queue++)
        {
            if ((ready & (1u << queue)) == 0)
            {
                continue;
            }

            for (var port = own.Heads[queue] != 0 ? own.Heads[queue] : vcpu.Head(queue); port != 0;)
            {
                if (!reached.Add(port))
                {
                    return $"port {port} hangs in two places";
                }

                if (domain.WordOf(port) is not { } word)
                {
                    return $"queue {queue} leads to port {port}, which has no word";
                }

                port = word & EventChannel.Fifo.LinkMask;
            }
        }

        return null;
    }

    static string? OfPort(FlatEvents events, FlatDomain domain, uint port)
    {
        var channel = domain.Channels[port];
        if (channel.Priority > EventChannel.Fifo.PriorityLowest || channel.Vcpu >= domain.Vcpus.Length)
        {
            return "no such priority or vCPU";
        }

        var world = events.World;
        var self = events.Find(domain.Id);
        switch (channel.State)
        {
            case ChannelState.Interdomain:
                var other = events.Find(channel.RemoteDomain);
                return other >= 0 && channel.RemotePort.Value < events.Domains[other].Channels.Length
                    && events.Domains[other].Channels[channel.RemotePort.Value] is
                        { State: ChannelState.Interdomain } end
                    && end.RemoteDomain == domain.Id && end.RemotePort.Value == port
                    ? null
                    : "the other end does not point back";
            case ChannelState.Virq:
                var virq = (int)channel.Interrupt;
                var at = EventVirqs.KindOf(virq) == VirqKind.Vcpu ? channel.Vcpu : 0;
                return world.VirqPort(self, at, virq) == port ? null : "its VIRQ is bound elsewhere";
            case ChannelState.Pirq:
                return world.PirqPort(self, channel.Interrupt) == port ? null : "its PIRQ is bound elsewhere";
            case ChannelState.Free:
                return channel.IsXens || channel.Vcpu != 0 ? "a free port belongs to someone" : null;
            case ChannelState.Reserved:
                return port == 0 ? null : "reserved for good";
            default:
                return port == 0 ? "port 0 is in use" : null;
        }
    }

    static string? OfTables(FlatEvents events, FlatDomain domain)
    {
        var world = events.World;
        var self = events.Find(domain.Id);
        for (var v = 0; v < domain.Vcpus.Length; v++)
        {
            for (var virq = 0; virq < Virq.Count; virq++)
            {
                var port = world.VirqPort(self, v, virq);
                var channel = domain.Channels[port];
                if (port != 0 && (channel.State != ChannelState.Virq || channel.Interrupt != virq))
                {
                    return $"VIRQ {virq} is bound to a port that is not";
                }
            }

            var polls = (domain.Pollers & (1UL << v)) != 0;
            if (polls != (domain.Vcpus[v].PollsFor != 0) || (polls && !domain.Vcpus[v].IsBlocked))
            {
                return $"vCPU {v} polls and does not wait, or the other way round";
            }
        }

        return domain.Words is null && domain.Vcpus.Any(v => v.ControlFrame is not null)
            ? "a control block without the FIFO ABI"
            : null;
    }
}
