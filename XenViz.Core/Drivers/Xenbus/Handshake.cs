using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Xenbus;

/// <summary>What a backend cannot use of what its frontend wrote.</summary>
public enum ConnectFault : byte
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>More queues than the backend has.</summary>
    Queues,

    /// <summary>A ring reference is missing or no number.</summary>
    Refs,

    /// <summary>The event channel is missing or no number.</summary>
    Port,

    /// <summary>The way of receiving that the frontend asks for is none of the backend's.</summary>
    Receive,

    /// <summary>The rings could not be mapped or the port could not be bound.</summary>
    Rings,
}

/// <summary>The locals of connecting.</summary>
public struct ConnectLocals : ILocals
{
    /// <summary>The queue at work.</summary>
    public int Queue;

    /// <summary>The page of its ring at work; for a network interface rings that are begun.</summary>
    public int Page;

    /// <summary>Why the other end's keys cannot be used, for the <c>error</c> node.</summary>
    public ConnectFault Fault;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Connect;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(1);
        hasher.Add(Queue);
        hasher.Add(Page);
        if (Fault != ConnectFault.None)
        {
            hasher.Add((int)Fault);
        }
    }
}

/// <summary>The two directories of one virtual disk, and what is common to the three who use them.</summary>
/// <param name="Guest">The frontend's domain.</param>
/// <param name="Driver">The backend's domain.</param>
public sealed record VbdPaths(DomId Guest, DomId Driver) : DevicePaths(Guest, Driver)
{
    /// <summary>The token of the watch on the other end's state.</summary>
    public const string OtherEnd = "otherend";

    /// <inheritdoc/>
    public override string Front => $"/local/domain/{Guest}/device/vbd/{Blkfront.DeviceNumber}";

    /// <inheritdoc/>
    public override string Back => $"/local/domain/{Driver}/backend/vbd/{Guest}/{Blkfront.DeviceNumber}";

    /// <summary>The key of a queue's event channel; a device with several queues has a directory for each.</summary>
    public string PortKey(int queue, int queues) => $"{Front}/{Of(queue, queues)}event-channel";

    /// <summary>The key of the grant of a page of a queue's ring; a ring of several pages numbers them.</summary>
    public string RefKey(int queue, int queues, int page, int pages) =>
        $"{Front}/{Of(queue, queues)}ring-ref{(pages > 1 ? page.ToString() : "")}";

    /// <summary>The two directories before a device is in them: the homes of both domains, and what their xenbus
    /// drivers watch. A watch on a path that is not there yet is allowed.</summary>
    public XenStore Homes()
    {
        var dom0 = new DomId(0);
        var store = XenStore.Empty;
        foreach (var domain in (ReadOnlySpan<DomId>)[Guest, Driver])
        {
            store = store.Mkdir(dom0, XenStorePath.Home(domain)).After;
            store = store.Permit(
                dom0, XenStorePath.Home(domain), new StorePermissions(dom0, StoreAccess.None,
                    [(domain, StoreAccess.Read)])).After;
        }

        // The bus watches tell of new devices, the others what a driver of a device wants to know.
        store = store.Watch(Guest, "device", "device").After;
        return WatchBack(store.Watch(Guest, Back + "/state", OtherEnd).After);
    }

    /// <inheritdoc/>
    public override XenStore WatchBack(XenStore store)
    {
        store = store.Watch(Driver, "backend", "backend").After;
        store = store.Watch(Driver, Front + "/state", OtherEnd).After;
        return store.Watch(Driver, Back + "/physical-device", "physical-device").After;
    }

    /// <summary>A key as a domain sees it: null when it is not there or not for this domain.</summary>
    public static string? Read(XenStore store, DomId domain, string path) => store.Read(domain, path).Value;

    /// <summary>
    /// True when a domain that watches an end's state finds it as given. Watches lose nothing, so a look at the store
    /// after the last event is a look at the store as it is; looks that find nothing are no rows.
    /// </summary>
    public static bool Sees(Machine machine, DomId domain, string directory, XenbusState state)
    {
        var store = (XenStore)machine.Store!;
        var path = directory + "/state";
        return store.Watches.Any(w => w.Domain == domain && XenStorePath.IsBelow(path, w.Path))
            && Read(store, domain, path) == Text(state);
    }

    /// <summary>A state as the store holds it: a decimal number.</summary>
    public static string Text(XenbusState state) => ((int)state).ToString(CultureInfo.InvariantCulture);

    private static string Of(int queue, int queues) => queues > 1 ? $"queue-{queue}/" : "";

    /// <summary>
    /// Writes keys in one transaction: the row's one shared access. The driver has read its watch events by then.
    /// </summary>
    /// <returns>0, or the errno that the store gave; then nothing is written.</returns>
    public static int Write(ref GuestCpu cpu, params ReadOnlySpan<(string Path, string Value)> keys)
    {
        cpu.Acknowledge();
        var caller = cpu.Domain;
        var (store, _) = ((XenStore)cpu.Draft.Store!).TakeEvents(caller);
        var begun = store.Start(caller);
        var inside = begun.After;
        foreach (var (path, value) in keys)
        {
            var written = inside.Write(caller, path, value, begun.Transaction);
            if (written.Errno != 0)
            {
                cpu.Draft.Say(new MachineEvent.Outcome("refused"));
                cpu.Draft.Store = inside.End(caller, begun.Transaction, false).After;
                return written.Errno;
            }

            inside = written.After;
            cpu.Draft.Say(new MachineEvent.StoreWritten(path, value));
        }

        var ended = inside.End(caller, begun.Transaction, true);
        Commit(cpu.Draft, ended.After);
        return ended.Errno;
    }

    /// <summary>
    /// Puts the store in its place and wakes those who have new events: the store's own ring and event channel are part
    /// of the row that writes.
    /// </summary>
    public static void Commit(Draft draft, XenStore after)
    {
        var before = (XenStore)draft.Store!;
        draft.Store = after;
        foreach (var domain in after.Listeners)
        {
            if (after.EventsOf(domain).Length > before.EventsOf(domain).Length && draft.Domain(domain).Blocked)
            {
                SchedOps.Wake(draft, domain);
            }
        }
    }
}

/// <summary>The toolstack's part of connecting a virtual disk (FACTS f.1, rows 1 and 3).</summary>
public static class Toolstack
{
    /// <summary>The listing.</summary>
    public static Listing<ConnectLocals> Listing(VbdPaths paths) => new(
        "toolstack", "libxl device_disk_add", Actor.Toolstack, false,
        [
            new()
            {
                Label = "create", Kind = AccessKind.XenStore, Cites = "libxl_disk.c device_disk_add",
                Text = "transaction: both directories, state = Initialising in both",
                Body = (ref ConnectLocals f, ref GuestCpu cpu) =>
                {
                    MakeDirectories(paths, cpu.Draft);
                    VbdPaths.Write(
                        ref cpu, (paths.Front + "/backend", paths.Back),
                            (paths.Front + "/backend-id", paths.Driver.ToString()),
                        (paths.Front + "/virtual-device", Blkfront.DeviceNumber.ToString()),
                        (paths.Front + "/device-type", "disk"),
                        (paths.Front + "/state", VbdPaths.Text(XenbusState.Initialising)),
                        (paths.Back + "/frontend", paths.Front), (paths.Back + "/frontend-id", paths.Guest.ToString()),
                        (paths.Back + "/online", "1"),
                        (paths.Back + "/mode", Blkback.State(cpu.Draft).Options.ReadOnly ? "r" : "w"),
                        (paths.Back + "/state", VbdPaths.Text(XenbusState.Initialising)));
                    return Flow.Next;
                },
            },
            .. Hotplug<ConnectLocals>(paths),
        ]);

    /// <summary>The rows that name the disk as soon as the backend waits for it.</summary>
    internal static IEnumerable<Row<T>> Hotplug<T>(VbdPaths paths)
        where T : struct, ILocals =>
        [
            AwaitBackend<T>(paths),
            new()
            {
                Label = "hotplug", Kind = AccessKind.XenStore, Cites = "hotplug/Linux/block",
                Text = "hotplug script: set the disk up, write physical-device",
                Body = (ref T f, ref GuestCpu cpu) =>
                {
                    VbdPaths.Write(ref cpu, (paths.Back + "/physical-device", "8:0"));
                    return Flow.Next;
                },
            },
        ];

    /// <summary>The decision to go on with the hotplug script when the backend waits for it.</summary>
    internal static Row<T> AwaitBackend<T>(DevicePaths paths)
        where T : struct, ILocals => new()
        {
            Label = "await_backend",
            Decide = (in T _, Machine m) =>
                ((XenStore)m.Store!)[paths.Back + "/state"] == VbdPaths.Text(XenbusState.InitWait) ? "hotplug" : null,
        };

    // Each end owns its directory, the other may read it.
    internal static void MakeDirectories(DevicePaths paths, Draft draft)
    {
        var dom0 = new DomId(0);
        var store = (XenStore)draft.Store!;
        foreach (var (path, owner, reader) in (ReadOnlySpan<(string, DomId, DomId)>)[
            (paths.Front, paths.Guest, paths.Driver), (paths.Back, paths.Driver, paths.Guest)])
        {
            store = store.Mkdir(dom0, path).After;
            var permissions = new StorePermissions(owner, StoreAccess.None, [(reader, StoreAccess.Read)]);
            store = store.Permit(dom0, path, permissions).After;
        }

        draft.Store = store;
    }
}
