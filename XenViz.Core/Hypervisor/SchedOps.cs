using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor.EventChannels;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor;

/// <summary>Waiting on a machine under change (<c>sched/core.c</c>); the rules are <see cref="EventWaits"/>.</summary>
public static class SchedOps
{
    /// <summary>
    /// Blocks the caller's vCPU 0 (<c>SCHEDOP_block</c>): opens upcalls, marks it blocked, then looks for pending
    /// events once more, so that one that just arrived is not missed.
    /// </summary>
    public static void Block(Draft draft, DomId caller)
    {
        var world = new DraftEventWorld(draft);
        draft.Say(new MachineEvent.Slept(caller, EventWaits.Block(ref world, world.Find(caller), 0)));
    }

    /// <summary>Makes a domain's vCPU 0 runnable (<c>vcpu_kick</c>).</summary>
    public static void Wake(Draft draft, DomId id)
    {
        var world = new DraftEventWorld(draft);
        EventWaits.Kick(ref world, world.Find(id), 0);
    }

    /// <summary>Blocks the caller's vCPU 0 until one of some ports is pending, masked or not (<c>SCHEDOP_poll</c>),
    /// with
    /// no time-out.</summary>
    /// <returns>0, or -EINVAL for more than 128 ports or one that nobody can wait for.</returns>
    public static int Poll(Draft draft, DomId caller, ReadOnlySpan<uint> ports)
    {
        var world = new DraftEventWorld(draft);
        var (errno, blocks) = EventWaits.Poll(ref world, world.Find(caller), 0, ports);
        if (errno == 0)
        {
            draft.Say(new MachineEvent.Slept(caller, blocks));
        }

        return errno;
    }
}
