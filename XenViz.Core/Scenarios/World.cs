using System.Buffers.Binary;
using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Events;
using XenViz.Core.Drivers.Xenbus;
using XenViz.Core.Simulation;

namespace XenViz.Core.Scenarios;

/// <summary>
/// The one world of the course: guest domain 5, driver domain 2 with the disk passed through and the IOMMU in step,
/// toolstack in domain 0. All numbers are fixed, so that a learner meets the same ones everywhere.
/// </summary>
public static class World
{
    /// <summary>The guest.</summary>
    public static readonly DomId Guest = new(5);

    /// <summary>The driver domain.</summary>
    public static readonly DomId Driver = new(2);

    /// <summary>The toolstack's domain.</summary>
    public static readonly DomId Dom0 = new(0);

    /// <summary>The frame of the ring page.</summary>
    public static readonly Mfn RingFrame = new(0x5A10);

    /// <summary>The driver domain's port of the disk's interrupt.</summary>
    public static readonly Port DiskPort = new(12);

    /// <summary>The frame of the first data page.</summary>
    public static readonly Mfn DataFrame = new(0x5A21);

    internal const ulong RingAddress = 0xFFFF8880003F0000;
    internal const ulong TableBase = 0xFFFF888000200000;
    private const int FirstGuestPort = 6;
    private const int FirstDriverPort = 70;
    private const int ForeignHandles = 16;
    private const ulong FirstDataPfn = 0x1A4;

    internal static readonly VbdPaths Paths = new(Guest, Driver);
    private const ulong FirstTable = 0x2C07;

    internal static readonly BlkfrontInterrupt FrontInterrupt = new(GuestApplication.Finished);
    private static readonly EventHandlers GuestHandler = new(
        Guest, Actor.Frontend, GuestRings,
        _ => Phase.Complete, _ => Phase.Complete);

    private static readonly EventHandlers DriverHandler = new(
        Driver, Actor.Backend, DriverRings, DriverUpcall, port => port == DiskPort ? Phase.Device : Phase.Serve);

    internal static readonly DmaEngine Dma = new(Driver, DiskPort, Drivers.Dma.Swiotlb.Completed);

    internal static readonly AgentKind GuestAgent =
        new("guest", Guest, Actor.Frontend, 1, GuestHandler.Interrupt);

    internal static readonly AgentKind DriverAgent =
        new("driver", Driver, Actor.Backend, 2, DriverHandler.Interrupt);

    internal static readonly AgentKind DiskAgent = new("disk", null, Actor.Device, 3, null);

    internal static readonly AgentKind ToolstackAgent = new("toolstack", Dom0, Actor.Toolstack, 0, null);

    /// <summary>All listings of this world, in the order in which the Code tab shows them.</summary>
    /// <param name="fifo">True where its domains have the FIFO ABI of event channels.</param>
    public static IReadOnlyList<Programs.IListing> Listings(bool fifo) =>
    [
        GuestApplication.Listing, Blkfront.Queue, GuestHandler.ListingOf(fifo), FrontInterrupt.Listing,
        DriverHandler.ListingOf(fifo), Blkback.Thread, BlkbackAnswer.Listing, .. EventWorld.Listings(fifo),
        Hypervisor.GrantMap.Listing, Hypervisor.GrantUnmap.Listing, Hypervisor.PageCopies.Listing, Dma.Listing,
        Toolstack.Listing(Paths), FrontConnect.Listing(Paths), BackConnect.Listing(Paths), .. EndingWorld.Listings,
        Drivers.Variants.HostileFrontend.Listing,
    ];

    /// <summary>The world before anything is connected.</summary>
    /// <param name="shape">How large its parts are.</param>
    /// <param name="image">The disk's bytes.</param>
    /// <param name="sectors">The disk's size in sectors of 512 bytes.</param>
    internal static Machine Unconnected(WorldShape shape, DiskImage image, ulong sectors) => new Machine
    {
        Frames = FrameTable.Of([.. Frames(shape), .. shape.MoreFrames()]),
        Domains = [GuestDomain(), DriverDomain(shape.Tables), new Domain { Id = Dom0, SharedInfo = new Mfn(0x100) }],
        Agents =
        [
            new(GuestAgent, FrontConnect.Listing(Paths).Start(default, null), null),
            new(DriverAgent, BackConnect.Listing(Paths).Start(default, null), null),
            new(DiskAgent, Dma.Listing.Start(default, null), null),
            new(ToolstackAgent, Toolstack.Listing(Paths).Start(default, null), null),
        ],
        Front = new BlkfrontState
        {
            Size = shape.Slots, Peer = Driver, FreshRef = GrantTable.ReservedEntries, Options = shape.Options,
            FreePages = shape.ForSegments(),
            Queues =
            [
                .. Enumerable.Range(0, shape.Queues).Select(queue => new FrontQueue
                {
                    Pages = shape.RingFrames(queue), Shadows = [.. new Shadow?[shape.Slots]],
                    FreeIds = FreeIds(shape.Slots), Pool = [.. shape.Pool(queue).Select(p => new PoolPage(p, null))],
                }),
            ],
        },
        Back = new BlkbackState
        {
            Size = shape.Slots, Peer = Guest, Sectors = sectors, Options = shape.Options, StorePath = Paths.Back,
            MapAddress = RingAddress + ((ulong)shape.AllRingPages << PageSize.Shift), MapPages = shape.MapPages,
            OwnPages = shape.Own(),
            Queues =
            [
                .. Enumerable.Range(0, shape.Queues).Select(queue => new BackQueue
                {
                    RingAddress = RingAddress + ((ulong)(queue * shape.RingPages) << PageSize.Shift),
                }),
            ],
        },
        Application = new ApplicationState
        {
            Jobs = [], Pages = [.. Enumerable.Range(0, shape.Pages).Select(DataPage)], Depth = 1, Segments = 1,
        },
        Disk = new Devices.Disk(image, sectors)
        {
            CanFlush = shape.Options.Flush || shape.Options.Barrier, CanDiscard = shape.Options.Discard,
        },
        Store = Paths.Homes(),
        LastAgent = 3,
    };

    /// <summary>
    /// The world connected and quiet, with all indices at a start value: as after that many requests, but with slots of
    /// zeros.
    /// </summary>
    /// <param name="unconnected">The world before.</param>
    /// <param name="start">The value of all ring indices.</param>
    /// <param name="jobs">The application's work.</param>
    /// <param name="depth">Most requests in flight.</param>
    /// <param name="segments">Most pages a request.</param>
    public static Machine Quiet(Machine unconnected, uint start, ImmutableArray<Job> jobs, int depth, int segments)
    {
        var m = unconnected;
        while (Stepper.Default(m) is { } choice)
        {
            m = Stepper.Step(m, choice, null, out _);
        }

        Span<byte> header = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(header[Ring.ReqProd.OffsetBytes..], start);
        BinaryPrimitives.WriteUInt32LittleEndian(header[Ring.ReqEvent.OffsetBytes..], unchecked(start + 1));
        BinaryPrimitives.WriteUInt32LittleEndian(header[Ring.RspProd.OffsetBytes..], start);
        BinaryPrimitives.WriteUInt32LittleEndian(header[Ring.RspEvent.OffsetBytes..], unchecked(start + 1));
        var index = new RingIndex(start);
        var front = (BlkfrontState)m.Front!;
        var back = (BlkbackState)m.Back!;
        var frames = m.Frames;
        foreach (var queue in front.Queues)
        {
            var ring = frames[queue.Pages[0]];
            frames = frames.With(ring with { Page = ring.Page.With(0, header) });
        }

        return m with
        {
            Frames = frames,
            Front = front with
            {
                Queues = [.. front.Queues.Select(q => q with { ReqProdPvt = index, RspCons = index })],
            },
            Back = back with
            {
                Queues = [.. back.Queues.Select(q => q with { ReqCons = index, RspProdPvt = index })],
            },
            Application = (ApplicationState)m.Application! with { Jobs = jobs, Depth = depth, Segments = segments },
            Agents = m.Agents.SetItem(0, new(GuestAgent, GuestApplication.Listing.Start(default, null), null)),
            LastAgent = 0,
        };
    }

    // Pages that are neighbours for the guest are none for the machine.
    private static Mfn DataPage(int page) => page == 0 ? DataFrame : new Mfn(0x6000 + (ulong)(page * 37 % 1024));

    private static ImmutableArray<ulong> FreeIds(int slots) =>
        [.. Enumerable.Range(0, slots).Select(i => (ulong)((i + 3) % slots))];

    private static IEnumerable<Frame> Frames(WorldShape shape)
    {
        yield return new(RingFrame, Guest, FrameUse.Ring, new(0x1A0), Page.Zero);
        yield return new(new(0x5F00), Guest, FrameUse.GrantTable, new(0x1F0), Page.Zero);
        yield return new(new(0x5000), Guest, FrameUse.SharedInfo, new(0x1F1), Page.Zero);
        yield return new(new(0x2000), Driver, FrameUse.SharedInfo, new(0x0F1), Page.Zero);
        yield return new(new(0x100), Dom0, FrameUse.SharedInfo, new(0x001), Page.Zero);
        for (var i = 0; i < shape.Tables; i++)
        {
            yield return new(new(FirstTable + (ulong)i), Driver, FrameUse.PageTable, new(0x0C7 + (ulong)i), Page.Zero);
        }

        for (var i = 0; i < shape.Pages; i++)
        {
            yield return new(DataPage(i), Guest, FrameUse.Data, new(FirstDataPfn + (ulong)i), Page.Zero);
        }
    }

    private static Domain GuestDomain() => new()
    {
        Id = Guest, SharedInfo = new(0x5000), GrantTable = new Mfn(0x5F00), Channels = Busy(FirstGuestPort, null),
    };

    internal static Domain DriverDomain(int tables)
    {
        var maptrack = Maptrack.Empty;
        for (var i = 0; i < ForeignHandles; i++)
        {
            // Handles that other devices hold; their frames are not part of this world.
            maptrack = maptrack.Take()!.Value.After;
        }

        return new Domain
        {
            Id = Driver, SharedInfo = new(0x2000), Channels = Busy(FirstDriverPort, DiskPort), Maptrack = maptrack,
            PageTables = [.. Enumerable.Range(0, tables).Select(i => new Mfn(FirstTable + (ulong)i))],
            TableBase = TableBase, IommuSync = true,
        };
    }

    // Ports below the first free one belong to other devices and timers; port 0 is never valid.
    internal static ImmutableArray<Channel> Busy(int free, Port? pirq) =>
    [
        .. Enumerable.Range(0, free).Select(port =>
            port == 0 ? default
            : port == (int?)pirq?.Value ? new Channel(ChannelState.Pirq)
            : new Channel(ChannelState.Virq)),
    ];

    // An event of a ring that is given up comes to nothing.
    private static Func<Activation, Activation>? GuestRings(Draft draft, Port port)
    {
        if (!((BlkfrontState)draft.Front!).Connected)
        {
            return null;
        }

        var locals = new InterruptLocals { Queue = ((BlkfrontState)draft.Front!).QueueOf(port) };
        return caller => FrontInterrupt.Listing.Start(locals, caller);
    }

    private static Func<Activation, Activation>? DriverRings(Draft draft, Port port)
    {
        if (port != DiskPort)
        {
            Blkback.Woken(draft, port);
        }

        return null;
    }

    private static Phase DriverUpcall(Machine machine)
    {
        var back = (BlkbackState)machine.Back!;
        if (!back.Connected)
        {
            return Phase.Connect;
        }

        return back.Queues.Any(q => FifoWord.IsPending(machine, Driver, q.Port)) ? Phase.Serve : Phase.Device;
    }
}
