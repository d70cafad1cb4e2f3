using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Xenbus;

/// <summary>
/// netback when its frontend's state changes (Linux <c>frontend_changed</c>, <c>xenvif_disconnect_data</c>): a frontend
/// that is Closed means: stop the thread, close the port, unmap both rings, Closed (FACTS f.2). What waits for the
/// guest is dropped; with packets of the guest still at the card it waits.
/// </summary>
public static class NetClose
{
    /// <summary>The listing.</summary>
    /// <param name="paths">The device, netback's first one.</param>
    public static Listing<RecoverLocals> Listing(VifPaths paths) => new(
        "frontend_changed", "frontend_changed, xenvif_disconnect_data", Actor.Backend, false,
        [
            new()
            {
                Label = "look", Kind = AccessKind.XenStore, Cites = "xen-netback/xenbus.c frontend_changed",
                Text = "state = xenbus_read_driver_state(frontend)",
                Body = (ref RecoverLocals f, ref GuestCpu cpu) =>
                {
                    f.Seen = NetRecover.StateOf(paths.Front, ref cpu);
                    return Flow.Next;
                },
            },
            new()
            {
                Label = "act", Decide = (in RecoverLocals f, Machine m) => Closes(f, m) ? "close_port" : "leave",
            },
            new()
            {
                Label = "close_port", Kind = AccessKind.Hypercall,
                Cites = "xen-netback/interface.c xenvif_disconnect_data",
                Text = "carrier off; stop the thread; EVTCHNOP_close(port)", Body = ClosePort,
            },
            new()
            {
                Label = "unmap", Kind = AccessKind.Hypercall, Cites = "xenbus_client.c xenbus_unmap_ring_vfree",
                Text = "unmap both rings", Body = Unmap,
            },
            new()
            {
                Label = "say_closed", Kind = AccessKind.XenStore, Cites = "xen-netback/xenbus.c set_backend_state",
                Text = "state = Closed",
                Body = (ref RecoverLocals f, ref GuestCpu cpu) =>
                {
                    VbdPaths.Write(ref cpu, (paths.Back + "/state", VbdPaths.Text(XenbusState.Closed)));
                    return Flow.Next;
                },
            },
            new() { Label = "leave", Enter = (_, _, here) => here },
        ]);

    /// <summary>The thread with that listing in it: it looks at the store's events before it does anything else.
    /// </summary>
    public static Listing<NetThreadLocals> Thread(Listing<RecoverLocals> close, DomId driver)
    {
        Row<NetThreadLocals>[] rows = [.. Watching(close, driver)];
        return Netback.Thread.Replace("top", rows[0]).Insert("block", rows[1]).Insert("block", rows[2]);
    }

    private static IEnumerable<Row<NetThreadLocals>> Watching(Listing<RecoverLocals> close, DomId driver) =>
    [
        new()
        {
            Label = "top",
            Decide = (in NetThreadLocals f, Machine m) =>
                ((XenStore)m.Store!).EventsOf(driver).Length > 0 ? "xenwatch" : Netback.Top(f, m),
        },
        new()
        {
            Label = "xenwatch", Enter = (_, _, here) => close.Start(new RecoverLocals { Left = [] }, here),
        },
        new() { Label = "watched", Decide = (in NetThreadLocals _, Machine _) => "top" },
    ];

    private static bool Closes(in RecoverLocals f, Machine machine) =>
        f.Seen == XenbusState.Closed
        && machine.Back is NetbackState { Pending.IsEmpty: true, Finished.IsEmpty: true } back
        && back.Vifs[0].Port.Value != 0;

    private static Flow ClosePort(ref RecoverLocals f, ref GuestCpu cpu)
    {
        var state = Netback.State(cpu.Draft);
        var vif = state.Vifs[0];
        cpu.Hypercall(Xen.Hypercall.EventChannelOp, "EVTCHNOP_close", vif.Port.Value);
        DomainDeath.ClosePort(cpu.Draft, cpu.Domain, vif.Port);
        cpu.Draft.Back = state.With(0, vif with
        {
            Port = default, Carrier = false, Wake = false, Starved = false, Queue = [],
            Dropped = vif.Dropped + vif.Queue.Length,
        });
        Bridge.Recycle(cpu.Draft, vif.Queue.SelectMany(p => p.Parts).Select(p => p.Page));
        return Flow.Next;
    }

    private static Flow Unmap(ref RecoverLocals f, ref GuestCpu cpu)
    {
        var state = Netback.State(cpu.Draft);
        var vif = state.Vifs[0];
        ImmutableArray<UnmapOp> ops =
        [
            .. vif.RingHandles.Select((handle, i) =>
                new UnmapOp(vif.RingAddress + ((ulong)i << PageSize.Shift), 0, handle)),
        ];
        cpu.Draft.Back = state.With(0, vif with { RingHandles = [] });
        cpu.Hypercall(
            Xen.Hypercall.GrantTableOp, "GNTTABOP_unmap_grant_ref", ops[0].Handle.Value, ops[0].HostAddress, 0,
            ops.Length);
        var unmap =
            new UnmapLocals { Caller = cpu.Domain, Ops = ops, Results = [], Releases = [], Part = Phase.Connect };
        return Flow.Call(caller => GrantUnmap.Listing.Start(unmap, caller));
    }
}
