using System.Buffers.Binary;
using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Events;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Drivers.Xenbus;
using XenViz.Core.Simulation;

namespace XenViz.Core.Scenarios;

/// <summary>What a network run starts from.</summary>
internal sealed record NetShape
{
    /// <summary>What the guest sends.</summary>
    public ImmutableArray<NetJob> Sends { get; init; } = [];

    /// <summary>What comes from the wire.</summary>
    public ImmutableArray<ImmutableArray<byte>> Incoming { get; init; } = [];

    /// <summary>Frames that the guest waits for.</summary>
    public int Expected { get; init; }

    /// <summary>Most packets in flight.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Empty pages that a guest offers at once.</summary>
    public int Buffers { get; init; } = 8;

    /// <summary>Pages of the guest that its packets lie in.</summary>
    public int Pages { get; init; }

    /// <summary>The value of all ring indices at the start.</summary>
    public uint Start { get; init; }

    /// <summary>How netback reaches what a guest sends.</summary>
    public TxPath Path { get; init; }

    /// <summary>True for the historic receive path.</summary>
    public bool Flips { get; init; }

    /// <summary>True for a second guest, which waits for the packets of the first.</summary>
    public bool HasPeer { get; init; }

    /// <summary>True for a frontend whose packets never end.</summary>
    public bool Endless { get; init; }

    /// <summary>True when the run begins before the guest has offered any page.</summary>
    public bool BeginsWithOffer { get; init; }
}

/// <summary>
/// The world of the network: guest 5 (and 7, when there are two), driver domain 2 with a network card passed through, a
/// bridge and a wire. Numbers are fixed, so that a learner meets the same ones everywhere.
/// </summary>
public static class NetWorld
{
    /// <summary>The second guest.</summary>
    public static readonly DomId PeerGuest = new(7);

    /// <summary>The place of guest 5 in the network.</summary>
    public static readonly NetAddress GuestAddress = new(new MacAddress(0x00163E000005), 0x0A000005);

    /// <summary>The place of guest 7.</summary>
    public static readonly NetAddress PeerAddress = new(new MacAddress(0x00163E000007), 0x0A000007);

    /// <summary>The place of somebody on the wire.</summary>
    public static readonly NetAddress WireAddress = new(new MacAddress(0x020000000001), 0x0A000001);

    internal const int CardPages = 32;
    internal const int OwnPages = 96;
    private const int SparePages = 16;
    private const ulong TxRing = 0x5A10;
    private const ulong DataPages = 0x6000;
    private const ulong RxPages = 0x7000;
    private const ulong DriverPages = 0x2E00;
    private const ulong SpareFrames = 0xC000;
    private const ulong PeerFrames = 0x4000;
    private const ulong FirstTable = 0x2C07;
    private const int Tables = 2;
    private const uint FirstRef = 18;
    private const ushort FirstId = 5;

    private static readonly VifPaths Paths = new(World.Guest, World.Driver);
    private static readonly VifPaths PeerPaths = new(PeerGuest, World.Driver);

    private static readonly UpcallHandler GuestHandler = new(
        World.Guest, Actor.Frontend, (draft, _) => Rings(draft, World.Guest), _ => Phase.Complete, _ => Phase.Complete);

    private static readonly UpcallHandler PeerHandler = new(
        PeerGuest, Actor.Frontend, (draft, _) => Rings(draft, PeerGuest), _ => Phase.Complete, _ => Phase.Complete);

    private static readonly UpcallHandler DriverHandler = new(
        World.Driver, Actor.Backend, DriverPorts, DriverUpcall,
        port => port == World.DiskPort ? Phase.Device : Phase.Serve);

    private static readonly NicEngine Card = new(World.Driver, World.DiskPort, Netback.Sent, Netback.Arrived);

    private static readonly AgentKind GuestAgent =
        new("guest", World.Guest, Actor.Frontend, 1, GuestHandler.Interrupt);

    private static readonly AgentKind DriverAgent =
        new("driver", World.Driver, Actor.Backend, 2, DriverHandler.Interrupt);

    private static readonly AgentKind CardAgent = new("nic", null, Actor.Device, 3, null);

    private static readonly AgentKind PeerAgent = new("peer", PeerGuest, Actor.Frontend, 1, PeerHandler.Interrupt);

    /// <summary>All listings of this world, in the order in which the Code tab shows them.</summary>
    public static IReadOnlyList<Programs.IListing> Listings { get; } =
    [
        NetApplication.Listing, NetfrontTx.Listing, NetfrontRx.Offer, GuestHandler.Listing, NetfrontInterrupt.Gc,
        NetfrontPoll.Listing, DriverHandler.Listing, Netback.Thread, NetbackAnswer.Listing, NetbackRx.Listing,
        Hypervisor.EventDelivery.Send, Hypervisor.EventDelivery.Interrupt, Hypervisor.GrantMap.Listing,
        Hypervisor.GrantUnmap.Listing, Hypervisor.PageCopies.Listing, Hypervisor.PageTransfer.Listing, Card.Listing,
        NetConnect.Front(Paths), NetConnect.Back([Paths]),
    ];

    /// <summary>The world connected and quiet, with all indices at the start value and the work to do.</summary>
    internal static Machine Create(NetShape shape)
    {
        var m = Unconnected(shape);
        m = Settle(m);
        m = AtIndex(m, shape.Start);
        var back = (NetbackState)m.Back!;
        m = m with
        {
            Back = back, Disk = (Nic)m.Disk! with { Incoming = [] },
            Agents = m.Agents.SetItem(0, Running(World.Guest, GuestAgent, false)),
            LastAgent = 0,
        };
        if (shape.HasPeer)
        {
            m = m with { Agents = m.Agents.SetItem(3, Running(PeerGuest, PeerAgent, false)) };
        }

        if (!shape.BeginsWithOffer)
        {
            m = Settle(WithTargets(m, shape.Buffers));
        }

        return WithWork(m, shape);
    }

    private static Machine WithWork(Machine m, NetShape shape)
    {
        var app = (NetApplicationState)m.Application!;
        m = WithTargets(m, shape.Buffers) with
        {
            Application = app with
            {
                Jobs = shape.Sends, Depth = shape.Depth, Expected = shape.HasPeer ? 0 : shape.Expected,
            },
            Disk = (Nic)m.Disk! with { Incoming = shape.Incoming },
            Agents = m.Agents.SetItem(0, Running(World.Guest, GuestAgent, shape.Endless)),
            LastAgent = 0,
        };
        return m.PeerApplication is NetApplicationState peer
            ? m with { PeerApplication = peer with { Expected = shape.Expected } }
            : m;
    }

    private static Machine WithTargets(Machine m, int buffers)
    {
        var front = (NetfrontState)m.Front!;
        m = m with { Front = front with { Rx = front.Rx with { Target = buffers } } };
        return m.PeerFront is NetfrontState peer
            ? m with { PeerFront = peer with { Rx = peer.Rx with { Target = buffers } } }
            : m;
    }

    private static Agent Running(DomId domain, AgentKind kind, bool endless) => new(
        kind,
        (endless ? NetApplication.Endless : NetApplication.Listing).Start(
            new NetApplicationLocals { Domain = domain }, null),
        null);

    private static Machine Settle(Machine m)
    {
        while (Stepper.Default(m) is { } choice)
        {
            m = Stepper.Step(m, choice, null, out _);
        }

        return m;
    }

    private static Machine Unconnected(NetShape shape)
    {
        var store = VifPaths.Home(VifPaths.Home(XenStore.Empty, World.Guest), World.Driver);
        store = Paths.Create(store, GuestAddress.Mac.ToString());
        ImmutableArray<VifPaths> vifs = [Paths];
        var domains = ImmutableArray.Create(
            Guest(World.Guest, 0), World.DriverDomain(Tables),
            new Domain { Id = World.Dom0, SharedInfo = new Mfn(0x100) });
        if (shape.HasPeer)
        {
            store = PeerPaths.Create(VifPaths.Home(store, PeerGuest), PeerAddress.Mac.ToString());
            vifs = vifs.Add(PeerPaths);
            domains = domains.Add(Guest(PeerGuest, PeerFrames));
        }

        ImmutableArray<Agent> agents =
        [
            new(GuestAgent, NetConnect.Front(Paths).Start(default, null), null),
            new(DriverAgent, NetConnect.Back(vifs).Start(default, null), null),
            new(CardAgent, Card.Listing.Start(default, null), null),
        ];
        return new Machine
        {
            Frames = FrameTable.Of(Frames(shape)), Domains = domains, Store = store,
            Agents = shape.HasPeer
                ? agents.Add(new(PeerAgent, NetConnect.Front(PeerPaths).Start(default, null), null))
                : agents,
            Front = Front(GuestAddress, 0, shape), Application = Application(shape.Pages),
            PeerFront = shape.HasPeer ? Front(PeerAddress, PeerFrames, shape) : null,
            PeerApplication = shape.HasPeer ? Application(0) : null,
            Back = Back(shape), LastAgent = 1,
            Disk = new Nic { Free = Queue(DriverPages + OwnPages, CardPages) },
        };
    }

    private static NetApplicationState Application(int pages) => new()
    {
        Jobs = [], Pages = [.. Enumerable.Range(0, pages).Select(i => new Mfn(DataPages + (ulong)i))],
    };

    private static NetfrontState Front(NetAddress address, ulong frames, NetShape shape) => new()
    {
        Peer = World.Driver, Address = address, Flips = shape.Flips,
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

    private static NetbackState Back(NetShape shape) => new()
    {
        Path = shape.Path, Flips = shape.Flips, Wire = WireAddress.Mac,
        MapAddress = World.RingAddress + (4UL << PageSize.Shift),
        FreePages = Queue(DriverPages, OwnPages), FreeCount = OwnPages, FreeTarget = OwnPages,
        Vifs =
        [
            new Vif { Peer = World.Guest, Mac = GuestAddress.Mac, RingAddress = World.RingAddress },
            .. shape.HasPeer
                ? [new Vif
                {
                    Peer = PeerGuest, Mac = PeerAddress.Mac, RingAddress = World.RingAddress + (2UL << PageSize.Shift),
                }]
                : Array.Empty<Vif>(),
        ],
    };

    private static ImmutableQueue<Mfn> Queue(ulong first, int count) =>
        ImmutableQueue.CreateRange(Enumerable.Range(0, count).Select(i => new Mfn(first + (ulong)i)));

    private static Domain Guest(DomId id, ulong frames) => new()
    {
        Id = id, SharedInfo = new(0x5000 + frames), GrantTable = new Mfn(0x5F00 + frames), Channels = World.Busy(6, null),
    };

    private static IEnumerable<Frame> Frames(NetShape shape)
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
            .Concat(shape.HasPeer ? GuestFrames(PeerGuest, PeerFrames, shape.Buffers) : []))
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

    private static Machine AtIndex(Machine m, uint start)
    {
        var index = new RingIndex(start);
        Span<byte> header = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(header[Ring.ReqProd.OffsetBytes..], start);
        BinaryPrimitives.WriteUInt32LittleEndian(header[Ring.ReqEvent.OffsetBytes..], unchecked(start + 1));
        BinaryPrimitives.WriteUInt32LittleEndian(header[Ring.RspProd.OffsetBytes..], start);
        BinaryPrimitives.WriteUInt32LittleEndian(header[Ring.RspEvent.OffsetBytes..], unchecked(start + 1));
        var frames = m.Frames;
        foreach (var ring in m.Frames.All().Where(f => f.Use == FrameUse.Ring).ToList())
        {
            frames = frames.With(ring with { Page = ring.Page.With(0, header) });
        }

        var back = (NetbackState)m.Back!;
        return m with
        {
            Frames = frames, Front = At((NetfrontState)m.Front!, index),
            PeerFront = m.PeerFront is NetfrontState peer ? At(peer, index) : null,
            Back = back with
            {
                Vifs =
                [
                    .. back.Vifs.Select(v => v with
                    {
                        TxReqCons = index, TxRspProdPvt = index, RxReqCons = index, RxRspProdPvt = index,
                    }),
                ],
            },
        };
    }

    private static NetfrontState At(NetfrontState front, RingIndex index) => front with
    {
        Tx = front.Tx with { ReqProdPvt = index, RspCons = index },
        Rx = front.Rx with { ReqProdPvt = index, RspCons = index },
    };

    private static Func<Activation, Activation>? Rings(Draft draft, DomId domain) =>
        Netfront.State(draft, domain).Connected ? NetfrontInterrupt.Handler(domain) : null;

    private static Func<Activation, Activation>? DriverPorts(Draft draft, Port port)
    {
        if (port != World.DiskPort)
        {
            Netback.Woken(draft, port);
        }

        return null;
    }

    private static Phase DriverUpcall(Machine machine)
    {
        var back = (NetbackState)machine.Back!;
        if (back.Vifs.Any(v => !v.Carrier && !v.Disabled))
        {
            return Phase.Connect;
        }

        var info = machine.Frames[machine[World.Driver].SharedInfo].Page;
        return back.Vifs.Any(v => World.IsPending(info, v.Port)) ? Phase.Serve : Phase.Device;
    }
}
