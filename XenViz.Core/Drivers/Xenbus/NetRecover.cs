using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Xenbus;

/// <summary>
/// netfront when its backend's state changes (Linux <c>netback_changed</c>, <c>xennet_disconnect_backend</c>): one that
/// vanished means new rings, and what was in flight is dropped, not asked again as blkfront does (FACTS f.3); one
/// that closes means goodbye (FACTS f.2).
/// </summary>
public static class NetRecover
{
    /// <summary>The listing.</summary>
    /// <param name="paths">The device.</param>
    public static Listing<RecoverLocals> Listing(VifPaths paths)
    {
        var connect = NetConnect.Front(paths);
        return new Listing<RecoverLocals>(
            "netback_changed", "netback_changed, xennet_disconnect_backend", Actor.Frontend, false,
            [.. Look(paths), .. EndGrants.Rows(front => Granted((NetfrontState)front), Defer), .. Begin(connect)]);
    }

    /// <summary>The guest's program with that listing in it: between two packets it looks at the store's events first,
    /// and it hands nothing over while there is no backend.</summary>
    public static Listing<NetApplicationLocals> Application(Listing<RecoverLocals> recover, DomId guest)
    {
        Row<NetApplicationLocals>[] rows = [.. Watching(recover, guest)];
        return NetApplication.Listing.Replace("next", rows[0]).Insert("begin_look", rows[1])
            .Insert("begin_look", rows[2]);
    }

    private static IEnumerable<Row<NetApplicationLocals>> Watching(Listing<RecoverLocals> recover, DomId guest) =>
    [
        new() { Label = "next", Decide = (in NetApplicationLocals f, Machine m) => Next(f, m, guest) },
        new() { Label = "xenwatch", Enter = (_, _, here) => recover.Start(new RecoverLocals { Left = [] }, here) },
        new() { Label = "watched", Decide = (in NetApplicationLocals _, Machine _) => "next" },
    ];

    private static string? Next(in NetApplicationLocals f, Machine m, DomId guest)
    {
        if (((XenStore)m.Store!).EventsOf(guest).Length > 0)
        {
            return "xenwatch";
        }

        var app = Netfront.Application(m, guest);
        return Netfront.State(m, guest).Connected ? NetApplication.Next(f, m)
            : !app.Inbox.IsEmpty ? "look"
            : app.Job is null ? null
            : "wait";
    }

    private static IEnumerable<Row<RecoverLocals>> Look(VifPaths paths) =>
    [
        new()
        {
            Label = "look", Kind = AccessKind.XenStore, Cites = "xen-netfront.c netback_changed",
            Text = "state = xenbus_read_driver_state(backend)",
            Body = (ref RecoverLocals f, ref GuestCpu cpu) =>
            {
                f.Seen = StateOf(paths.Back, ref cpu);
                return Flow.Next;
            },
        },
        new() { Label = "act", Decide = Act },
        new()
        {
            Label = "stop", Kind = AccessKind.Private, Cites = "xen-netfront.c xennet_disconnect_backend",
            Text = "carrier off; nothing of the old rings is trusted",
            Body = (ref RecoverLocals f, ref GuestCpu cpu) =>
            {
                var front = Netfront.State(cpu.Draft, cpu.Domain);
                Netfront.Put(cpu.Draft, cpu.Domain, front with { Connected = false });
                return Flow.To("act");
            },
        },
        new()
        {
            Label = "say_closed", Kind = AccessKind.XenStore, Cites = "xenbus_client.c xenbus_frontend_closed",
            Text = "carrier off; state = Closed",
            Body = (ref RecoverLocals f, ref GuestCpu cpu) =>
            {
                var front = Netfront.State(cpu.Draft, cpu.Domain);
                Netfront.Put(cpu.Draft, cpu.Domain, front with { Connected = false });
                VbdPaths.Write(ref cpu, (paths.Front + "/state", VbdPaths.Text(XenbusState.Closed)));
                return Flow.To("leave");
            },
        },
    ];

    /// <summary>Reads the other end's state; the watch events are read with it.</summary>
    internal static XenbusState StateOf(string directory, ref GuestCpu cpu)
    {
        cpu.Acknowledge();
        var (store, _) = ((XenStore)cpu.Draft.Store!).TakeEvents(cpu.Domain);
        cpu.Draft.Store = store;
        var state = (XenbusState)(NetConnect.Number(store, cpu.Domain, directory + "/state") ?? 0);
        cpu.Draft.Say(new MachineEvent.Noted("state", (int)state));
        return state;
    }

    private static string Act(in RecoverLocals f, Machine machine)
    {
        var front = (NetfrontState)machine.Front!;
        var granted = front.Tx.Ref.Value != 0;
        return f.Seen switch
        {
            XenbusState.Unknown or XenbusState.Initialising or XenbusState.InitWait when front.Connected => "stop",
            XenbusState.InitWait when granted => "end_grants",
            XenbusState.Closing when front.Connected => "say_closed",
            XenbusState.Closed when !front.Connected && granted => "end_grants",
            _ => "leave",
        };
    }

    // Both rings, every piece in flight, and every empty page that is offered.
    private static ImmutableArray<GrantRef> Granted(NetfrontState front) =>
    [
        front.Tx.Ref, front.Rx.Ref, .. front.Tx.Slots.OfType<TxSlot>().Select(s => s.Packet.Pieces[s.Piece].Ref),
        .. front.Rx.Buffers.OfType<RxBuffer>().Select(b => b.Ref),
    ];

    private static void Defer(Draft draft, GrantRef reference)
    {
        var front = (NetfrontState)draft.Front!;
        draft.Front = front with { Deferred = front.Deferred.Add(reference.Value) };
    }

    private static IEnumerable<Row<RecoverLocals>> Begin(Listing<ConnectLocals> connect) =>
    [
        new()
        {
            Label = "close_port", Kind = AccessKind.Hypercall,
            Cites = "xen-netfront.c xennet_release_tx_bufs, xennet_release_rx_bufs",
            Text = "EVTCHNOP_close(port); drop what is in flight; forget both rings", Body = ClosePort,
        },
        new()
        {
            Label = "closed_port", Decide = (in RecoverLocals f, Machine _) => f.Closing ? "leave" : "connect",
        },
        new() { Label = "connect", Enter = (_, _, here) => connect.StartAt("read_offers", default, here) },
        new() { Label = "connected", Decide = (in RecoverLocals _, Machine _) => "leave" },
        new() { Label = "leave", Enter = (_, _, here) => here },
    ];

    private static Flow ClosePort(ref RecoverLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var guest = cpu.Domain;
        var front = Netfront.State(draft, guest);
        cpu.Hypercall(Xen.Hypercall.EventChannelOp, "EVTCHNOP_close", front.Port.Value);
        DomainDeath.ClosePort(draft, guest, front.Port);
        foreach (var ring in (ReadOnlySpan<Mfn>)[front.Tx.Ring, front.Rx.Ring])
        {
            draft.Put(draft.Frames[ring] with { Page = Page.Zero });
        }

        var slots = front.Tx.Slots.OfType<TxSlot>().ToList();
        var lost = slots.Select(s => s.Packet.Number).Distinct().Count();
        var free = Granted(front).Select(r => r.Value).Where(r => !front.Deferred.Contains(r));
        var kept = front.Rx.Buffers.OfType<RxBuffer>().Where(b => !front.Deferred.Contains(b.Ref.Value));
        var ids = slots.Select(s => s.Packet.Pieces[s.Piece].Id);
        Netfront.Put(draft, guest, front with
        {
            Port = default, FreeRefs = front.FreeRefs.AddRange(free), Dropped = front.Dropped + lost,
            Tx = new TxFront
            {
                Ring = front.Tx.Ring, FreeIds = ids.Aggregate(front.Tx.FreeIds, (queue, id) => queue.Enqueue(id)),
            },
            Rx = new RxFront
            {
                Ring = front.Rx.Ring, Target = front.Rx.Target,
                FreePages = kept.Aggregate(front.Rx.FreePages, (queue, buffer) => queue.Enqueue(buffer.Page)),
            },
        });
        var app = Netfront.Application(draft, guest);
        Netfront.Put(draft, guest, app with { InFlight = app.InFlight - lost });
        draft.Say(new MachineEvent.Noted("frames", lost));
        (f.At, f.Flags) = (0, 0);
        return Flow.Next;
    }
}
