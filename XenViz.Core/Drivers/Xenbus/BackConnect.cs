using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Xenbus;

/// <summary>
/// blkback's part of connecting (FACTS f.1, rows 2, 6 and 7; Linux <c>xen-blkback/xenbus.c</c>). Goes on as the ring
/// thread.
/// </summary>
public static class BackConnect
{
    /// <summary>The listing.</summary>
    public static Listing<ConnectLocals> Listing(VbdPaths paths) => new(
        "connect_ring", "xen_blkbk_probe, connect_ring, connect", Actor.Backend, false,
        [
            new()
            {
                Label = "await_toolstack",
                Decide = (in ConnectLocals _, Machine m) =>
                    VbdPaths.Sees(m, paths.Driver, paths.Back, XenbusState.Initialising) ? "offer" : null,
            },
            new()
            {
                Label = "offer", Kind = AccessKind.XenStore, Cites = "xen-blkback/xenbus.c xen_blkbk_probe",
                Text = "write limits and features; state = InitWait",
                Body = (ref ConnectLocals f, ref GuestCpu cpu) =>
                {
                    VbdPaths.Write(
                        ref cpu, (paths.Back + "/feature-max-indirect-segments", "0"),
                        (paths.Back + "/multi-queue-max-queues", "1"), (paths.Back + "/max-ring-page-order", "0"),
                        (paths.Back + "/state", VbdPaths.Text(XenbusState.InitWait)));
                    return Flow.Next;
                },
            },
            new()
            {
                Label = "await_frontend",
                Decide = (in ConnectLocals _, Machine m) =>
                    VbdPaths.Sees(m, paths.Driver, paths.Front, XenbusState.Initialised) ? "map_ring" : null,
            },
            new()
            {
                Label = "map_ring", Kind = AccessKind.Hypercall, Cites = "xenbus_client.c xenbus_map_ring_valloc",
                Text = "map the ring's grant, writable",
                Body = (ref ConnectLocals f, ref GuestCpu cpu) => MapRing(paths, ref cpu),
            },
            new()
            {
                Label = "bind", Kind = AccessKind.Hypercall, Cites = "event_channel.h EVTCHNOP_bind_interdomain",
                Text = "port = EVTCHNOP_bind_interdomain(frontend's port)",
                Body = (ref ConnectLocals f, ref GuestCpu cpu) => Bind(paths, ref cpu),
            },
            new()
            {
                Label = "await_disk",
                Decide = (in ConnectLocals _, Machine m) =>
                    VbdPaths.Read((XenStore)m.Store!, paths.Driver, paths.Back + "/physical-device") is null
                        ? null
                        : "connect",
            },
            new()
            {
                Label = "connect", Kind = AccessKind.XenStore, Cites = "xen-blkback/xenbus.c connect",
                Text = "transaction: sectors, info, sector-size; state = Connected; start the ring thread",
                Body = (ref ConnectLocals f, ref GuestCpu cpu) =>
                {
                    var state = Blkback.State(cpu.Draft);
                    VbdPaths.Write(
                        ref cpu, (paths.Back + "/sectors", state.Sectors.ToString()),
                        (paths.Back + "/sector-size", "512"), (paths.Back + "/info", "0"),
                        (paths.Back + "/state", VbdPaths.Text(XenbusState.Connected)));
                    cpu.Draft.Back = state with { Connected = true };
                    return Flow.Next;
                },
            },
            new() { Label = "thread", Enter = (_, _, here) => Blkback.Thread.Start(default, here) },
        ]);

    private static string KeyOf(Draft draft, VbdPaths paths, string key) =>
        VbdPaths.Read((XenStore)draft.Store!, paths.Driver, paths.Front + key)
            ?? throw new InvalidOperationException($"The frontend is Initialised and has no {key}.");

    private static Flow MapRing(VbdPaths paths, ref GuestCpu cpu)
    {
        var state = Blkback.State(cpu.Draft);
        var reference = new GrantRef(uint.Parse(KeyOf(cpu.Draft, paths, "/ring-ref")));
        var op = new MapOp(state.RingAddress, GrantTable.Gntmap.HostMap, reference, paths.Guest);
        cpu.Hypercall(
            Xen.Hypercall.GrantTableOp, "GNTTABOP_map_grant_ref", reference.Value, paths.Guest.Value, op.Flags);
        var map = new MapLocals { Caller = cpu.Domain, Ops = [op], Results = [], Part = Phase.Connect };
        return Flow.Call(caller => GrantMap.Listing.Start(map, caller));
    }

    private static Flow Bind(VbdPaths paths, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var remote = new Port(uint.Parse(KeyOf(draft, paths, "/event-channel")));
        cpu.Hypercall(
            Xen.Hypercall.EventChannelOp, "EVTCHNOP_bind_interdomain", remote.Value, paths.Guest.Value);
        var port = new Port((uint)EventChannelOps.BindInterdomain(draft, cpu.Domain, paths.Guest, remote));
        var handle = ((MapResults)cpu.Result!).All[0].Handle;
        draft.Back = Blkback.State(draft) with { Port = port, RingHandle = handle };
        draft.Say(new MachineEvent.Noted("port", port.Value));
        var raise = new DeliveryLocals { Target = cpu.Domain, Port = port, Part = Phase.Connect };
        return Flow.Call(caller => EventDelivery.Interrupt.Start(raise, caller));
    }
}
