using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>The operations on a port that exists: checks in Xen's order, errno as a negative number.</summary>
public static class EventUses
{
    /// <summary>Where a send goes (<c>event_channel.c evtchn_send</c>).</summary>
    /// <returns>The route, and for Port and Xen whose port it is.</returns>
    public static (SendRoute Route, int Domain, uint Port) Route<T>(ref T world, int caller, uint port)
        where T : struct, IEventWorld, allows ref struct
    {
        if (!EventPorts.IsValid(ref world, caller, port))
        {
            return default;
        }

        var channel = world.ChannelOf(caller, port);
        if (channel.IsXens)
        {
            return default;
        }

        switch (channel.State)
        {
            case ChannelState.Interdomain:
                var other = world.Find(channel.RemoteDomain);
                var xens = world.ChannelOf(other, channel.RemotePort.Value).IsXens;
                return (xens ? SendRoute.Xen : SendRoute.Port, other, channel.RemotePort.Value);
            case ChannelState.Ipi:
                return (SendRoute.Port, caller, port);
            case ChannelState.Unbound:
                return (SendRoute.Unbound, -1, 0);
            default:
                return default;
        }
    }

    /// <summary>Rings the other end (<c>EVTCHNOP_send</c>).</summary>
    /// <returns>0 or -EINVAL.</returns>
    public static int Send<T>(ref T world, int caller, uint port)
        where T : struct, IEventWorld, allows ref struct
    {
        var (route, domain, to) = Route(ref world, caller, port);
        switch (route)
        {
            case SendRoute.Port:
                EventRaise.Raise(ref world, domain, to);
                return 0;
            case SendRoute.Xen:
                world.XenNotified(domain, to);
                return 0;
            default:
                return route == SendRoute.Unbound ? 0 : -Errno.Inval;
        }
    }

    /// <summary>Xen rings the other end of its own channel (<c>notify_via_xen_event_channel</c>); nothing unless it is
    /// connected.</summary>
    public static void SendFromXen<T>(ref T world, int domain, uint port)
        where T : struct, IEventWorld, allows ref struct
    {
        if (EventPorts.IsValid(ref world, domain, port)
            && world.ChannelOf(domain, port) is { State: ChannelState.Interdomain } channel)
        {
            EventRaise.Raise(ref world, world.Find(channel.RemoteDomain), channel.RemotePort.Value);
        }
    }

    /// <summary>Frees a port (<c>EVTCHNOP_close</c>, <c>evtchn_close</c>). The other end of a connection waits for the
    /// closer again and keeps its bits and its vCPU.</summary>
    /// <param name="world">The world.</param>
    /// <param name="domain">Whose port.</param>
    /// <param name="port">Which.</param>
    /// <param name="byGuest">True for a guest, which may not close Xen's own ends.</param>
    /// <returns>0 or -EINVAL.</returns>
    public static int Close<T>(ref T world, int domain, uint port, bool byGuest)
        where T : struct, IEventWorld, allows ref struct
    {
        if (!EventPorts.IsValid(ref world, domain, port))
        {
            return -Errno.Inval;
        }

        var channel = world.ChannelOf(domain, port);
        if ((channel.IsXens && byGuest) || channel.State <= ChannelState.Reserved)
        {
            return -Errno.Inval;
        }

        switch (channel.State)
        {
            case ChannelState.Pirq:
                world.SetPirqPort(domain, channel.Interrupt, 0);
                break;
            case ChannelState.Virq:
                // One that is not of a vCPU stands in the table of vCPU 0, whichever vCPU it notifies now.
                var virq = (int)channel.Interrupt;
                var at = EventVirqs.KindOf(virq) == VirqKind.Vcpu ? channel.Vcpu : 0;
                world.SetVirqPort(domain, at, virq, 0);
                break;
        }

        EventPorts.Free(ref world, domain, port);
        if (channel.State == ChannelState.Interdomain)
        {
            var other = world.Find(channel.RemoteDomain);
            world.Put(other, channel.RemotePort.Value, world.ChannelOf(other, channel.RemotePort.Value) with
            {
                State = ChannelState.Unbound, RemoteDomain = world.IdOf(domain), RemotePort = default,
            });
        }

        return 0;
    }

    /// <summary>The state of a port (<c>EVTCHNOP_status</c>).</summary>
    /// <param name="world">The world.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="of">Whose port; SELF is the caller.</param>
    /// <param name="port">Which.</param>
    /// <returns>0 with the port's record; -ESRCH, -EINVAL or -EPERM.</returns>
    public static (int Errno, Channel Channel) Status<T>(ref T world, int caller, DomId of, uint port)
        where T : struct, IEventWorld, allows ref struct
    {
        var domain = EventPorts.Resolve(ref world, caller, of);
        if (domain < 0)
        {
            return (-Errno.Srch, default);
        }

        if (!EventPorts.IsValid(ref world, domain, port))
        {
            return (-Errno.Inval, default);
        }

        return EventPorts.MayControl(ref world, caller, domain)
            ? (0, world.ChannelOf(domain, port))
            : (-Errno.Perm, default);
    }

    /// <summary>A state as guests are told it (<c>EVTCHNSTAT_*</c>).</summary>
    public static EventChannelStatus Reported(ChannelState state) => state switch
    {
        ChannelState.Unbound => EventChannelStatus.Unbound,
        ChannelState.Interdomain => EventChannelStatus.Interdomain,
        ChannelState.Pirq => EventChannelStatus.Pirq,
        ChannelState.Virq => EventChannelStatus.Virq,
        ChannelState.Ipi => EventChannelStatus.Ipi,
        _ => EventChannelStatus.Closed,
    };

    /// <summary>Chooses the vCPU that a port notifies (<c>EVTCHNOP_bind_vcpu</c>). Bits that are set do not
    /// move.</summary>
    /// <returns>0; -ENOENT, -EINVAL.</returns>
    public static int BindVcpu<T>(ref T world, int caller, uint port, uint vcpu)
        where T : struct, IEventWorld, allows ref struct
    {
        if (vcpu >= world.LimitsOf(caller).Vcpus)
        {
            return -Errno.NoEnt;
        }

        if (!EventPorts.IsValid(ref world, caller, port))
        {
            return -Errno.Inval;
        }

        var channel = world.ChannelOf(caller, port);
        var mayMove = channel.State is ChannelState.Unbound or ChannelState.Interdomain or ChannelState.Pirq
            || (channel.State == ChannelState.Virq && EventVirqs.KindOf((int)channel.Interrupt) != VirqKind.Vcpu);
        if (channel.IsXens || !mayMove)
        {
            return -Errno.Inval;
        }

        world.Put(caller, port, channel with { Vcpu = (ushort)vcpu });
        return 0;
    }

    /// <summary>Clears a mask and raises what is pending (<c>EVTCHNOP_unmask</c>); nothing for a port that is not
    /// usable.</summary>
    /// <returns>0 or -EINVAL.</returns>
    public static int Unmask<T>(ref T world, int caller, uint port)
        where T : struct, IEventWorld, allows ref struct
    {
        if (!EventPorts.IsValid(ref world, caller, port))
        {
            return -Errno.Inval;
        }

        var channel = world.ChannelOf(caller, port);
        if (channel.IsUsable)
        {
            EventRaise.Unmask(ref world, caller, port, channel.Vcpu);
        }

        return 0;
    }
}
