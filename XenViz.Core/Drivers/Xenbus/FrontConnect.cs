using System.Buffers.Binary;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Events;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Xenbus;

/// <summary>blkfront's part of connecting (FACTS f.1, rows 4, 5 and 8; Linux <c>talk_to_blkback</c>).</summary>
public static class FrontConnect
{
    /// <summary>The listing.</summary>
    public static Listing<ConnectLocals> Listing(VbdPaths paths) => new(
        "talk_to_blkback", "talk_to_blkback", Actor.Frontend, false,
        [
            new()
            {
                Label = "await_backend",
                Decide = (in ConnectLocals _, Machine m) =>
                    VbdPaths.Sees(m, paths.Guest, paths.Back, XenbusState.InitWait) ? "init_ring" : null,
            },
            Row("init_ring", AccessKind.Store, "io/ring.h SHARED_RING_INIT",
                "a zeroed page; req_event = rsp_event = 1", InitRing),
            .. GrantRing(),
            Row("alloc_port", AccessKind.Hypercall, "event_channel.h EVTCHNOP_alloc_unbound",
                "port = EVTCHNOP_alloc_unbound(for the backend)", AllocPort),
            Row("publish", AccessKind.XenStore, "xen-blkfront.c talk_to_blkback",
                "transaction: ring-ref, event-channel, protocol; state = Initialised",
                (ref ConnectLocals f, ref GuestCpu cpu) =>
                {
                    VbdPaths.Write(ref cpu, [.. Keys(paths, Blkfront.State(cpu.Draft))]);
                    return Flow.Next;
                }),
            new()
            {
                Label = "await_connected",
                Decide = (in ConnectLocals _, Machine m) =>
                    VbdPaths.Sees(m, paths.Guest, paths.Back, XenbusState.Connected) ? "connect" : null,
            },
            Row("connect", AccessKind.XenStore, "xen-blkfront.c blkfront_connect",
                "read sectors and features; create the disk; state = Connected",
                (ref ConnectLocals f, ref GuestCpu cpu) =>
                {
                    VbdPaths.Write(ref cpu, (paths.Front + "/state", VbdPaths.Text(XenbusState.Connected)));
                    cpu.Draft.Front = Blkfront.State(cpu.Draft) with { Connected = true };
                    return Flow.Next;
                }),
        ]);

    private static Row<ConnectLocals> Row(
        string label, AccessKind kind, string cites, string text, RowBody<ConnectLocals> body) =>
        new() { Label = label, Kind = kind, Cites = cites, Text = text, Body = body };

    private static IEnumerable<(string Path, string Value)> Keys(VbdPaths paths, BlkfrontState state)
    {
        var (queues, pages) = (state.Queues.Length, state.Queues[0].Pages.Length);
        for (var queue = 0; queue < queues; queue++)
        {
            for (var page = 0; page < pages; page++)
            {
                yield return (
                    paths.RefKey(queue, queues, page, pages), state.Queues[queue].Refs[page].ToString());
            }

            yield return (paths.PortKey(queue, queues), state.Queues[queue].Port.ToString());
        }

        if (pages > 1)
        {
            yield return (paths.Front + "/ring-page-order", int.Log2(pages).ToString());
        }

        if (queues > 1)
        {
            yield return (paths.Front + "/multi-queue-num-queues", queues.ToString());
        }

        if (state.Options.Path == DataPath.Persistent)
        {
            yield return (paths.Front + "/feature-persistent", "1");
        }

        if (state.Options.Protocol is { } protocol)
        {
            yield return (paths.Front + "/protocol", protocol);
        }

        yield return (paths.Front + "/state", VbdPaths.Text(XenbusState.Initialised));
    }

    private static Flow InitRing(ref ConnectLocals f, ref GuestCpu cpu)
    {
        Span<byte> header = stackalloc byte[Ring.HeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header[Ring.ReqEvent.OffsetBytes..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header[Ring.RspEvent.OffsetBytes..], 1);
        f.Page = 0;
        cpu.StoreBytes(Blkfront.State(cpu.Draft).Queues[f.Queue].Pages[0], 0, header[..16]);
        return Flow.Next;
    }

    private static IEnumerable<Row<ConnectLocals>> GrantRing() =>
    [
        Row("grant_domid", AccessKind.Store, "grant-table.c gnttab_update_entry_v1", "grant[ref].domid = backend",
            (ref ConnectLocals f, ref GuestCpu cpu) =>
            {
                var (state, reference) = Blkfront.State(cpu.Draft).TakeRef();
                var queue = state.Queues[f.Queue];
                cpu.Draft.Front = state.With(f.Queue, queue with { Refs = queue.Refs.Add(reference) });
                var at = GrantTable.EntryV1.OffsetBytes(reference);
                cpu.Store(Table(ref cpu), at + GrantTable.EntryV1.DomId.OffsetBytes, state.Peer.Value, 2);
                return Flow.Next;
            }),
        Row("grant_frame", AccessKind.Store, "grant-table.c gnttab_update_entry_v1",
            "grant[ref].frame = frame of the ring page", (ref ConnectLocals f, ref GuestCpu cpu) =>
            {
                var queue = Blkfront.State(cpu.Draft).Queues[f.Queue];
                var at = GrantTable.EntryV1.OffsetBytes(queue.Refs[f.Page]) + GrantTable.EntryV1.Frame.OffsetBytes;
                cpu.Store(Table(ref cpu), at, queue.Pages[f.Page].Value, 4);
                return Flow.Next;
            }),
        Row("grant_wmb", AccessKind.Fence, "grant-table.c gnttab_update_entry_v1", "wmb()",
            (ref ConnectLocals f, ref GuestCpu cpu) =>
            {
                cpu.Fence(FenceKind.Write);
                return Flow.Next;
            }),
        Row("grant_flags", AccessKind.Store, "grant-table.c gnttab_update_entry_v1",
            "grant[ref].flags = permit_access", (ref ConnectLocals f, ref GuestCpu cpu) =>
            {
                var queue = Blkfront.State(cpu.Draft).Queues[f.Queue];
                var at = GrantTable.EntryV1.OffsetBytes(queue.Refs[f.Page]);
                cpu.Store(Table(ref cpu), at, GrantTable.Gtf.PermitAccess, 2);
                f.Page++;
                return f.Page < queue.Pages.Length ? Flow.To("grant_domid") : Flow.Next;
            }),
    ];

    private static Mfn Table(ref GuestCpu cpu) => cpu.Draft.Domain(cpu.Domain).GrantTable!.Value;

    private static Flow AllocPort(ref ConnectLocals f, ref GuestCpu cpu)
    {
        var state = Blkfront.State(cpu.Draft);
        cpu.Hypercall(Xen.Hypercall.EventChannelOp, "EVTCHNOP_alloc_unbound", 0, state.Peer.Value);
        var port = EventChannelOps.AllocUnbound(cpu.Draft, cpu.Domain, state.Peer);
        cpu.Draft.Front = state.With(f.Queue, state.Queues[f.Queue] with { Port = new Port((uint)port) });
        cpu.Draft.Say(new MachineEvent.Noted("port", port));
        f.Queue++;
        return FifoUnmask.Then(
            cpu.Draft, Actor.Frontend, cpu.Domain, new Port((uint)port),
            f.Queue < state.Queues.Length ? "init_ring" : null);
    }
}
