using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor;

/// <summary>Waiting and waking (<c>sched/core.c</c>).</summary>
public static class SchedOps
{
    /// <summary>
    /// Blocks the caller's vCPU (<c>SCHEDOP_block</c>): opens upcalls, marks it blocked, then looks for pending events
    /// once more, so that one that just arrived is not missed.
    /// </summary>
    public static void Block(Draft draft, DomId caller)
    {
        var domain = draft.Domain(caller);
        if (draft.Peek(domain.SharedInfo, Xen.VcpuInfo.UpcallMask.OffsetBytes, 1) != 0)
        {
            draft.Poke(domain.SharedInfo, Xen.VcpuInfo.UpcallMask.OffsetBytes, 0, 1);
        }

        var pending = draft.Peek(domain.SharedInfo, Xen.VcpuInfo.UpcallPending.OffsetBytes, 1) != 0;
        if (!pending)
        {
            draft.Put(domain with { Blocked = true });
        }

        draft.Say(new MachineEvent.Slept(caller, !pending));
    }

    /// <summary>Makes a domain's vCPU runnable (<c>vcpu_kick</c>).</summary>
    public static void Wake(Draft draft, DomId id)
    {
        var domain = draft.Domain(id);
        draft.Say(new MachineEvent.Woken(id, domain.Blocked));
        if (domain.Blocked)
        {
            draft.Put(domain with { Blocked = false });
        }
    }
}
