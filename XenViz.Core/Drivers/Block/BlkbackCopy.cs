using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>
/// The data path of grant copies: the device works on pages of the backend, Xen copies between these and the granted
/// ones. Linux netback works so; for blkback it is the comparison with mapping.
/// </summary>
internal static class BlkbackCopy
{
    /// <summary>True when the last batch copied everything.</summary>
    public static bool AllCopied(Machine machine) =>
        ((PageCopyResults)machine.Agents[BackendAgent.Index].Result!).Okay;

    /// <summary>Makes the hypercall for all segments of a request: out of the guest's pages for a write, into them for
    /// a read.</summary>
    public static Flow Call(ref GuestCpu cpu, PendingRequest pending, Phase part)
    {
        var state = Blkback.State(cpu.Draft);
        ImmutableArray<PageCopy> copies =
        [
            .. pending.Segments.Select(s => new PageCopy(
                state.OwnPages[s.Slot], s.Segment.Ref, state.Peer, !pending.Read, s.Offset, s.Bytes)),
        ];
        cpu.Draft.Say(new MachineEvent.RequestTouched(pending.Id, pending.Key.Value, pending.Queue));
        cpu.Hypercall(
            Xen.Hypercall.GrantTableOp, "GNTTABOP_copy", copies[0].Ref.Value, state.Peer.Value,
            (ulong)copies.Sum(c => c.Bytes), copies.Length);
        var copy = new PageCopyLocals { Caller = cpu.Domain, Copies = copies, Results = [], Part = part };
        return Flow.Call(caller => PageCopies.Listing.Start(copy, caller));
    }
}
