using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>Raising, clearing and unmasking a port, in the ABI of its domain.</summary>
public static class EventRaise
{
    /// <summary>Sets a port pending (<c>evtchn_port_set_pending</c>); nothing for one that is not usable.</summary>
    public static void Raise<T>(ref T world, int domain, uint port)
        where T : struct, IEventWorld, allows ref struct
    {
        var channel = world.ChannelOf(domain, port);
        if (channel.IsUsable)
        {
            Unchecked(ref world, domain, port, channel.Vcpu);
        }
    }

    /// <summary>The same without the look at the port's state.</summary>
    internal static void Unchecked<T>(ref T world, int domain, uint port, int vcpu)
        where T : struct, IEventWorld, allows ref struct
    {
        if (world.IsFifo(domain))
        {
            FifoRaise.Run(ref world, domain, port, vcpu);
        }
        else
        {
            TwoLevelRaise.Run(ref world, domain, port, vcpu);
        }
    }

    /// <summary>Clears the pending bit of a usable port (<c>evtchn_port_clear_pending</c>).</summary>
    public static void ClearPending<T>(ref T world, int domain, uint port)
        where T : struct, IEventWorld, allows ref struct
    {
        if (!world.IsFifo(domain))
        {
            if (port < world.LimitsOf(domain).TwoLevelPorts)
            {
                world.ClearPending(domain, port);
            }
        }
        else if (port < world.WordsOf(domain))
        {
            world.ClearWord(domain, port, EventChannel.Fifo.PendingBit);
        }
    }

    /// <summary>True when a usable port is pending (<c>evtchn_is_pending</c>).</summary>
    public static bool IsPending<T>(ref T world, int domain, uint port)
        where T : struct, IEventWorld, allows ref struct
    {
        if (!world.IsFifo(domain))
        {
            return port < world.LimitsOf(domain).TwoLevelPorts && world.TestPending(domain, port);
        }

        return port < world.WordsOf(domain)
            && (world.LoadWord(domain, port) & (1u << EventChannel.Fifo.PendingBit)) != 0;
    }

    /// <summary>
    /// Clears the mask of a usable port and raises it again when it is pending (<c>evtchn_2l_unmask</c>,
    /// <c>evtchn_fifo_unmask</c>). Only the FIFO way wakes pollers.
    /// </summary>
    public static void Unmask<T>(ref T world, int domain, uint port, int vcpu)
        where T : struct, IEventWorld, allows ref struct
    {
        if (world.IsFifo(domain))
        {
            if (port < world.WordsOf(domain))
            {
                world.ClearWord(domain, port, EventChannel.Fifo.MaskedBit);
                if (IsPending(ref world, domain, port))
                {
                    FifoRaise.Run(ref world, domain, port, vcpu);
                }
            }
        }
        else if (world.TestAndClearMask(domain, port) && world.TestPending(domain, port)
            && !world.TestAndSetSelector(domain, vcpu, port / (uint)world.LimitsOf(domain).WordBits))
        {
            MarkUpcall(ref world, domain, vcpu);
        }
    }

    /// <summary>Raises a vCPU's upcall flag and kicks it when the flag was down
    /// (<c>domain.c vcpu_mark_events_pending</c>).</summary>
    public static void MarkUpcall<T>(ref T world, int domain, int vcpu)
        where T : struct, IEventWorld, allows ref struct
    {
        if (!world.TestAndSetUpcall(domain, vcpu))
        {
            EventWaits.Kick(ref world, domain, vcpu);
        }
    }
}
