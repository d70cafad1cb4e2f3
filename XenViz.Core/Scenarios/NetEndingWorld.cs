using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Drivers.Xenbus;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Scenarios;

/// <summary>The worlds in which a network interface ends: it is unplugged, or the driver domain dies and comes again.
/// </summary>
internal static class NetEndingWorld
{
    private const int CardIndex = 2;

    private static readonly VifPaths Paths = NetWorld.Paths;

    private static readonly EndingDevice Device = new()
    {
        Paths = Paths, MayDie = MayDie, Given = "the card", Adds = "libxl_nic.c libxl__set_xenstore_nic",
        Removes = "libxl device_nic_remove", Hotplug = VifToolstack.Hotplug<EndLocals>(Paths),
        Clear = store => store.Remove(World.Dom0, Paths.Front).After,
        Keys = _ => [.. Paths.FrontKeys, .. Paths.BackKeys],
        IsIdle = m => m.Application is NetApplicationState { Done: true, InFlight: 0 },
        IsReleased = m => ((NetfrontState)m.Front!).Tx.Ref.Value == 0,
    };

    private static readonly Listing<RecoverLocals> Recover = NetRecover.Listing(Paths);

    private static readonly Listing<RecoverLocals> Close = NetClose.Listing(Paths);

    private static readonly Listing<EndLocals> Restart = ToolstackEnd.Restart(Device, Halt, BootDriver);

    private static readonly Listing<EndLocals> Unplug = ToolstackEnd.Unplug(Device);

    /// <summary>The listings that only these worlds have.</summary>
    internal static IReadOnlyList<IListing> Listings { get; } =
        [Recover, Close, Hypervisor.DomainDeath.Listing, Restart, Unplug];

    /// <summary>The world with a driver domain that dies when a response index is reached and packets are in flight.
    /// By default it dies when the packets are mapped and at the card.</summary>
    internal static Machine WithRestart(Machine quiet, RingIndex from) =>
        WithThreads(quiet, Restart.Start(new EndLocals { From = from }, null), 2, [World.Guest]);

    /// <summary>The world in which the interface is unplugged when all is sent; by default after what comes in.
    /// </summary>
    internal static Machine WithUnplug(Machine quiet)
    {
        var threads = WithThreads(quiet, Unplug.Start(default, null), 4, [World.Guest, World.Driver]);
        var thread = NetClose.Thread(Close, World.Driver).StartAt("top", default, null);
        var driver = threads.Agents[BackendAgent.Index];
        return threads with
        {
            Agents = threads.Agents.SetItem(BackendAgent.Index, new(driver.Kind, thread, null)),
            Domains = threads.Domains.Replace(threads[World.Driver], threads[World.Driver] with { Blocked = true }),
        };
    }

    private static Machine WithThreads(Machine quiet, Activation toolstack, int rank, DomId[] listeners)
    {
        var store = (XenStore)quiet.Store! with { Listeners = [.. listeners] };
        foreach (var domain in listeners)
        {
            store = store.TakeEvents(domain).After;
        }

        var application = NetRecover.Application(Recover, World.Guest).Start(
            new NetApplicationLocals { Domain = World.Guest }, null);
        return quiet with
        {
            Store = store,
            Agents = quiet.Agents.SetItem(0, new(quiet.Agents[0].Kind, application, null))
                .Add(new(World.ToolstackAgent with { Rank = rank }, toolstack, null)),
        };
    }

    private static bool MayDie(RingIndex from, Machine machine)
    {
        var front = (NetfrontState)machine.Front!;
        var answered = machine.Frames[front.Tx.Ring].Page.Load(Ring.RspProd.OffsetBytes, 4);
        return front.Connected && front.Tx.Slots.Any(s => s is not null)
            && ToolstackEnd.IsApart(machine, World.Driver)
            && new RingIndex((uint)answered).Since(from) < 1u << 31;
    }

    // What the domain had in its memory is gone, and its card stops; what is on the wire is on the wire.
    private static void Halt(Draft draft)
    {
        draft.Back = NetParts.Restarted((NetbackState)draft.Back!);
        draft.Put(CardIndex, NetWorld.IdleCard(draft.Agents[CardIndex].Kind));
        var nic = (Nic)draft.Disk!;
        draft.Disk = new Nic { Iommu = nic.Iommu, Sent = nic.Sent, Incoming = nic.Incoming, Free = NetParts.CardFree };
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
        draft.Put(BackendAgent.Index, new(
            draft.Agents[BackendAgent.Index].Kind, NetBackConnect.Listing([Paths]).Start(default, null), null));
    }
}
