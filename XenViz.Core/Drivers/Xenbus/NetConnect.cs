using System.Globalization;
using System.Buffers.Binary;
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
/// netfront's part of connecting (FACTS e.6, f.1; Linux <c>netback_changed</c>, <c>xennet_connect</c>,
/// <c>talk_to_netback</c>): read the offers, make two rings and a port, publish them. Unlike blkfront it is Connected
/// as soon as its keys are written.
/// </summary>
public static class NetConnect
{
    /// <summary>The listing.</summary>
    public static Listing<ConnectLocals> Front(VifPaths paths) => new(
        "talk_to_netback", "talk_to_netback", Actor.Frontend, false,
        [
            new()
            {
                Label = "await_backend",
                Decide = (in ConnectLocals _, Machine m) =>
                    VbdPaths.Sees(m, paths.Guest, paths.Back, XenbusState.InitWait) ? "read_offers" : null,
            },
            Row("read_offers", AccessKind.XenStore, "xen-netfront.c xennet_connect, xennet_fix_features",
                "read the backend's features; use what both can do",
                (ref ConnectLocals f, ref GuestCpu cpu) => ReadOffers(paths, ref cpu)),
            Row("init_ring", AccessKind.Store, "io/ring.h SHARED_RING_INIT",
                "a zeroed page; req_event = rsp_event = 1", InitRing),
            .. GrantRows.Make<ConnectLocals>(GrantOf, (in ConnectLocals _, Draft _) => { }),
            new()
            {
                Label = "next_ring",
                Decide = (in ConnectLocals f, Machine _) => f.Page < 2 ? "init_ring" : "alloc_port",
            },
            Row("alloc_port", AccessKind.Hypercall, "event_channel.h EVTCHNOP_alloc_unbound",
                "port = EVTCHNOP_alloc_unbound(for the backend)", AllocPort),
            Row("publish", AccessKind.XenStore, "xen-netfront.c talk_to_netback",
                "transaction: tx-ring-ref, rx-ring-ref, event-channel, request-rx-copy, features; state = Connected",
                (ref ConnectLocals f, ref GuestCpu cpu) => Publish(paths, ref cpu)),
            .. End(paths),
        ]);

    /// <summary>A key as a number; null when it is missing or no number.</summary>
    internal static uint? Number(XenStore store, DomId reader, string path) =>
        VbdPaths.Read(store, reader, path) is { } text
            && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    // What comes of it: a backend that cannot use the keys says Closing, and the frontend follows it.
    private static IEnumerable<Row<ConnectLocals>> End(VifPaths paths) =>
    [
        new()
        {
            Label = "await_connected",
            Decide = (in ConnectLocals _, Machine m) =>
                VbdPaths.Sees(m, paths.Guest, paths.Back, XenbusState.Connected) ? "leave"
                : VbdPaths.Sees(m, paths.Guest, paths.Back, XenbusState.Closing) ? "say_closed"
                : null,
        },
        Row("say_closed", AccessKind.XenStore, "xenbus_client.c xenbus_frontend_closed",
            "the backend is Closing: state = Closed", (ref ConnectLocals f, ref GuestCpu cpu) =>
            {
                VbdPaths.Write(ref cpu, (paths.Front + "/state", VbdPaths.Text(XenbusState.Closed)));
                var front = Netfront.State(cpu.Draft, cpu.Domain);
                Netfront.Put(cpu.Draft, cpu.Domain, front with { Connected = false });
                return Flow.Next;
            }),
        new() { Label = "leave", Enter = (_, _, here) => here },
    ];

    private static Row<ConnectLocals> Row(
        string label, AccessKind kind, string cites, string text, RowBody<ConnectLocals> body) =>
        new() { Label = label, Kind = kind, Cites = cites, Text = text, Body = body };

    // Receiving by copy before the historic page flip; with neither netfront does not begin (ENODEV).
    private static Flow ReadOffers(VifPaths paths, ref GuestCpu cpu)
    {
        cpu.Acknowledge();
        var guest = cpu.Domain;
        var (store, _) = ((XenStore)cpu.Draft.Store!).TakeEvents(guest);
        cpu.Draft.Store = store;
        var front = Netfront.State(cpu.Draft, guest);
        var copies = Read("feature-rx-copy") != 0;
        if (!copies && Read("feature-rx-flip") == 0)
        {
            cpu.Draft.Say(new MachineEvent.Outcome("refused"));
            return Flow.Return;
        }

        Netfront.Put(cpu.Draft, guest, front with
        {
            Flips = !copies, Agreed = NetAgreed.Of(front.Offer, NetOffer.Read(Read)),
        });
        return Flow.Next;

        uint Read(string key) => Number(store, guest, $"{paths.Back}/{key}") ?? 0;
    }

    private static Flow Publish(VifPaths paths, ref GuestCpu cpu)
    {
        var front = Netfront.State(cpu.Draft, cpu.Domain);
        (string Key, string Value)[] keys =
        [
            ("tx-ring-ref", front.Tx.Ref.ToString()), ("rx-ring-ref", front.Rx.Ref.ToString()),
            ("event-channel", front.Port.ToString()), ("request-rx-copy", front.Flips ? "0" : "1"),
            ("feature-rx-notify", "1"), .. front.Offer.Keys(), ("state", VbdPaths.Text(XenbusState.Connected)),
        ];
        VbdPaths.Write(ref cpu, [.. keys.Select(k => ($"{paths.Front}/{k.Key}", k.Value))]);
        Netfront.Put(cpu.Draft, cpu.Domain, front with { Connected = true });
        return Flow.Next;
    }

    private static Mfn RingOf(NetfrontState front, in ConnectLocals f) => f.Page == 1 ? front.Tx.Ring : front.Rx.Ring;

    private static Flow InitRing(ref ConnectLocals f, ref GuestCpu cpu)
    {
        f.Page++;
        var (front, reference) = Netfront.State(cpu.Draft, cpu.Domain).TakeRef();
        Netfront.Put(cpu.Draft, cpu.Domain, f.Page == 1
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
        var reference = f.Page == 1 ? front.Tx.Ref : front.Rx.Ref;
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
}
