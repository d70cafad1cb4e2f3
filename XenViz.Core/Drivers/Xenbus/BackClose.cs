using System.Collections.Immutable;
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
/// blkback when its frontend's state changes (Linux <c>frontend_changed</c>, <c>xen_blkif_disconnect</c>): a frontend
/// that is Closed means: stop the thread, close the port, unmap everything, Closed (FACTS f.2). With requests still at
/// the disk it waits.
/// </summary>
public static class BackClose
{
    /// <summary>The listing.</summary>
    public static Listing<RecoverLocals> Listing(VbdPaths paths) => new(
        "frontend_changed", "frontend_changed, xen_blkif_disconnect", Actor.Backend, false,
        [
            new()
            {
                Label = "look", Kind = AccessKind.XenStore, Cites = "xen-blkback/xenbus.c frontend_changed",
                Text = "state = xenbus_read_driver_state(frontend)",
                Body = (ref RecoverLocals f, ref GuestCpu cpu) =>
                {
                    cpu.Acknowledge();
                    var (store, _) = ((XenStore)cpu.Draft.Store!).TakeEvents(cpu.Domain);
                    cpu.Draft.Store = store;
                    var text = VbdPaths.Read(store, cpu.Domain, paths.Front + "/state");
                    f.Seen = int.TryParse(text, out var state) ? (XenbusState)state : XenbusState.Unknown;
                    cpu.Draft.Say(new MachineEvent.Noted("state", (int)f.Seen));
                    return Flow.Next;
                },
            },
            new()
            {
                Label = "act",
                Decide = (in RecoverLocals f, Machine m) =>
                    f.Seen == XenbusState.Closed && m.Back is BlkbackState { Connected: true, Pending.IsEmpty: true }
                        ? "close_port"
                        : "leave",
            },
            new()
            {
                Label = "close_port", Kind = AccessKind.Hypercall, Cites = "xen-blkback/xenbus.c xen_blkif_disconnect",
                Text = "stop the thread; EVTCHNOP_close(port)", Body = ClosePort,
            },
            new()
            {
                Label = "unmap", Kind = AccessKind.Hypercall, Cites = "xenbus_client.c xenbus_unmap_ring_vfree",
                Text = "unmap the ring and what stayed mapped", Body = Unmap,
            },
            new()
            {
                Label = "say_closed", Kind = AccessKind.XenStore, Cites = "xen-blkback/xenbus.c frontend_changed",
                Text = "state = Closed",
                Body = (ref RecoverLocals f, ref GuestCpu cpu) =>
                {
                    VbdPaths.Write(ref cpu, (paths.Back + "/state", VbdPaths.Text(XenbusState.Closed)));
                    return Flow.Next;
                },
            },
            new() { Label = "leave", Enter = (_, _, here) => here },
        ]);

    /// <summary>The ring thread with that listing in it: it looks at the store's events before it does anything else.
    /// </summary>
    public static Listing<ThreadLocals> Thread(Listing<RecoverLocals> close, DomId driver) => Blkback.Thread
        .Replace("top", new()
        {
            Label = "top",
            Decide = (in ThreadLocals f, Machine m) =>
                ((XenStore)m.Store!).EventsOf(driver).Length > 0 ? "xenwatch" : Blkback.Top(f, m),
        })
        .Insert("block", new()
        {
            Label = "xenwatch", Enter = (_, _, here) => close.Start(new RecoverLocals { Left = [] }, here),
        })
        .Insert("block", new() { Label = "watched", Decide = (in ThreadLocals _, Machine _) => "top" });

    private static Flow ClosePort(ref RecoverLocals f, ref GuestCpu cpu)
    {
        var back = Blkback.State(cpu.Draft);
        cpu.Hypercall(Xen.Hypercall.EventChannelOp, "EVTCHNOP_close", back.Port.Value, 0, 0, back.Queues.Length);
        foreach (var queue in back.Queues)
        {
            DomainDeath.ClosePort(cpu.Draft, cpu.Domain, queue.Port);
        }

        cpu.Draft.Back = back with { Connected = false };
        return Flow.Next;
    }

    private static Flow Unmap(ref RecoverLocals f, ref GuestCpu cpu)
    {
        var back = Blkback.State(cpu.Draft);
        var rings = back.Queues.SelectMany(q => q.RingHandles.Select((h, page) =>
            new UnmapOp(q.RingAddress + ((ulong)page << PageSize.Shift), 0, h)));
        var kept = back.Queues.SelectMany(q => q.Kept.Values).Select(k =>
            new UnmapOp(back.AddressOf(k.Slot), 0, k.Handle));
        ImmutableArray<UnmapOp> all = [.. rings, .. kept];
        ImmutableArray<UnmapOp> ops = [.. all.Skip(f.At).Take(GrantUnmap.BatchSize)];
        f.At += ops.Length;
        if (f.At == all.Length)
        {
            cpu.Draft.Back = back with
            {
                Queues = [.. back.Queues.Select(q => new BackQueue { RingAddress = q.RingAddress })], Slots = default,
            };
        }

        cpu.Hypercall(
            Xen.Hypercall.GrantTableOp, "GNTTABOP_unmap_grant_ref", ops[0].Handle.Value, ops[0].HostAddress, 0,
            ops.Length);
        var unmap =
            new UnmapLocals { Caller = cpu.Domain, Ops = ops, Results = [], Releases = [], Part = Phase.Connect };
        return Flow.Call(
            caller => GrantUnmap.Listing.Start(unmap, caller), f.At == all.Length ? null : "unmap");
    }
}
