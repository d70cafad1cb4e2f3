using System.Collections.Immutable;
using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Events;
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
    private const uint MaxOrder = 4;

    /// <summary>The listing.</summary>
    /// <param name="paths">The device.</param>
    /// <param name="thread">The ring thread that it goes on as; null for the plain one.</param>
    public static Listing<ConnectLocals> Listing(VbdPaths paths, Listing<ThreadLocals>? thread = null) => new(
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
                    var state = Blkback.State(cpu.Draft);
                    VbdPaths.Write(
                        ref cpu,
                        (paths.Back + "/feature-max-indirect-segments", state.Options.IndirectSegments.ToString()),
                        (paths.Back + "/multi-queue-max-queues", state.Queues.Length.ToString()),
                        (paths.Back + "/max-ring-page-order", int.Log2(RingPages(cpu.Draft)).ToString()),
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
                Body = (ref ConnectLocals f, ref GuestCpu cpu) => MapRing(paths, ref f, ref cpu),
            },
            new()
            {
                Label = "bind", Kind = AccessKind.Hypercall, Cites = "event_channel.h EVTCHNOP_bind_interdomain",
                Text = "port = EVTCHNOP_bind_interdomain(frontend's port)",
                Body = (ref ConnectLocals f, ref GuestCpu cpu) => Bind(paths, ref f, ref cpu),
            },
            new()
            {
                Label = "next_queue",
                Decide = (in ConnectLocals f, Machine m) =>
                    f.Queue < ((BlkbackState)m.Back!).Queues.Length ? "map_ring" : "await_disk",
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
                    VbdPaths.Write(ref cpu, [.. Keys(paths, state)]);
                    cpu.Draft.Back = state with { Connected = true };
                    return Flow.Next;
                },
            },
            new() { Label = "begin", Decide = (in ConnectLocals _, Machine _) => "thread" },
            new()
            {
                Label = "fatal", Kind = AccessKind.XenStore, Cites = "xenbus_client.c xenbus_dev_fatal",
                Text = "the frontend's keys cannot be used: error; state = Closing",
                Body = (ref ConnectLocals f, ref GuestCpu cpu) =>
                {
                    VbdPaths.Write(
                        ref cpu, (paths.Back + "/error", "reading ring-ref and event-channel"),
                        (paths.Back + "/state", VbdPaths.Text(XenbusState.Closing)));
                    return Flow.Return;
                },
            },
            new() { Label = "thread", Enter = (_, _, here) => (thread ?? Blkback.Thread).Start(default, here) },
        ]);

    private static IEnumerable<(string Path, string Value)> Keys(VbdPaths paths, BlkbackState state)
    {
        var options = state.Options;
        (string Key, bool Offered)[] features =
        [
            ("feature-flush-cache", options.Flush), ("feature-barrier", options.Barrier),
            ("feature-discard", options.Discard), ("discard-secure", options is { Discard: true, SecureDiscard: true }),
            ("feature-persistent", options.Path == DataPath.Persistent),
        ];
        return
        [
            (paths.Back + "/sectors", state.Sectors.ToString()), (paths.Back + "/sector-size",
                options.BlockBytes.ToString()),
            (paths.Back + "/info", (options.ReadOnly ? Blkif.InfoReadOnly : 0).ToString()),
            .. features.Where(f => f.Offered).Select(f => ($"{paths.Back}/{f.Key}", "1")),
            (paths.Back + "/state", VbdPaths.Text(XenbusState.Connected)),
        ];
    }

    private static int RingPages(Draft draft) => Blkfront.State(draft).Queues[0].Pages.Length;

    // A key that is missing or no number reads as 0, which Xen refuses; the backend says so (xenbus_dev_fatal).
    private static uint KeyOf(Draft draft, VbdPaths paths, string key) =>
        VbdPaths.Read((XenStore)draft.Store!, paths.Driver, key) is { } text
            && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : 0;

    private static Flow MapRing(VbdPaths paths, ref ConnectLocals f, ref GuestCpu cpu)
    {
        var state = Blkback.State(cpu.Draft);
        var draft = cpu.Draft;
        var (queues, queue) = (state.Queues.Length, f.Queue);
        var order = VbdPaths.Read((XenStore)draft.Store!, paths.Driver, paths.Front + "/ring-page-order");
        var known = uint.TryParse(order, NumberStyles.None, CultureInfo.InvariantCulture, out var log);
        var pages = known && log <= MaxOrder ? 1 << (int)log : 1;
        ImmutableArray<MapOp> ops =
        [
            .. Enumerable.Range(0, pages).Select(page => new MapOp(
                state.Queues[queue].RingAddress + ((ulong)page << PageSize.Shift), GrantTable.Gntmap.HostMap,
                new GrantRef(KeyOf(draft, paths, paths.RefKey(queue, queues, page, pages))), paths.Guest)),
        ];
        cpu.Hypercall(
            Xen.Hypercall.GrantTableOp, "GNTTABOP_map_grant_ref", ops[0].Ref.Value, paths.Guest.Value, ops[0].Flags,
            pages);
        var map = new MapLocals { Caller = cpu.Domain, Ops = ops, Results = [], Part = Phase.Connect };
        return Flow.Call(caller => GrantMap.Listing.Start(map, caller));
    }

    private static Flow Bind(VbdPaths paths, ref ConnectLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var state = Blkback.State(draft);
        var key = paths.PortKey(f.Queue, state.Queues.Length);
        var remote = new Port(KeyOf(draft, paths, key));
        cpu.Hypercall(
            Xen.Hypercall.EventChannelOp, "EVTCHNOP_bind_interdomain", remote.Value, paths.Guest.Value);
        var bound = EventChannelOps.BindInterdomain(draft, cpu.Domain, paths.Guest, remote);
        if (bound < 0 || ((MapResults)cpu.Result!).All.Any(r => r.Status != GrantStatus.Okay))
        {
            draft.Say(new MachineEvent.Outcome("refused"));
            return Flow.To("fatal");
        }

        var port = new Port((uint)bound);
        draft.Back = state.With(f.Queue, state.Queues[f.Queue] with
        {
            Port = port, RingHandles = [.. ((MapResults)cpu.Result!).All.Select(r => r.Handle)],
        });
        f.Queue++;
        draft.Say(new MachineEvent.Noted("port", port.Value));
        var raise = new DeliveryLocals { Target = cpu.Domain, Port = port, Part = Phase.Connect };
        var ring = EventDelivery.RaiseIn(draft, raise);
        return Flow.Call(caller => ring(FifoUnmask.Before(draft, Actor.Backend, raise.Target, port, caller)));
    }
}
