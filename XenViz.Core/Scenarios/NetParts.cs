using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Simulation;

namespace XenViz.Core.Scenarios;

/// <summary>The parts of the network's world before anything is connected.</summary>
internal static class NetParts
{
    /// <summary>Pages of the card's receive ring at the start.</summary>
    public const int CardPages = 32;
    /// <summary>Pages of the driver domain for headers and copies.</summary>
    public const int OwnPages = 96;
    private const int SparePages = 16;
    private const ulong TxRing = 0x5A10;
    private const ulong DataPages = 0x6000;
    private const ulong RxPages = 0x7000;
    /// <summary>The first of the driver domain's pages.</summary>
    public const ulong DriverPages = 0x2E00;
    private const ulong SpareFrames = 0xC000;
    /// <summary>How far the frames of the second guest are from those of the first.</summary>
    public const ulong PeerFrames = 0x4000;
    private const ulong FirstTable = 0x2C07;
    /// <summary>Level-1 page tables of the driver domain.</summary>
    public const int Tables = 2;
    private const uint FirstRef = 18;
    private const ushort FirstId = 5;

    /// <summary>An application with nothing to do.</summary>
    public static NetApplicationState Application(int pages) => new NetApplicationState
    {
        Jobs = [], Pages = [.. Enumerable.Range(0, pages).Select(i => new Mfn(DataPages + (ulong)i))],
    };

    /// <summary>A frontend that is not connected.</summary>
    public static NetfrontState Front(NetAddress address, ulong frames, NetShape shape) => new NetfrontState
    {
        Peer = World.Driver, Address = address, Offer = shape.FrontOffer,
        // The first packet, or the first page that is offered, gets the reference of the course: 20 or 21.
        FreshRef = shape.BeginsWithOffer
            ? FirstRef + 1
            : Math.Max(GrantTable.ReservedEntries, FirstRef - (uint)shape.Buffers),
        Tx = new TxFront
        {
            Ring = new Mfn(TxRing + frames),
            FreeIds = ImmutableQueue.CreateRange(Enumerable.Range(0, NetfrontState.Size)
                .Select(i => (ushort)((i + FirstId) % NetfrontState.Size))),
        },
        Rx = new RxFront { Ring = new Mfn(TxRing + 1 + frames), FreePages = Queue(RxPages + frames, shape.Buffers) },
    };

    /// <summary>The backend before anything is connected.</summary>
    public static NetbackState Back(NetShape shape) => new NetbackState
    {
        Path = shape.Path, Flips = shape.Flips, Offer = shape.BackOffer, Wire = NetWorld.WireAddress.Mac,
        MapAddress = World.RingAddress + (4UL << PageSize.Shift),
        FreePages = Queue(DriverPages, OwnPages), FreeCount = OwnPages, FreeTarget = OwnPages,
        Vifs = shape.HasPeer
            ? [VifOf(World.Guest, NetWorld.GuestAddress, 0), VifOf(NetWorld.PeerGuest, NetWorld.PeerAddress, 2)]
            : [VifOf(World.Guest, NetWorld.GuestAddress, 0)],
    };

    /// <summary>The card's empty pages at the start.</summary>
    public static ImmutableQueue<Mfn> CardFree => Queue(DriverPages + OwnPages, CardPages);

    /// <summary>The backend of a driver domain that has started again.</summary>
    public static NetbackState Restarted(NetbackState old) => new NetbackState
    {
        Path = old.Path, Flips = old.Flips, Offer = old.Offer, Wire = old.Wire, MapAddress = old.MapAddress,
        FreePages = Queue(DriverPages, OwnPages), FreeCount = OwnPages, FreeTarget = OwnPages,
        Vifs = [.. old.Vifs.Select(v => new Vif { Peer = v.Peer, Mac = v.Mac, RingAddress = v.RingAddress })],
    };

    private static Vif VifOf(DomId guest, NetAddress address, ulong page) => new Vif
    {
        Peer = guest, Mac = address.Mac, RingAddress = World.RingAddress + (page << PageSize.Shift),
    };

    /// <summary>Frames that follow each other.</summary>
    public static ImmutableQueue<Mfn> Queue(ulong first, int count) =>
        ImmutableQueue.CreateRange(Enumerable.Range(0, count).Select(i => new Mfn(first + (ulong)i)));

    /// <summary>A guest.</summary>
    public static Domain Guest(DomId id, ulong frames) => new Domain
    {
        Id = id, SharedInfo = new(0x5000 + frames), GrantTable = new Mfn(0x5F00 + frames),
        Channels = World.Busy(6, null),
    };

    /// <summary>All frames of the world.</summary>
    public static IEnumerable<Frame> Frames(NetShape shape)
    {
        yield return new(new(0x2000), World.Driver, FrameUse.SharedInfo, new(0x0F1), Page.Zero);
        yield return new(new(0x100), World.Dom0, FrameUse.SharedInfo, new(0x001), Page.Zero);
        for (ulong i = 0; i < Tables; i++)
        {
            yield return new(new(FirstTable + i), World.Driver, FrameUse.PageTable, new(0x0C7 + i), Page.Zero);
        }

        for (ulong i = 0; i < CardPages + OwnPages; i++)
        {
            yield return new(new(DriverPages + i), World.Driver, FrameUse.Data, new(0x800 + i), Page.Zero);
        }

        for (ulong i = 0; i < (ulong)shape.Pages; i++)
        {
            yield return new(new(DataPages + i), World.Guest, FrameUse.Data, new(0x1A4 + i), Page.Zero);
        }

        for (ulong i = 0; shape.Flips && i < SparePages; i++)
        {
            yield return new(new(SpareFrames + i), Hypervisor.PageTransfer.Nobody, FrameUse.Data, default, Page.Zero);
        }

        foreach (var frame in GuestFrames(World.Guest, 0, shape.Buffers)
            .Concat(shape.HasPeer ? GuestFrames(NetWorld.PeerGuest, PeerFrames, shape.Buffers) : []))
        {
            yield return frame;
        }
    }

    private static IEnumerable<Frame> GuestFrames(DomId id, ulong frames, int buffers)
    {
        yield return new(new(TxRing + frames), id, FrameUse.Ring, new(0x1A0), Page.Zero);
        yield return new(new(TxRing + 1 + frames), id, FrameUse.Ring, new(0x1A1), Page.Zero);
        yield return new(new(0x5F00 + frames), id, FrameUse.GrantTable, new(0x1F0), Page.Zero);
        yield return new(new(0x5000 + frames), id, FrameUse.SharedInfo, new(0x1F1), Page.Zero);
        for (ulong i = 0; i < (ulong)buffers; i++)
        {
            yield return new(new(RxPages + frames + i), id, FrameUse.Data, new(0x300 + i), Page.Zero);
        }
    }
}
