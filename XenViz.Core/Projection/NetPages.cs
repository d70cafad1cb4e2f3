using XenViz.Core.Abi;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Events;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Which page of a network run comes on stage.</summary>
internal static class NetPages
{
    /// <summary>The data page that a row touched: a page of the guest before one of the driver domain, which holds
    /// copies of headers and frames on their way.</summary>
    public static Mfn? Touched(IReadOnlyList<MachineEvent> events, Machine after)
    {
        Mfn? other = null;
        foreach (var happened in events)
        {
            var page = happened switch
            {
                MachineEvent.Accessed access => access.Mfn,
                MachineEvent.DmaMoved dma => dma.Mfn,
                MachineEvent.CountsChanged counts => counts.Mfn,
                _ => (Mfn?)null,
            };
            if (page is not { } mfn || after.Frames.Find(mfn) is not { Use: FrameUse.Data } frame)
            {
                continue;
            }

            if (frame.Owner == World.Guest || frame.Owner == NetWorld.PeerGuest)
            {
                return mfn;
            }

            other = happened is MachineEvent.CountsChanged ? mfn : other;
        }

        return other;
    }

    /// <summary>The page of an offer; of a transfer the frame that came, once the entry says so.</summary>
    public static Mfn? Arrived(Machine m, Focus? focus, Mfn? page)
    {
        if (m.Front is not NetfrontState { Flips: true } || focus?.Request.Source is not RxBuffer buffer
            || page != buffer.Page)
        {
            return page;
        }

        var table = m.Frames[m.Guest().GrantTable!.Value].Page;
        var at = GrantTable.EntryV1.OffsetBytes(buffer.Ref);
        return (table.Load(at, 2) & GrantTable.Gtf.TransferCompleted) == 0 ? page
            : new Mfn(table.Load(at + GrantTable.EntryV1.Frame.OffsetBytes, 4));
    }

    /// <summary>True for a frame that came to the guest by a transfer and has no page number of its yet.</summary>
    public static bool IsUnnumbered(Machine m, Frame frame) =>
        m.Front is NetfrontState { Flips: true } front && frame.Owner == m.Guest().Id
        && m.Guest().GrantTable is { } grants
        && front.Rx.Buffers.Any(b => b is not null && b.Pfn != frame.Pfn
            && (IsMoving(m, frame.Mfn) || IsNamed(m.Frames[grants].Page, b.Ref, frame.Mfn)));

    private static bool IsMoving(Machine m, Mfn mfn) => m.Agents.Any(agent =>
        agent.Top.Find<Hypervisor.TransferLocals>() is { Ops: { IsDefaultOrEmpty: false } ops }
        && ops.Any(op => op.Mfn == mfn));

    private static bool IsNamed(Page table, GrantRef reference, Mfn mfn)
    {
        var at = GrantTable.EntryV1.OffsetBytes(reference);
        return (table.Load(at, 2) & GrantTable.Gtf.TransferCommitted) != 0
            && table.Load(at + GrantTable.EntryV1.Frame.OffsetBytes, 4) == mfn.Value;
    }

    /// <summary>The ring on stage at the start: the one that the guest works with first, and the one that is made first
    /// while there is none.</summary>
    public static int FirstRing(Machine start) =>
        start.Front is NetfrontState { Tx.Ref.Value: not 0 }
        && start.Application is Drivers.Applications.NetApplicationState { Job: null } ? 1 : 0;
}
