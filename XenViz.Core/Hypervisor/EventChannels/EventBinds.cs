using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>The operations that make a port: checks in Xen's order, errno as a negative number
/// (<c>event_channel.c</c>). Each returns the new port.</summary>
public static class EventBinds
{
    /// <summary>A port that waits for a domain (<c>EVTCHNOP_alloc_unbound</c>).</summary>
    /// <param name="world">The world.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="of">Whose port it will be; SELF is the caller.</param>
    /// <param name="remote">Who is awaited; not checked to exist; SELF is the caller.</param>
    /// <returns>The port; -ESRCH, -EINVAL, -ENOSPC or -EPERM.</returns>
    public static long AllocUnbound<T>(ref T world, int caller, DomId of, DomId remote)
        where T : struct, IEventWorld, allows ref struct
    {
        var domain = EventPorts.Resolve(ref world, caller, of);
        if (domain < 0)
        {
            return -Errno.Srch;
        }

        var port = EventPorts.Choose(ref world, domain);
        if (port < 0)
        {
            return port;
        }

        if (!EventPorts.MayControl(ref world, caller, domain))
        {
            return -Errno.Perm;
        }

        var awaited = remote.Value == Xen.Domain.Self ? world.IdOf(caller) : remote;
        EventPorts.Bind(ref world, domain, (uint)port, new Channel(ChannelState.Unbound, awaited));
        return port;
    }

    /// <summary>Connects to another domain's waiting port (<c>EVTCHNOP_bind_interdomain</c>) and raises the new port:
    /// events may have been lost before.</summary>
    /// <returns>The local port; -ESRCH, -EINVAL, -ENOSPC.</returns>
    public static long BindInterdomain<T>(ref T world, int caller, DomId remote, uint remotePort)
        where T : struct, IEventWorld, allows ref struct
    {
        var local = Connect(ref world, caller, remote, remotePort);
        if (local > 0)
        {
            EventRaise.Raise(ref world, caller, (uint)local);
        }

        return local;
    }

    /// <summary>The same without raising the new port: for a listing that tells the raising row by row.</summary>
    public static long Connect<T>(ref T world, int caller, DomId remote, uint remotePort)
        where T : struct, IEventWorld, allows ref struct
    {
        var other = EventPorts.Resolve(ref world, caller, remote);
        if (other < 0)
        {
            return -Errno.Srch;
        }

        var local = EventPorts.Choose(ref world, caller);
        if (local < 0)
        {
            return local;
        }

        if (!EventPorts.IsValid(ref world, other, remotePort)
            || world.ChannelOf(other, remotePort) is not { State: ChannelState.Unbound } end
            || end.RemoteDomain != world.IdOf(caller))
        {
            return -Errno.Inval;
        }

        EventPorts.Bind(ref world, caller, (uint)local,
            new Channel(ChannelState.Interdomain, world.IdOf(other), new Port(remotePort)));
        world.Put(other, remotePort, end with
        {
            State = ChannelState.Interdomain, RemoteDomain = world.IdOf(caller), RemotePort = new Port((uint)local),
        });
        return local;
    }

    /// <summary>A port for a virtual interrupt (<c>EVTCHNOP_bind_virq</c>).</summary>
    /// <returns>The port; -EINVAL, -ENOENT, -EBUSY, -EEXIST, -ENOSPC.</returns>
    public static long BindVirq<T>(ref T world, int caller, uint virq, uint vcpu)
        where T : struct, IEventWorld, allows ref struct
    {
        if (virq >= Virq.Count)
        {
            return -Errno.Inval;
        }

        var kind = EventVirqs.KindOf((int)virq);
        if (kind != VirqKind.Vcpu && vcpu != 0)
        {
            return -Errno.Inval;
        }

        if (vcpu >= world.LimitsOf(caller).Vcpus)
        {
            return -Errno.NoEnt;
        }

        if (kind == VirqKind.Global && EventVirqs.HandlerOf(ref world, (int)virq) != caller)
        {
            return -Errno.Busy;
        }

        if (world.VirqPort(caller, (int)vcpu, (int)virq) != 0)
        {
            return -Errno.Exist;
        }

        var port = EventPorts.Choose(ref world, caller);
        if (port > 0)
        {
            EventPorts.Bind(ref world, caller, (uint)port,
                new Channel(ChannelState.Virq) { Vcpu = (ushort)vcpu, Interrupt = virq });
            world.SetVirqPort(caller, (int)vcpu, (int)virq, (uint)port);
        }

        return port;
    }

    /// <summary>A port between vCPUs of the caller (<c>EVTCHNOP_bind_ipi</c>).</summary>
    /// <returns>The port; -ENOENT, -EINVAL, -ENOSPC.</returns>
    public static long BindIpi<T>(ref T world, int caller, uint vcpu)
        where T : struct, IEventWorld, allows ref struct
    {
        if (vcpu >= world.LimitsOf(caller).Vcpus)
        {
            return -Errno.NoEnt;
        }

        var port = EventPorts.Choose(ref world, caller);
        if (port > 0)
        {
            EventPorts.Bind(ref world, caller, (uint)port, new Channel(ChannelState.Ipi) { Vcpu = (ushort)vcpu });
        }

        return port;
    }

    /// <summary>
    /// A port for a physical interrupt (<c>EVTCHNOP_bind_pirq</c>), at vCPU 0. The interrupt layer below always
    /// agrees in
    /// this model, so its flags have no effect.
    /// </summary>
    /// <returns>The port; -EINVAL, -EPERM, -EEXIST, -ENOSPC.</returns>
    public static long BindPirq<T>(ref T world, int caller, uint pirq)
        where T : struct, IEventWorld, allows ref struct
    {
        var limits = world.LimitsOf(caller);
        if (pirq >= limits.Pirqs)
        {
            return -Errno.Inval;
        }

        if (limits.IsPv && !world.MayUsePirq(caller, pirq))
        {
            return -Errno.Perm;
        }

        if (world.PirqPort(caller, pirq) != 0)
        {
            return -Errno.Exist;
        }

        var port = EventPorts.Choose(ref world, caller);
        if (port > 0)
        {
            EventPorts.Bind(ref world, caller, (uint)port, new Channel(ChannelState.Pirq) { Interrupt = pirq });
            world.SetPirqPort(caller, pirq, (uint)port);
        }

        return port;
    }

    /// <summary>
    /// A port whose local end is consumed inside Xen (<c>alloc_unbound_xen_event_channel</c>). Its priority is what the
    /// record had.
    /// </summary>
    /// <param name="world">The world.</param>
    /// <param name="domain">Whose port.</param>
    /// <param name="vcpu">The vCPU on whose behalf Xen is notified.</param>
    /// <param name="remote">Who is awaited; not checked.</param>
    /// <returns>The port; -EINVAL, -ENOSPC.</returns>
    public static long AllocForXen<T>(ref T world, int domain, ushort vcpu, DomId remote)
        where T : struct, IEventWorld, allows ref struct
    {
        var port = EventPorts.Choose(ref world, domain);
        if (port > 0)
        {
            world.Put(domain, (uint)port, world.ChannelOf(domain, (uint)port) with
            {
                State = ChannelState.Unbound, RemoteDomain = remote, RemotePort = default, Vcpu = vcpu, IsXens = true,
            });
        }

        return port;
    }
}
