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

    /// <summary>The ring on stage at the start: the one that the guest works with first, and the one that is made first
    /// while there is none.</summary>
    public static int FirstRing(Machine start) =>
        start.Front is NetfrontState { Tx.Ref.Value: not 0 }
        && start.Application is Drivers.Applications.NetApplicationState { Job: null } ? 1 : 0;
}
