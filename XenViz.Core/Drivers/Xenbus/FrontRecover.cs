using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Xenbus;

/// <summary>The locals of blkfront's look at its backend's state.</summary>
public struct RecoverLocals : ILocals
{
    /// <summary>The backend's state as last read.</summary>
    public XenbusState Seen;

    /// <summary>True when the device goes for good.</summary>
    public bool Closing;

    /// <summary>The grant at work.</summary>
    public int At;

    /// <summary>Its flags as last read.</summary>
    public ushort Flags;

    /// <summary>Requests to put into the new ring, oldest first.</summary>
    public ImmutableArray<Shadow> Left;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Connect;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add((int)Seen);
        hasher.Add(Closing);
        hasher.Add(At);
        hasher.Add((int)Flags);
        foreach (var shadow in Left.IsDefault ? [] : Left)
        {
            hasher.Add(shadow.Id);
            hasher.Add(shadow.Sector);
        }
    }
}

/// <summary>
/// blkfront when its backend's state changes (Linux <c>blkback_changed</c>): a backend that vanished or came new means
/// a new ring and all unanswered requests once more (FACTS f.3); one that closes means goodbye (FACTS f.2).
/// </summary>
public static class FrontRecover
{
    /// <summary>The listing.</summary>
    /// <param name="paths">The device.</param>
    /// <param name="connect">The frontend's part of connecting, which makes the new ring.</param>
    public static Listing<RecoverLocals> Listing(VbdPaths paths, Listing<ConnectLocals> connect) => new(
        "blkback_changed", "blkback_changed, blkfront_resume", Actor.Frontend, false,
        [.. Look(paths), .. EndGrants.Rows(front => Granted((BlkfrontState)front), Defer), .. Begin(connect)]);

    /// <summary>
    /// The guest's program with that listing in it: between two requests it looks at the store's events first, and it
    /// hands nothing over while there is no backend.
    /// </summary>
    public static Listing<ApplicationLocals> Application(Listing<RecoverLocals> recover, DomId guest)
    {
        Row<ApplicationLocals>[] rows = [.. Watching(recover, guest)];
        return GuestApplication.Listing.Replace("next", rows[0]).Insert("look_at_pages", rows[1])
            .Insert("look_at_pages", rows[2]);
    }

    private static IEnumerable<Row<ApplicationLocals>> Watching(Listing<RecoverLocals> recover, DomId guest) =>
    [
        new()
        {
            Label = "next",
            Decide = (in ApplicationLocals f, Machine m) =>
                ((XenStore)m.Store!).EventsOf(guest).Length > 0 ? "xenwatch"
                : ((BlkfrontState)m.Front!).Connected ? GuestApplication.Next(f, m)
                : ((ApplicationState)m.Application!).Job is null ? null
                : "wait",
        },
        new() { Label = "xenwatch", Enter = (_, _, here) => recover.Start(new RecoverLocals { Left = [] }, here) },
        new() { Label = "watched", Decide = (in ApplicationLocals _, Machine _) => "next" },
    ];

    private static IEnumerable<Row<RecoverLocals>> Begin(Listing<ConnectLocals> connect) =>
    [
        new()
        {
            Label = "close_port", Kind = AccessKind.Hypercall, Cites = "event_channel.h EVTCHNOP_close",
            Text = "EVTCHNOP_close(port); forget the old ring", Body = ClosePort,
        },
        new()
        {
            Label = "closed_port", Decide = (in RecoverLocals f, Machine _) => f.Closing ? "leave" : "connect",
        },
        new() { Label = "connect", Enter = (_, _, here) => connect.StartAt("init_ring", default, here) },
        new() { Label = "more", Decide = (in RecoverLocals f, Machine _) => f.Left.IsEmpty ? "leave" : "requeue" },
        new()
        {
            Label = "requeue", Kind = AccessKind.Private, Cites = "xen-blkfront.c blkif_recover",
            Text = "for each shadow without an answer: put it into the new ring", Body = Requeue,
        },
        new() { Label = "leave", Enter = (_, _, here) => here },
    ];

    private static IEnumerable<Row<RecoverLocals>> Look(VbdPaths paths) =>
    [
        new()
        {
            Label = "look", Kind = AccessKind.XenStore, Cites = "xen-blkfront.c blkback_changed",
            Text = "state = xenbus_read_driver_state(backend)",
            Body = (ref RecoverLocals f, ref GuestCpu cpu) =>
            {
                cpu.Acknowledge();
                var (store, _) = ((XenStore)cpu.Draft.Store!).TakeEvents(cpu.Domain);
                cpu.Draft.Store = store;
                var text = VbdPaths.Read(store, cpu.Domain, paths.Back + "/state");
                f.Seen = int.TryParse(text, out var state) ? (XenbusState)state : XenbusState.Unknown;
                cpu.Draft.Say(new MachineEvent.Noted("state", (int)f.Seen));
                return Flow.Next;
            },
        },
        new() { Label = "act", Decide = Act },
        new()
        {
            Label = "stop", Kind = AccessKind.Private, Cites = "xen-blkfront.c blkfront_resume",
            Text = "stop the queue; keep the shadows of unanswered requests",
            Body = (ref RecoverLocals f, ref GuestCpu cpu) =>
            {
                cpu.Draft.Front = Blkfront.State(cpu.Draft) with { Connected = false };
                return Flow.To("act");
            },
        },
        new()
        {
            Label = "say_closed", Kind = AccessKind.XenStore, Cites = "xen-blkfront.c blkfront_closing",
            Text = "take the disk away; state = Closed",
            Body = (ref RecoverLocals f, ref GuestCpu cpu) =>
            {
                cpu.Draft.Front = Blkfront.State(cpu.Draft) with { Connected = false };
                VbdPaths.Write(ref cpu, (paths.Front + "/state", VbdPaths.Text(XenbusState.Closed)));
                return Flow.To("leave");
            },
        },
    ];

    private static string Act(in RecoverLocals f, Machine machine)
    {
        var front = (BlkfrontState)machine.Front!;
        return f.Seen switch
        {
            XenbusState.Unknown or XenbusState.Initialising or XenbusState.InitWait when front.Connected => "stop",
            XenbusState.InitWait when !front.RingRef.Equals(default) => "end_grants",
            XenbusState.Closing when front.Connected => "say_closed",
            XenbusState.Closed when !front.Connected && !front.RingRef.Equals(default) => "end_grants",
            _ => "leave",
        };
    }

    // Pages of the rings, of every waiting request, and those that stayed granted.
    private static ImmutableArray<GrantRef> Granted(BlkfrontState front) =>
    [
        .. front.Queues.SelectMany(q => q.Refs), .. front.Waiting.SelectMany(s => s.Granted.Select(g => g.Ref)),
        .. front.Queues.SelectMany(q => q.Pool).Where(p => p.Ref is not null).Select(p => p.Ref!.Value),
    ];

    private static void Defer(Draft draft, GrantRef reference)
    {
        var front = (BlkfrontState)draft.Front!;
        draft.Front = front with { Deferred = front.Deferred.Add(reference.Value) };
    }

    private static Flow ClosePort(ref RecoverLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var front = Blkfront.State(draft);
        cpu.Hypercall(
            Xen.Hypercall.EventChannelOp, "EVTCHNOP_close", front.Port.Value, 0, 0, front.Queues.Length);
        foreach (var queue in front.Queues)
        {
            DomainDeath.ClosePort(draft, cpu.Domain, queue.Port);
            foreach (var page in queue.Pages)
            {
                draft.Put(draft.Frames[page] with { Page = Page.Zero });
            }
        }

        f.Left = [.. front.Waiting.OrderBy(s => s.Queue).ThenBy(s => s.Index.Since(front.Queues[s.Queue].RspCons))];
        var free = Granted(front).Select(r => r.Value).Where(r => !front.Deferred.Contains(r));
        draft.Front = front with
        {
            Queues = [.. front.Queues.Select(Fresh)], FreeRefs = front.FreeRefs.AddRange(free),
            FreePages = front.FreePages.AddRange(front.Waiting.SelectMany(s => s.Indirect.Select(g => g.Page))),
            NextQueue = 0,
        };
        f.At = 0;
        f.Flags = 0;
        return Flow.Next;
    }

    private static FrontQueue Fresh(FrontQueue queue)
    {
        var waiting = queue.Shadows.OfType<Shadow>().ToList();
        return queue with
        {
            Refs = [], Port = default, ReqProdPvt = default, RspCons = default,
            Shadows = [.. new Shadow?[queue.Shadows.Length]],
            FreeIds = [.. queue.FreeIds, .. waiting.Select(s => s.Id)],
            Pool =
            [
                .. queue.Pool.Select(p => p with { Ref = null }),
                .. waiting.SelectMany(s => s.Segments).Where(s => s.Source is not null)
                    .Select(s => new PoolPage(s.Page, null)),
            ],
        };
    }

    private static Flow Requeue(ref RecoverLocals f, ref GuestCpu cpu)
    {
        var old = f.Left[0];
        f.Left = f.Left.RemoveAt(0);
        var pages = old.Segments.Select(s => (s.Data, s.LastSect - s.FirstSect + 1)).ToImmutableArray();
        var (front, shadow) = Blkfront.State(cpu.Draft).Take(old.Operation, pages);
        shadow = shadow with { Sector = old.Sector, Discarded = old.Discarded, Secure = old.Secure };
        cpu.Draft.Front = front.Remember(shadow);
        cpu.Draft.Say(new MachineEvent.RequestTouched(shadow.Id, shadow.Index.Value, shadow.Queue));
        return Flow.Call(caller => Blkfront.Start(shadow, caller), "more");
    }
}
