using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Xenbus;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Scenarios;

/// <summary>The worlds in which something ends: the disk is unplugged, or the driver domain dies and comes again.
/// </summary>
internal static class EndingWorld
{
    private const int DiskIndex = 2;
    private const int ToolstackIndex = 3;

    private static readonly EndingDevice Device = new()
    {
        Paths = World.Paths, MayDie = MayDie, Given = "the disk", Adds = "libxl_disk.c device_disk_add",
        Removes = "libxl device_disk_remove", Hotplug = Toolstack.Hotplug<EndLocals>(World.Paths), Keys = Keys,
        IsIdle = m => m.Application is ApplicationState { Done: true, InFlight: 0 },
        IsReleased = m => ((BlkfrontState)m.Front!).RingRef.Equals(default),
    };

    private static readonly Listing<RecoverLocals> Recover =
        FrontRecover.Listing(World.Paths, FrontConnect.Listing(World.Paths));

    private static readonly Listing<RecoverLocals> Close = BackClose.Listing(World.Paths);

    private static readonly Listing<EndLocals> Restart = ToolstackEnd.Restart(Device, Halt, BootDriver);

    private static readonly Listing<EndLocals> Unplug = ToolstackEnd.Unplug(Device);

    // After the driver domain, before the disk: the crash comes by default when requests are mapped and at the disk.
    private static readonly AgentKind EndingToolstack = World.ToolstackAgent with { Rank = 2 };

    /// <summary>The listings that only these worlds have.</summary>
    internal static IReadOnlyList<IListing> Listings { get; } =
        [Recover, Close, Hypervisor.DomainDeath.Listing, Restart, Unplug];

    /// <summary>The world with a driver domain that dies when a response index is reached and requests wait.</summary>
    internal static Machine WithRestart(Machine quiet, RingIndex from) =>
        WithThreads(quiet, Restart.Start(new EndLocals { From = from }, null), [World.Guest]);

    /// <summary>The world in which the disk is unplugged when the application has finished.</summary>
    internal static Machine WithUnplug(Machine quiet)
    {
        var threads = WithThreads(quiet, Unplug.Start(default, null), [World.Guest, World.Driver]);
        var thread = BackClose.Thread(Close, World.Driver).StartAt("top", default, null);
        return threads with
        {
            Agents = threads.Agents.SetItem(BackendAgent.Index, new(World.DriverAgent, thread, null)),
            Domains = threads.Domains.Replace(threads[World.Driver], threads[World.Driver] with { Blocked = true }),
        };
    }

    private static Machine WithThreads(Machine quiet, Activation toolstack, DomId[] listeners)
    {
        var store = (XenStore)quiet.Store! with { Listeners = [.. listeners] };
        foreach (var domain in listeners)
        {
            store = store.TakeEvents(domain).After;
        }

        var application = FrontRecover.Application(Recover, World.Guest).Start(default, null);
        return quiet with
        {
            Store = store,
            Agents = quiet.Agents.SetItem(0, new(World.GuestAgent, application, null))
                .SetItem(ToolstackIndex, new(EndingToolstack, toolstack, null)),
        };
    }

    private static bool MayDie(RingIndex from, Machine machine)
    {
        var front = (BlkfrontState)machine.Front!;
        var answered = machine.Frames[front.Ring].Page.Load(Ring.RspProd.OffsetBytes, 4);
        return front.Connected && front.Waiting.Any() && ToolstackEnd.IsApart(machine, World.Driver)
            && new RingIndex((uint)answered).Since(from) < 1u << 31;
    }

    private static IEnumerable<(string Path, string Value)> Keys(Draft draft)
    {
        var paths = World.Paths;
        return
        [
            (paths.Back + "/frontend", paths.Front), (paths.Back + "/frontend-id", paths.Guest.ToString()),
            (paths.Back + "/online", "1"), (paths.Back + "/mode", Blkback.State(draft).Options.ReadOnly ? "r" : "w"),
            (paths.Back + "/state", VbdPaths.Text(XenbusState.Initialising)),
            (paths.Front + "/backend", paths.Back), (paths.Front + "/backend-id", paths.Driver.ToString()),
        ];
    }

    // What the domain had in its memory is gone, and its disk stops.
    private static void Halt(Draft draft)
    {
        var back = (BlkbackState)draft.Back!;
        draft.Back = new BlkbackState
        {
            Size = back.Size, Peer = back.Peer, Sectors = back.Sectors, Options = back.Options,
            MapAddress = back.MapAddress, MapPages = back.MapPages, OwnPages = back.OwnPages,
            StorePath = back.StorePath,
            Queues = [.. back.Queues.Select(q => new BackQueue { RingAddress = q.RingAddress })],
        };
        draft.Put(DiskIndex, new(World.DiskAgent, World.Dma.Listing.Start(default, null), null));
        draft.Disk = (Devices.Disk)draft.Disk! with { Queue = [], Activity = DiskActivity.Idle };
    }

    private static void BootDriver(Draft draft)
    {
        var old = draft.Domain(World.Driver);
        foreach (var mfn in (ReadOnlySpan<Mfn>)[old.SharedInfo, .. old.PageTables])
        {
            draft.Put(draft.Frames[mfn] with { Page = Page.Zero });
        }

        draft.Put(World.DriverDomain(old.PageTables.Length) with { IommuSync = old.IommuSync });
        EventWorld.Reboot(draft, old);
        draft.Put(
            BackendAgent.Index, new(World.DriverAgent, BackConnect.Listing(World.Paths).Start(default, null), null));
    }
}
