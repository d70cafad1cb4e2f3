using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
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
    /// <param name="device">The device.</param>
    /// <param name="halt">Stops the hardware at once: what it has not begun is lost.</param>
    /// <param name="boot">Makes the driver domain anew, with its driver at its first row.</param>
    public static Listing<EndLocals> Restart(EndingDevice device, Action<Draft> halt, Action<Draft> boot) => new(
        "toolstack_restart", "libxl domain_destroy, domain_create", Actor.Toolstack, false,
        [
            new()
            {
                Label = "await_moment",
                Decide = (in EndLocals f, Machine m) => device.MayDie(f.From, m) ? "destroy" : null,
            },
            new()
            {
                Label = "destroy", Kind = AccessKind.Hypercall, Cites = "domctl.h XEN_DOMCTL_destroydomain",
                Text = "the driver domain has crashed: XEN_DOMCTL_destroydomain",
                Body = (ref EndLocals f, ref GuestCpu cpu) =>
                {
                    cpu.Hypercall(
                        Xen.Hypercall.DomCtl, "XEN_DOMCTL_destroydomain", device.Paths.Driver.Value);
                    Stop(cpu.Draft, device.Paths.Driver);
                    halt(cpu.Draft);
                    var death = new DeathLocals { Domain = device.Paths.Driver };
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
                    var left = ((XenStore)cpu.Draft.Store!).Release(device.Paths.Driver);
                    VbdPaths.Commit(cpu.Draft, left.Remove(cpu.Domain, device.Paths.Back).After);
                    cpu.Draft.Say(new MachineEvent.StoreWritten(device.Paths.Back, ""));
                    return Flow.Next;
                },
            },
            new()
            {
                Label = "boot", Kind = AccessKind.Hypercall, Cites = "domctl.h XEN_DOMCTL_createdomain",
                Text = "start the driver domain again; give it " + device.Given,
                Body = (ref EndLocals f, ref GuestCpu cpu) =>
                {
                    cpu.Hypercall(
                        Xen.Hypercall.DomCtl, "XEN_DOMCTL_createdomain", device.Paths.Driver.Value);
                    cpu.Draft.Store = device.Paths.WatchBack((XenStore)cpu.Draft.Store!);
                    boot(cpu.Draft);
                    return Flow.Next;
                },
            },
            new()
            {
                Label = "recreate", Kind = AccessKind.XenStore, Cites = device.Adds,
                Text = "transaction: a new backend directory, state = Initialising; frontend's backend = its path",
                Body = (ref EndLocals f, ref GuestCpu cpu) => Recreate(device, ref cpu),
            },
            .. device.Hotplug,
        ]);

    /// <summary>The toolstack unplugs the device when the application has finished.</summary>
    public static Listing<EndLocals> Unplug(EndingDevice device) => new(
        "toolstack_unplug", device.Removes, Actor.Toolstack, false,
        [
            new()
            {
                Label = "await_idle",
                Decide = (in EndLocals _, Machine m) => device.IsIdle(m) ? "unplug" : null,
            },
            new()
            {
                Label = "unplug", Kind = AccessKind.XenStore, Cites = "libxl_device.c libxl__initiate_device_remove",
                Text = "transaction: backend's online = 0, state = Closing",
                Body = (ref EndLocals f, ref GuestCpu cpu) =>
                {
                    VbdPaths.Write(
                        ref cpu, (device.Paths.Back + "/online", "0"),
                        (device.Paths.Back + "/state", VbdPaths.Text(XenbusState.Closing)));
                    return Flow.Next;
                },
            },
            new()
            {
                Label = "await_closed",
                Decide = (in EndLocals _, Machine m) =>
                    ((XenStore)m.Store!)[device.Paths.Back + "/state"] == VbdPaths.Text(XenbusState.Closed)
                    && device.IsReleased(m) ? "remove" : null,
            },
            new()
            {
                Label = "remove", Kind = AccessKind.XenStore, Cites = "libxl_device.c libxl__device_destroy",
                Text = "both ends are Closed: remove both directories",
                Body = (ref EndLocals f, ref GuestCpu cpu) =>
                {
                    cpu.Acknowledge();
                    var left = ((XenStore)cpu.Draft.Store!).Remove(cpu.Domain, device.Paths.Back).After;
                    VbdPaths.Commit(cpu.Draft, left.Remove(cpu.Domain, device.Paths.Front).After);
                    cpu.Draft.Say(new MachineEvent.StoreWritten(device.Paths.Back, ""));
                    cpu.Draft.Say(new MachineEvent.StoreWritten(device.Paths.Front, ""));
                    return Flow.Next;
                },
            },
        ]);

    /// <summary>True when a driver domain can be taken apart: Xen first finishes a hypercall of the domain, and the
    /// delivery of an event into a queue of its, whose lock would never be given back.</summary>
    public static bool IsApart(Machine machine, DomId driver) =>
        !machine.Agents[BackendAgent.Index].Top.InXen && machine[driver].Events.LockedQueues.IsEmpty;

    // No row of the domain runs any more.
    private static void Stop(Draft draft, DomId driver)
    {
        draft.Put(BackendAgent.Index, draft.Agents[BackendAgent.Index] with { Top = Activation.Finished });
        draft.Put(draft.Domain(driver) with { Blocked = true });
    }

    private static Flow Recreate(EndingDevice device, ref GuestCpu cpu)
    {
        if (device.Clear is { } clear)
        {
            cpu.Draft.Store = clear((XenStore)cpu.Draft.Store!);
        }

        Toolstack.MakeDirectories(device.Paths, cpu.Draft);
        VbdPaths.Write(ref cpu, [.. device.Keys(cpu.Draft)]);
        return Flow.Next;
    }
}
