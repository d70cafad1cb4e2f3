using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Both ends of the ring on stage, of whatever device, as far as the views need them.</summary>
internal sealed record RingSides
{
    /// <summary>The guest.</summary>
    public required DomId Guest { get; init; }

    /// <summary>The driver domain.</summary>
    public required DomId Driver { get; init; }

    /// <summary>Slots of the ring.</summary>
    public required int Size { get; init; }

    /// <summary>Bytes of a slot.</summary>
    public required int SlotBytes { get; init; }

    /// <summary>The frames of the ring.</summary>
    public required ImmutableArray<Mfn> Pages { get; init; }

    /// <summary>The grant of its first page, 0 while there is none.</summary>
    public required GrantRef RingRef { get; init; }

    /// <summary>The frontend's port.</summary>
    public required Port FrontPort { get; init; }

    /// <summary>The backend's port.</summary>
    public required Port BackPort { get; init; }

    /// <summary>Private to the frontend.</summary>
    public required RingIndex ReqProdPvt { get; init; }

    /// <summary>Private to the frontend.</summary>
    public required RingIndex RspCons { get; init; }

    /// <summary>Private to the backend.</summary>
    public required RingIndex ReqCons { get; init; }

    /// <summary>Private to the backend.</summary>
    public required RingIndex RspProdPvt { get; init; }

    /// <summary>References that were given back.</summary>
    public required ImmutableArray<uint> FreeRefs { get; init; }

    /// <summary>The first reference that was never used.</summary>
    public required uint FreshRef { get; init; }

    /// <summary>The virtual address of the first page that the backend sets aside for mappings.</summary>
    public required ulong MapAddress { get; init; }

    /// <summary>The first frame of the ring.</summary>
    public Mfn Ring => Pages.IsEmpty ? default : Pages[0];

    /// <summary>The reference that the frontend takes next.</summary>
    public uint NextRef => FreeRefs.IsEmpty ? FreshRef : FreeRefs[^1];

    /// <summary>Reads a machine.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="ring">For a disk the queue; for the network 0 is the transmit ring, 1 the receive ring, 2 and 3
    /// those of a second guest.</param>
    public static RingSides Of(Machine machine, int ring = 0) => machine.Front switch
    {
        BlkfrontState front => Of(front, (BlkbackState)machine.Back!, ring < front.Queues.Length ? ring : 0),
        NetfrontState when ring > 1 => Of(
            (NetfrontState)machine.PeerFront!, (NetbackState)machine.Back!, ring % 2 != 0, 1),
        NetfrontState front => Of(front, (NetbackState)machine.Back!, ring % 2 != 0, 0),
        _ => throw new InvalidOperationException("A machine without a frontend has no ring."),
    };

    /// <summary>How many rings a machine has.</summary>
    public static int Count(Machine machine) => machine.Front switch
    {
        BlkfrontState front => front.Queues.Length,
        _ => 2 * SeenFrom.Sides(machine),
    };

    private static RingSides Of(BlkfrontState front, BlkbackState back, int queue)
    {
        var (ours, theirs) = (front.Queues[queue], back.Queues[queue]);
        return new()
        {
            Guest = back.Peer, Driver = front.Peer, Size = front.Size, SlotBytes = front.Options.FrontLayout.SlotBytes,
            Pages = ours.Pages, RingRef = ours.Refs.IsEmpty ? default : ours.Refs[0], FrontPort = ours.Port,
            BackPort = theirs.Port, ReqProdPvt = ours.ReqProdPvt, RspCons = ours.RspCons, ReqCons = theirs.ReqCons,
            RspProdPvt = theirs.RspProdPvt, FreeRefs = front.FreeRefs, FreshRef = front.FreshRef,
            MapAddress = back.MapAddress,
        };
    }

    private static RingSides Of(NetfrontState front, NetbackState back, bool receives, int of)
    {
        var vif = back.Vifs[of];
        return new()
        {
            Guest = vif.Peer, Driver = front.Peer, Size = NetfrontState.Size,
            SlotBytes = receives ? Netif.RxSlotBytes : Netif.TxSlotBytes,
            Pages = [receives ? front.Rx.Ring : front.Tx.Ring], RingRef = receives ? front.Rx.Ref : front.Tx.Ref,
            FrontPort = front.Port, BackPort = vif.Port,
            ReqProdPvt = receives ? front.Rx.ReqProdPvt : front.Tx.ReqProdPvt,
            RspCons = receives ? front.Rx.RspCons : front.Tx.RspCons,
            ReqCons = receives ? vif.RxReqCons : vif.TxReqCons,
            RspProdPvt = receives ? vif.RxRspProdPvt : vif.TxRspProdPvt,
            FreeRefs = front.FreeRefs, FreshRef = front.FreshRef, MapAddress = back.MapAddress,
        };
    }
}
