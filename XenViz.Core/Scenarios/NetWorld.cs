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


    internal static readonly VifPaths Paths = new(World.Guest, World.Driver, GuestAddress.Mac.ToString());
    private static readonly VifPaths PeerPaths = new(PeerGuest, World.Driver, PeerAddress.Mac.ToString());

    private static readonly EventHandlers GuestHandler = new(
        World.Guest, Actor.Frontend, (draft, _) => Rings(draft, World.Guest), _ => Phase.Complete, _ => Phase.Complete);

    private static readonly EventHandlers PeerHandler = new(
        PeerGuest, Actor.Frontend, (draft, _) => Rings(draft, PeerGuest), _ => Phase.Complete, _ => Phase.Complete);

    private static readonly EventHandlers DriverHandler = new(
        World.Driver, Actor.Backend, DriverPorts, DriverUpcall,
        port => port == World.DiskPort ? Phase.Device : Phase.Serve);

    private static readonly NicEngine Card = new(World.Driver, World.DiskPort, Netback.Sent, Netback.Arrived);

    private static readonly AgentKind GuestAgent =
        new("guest", World.Guest, Actor.Frontend, 1, GuestHandler.Interrupt);

    private static readonly AgentKind DriverAgent =
        new("driver", World.Driver, Actor.Backend, 2, DriverHandler.Interrupt);

    private static readonly AgentKind CardAgent = new("nic", null, Actor.Device, 3, null);

    private static readonly AgentKind ClockAgent = new("clock", null, Actor.Backend, 4, null);

    private static readonly AgentKind PeerAgent = new("peer", PeerGuest, Actor.Frontend, 1, PeerHandler.Interrupt);

    /// <summary>All listings of this world, in the order in which the Code tab shows them.</summary>
    /// <param name="fifo">True where its domains have the FIFO ABI of event channels.</param>
    public static IReadOnlyList<Programs.IListing> Listings(bool fifo) =>
    [
        NetApplication.Listing, NetfrontTx.Listing, NetfrontRx.Offer, GuestHandler.ListingOf(fifo),
        NetfrontInterrupt.Gc, NetfrontPoll.Listing, DriverHandler.ListingOf(fifo), Netback.Thread,
        NetbackAnswer.Listing, NetbackRx.Listing, .. EventWorld.Listings(fifo), Hypervisor.GrantMap.Listing,
        NetbackClock.Listing, Hypervisor.GrantUnmap.Listing, Hypervisor.PageCopies.Listing,
        Hypervisor.PageTransfer.Listing, Card.Listing, VifToolstack.Listing(Paths), NetConnect.Front(Paths),
        NetBackConnect.Listing([Paths]), .. NetEndingWorld.Listings,
    ];

    /// <summary>The world connected and quiet, with all indices at the start value and the work to do; or before
    /// anything is connected.</summary>
    internal static Machine Create(NetShape shape, Commands.RunParameters run)
    {
        var m = EventWorld.WithAbi(Unconnected(shape), run);
        if (shape.Connecting)
        {
            return m;
        }

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
        m = shape.Stalls ? WithClock(m)
            : shape.CrashFrom is { } from ? NetEndingWorld.WithRestart(m, from)
            : shape.Unplugs ? NetEndingWorld.WithUnplug(m)
            : m;
        return m.PeerApplication is NetApplicationState peer
            ? m with { PeerApplication = peer with { Expected = shape.Expected } }
            : m;
    }

    /// <summary>The card with nothing begun.</summary>
    internal static Agent IdleCard(AgentKind kind) => new(kind, Card.Listing.Start(default, null), null);

    // By default time passes before the next frame comes, and the guest runs last: that is the story.
    private static Machine WithClock(Machine m) => m with
    {
        Agents = m.Agents.SetItem(0, m.Agents[0] with { Kind = GuestAgent with { Rank = 6 } })
            .SetItem(2, m.Agents[2] with { Kind = CardAgent with { Rank = 5 } })
            .Add(new(ClockAgent, NetbackClock.Listing.Start(default, null), null)),
        LastAgent = 2,
    };

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
        var homes = VifPaths.Home(VifPaths.Home(XenStore.Empty, World.Guest), World.Driver);
        var store = shape.Connecting ? Paths.Watched(homes) : Paths.Create(homes);
        ImmutableArray<VifPaths> vifs = [Paths];
        var domains = ImmutableArray.Create(
            NetParts.Guest(World.Guest, 0), World.DriverDomain(NetParts.Tables),
            new Domain { Id = World.Dom0, SharedInfo = new Mfn(0x100) });
        if (shape.HasPeer)
        {
            store = PeerPaths.Create(VifPaths.Home(store, PeerGuest));
            vifs = vifs.Add(PeerPaths);
            domains = domains.Add(NetParts.Guest(PeerGuest, NetParts.PeerFrames));
        }

        ImmutableArray<Agent> agents =
        [
            new(GuestAgent, NetConnect.Front(Paths).Start(default, null), null),
            new(DriverAgent, NetBackConnect.Listing(vifs).Start(default, null), null),
            new(CardAgent, Card.Listing.Start(default, null), null),
        ];
        return new Machine
        {
            Frames = FrameTable.Of(NetParts.Frames(shape)), Domains = domains, Store = store,
            Agents = shape.HasPeer ? agents.Add(new(PeerAgent, NetConnect.Front(PeerPaths).Start(default, null), null))
                : shape.Connecting
                    ? agents.Add(new(World.ToolstackAgent, VifToolstack.Listing(Paths).Start(default, null), null))
                    : agents,
            Front = NetParts.Front(GuestAddress, 0, shape), Application = NetParts.Application(shape.Pages),
            PeerFront = shape.HasPeer ? NetParts.Front(PeerAddress, NetParts.PeerFrames, shape) : null,
            PeerApplication = shape.HasPeer ? NetParts.Application(0) : null,
            Back = NetParts.Back(shape), LastAgent = shape.Connecting ? 3 : 1,
            Disk = new Nic { Free = NetParts.CardFree },
        };
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
        if (back.Vifs.Any(v => !v.Carrier && !v.Disabled && !v.Stalled))
        {
            return Phase.Connect;
        }

        return back.Vifs.Any(v => FifoWord.IsPending(machine, World.Driver, v.Port)) ? Phase.Serve : Phase.Device;
    }
}
