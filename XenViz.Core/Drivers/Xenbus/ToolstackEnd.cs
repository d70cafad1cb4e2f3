using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Xenbus;

/// <summary>The locals of the toolstack when it ends something.</summary>
public struct EndLocals : ILocals
{
    /// <summary>The response index from which on the driver domain may die.</summary>
    public RingIndex From;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Connect;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher) => hasher.Add(From.Value);
}

/// <summary>What the toolstack does to end a device, or a driver domain and begin it anew (FACTS f.2, f.3).</summary>
public static class ToolstackEnd
{
    /// <summary>
    /// A driver domain dies with requests in flight; the toolstack starts it again under the same number and makes new
    /// backend nodes.
    /// </summary>
    /// <param name="paths">The device.</param>
    /// <param name="halt">Stops the disk at once: what it has not begun is lost.</param>
    /// <param name="boot">Makes the driver domain anew, with its driver at its first row.</param>
    public static Listing<EndLocals> Restart(VbdPaths paths, Action<Draft> halt, Action<Draft> boot) => new(
        "toolstack_restart", "libxl domain_destroy, domain_create", Actor.Toolstack, false,
        [
            new()
            {
                Label = "await_moment", Decide = (in EndLocals f, Machine m) => MayDie(f, m) ? "destroy" : null,
            },
            new()
            {
                Label = "destroy", Kind = AccessKind.Hypercall, Cites = "domctl.h XEN_DOMCTL_destroydomain",
                Text = "the driver domain has crashed: XEN_DOMCTL_destroydomain",
                Body = (ref EndLocals f, ref GuestCpu cpu) =>
                {
                    cpu.Hypercall(Xen.Hypercall.DomCtl, "XEN_DOMCTL_destroydomain", paths.Driver.Value);
                    Stop(cpu.Draft, paths.Driver);
                    halt(cpu.Draft);
                    var death = new DeathLocals { Domain = paths.Driver };
                    return Flow.Call(caller => DomainDeath.Listing.Start(death, caller));
                },
            },
            new()
            {
                Label = "forget", Kind = AccessKind.XenStore, Cites = "docs/misc/xenstore.txt @releaseDomain",
                Text = "remove the backend's directory; its watches are gone with it",
                Body = (ref EndLocals f, ref GuestCpu cpu) =>
                {
                    cpu.Acknowledge();
                    var left = ((XenStore)cpu.Draft.Store!).Release(paths.Driver);
                    VbdPaths.Commit(cpu.Draft, left.Remove(cpu.Domain, paths.Back).After);
                    cpu.Draft.Say(new MachineEvent.StoreWritten(paths.Back, ""));
                    return Flow.Next;
                },
            },
            new()
            {
                Label = "boot", Kind = AccessKind.Hypercall, Cites = "domctl.h XEN_DOMCTL_createdomain",
                Text = "start the driver domain again; give it the disk",
                Body = (ref EndLocals f, ref GuestCpu cpu) =>
                {
                    cpu.Hypercall(Xen.Hypercall.DomCtl, "XEN_DOMCTL_createdomain", paths.Driver.Value);
                    cpu.Draft.Store = paths.WatchBack((XenStore)cpu.Draft.Store!);
                    boot(cpu.Draft);
                    return Flow.Next;
                },
            },
            new()
            {
                Label = "recreate", Kind = AccessKind.XenStore, Cites = "libxl_disk.c device_disk_add",
                Text = "transaction: a new backend directory, state = Initialising; frontend's backend = its path",
                Body = (ref EndLocals f, ref GuestCpu cpu) => Recreate(paths, ref cpu),
            },
            .. Toolstack.Hotplug<EndLocals>(paths),
        ]);

    /// <summary>The toolstack unplugs the disk when the application has finished.</summary>
    public static Listing<EndLocals> Unplug(VbdPaths paths) => new(
        "toolstack_unplug", "libxl device_disk_remove", Actor.Toolstack, false,
        [
            new()
            {
                Label = "await_idle",
                Decide = (in EndLocals _, Machine m) =>
                    m.Application is ApplicationState { Done: true, InFlight: 0 } ? "unplug" : null,
            },
            new()
            {
                Label = "unplug", Kind = AccessKind.XenStore, Cites = "libxl_device.c libxl__initiate_device_remove",
                Text = "transaction: backend's online = 0, state = Closing",
                Body = (ref EndLocals f, ref GuestCpu cpu) =>
                {
                    VbdPaths.Write(
                        ref cpu, (paths.Back + "/online", "0"),
                        (paths.Back + "/state", VbdPaths.Text(XenbusState.Closing)));
                    return Flow.Next;
                },
            },
            new()
            {
                Label = "await_closed",
                Decide = (in EndLocals _, Machine m) =>
                    ((XenStore)m.Store!)[paths.Back + "/state"] == VbdPaths.Text(XenbusState.Closed)
                    && ((BlkfrontState)m.Front!).RingRef.Equals(default) ? "remove" : null,
            },
            new()
            {
                Label = "remove", Kind = AccessKind.XenStore, Cites = "libxl_device.c libxl__device_destroy",
                Text = "both ends are Closed: remove both directories",
                Body = (ref EndLocals f, ref GuestCpu cpu) =>
                {
                    cpu.Acknowledge();
                    var left = ((XenStore)cpu.Draft.Store!).Remove(cpu.Domain, paths.Back).After;
                    VbdPaths.Commit(cpu.Draft, left.Remove(cpu.Domain, paths.Front).After);
                    cpu.Draft.Say(new MachineEvent.StoreWritten(paths.Back, ""));
                    cpu.Draft.Say(new MachineEvent.StoreWritten(paths.Front, ""));
                    return Flow.Next;
                },
            },
        ]);

    // Xen finishes a hypercall of the domain, and the delivery of an event into a queue of its, before it takes it apart.
    private static bool MayDie(in EndLocals f, Machine machine)
    {
        var front = (BlkfrontState)machine.Front!;
        var answered = machine.Frames[front.Ring].Page.Load(Ring.RspProd.OffsetBytes, 4);
        return front.Connected && front.Waiting.Any() && !machine.Agents[BackendAgent.Index].Top.InXen
            && machine[front.Peer].Events.LockedQueues.IsEmpty
            && new RingIndex((uint)answered).Since(f.From) < 1u << 31;
    }

    // No row of the domain runs any more.
    private static void Stop(Draft draft, DomId driver)
    {
        draft.Put(BackendAgent.Index, draft.Agents[BackendAgent.Index] with { Top = Activation.Finished });
        draft.Put(draft.Domain(driver) with { Blocked = true });
    }

    private static Flow Recreate(VbdPaths paths, ref GuestCpu cpu)
    {
        Toolstack.MakeDirectories(paths, cpu.Draft);
        VbdPaths.Write(
            ref cpu, (paths.Back + "/frontend", paths.Front), (paths.Back + "/frontend-id", paths.Guest.ToString()),
            (paths.Back + "/online", "1"),
            (paths.Back + "/mode", Blkback.State(cpu.Draft).Options.ReadOnly ? "r" : "w"),
            (paths.Back + "/state", VbdPaths.Text(XenbusState.Initialising)),
            (paths.Front + "/backend", paths.Back), (paths.Front + "/backend-id", paths.Driver.ToString()));
        return Flow.Next;
    }
}
