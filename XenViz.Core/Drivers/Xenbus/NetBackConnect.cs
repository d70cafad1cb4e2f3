using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Events;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Xenbus;

/// <summary>
/// netback's part of connecting, one interface after the other (FACTS e.6, f.1; Linux <c>netback_probe</c>,
/// <c>connect</c>, <c>connect_data_rings</c>, <c>read_xenbus_vif_flags</c>); goes on as its thread. Keys that it cannot
/// use cost the interface and nothing else (<c>xenbus_dev_fatal</c>).
/// </summary>
public static class NetBackConnect
{
    private static readonly string[] RingKeys = ["tx-ring-ref", "rx-ring-ref"];

    /// <summary>The listing.</summary>
    /// <param name="vifs">The interfaces, in the order of <see cref="NetbackState.Vifs"/>.</param>
    /// <param name="thread">The thread that it goes on as; null for the plain one.</param>
    public static Listing<ConnectLocals> Listing(
        ImmutableArray<VifPaths> vifs, Listing<NetThreadLocals>? thread = null) => new(
        "netback_connect", "netback_probe, connect", Actor.Backend, false,
        [
            .. Offer(vifs), .. Rings(vifs), .. Fatal(vifs),
            new() { Label = "thread", Enter = (_, _, here) => (thread ?? Netback.Thread).Start(default, here) },
        ]);

    private static Row<ConnectLocals> Row(
        string label, AccessKind kind, string cites, string text, RowBody<ConnectLocals> body) =>
        new() { Label = label, Kind = kind, Cites = cites, Text = text, Body = body };

    private static Row<ConnectLocals> Await(
        string label, ImmutableArray<VifPaths> vifs, Func<VifPaths, string> end, XenbusState state, string then)
    {
        return new Row<ConnectLocals>
        {
            Label = label,
            Decide = (in ConnectLocals f, Machine m) =>
                VbdPaths.Sees(m, vifs[f.Queue].Driver, end(vifs[f.Queue]), state) ? then : null,
        };
    }

    private static IEnumerable<Row<ConnectLocals>> Offer(ImmutableArray<VifPaths> vifs) =>
    [
        Await("await_toolstack", vifs, v => v.Back, XenbusState.Initialising, "offer"),
        Row("offer", AccessKind.XenStore, "xen-netback/xenbus.c netback_probe", "write features; state = InitWait",
            (ref ConnectLocals f, ref GuestCpu cpu) =>
            {
                var back = vifs[f.Queue].Back;
                var state = Netback.State(cpu.Draft);
                (string Key, string Value)[] keys =
                [
                    .. state.Offer.Keys(), ("feature-rx-copy", state.Flips ? "0" : "1"),
                    ("feature-rx-flip", state.Flips ? "1" : "0"), ("feature-multicast-control", "1"),
                    ("feature-split-event-channels", "0"), ("multi-queue-max-queues", "1"),
                    ("state", VbdPaths.Text(XenbusState.InitWait)),
                ];
                VbdPaths.Write(ref cpu, [.. keys.Select(k => ($"{back}/{k.Key}", k.Value))]);
                return Flow.Next;
            }),
    ];

    private static IEnumerable<Row<ConnectLocals>> Rings(ImmutableArray<VifPaths> vifs) =>
    [
        Await("await_frontend", vifs, v => v.Front, XenbusState.Connected, "read_keys"),
        Row("read_keys", AccessKind.XenStore, "xen-netback/xenbus.c read_xenbus_vif_flags",
            "read the frontend's keys: references, port, request-rx-copy, features",
            (ref ConnectLocals f, ref GuestCpu cpu) => ReadKeys(vifs[f.Queue], ref f, ref cpu)),
        Row("map_rings", AccessKind.Hypercall, "xenbus_client.c xenbus_map_ring_valloc",
            "map the grants of both rings, writable",
            (ref ConnectLocals f, ref GuestCpu cpu) => MapRings(vifs[f.Queue], f, ref cpu)),
        new()
        {
            Label = "mapped",
            Decide = (in ConnectLocals _, Machine m) =>
                Results(m).All(r => r.Status == GrantStatus.Okay) ? "bind" : "not_mapped",
        },
        Row("bind", AccessKind.Hypercall, "event_channel.h EVTCHNOP_bind_interdomain",
            "port = EVTCHNOP_bind_interdomain(frontend's port)",
            (ref ConnectLocals f, ref GuestCpu cpu) => Bind(vifs[f.Queue], ref f, ref cpu)),
        new()
        {
            Label = "await_hotplug",
            Decide = (in ConnectLocals f, Machine m) =>
                VbdPaths.Read((XenStore)m.Store!, vifs[f.Queue].Driver, vifs[f.Queue].Hotplug) == VifPaths.Plugged
                    ? "connect"
                    : null,
        },
        Row("connect", AccessKind.XenStore, "xen-netback/xenbus.c connect, hotplug_status_changed",
            "carrier on; state = Connected", (ref ConnectLocals f, ref GuestCpu cpu) =>
            {
                VbdPaths.Write(ref cpu, (vifs[f.Queue].Back + "/state", VbdPaths.Text(XenbusState.Connected)));
                var state = Netback.State(cpu.Draft);
                cpu.Draft.Back = state.With(f.Queue, state.Vifs[f.Queue] with { Carrier = true });
                return Next(vifs, ref f);
            }),
    ];

    private static IEnumerable<Row<ConnectLocals>> Fatal(ImmutableArray<VifPaths> vifs) =>
    [
        new()
        {
            Label = "not_mapped",
            Decide = (in ConnectLocals _, Machine m) =>
                Results(m).Any(r => r.Status == GrantStatus.Okay) ? "unmap_rings" : "fatal",
        },
        Row("unmap_rings", AccessKind.Hypercall, "xenbus_client.c xenbus_unmap_ring_vfree",
            "unmap what was mapped", (ref ConnectLocals f, ref GuestCpu cpu) => UnmapRings(f, ref cpu)),
        Row("fatal", AccessKind.XenStore, "xenbus_client.c xenbus_dev_fatal",
            "the frontend's keys cannot be used: error; state = Closing",
            (ref ConnectLocals f, ref GuestCpu cpu) =>
            {
                var back = vifs[f.Queue].Back;
                VbdPaths.Write(
                    ref cpu, (back + "/error", ErrorOf(f.Fault)),
                    (back + "/state", VbdPaths.Text(XenbusState.Closing)));
                return Next(vifs, ref f);
            }),
    ];

    private static Flow Next(ImmutableArray<VifPaths> vifs, ref ConnectLocals f)
    {
        f = new ConnectLocals { Queue = f.Queue + 1 };
        return Flow.To(f.Queue < vifs.Length ? "await_toolstack" : "thread");
    }

    // The words of the error node are for whoever looks into xenstore, not for a screen.
    private static string ErrorOf(ConnectFault fault) => fault switch
    {
        ConnectFault.Queues => "guest requested more queues than the maximum of 1",
        ConnectFault.Refs => "reading ring-ref",
        ConnectFault.Port => "reading event-channel",
        ConnectFault.Receive => "request-rx-copy is not what was offered",
        _ => "mapping shared frames",
    };

    private static ImmutableArray<MapResult> Results(Machine machine) =>
        machine.Agents[BackendAgent.Index].Result is MapResults results ? results.All : [];

    private static Flow ReadKeys(VifPaths paths, ref ConnectLocals f, ref GuestCpu cpu)
    {
        cpu.Acknowledge();
        var driver = cpu.Domain;
        var (store, _) = ((XenStore)cpu.Draft.Store!).TakeEvents(driver);
        cpu.Draft.Store = store;
        var state = Netback.State(cpu.Draft);
        f.Fault = (Read("multi-queue-num-queues") ?? 1) > 1 ? ConnectFault.Queues
            : RingKeys.Any(key => Read(key) is null) ? ConnectFault.Refs
            : Read("event-channel") is null ? ConnectFault.Port
            : (Read("request-rx-copy") ?? 0) != 0 == state.Flips ? ConnectFault.Receive
            : ConnectFault.None;
        if (f.Fault != ConnectFault.None)
        {
            cpu.Draft.Say(new MachineEvent.Outcome("refused"));
            return Flow.To("fatal");
        }

        cpu.Draft.Back = state.With(f.Queue, state.Vifs[f.Queue] with
        {
            Flips = state.Flips, Notifies = (Read("feature-rx-notify") ?? 0) != 0,
            Agreed = NetAgreed.Of(state.Offer, NetOffer.Read(key => Read(key) ?? 0)),
        });
        return Flow.Next;

        uint? Read(string key) => NetConnect.Number(store, driver, $"{paths.Front}/{key}");
    }

    private static uint KeyOf(Draft draft, VifPaths paths, string key) =>
        NetConnect.Number((XenStore)draft.Store!, paths.Driver, $"{paths.Front}/{key}") ?? 0;

    private static Flow MapRings(VifPaths paths, in ConnectLocals f, ref GuestCpu cpu)
    {
        var address = Netback.State(cpu.Draft).Vifs[f.Queue].RingAddress;
        var draft = cpu.Draft;
        ImmutableArray<MapOp> ops =
        [
            .. RingKeys.Select((key, i) => new MapOp(
                address + ((ulong)i << PageSize.Shift), GrantTable.Gntmap.HostMap,
                new GrantRef(KeyOf(draft, paths, key)), paths.Guest)),
        ];
        cpu.Hypercall(
            Xen.Hypercall.GrantTableOp, "GNTTABOP_map_grant_ref", ops[0].Ref.Value, paths.Guest.Value, ops[0].Flags,
            ops.Length);
        var map = new MapLocals { Caller = cpu.Domain, Ops = ops, Results = [], Part = Phase.Connect };
        return Flow.Call(caller => GrantMap.Listing.Start(map, caller));
    }

    private static Flow UnmapRings(in ConnectLocals f, ref GuestCpu cpu)
    {
        var address = Netback.State(cpu.Draft).Vifs[f.Queue].RingAddress;
        ImmutableArray<UnmapOp> ops =
        [
            .. ((MapResults)cpu.Result!).All.Select((r, i) => (r, i)).Where(m => m.r.Status == GrantStatus.Okay)
                .Select(m => new UnmapOp(address + ((ulong)m.i << PageSize.Shift), 0, m.r.Handle)),
        ];
        cpu.Hypercall(
            Xen.Hypercall.GrantTableOp, "GNTTABOP_unmap_grant_ref", ops[0].Handle.Value, ops[0].HostAddress, 0,
            ops.Length);
        var unmap =
            new UnmapLocals { Caller = cpu.Domain, Ops = ops, Results = [], Releases = [], Part = Phase.Connect };
        return Flow.Call(caller => GrantUnmap.Listing.Start(unmap, caller));
    }

    private static Flow Bind(VifPaths paths, ref ConnectLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var remote = new Port(KeyOf(draft, paths, "event-channel"));
        cpu.Hypercall(Xen.Hypercall.EventChannelOp, "EVTCHNOP_bind_interdomain", remote.Value, paths.Guest.Value);
        var bound = EventChannelOps.BindInterdomain(draft, cpu.Domain, paths.Guest, remote);
        if (bound < 0)
        {
            draft.Say(new MachineEvent.Outcome("refused"));
            return Flow.To("unmap_rings");
        }

        var port = new Port((uint)bound);
        var state = Netback.State(draft);
        draft.Back = state.With(f.Queue, state.Vifs[f.Queue] with
        {
            Port = port, RingHandles = [.. ((MapResults)cpu.Result!).All.Select(r => r.Handle)],
        });
        draft.Say(new MachineEvent.Noted("port", port.Value));
        var raise = new DeliveryLocals { Target = cpu.Domain, Port = port, Part = Phase.Connect };
        var ring = EventDelivery.RaiseIn(draft, raise);
        return Flow.Call(caller => ring(FifoUnmask.Before(draft, Actor.Backend, raise.Target, port, caller)));
    }
}
