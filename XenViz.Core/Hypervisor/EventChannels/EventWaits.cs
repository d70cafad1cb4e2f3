using System.Numerics;
using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>Waiting for events and waking (<c>sched/core.c</c>), vCPU by vCPU.</summary>
public static class EventWaits
{
    /// <summary>Ports that one poll may name.</summary>
    public const int MostPolled = 128;

    /// <summary>
    /// Blocks a vCPU (<c>SCHEDOP_block</c>, <c>vcpu_block_enable_events</c>): opens upcalls, marks it blocked, then
    /// looks
    /// for an event once more, so that one that just came is not missed.
    /// </summary>
    /// <returns>True when it blocks.</returns>
    public static bool Block<T>(ref T world, int domain, int vcpu)
        where T : struct, IEventWorld, allows ref struct
    {
        if (world.TestUpcallMask(domain, vcpu))
        {
            world.ClearUpcallMask(domain, vcpu);
        }

        var blocks = !world.TestUpcall(domain, vcpu);
        if (blocks)
        {
            world.SetBlocked(domain, vcpu, true);
        }

        return blocks;
    }

    /// <summary>
    /// Blocks a vCPU until one of some ports is pending, masked or not (<c>SCHEDOP_poll</c>, <c>do_poll</c>), with no
    /// time-out.
    /// </summary>
    /// <returns>0 and whether it blocks, or -EINVAL.</returns>
    public static (int Errno, bool Blocks) Poll<T>(ref T world, int domain, int vcpu, scoped ReadOnlySpan<uint> ports)
        where T : struct, IEventWorld, allows ref struct
    {
        if (ports.Length > MostPolled)
        {
            return (-Errno.Inval, false);
        }

        // Marked first and looked at then: whoever raises an event in between finds a poller to wake.
        world.SetBlocked(domain, vcpu, true);
        world.SetPollsFor(domain, vcpu, -1);
        world.SetPollers(domain, world.Pollers(domain) | (1UL << vcpu));
        var answer = world.TestUpcall(domain, vcpu) && !world.TestUpcallMask(domain, vcpu)
            ? 0
            : FirstAnswer(ref world, domain, ports);
        if (answer is { } errno)
        {
            world.SetPollsFor(domain, vcpu, 0);
            world.SetPollers(domain, world.Pollers(domain) & ~(1UL << vcpu));
            world.SetBlocked(domain, vcpu, false);
            return (errno, false);
        }

        if (ports.Length == 1)
        {
            world.SetPollsFor(domain, vcpu, (int)ports[0]);
        }

        return (0, true);
    }

    /// <summary>Wakes the vCPUs that poll for a port, or for any (<c>evtchn_check_pollers</c>), each once.</summary>
    public static void WakePollers<T>(ref T world, int domain, uint port)
        where T : struct, IEventWorld, allows ref struct
    {
        for (var left = world.Pollers(domain); left != 0; left &= left - 1)
        {
            var vcpu = BitOperations.TrailingZeroCount(left);
            var wants = world.PollsFor(domain, vcpu);
            if (wants <= 0 || wants == (int)port)
            {
                world.SetPollers(domain, world.Pollers(domain) & ~(1UL << vcpu));
                world.SetPollsFor(domain, vcpu, 0);
                Unblock(ref world, domain, vcpu);
            }
        }
    }

    /// <summary>Interrupts a vCPU whose upcall flag rose (<c>vcpu_kick</c>): a blocked one runs again.</summary>
    public static void Kick<T>(ref T world, int domain, int vcpu)
        where T : struct, IEventWorld, allows ref struct
    {
        world.Kicked(domain, vcpu, world.IsBlocked(domain, vcpu));
        Unblock(ref world, domain, vcpu);
    }

    /// <summary>Lets a blocked vCPU run again; it then polls no more (<c>vcpu_unblock</c>).</summary>
    public static void Unblock<T>(ref T world, int domain, int vcpu)
        where T : struct, IEventWorld, allows ref struct
    {
        if (!world.IsBlocked(domain, vcpu))
        {
            return;
        }

        world.SetBlocked(domain, vcpu, false);
        if (world.PollsFor(domain, vcpu) != 0)
        {
            world.SetPollsFor(domain, vcpu, 0);
            world.SetPollers(domain, world.Pollers(domain) & ~(1UL << vcpu));
        }

        world.Woken(domain, vcpu);
    }

    // The first port that gives an answer gives it: 0 when it is pending, -EINVAL when it is none to poll for.
    private static int? FirstAnswer<T>(ref T world, int domain, scoped ReadOnlySpan<uint> ports)
        where T : struct, IEventWorld, allows ref struct
    {
        foreach (var port in ports)
        {
            if (!EventPorts.IsValid(ref world, domain, port) || !world.ChannelOf(domain, port).IsUsable)
            {
                return -Errno.Inval;
            }

            if (EventRaise.IsPending(ref world, domain, port))
            {
                return 0;
            }
        }

        return null;
    }
}
