using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>Going over to the FIFO ABI and back, priorities, and the end of a domain.</summary>
public static class EventAbis
{
    /// <summary>Gives a vCPU its control block (<c>EVTCHNOP_init_control</c>). The first one of a domain switches the
    /// whole domain to the FIFO ABI.</summary>
    /// <param name="world">The world.</param>
    /// <param name="caller">Whose.</param>
    /// <param name="vcpu">Which vCPU.</param>
    /// <param name="gfn">The frame.</param>
    /// <param name="offset">Where the block begins in it, in bytes: at most 4024, a multiple of 8.</param>
    /// <returns>0; -ENOENT, -EINVAL.</returns>
    public static int InitControl<T>(ref T world, int caller, uint vcpu, Gfn gfn, uint offset)
        where T : struct, IEventWorld, allows ref struct
    {
        if (vcpu >= world.LimitsOf(caller).Vcpus)
        {
            return -Errno.NoEnt;
        }

        if (offset > PageSize.Bytes - EventChannel.ControlBlock.SizeBytes || offset % 8 != 0)
        {
            return -Errno.Inval;
        }

        if (world.HasControl(caller, (int)vcpu) || !world.CanMap(caller, gfn))
        {
            return -Errno.Inval;
        }

        if (!world.IsFifo(caller))
        {
            RememberPending(ref world, caller);
            world.BeginFifo(caller);
        }

        world.MapControl(caller, (int)vcpu, gfn, offset);
        return 0;
    }

    /// <summary>Adds a page of 1024 event words (<c>EVTCHNOP_expand_array</c>) and raises, in the order of ports,
    /// what was
    /// remembered for them, whatever became of the port.</summary>
    /// <returns>0; -EOPNOTSUPP, -ENOSPC, -EINVAL.</returns>
    public static int ExpandArray<T>(ref T world, int caller, Gfn gfn)
        where T : struct, IEventWorld, allows ref struct
    {
        if (!world.IsFifo(caller))
        {
            return -Errno.OpNotSupp;
        }

        var port = world.WordsOf(caller);
        if (port >= EventChannel.Fifo.MostPages * EventChannel.Fifo.WordsPerPage)
        {
            return -Errno.NoSpc;
        }

        if (!world.CanMap(caller, gfn))
        {
            return -Errno.Inval;
        }

        world.AddWords(caller, gfn);
        var end = Math.Min(port + EventChannel.Fifo.WordsPerPage, world.PortsOf(caller));
        for (; port < end; port++)
        {
            var channel = world.ChannelOf(caller, port);
            if (channel.SavedPending)
            {
                FifoRaise.Run(ref world, caller, port, channel.Vcpu);
            }
        }

        return 0;
    }

    /// <summary>Chooses the queue of a port's future events (<c>EVTCHNOP_set_priority</c>).</summary>
    /// <returns>0; -EINVAL for no port, -ENOSYS with the 2-level ABI, -EACCES for a port that is not usable, -EINVAL
    /// for no
    /// priority.</returns>
    public static int SetPriority<T>(ref T world, int caller, uint port, uint priority)
        where T : struct, IEventWorld, allows ref struct
    {
        if (!EventPorts.IsValid(ref world, caller, port))
        {
            return -Errno.Inval;
        }

        if (!world.IsFifo(caller))
        {
            return -Errno.NoSys;
        }

        var channel = world.ChannelOf(caller, port);
        if (!channel.IsUsable)
        {
            return -Errno.Acces;
        }

        if (priority > EventChannel.Fifo.PriorityLowest)
        {
            return -Errno.Inval;
        }

        world.Put(caller, port, channel with { Priority = (byte)priority });
        return 0;
    }

    /// <summary>
    /// Closes every port that is not Xen's own and goes back to the 2-level ABI (<c>EVTCHNOP_reset</c>,
    /// <c>evtchn_reset</c>).
    /// </summary>
    /// <param name="world">The world.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="of">Whose ports; SELF is the caller.</param>
    /// <param name="resuming">True to go on with a reset that stopped half-way.</param>
    /// <returns>0; -ESRCH, -EPERM, -EINVAL (another domain that is not paused), -EBUSY, -EAGAIN (ports came in
    /// meanwhile),
    /// or -ERESTART, which asks to be called again to go on.</returns>
    public static int Reset<T>(ref T world, int caller, DomId of, bool resuming)
        where T : struct, IEventWorld, allows ref struct
    {
        var domain = EventPorts.Resolve(ref world, caller, of);
        if (domain < 0)
        {
            return -Errno.Srch;
        }

        if (!EventPorts.MayControl(ref world, caller, domain))
        {
            return -Errno.Perm;
        }

        if (domain != caller && !world.IsPaused(domain))
        {
            return -Errno.Inval;
        }

        var port = world.ResetAt(domain);
        if (resuming == (port == 0))
        {
            return -Errno.Busy;
        }

        for (port = Math.Max(port, 1); port < world.PortsOf(domain); port++)
        {
            EventUses.Close(ref world, domain, port, byGuest: true);
            if (port % EventChannel.PortsPerBucket == 0 && world.ShouldYield())
            {
                world.SetResetAt(domain, port);
                return -Errno.Restart;
            }
        }

        world.SetResetAt(domain, 0);
        return Finish(ref world, domain);
    }

    /// <summary>The end of a domain (<c>evtchn_destroy</c>): all its ports are closed, Xen's own too, and its roles
    /// as a
    /// handler go back to the hardware domain. It must be dying.</summary>
    public static void Destroy<T>(ref T world, int domain)
        where T : struct, IEventWorld, allows ref struct
    {
        for (uint port = 1; port < world.PortsOf(domain); port++)
        {
            EventUses.Close(ref world, domain, port, byGuest: false);
        }

        EventVirqs.ForgetHandler(ref world, domain);
        if (world.IsFifo(domain))
        {
            world.EndFifo(domain);
        }
    }

    private static int Finish<T>(ref T world, int domain)
        where T : struct, IEventWorld, allows ref struct
    {
        for (uint port = 1; port < world.PortsOf(domain); port++)
        {
            if (world.ChannelOf(domain, port) is { State: not ChannelState.Free, IsXens: false })
            {
                return -Errno.Again;
            }
        }

        if (world.IsFifo(domain))
        {
            world.EndFifo(domain);
        }

        return 0;
    }

    // What the bitmap says is remembered, for records that exist; the masks are not taken over.
    private static void RememberPending<T>(ref T world, int domain)
        where T : struct, IEventWorld, allows ref struct
    {
        var most = Math.Min(world.PortsOf(domain), world.LimitsOf(domain).TwoLevelPorts);
        for (uint port = 1; port < most; port++)
        {
            var channel = world.ChannelOf(domain, port);
            world.Put(domain, port, channel with
            {
                Priority = EventChannel.Fifo.PriorityDefault,
                SavedPending = channel.SavedPending || world.TestPending(domain, port),
            });
        }
    }
}
