using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>Choosing, finding and freeing ports, whatever they are bound to.</summary>
public static class EventPorts
{
    /// <summary>Ports that the domain's ABI allows.</summary>
    public static uint MostPorts<T>(ref T world, int domain)
        where T : struct, IEventWorld, allows ref struct =>
        world.IsFifo(domain) ? EventChannel.Fifo.Channels : world.LimitsOf(domain).TwoLevelPorts;

    /// <summary>True for a port that has a record.</summary>
    public static bool IsValid<T>(ref T world, int domain, uint port)
        where T : struct, IEventWorld, allows ref struct => port < world.PortsOf(domain);

    /// <summary>The domain that an argument names: SELF is the caller. -1 when there is none.</summary>
    public static int Resolve<T>(ref T world, int caller, DomId id)
        where T : struct, IEventWorld, allows ref struct =>
        id.Value == Xen.Domain.Self ? caller : world.Find(id);

    /// <summary>True when the caller may act on a domain: its own, or any for a privileged one (Xen's default
    /// policy).</summary>
    public static bool MayControl<T>(ref T world, int caller, int domain)
        where T : struct, IEventWorld, allows ref struct =>
        caller == domain || world.LimitsOf(caller).IsPrivileged;

    /// <summary>
    /// Chooses the lowest free port and makes its record where there is none yet (<c>get_free_port</c>,
    /// <c>evtchn_allocate_port</c>). The port stays free until the caller binds it; the record stays in any case.
    /// </summary>
    /// <returns>The port, or -EINVAL for a dying domain, -ENOSPC at a limit.</returns>
    public static long Choose<T>(ref T world, int domain)
        where T : struct, IEventWorld, allows ref struct
    {
        if (world.IsDying(domain))
        {
            return -Errno.Inval;
        }

        var most = Math.Min(MostPorts(ref world, domain), (ulong)world.LimitsOf(domain).MaxPort + 1);
        var valid = world.PortsOf(domain);
        for (uint port = 1; port < most; port++)
        {
            if (port >= valid)
            {
                world.AddBucket(domain);
                return port;
            }

            if (world.ChannelOf(domain, port).State == ChannelState.Free && !IsBusy(ref world, domain, port))
            {
                return port;
            }
        }

        return -Errno.NoSpc;
    }

    /// <summary>Binds a chosen port (<c>evtchn_port_init</c>): a FIFO domain gives it the default priority.</summary>
    public static void Bind<T>(ref T world, int domain, uint port, in Channel bound)
        where T : struct, IEventWorld, allows ref struct
    {
        var was = world.ChannelOf(domain, port);
        world.Put(domain, port, bound with
        {
            Priority = world.IsFifo(domain) ? (byte)EventChannel.Fifo.PriorityDefault : was.Priority,
            SavedPending = was.SavedPending, LastVcpu = was.LastVcpu, LastPriority = was.LastPriority,
        });
    }

    /// <summary>
    /// Frees a port (<c>evtchn_free</c>): its pending bit is cleared, and nothing else of what the guest sees.
    /// </summary>
    public static void Free<T>(ref T world, int domain, uint port)
        where T : struct, IEventWorld, allows ref struct
    {
        var was = world.ChannelOf(domain, port);
        if (was.IsUsable)
        {
            EventRaise.ClearPending(ref world, domain, port);
        }

        world.Put(domain, port, new Channel(ChannelState.Free)
        {
            Priority = was.Priority, SavedPending = was.SavedPending, LastVcpu = was.LastVcpu,
            LastPriority = was.LastPriority,
        });
    }

    // FIFO: a closed port that still hangs in a queue must not be given out again (evtchn_fifo_is_busy).
    private static bool IsBusy<T>(ref T world, int domain, uint port)
        where T : struct, IEventWorld, allows ref struct =>
        port < world.WordsOf(domain)
        && (world.LoadWord(domain, port) & (1u << EventChannel.Fifo.LinkedBit)) != 0;
}
