using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Simulation;

namespace XenViz.Core.Invariants;

/// <summary>The properties of a network run.</summary>
internal static class NetInvariant
{
    /// <summary>False when nobody can take a step although a guest's packet is not answered. A guest that waits for
    /// packets which do not come is no fault: the network promises nothing.</summary>
    public static bool LosesNoWakeUp(Machine m)
    {
        var back = (NetbackState)m.Back!;
        foreach (var vif in back.Vifs)
        {
            var front = Netfront.State(m, vif.Peer);
            if (!front.Broken && !vif.Disabled && Netfront.Application(m, vif.Peer).InFlight > 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when no ring holds more unanswered requests than it has slots.</summary>
    public static bool RingsAreNotOverfull(Machine m)
    {
        foreach (var vif in ((NetbackState)m.Back!).Vifs)
        {
            var front = Netfront.State(m, vif.Peer);
            if (!front.Connected || front.Broken || vif.Disabled)
            {
                continue;
            }

            if (IsOverfull(m, front.Tx.Ring, vif.TxReqCons, vif.TxRspProdPvt)
                || IsOverfull(m, front.Rx.Ring, vif.RxReqCons, vif.RxRspProdPvt))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsOverfull(Machine m, Mfn ring, RingIndex reqCons, RingIndex rspProdPvt)
    {
        var page = m.Frames[ring].Page;
        var reqProd = new RingIndex((uint)page.Load(Ring.ReqProd.OffsetBytes, 4));
        var rspProd = new RingIndex((uint)page.Load(Ring.RspProd.OffsetBytes, 4));
        return reqProd.Since(rspProd) > NetfrontState.Size || reqCons.Since(rspProdPvt) > NetfrontState.Size;
    }
}
