using System.Buffers.Binary;
using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Events;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Xenbus;

/// <summary>
/// How the two ends of a network interface connect (FACTS e.6, f.1; Linux <c>talk_to_netback</c>,
/// <c>xen-netback/xenbus.c connect</c>): offers, rings and port, mapping, binding, carrier on.
/// </summary>
public static class NetConnect
{
    private static readonly string[] RingKeys = ["tx-ring-ref", "rx-ring-ref"];

    /// <summary>netfront's part.</summary>
    public static Listing<ConnectLocals> Front(VifPaths paths) => new(
        "talk_to_netback", "talk_to_netback", Actor.Frontend, false,
        [
            Await("await_backend", paths.Guest, paths.Back, XenbusState.InitWait, "init_ring"),
            new()
            {
                Label = "init_ring", Kind = AccessKind.Store, Cites = "io/ring.h SHARED_RING_INIT",
                Text = "a zeroed page; req_event = rsp_event = 1",
                Body = (ref ConnectLocals f, ref GuestCpu cpu) => InitRing(f, ref cpu),
            },
            .. GrantRows.Make<ConnectLocals>(GrantOf, (in ConnectLocals _, Draft _) => { }),
            new()
            {
                Label = "next_ring", Kind = AccessKind.Private, Cites = "xen-netfront.c setup_netfront",
                Text = "the transmit ring first, then the receive ring",
                Body = (ref ConnectLocals f, ref GuestCpu _) =>
                {
                    f.Page++;
                    return f.Page < 2 ? Flow.To("init_ring") : Flow.Next;
                },
            },
            new()
            {
                Label = "alloc_port", Kind = AccessKind.Hypercall, Cites = "event_channel.h EVTCHNOP_alloc_unbound",
                Text = "port = EVTCHNOP_alloc_unbound(for the backend)", Body = AllocPort,
            },
            new()
            {
                Label = "publish", Kind = AccessKind.XenStore, Cites = "xen-netfront.c talk_to_netback",
                Text = "transaction: tx-ring-ref, rx-ring-ref, event-channel, request-rx-copy, features",
                Body = (ref ConnectLocals f, ref GuestCpu cpu) =>
                {
                    var front = Netfront.State(cpu.Draft, cpu.Domain);
                    VbdPaths.Write(
                        ref cpu, (paths.Front + "/tx-ring-ref", front.Tx.Ref.ToString()),
                        (paths.Front + "/rx-ring-ref", front.Rx.Ref.ToString()),
                        (paths.Front + "/event-channel", front.Port.ToString()),
                        (paths.Front + "/request-rx-copy", front.Flips ? "0" : "1"),
                        (paths.Front + "/feature-rx-notify", "1"), (paths.Front + "/feature-sg", "1"),
                        (paths.Front + "/feature-gso-tcpv4", "1"),
                        (paths.Front + "/state", VbdPaths.Text(XenbusState.Connected)));
                    Netfront.Put(cpu.Draft, cpu.Domain, front with { Connected = true });
                    return Flow.Next;
                },
            },
        ]);

    /// <summary>netback's part for one interface after the other; goes on as its thread.</summary>
    public static Listing<ConnectLocals> Back(ImmutableArray<VifPaths> vifs) => new(
        "netback_connect", "netback_probe, connect", Actor.Backend, false,
        [
            new()
            {
                Label = "offer", Kind = AccessKind.XenStore, Cites = "xen-netback/xenbus.c netback_probe",
                Text = "write features; state = InitWait",
                Body = (ref ConnectLocals f, ref GuestCpu cpu) =>
                {
                    var back = vifs[f.Queue].Back;
                    var flips = Netback.State(cpu.Draft).Flips;
                    VbdPaths.Write(
                        ref cpu, (back + "/feature-sg", "1"), (back + "/feature-gso-tcpv4", "1"),
                        (back + "/feature-rx-copy", flips ? "0" : "1"), (back + "/feature-rx-flip", flips ? "1" : "0"),
                        (back + "/feature-multicast-control", "1"), (back + "/hotplug-status", "connected"),
                        (back + "/state", VbdPaths.Text(XenbusState.InitWait)));
                    return Flow.Next;
                },
            },
            new()
            {
                Label = "await_frontend",
                Decide = (in ConnectLocals f, Machine m) =>
                    VbdPaths.Sees(m, vifs[f.Queue].Driver, vifs[f.Queue].Front, XenbusState.Connected)
                        ? "map_rings"
                        : null,
            },
            new()
            {
                Label = "map_rings", Kind = AccessKind.Hypercall, Cites = "xenbus_client.c xenbus_map_ring_valloc",
                Text = "map the grants of both rings, writable",
                Body = (ref ConnectLocals f, ref GuestCpu cpu) => MapRings(vifs[f.Queue], f, ref cpu),
            },
            new()
            {
                Label = "bind", Kind = AccessKind.Hypercall, Cites = "event_channel.h EVTCHNOP_bind_interdomain",
                Text = "port = EVTCHNOP_bind_interdomain(frontend's port)",
                Body = (ref ConnectLocals f, ref GuestCpu cpu) => Bind(vifs[f.Queue], ref f, ref cpu),
            },
            new()
            {
                Label = "connect", Kind = AccessKind.XenStore, Cites = "xen-netback/xenbus.c connect",
                Text = "carrier on; state = Connected",
                Body = (ref ConnectLocals f, ref GuestCpu cpu) =>
                {
                    VbdPaths.Write(ref cpu, (vifs[f.Queue].Back + "/state", VbdPaths.Text(XenbusState.Connected)));
                    var state = Netback.State(cpu.Draft);
                    cpu.Draft.Back = state.With(f.Queue, state.Vifs[f.Queue] with { Carrier = true });
                    f.Queue++;
                    return f.Queue < vifs.Length ? Flow.To("offer") : Flow.Next;
                },
            },
            new() { Label = "thread", Enter = (_, _, here) => Netback.Thread.Start(default, here) },
        ]);

    private static Row<ConnectLocals> Await(
        string label, DomId who, string directory, XenbusState state, string then) => new()
        {
            Label = label,
            Decide = (in ConnectLocals _, Machine m) => VbdPaths.Sees(m, who, directory, state) ? then : null,
        };

    private static Mfn RingOf(NetfrontState front, in ConnectLocals f) => f.Page == 0 ? front.Tx.Ring : front.Rx.Ring;

    private static Flow InitRing(in ConnectLocals f, ref GuestCpu cpu)
    {
        var (front, reference) = Netfront.State(cpu.Draft, cpu.Domain).TakeRef();
        Netfront.Put(cpu.Draft, cpu.Domain, f.Page == 0
            ? front with { Tx = front.Tx with { Ref = reference } }
            : front with { Rx = front.Rx with { Ref = reference } });
        Span<byte> header = stackalloc byte[16];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header[Ring.ReqEvent.OffsetBytes..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header[Ring.RspEvent.OffsetBytes..], 1);
        cpu.StoreBytes(RingOf(front, f), 0, header);
        return Flow.Next;
    }

    private static NewGrant GrantOf(in ConnectLocals f, ref GuestCpu cpu)
    {
        var front = Netfront.State(cpu.Draft, cpu.Domain);
        var reference = f.Page == 0 ? front.Tx.Ref : front.Rx.Ref;
        return new(reference, front.Peer, RingOf(front, f).Value, GrantTable.Gtf.PermitAccess);
    }

    private static Flow AllocPort(ref ConnectLocals f, ref GuestCpu cpu)
    {
        var front = Netfront.State(cpu.Draft, cpu.Domain);
        cpu.Hypercall(Xen.Hypercall.EventChannelOp, "EVTCHNOP_alloc_unbound", 0, front.Peer.Value);
        var port = EventChannelOps.AllocUnbound(cpu.Draft, cpu.Domain, front.Peer);
        Netfront.Put(cpu.Draft, cpu.Domain, front with { Port = new Port((uint)port) });
        cpu.Draft.Say(new MachineEvent.Noted("port", port));
        return FifoUnmask.Then(cpu.Draft, Actor.Frontend, cpu.Domain, new Port((uint)port), null);
    }

    private static uint KeyOf(Draft draft, VifPaths paths, string key) =>
        VbdPaths.Read((XenStore)draft.Store!, paths.Driver, $"{paths.Front}/{key}") is { } text
            && uint.TryParse(text, out var value)
            ? value
            : 0;

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

    private static Flow Bind(VifPaths paths, ref ConnectLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var remote = new Port(KeyOf(draft, paths, "event-channel"));
        cpu.Hypercall(Xen.Hypercall.EventChannelOp, "EVTCHNOP_bind_interdomain", remote.Value, paths.Guest.Value);
        var port = new Port((uint)EventChannelOps.BindInterdomain(draft, cpu.Domain, paths.Guest, remote));
        var state = Netback.State(draft);
        draft.Back = state.With(f.Queue, state.Vifs[f.Queue] with { Port = port });
        draft.Say(new MachineEvent.Noted("port", port.Value));
        var raise = new DeliveryLocals { Target = cpu.Domain, Port = port, Part = Phase.Connect };
        var ring = EventDelivery.RaiseIn(draft, raise);
        return Flow.Call(caller => ring(FifoUnmask.Before(draft, Actor.Backend, raise.Target, port, caller)));
    }
}
