using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Applications;

/// <summary>The variables of the guest application.</summary>
public sealed record ApplicationState : PrivateState
{
    /// <summary>Its work, one after the other.</summary>
    public required ImmutableArray<Job> Jobs { get; init; }

    /// <summary>Its pages.</summary>
    public required ImmutableArray<Mfn> Pages { get; init; }

    /// <summary>Most requests in flight at once.</summary>
    public required int Depth { get; init; }

    /// <summary>Most pages a request.</summary>
    public required int Segments { get; init; }

    /// <summary>The job at work.</summary>
    public int Current { get; init; }

    /// <summary>Sectors of it that were handed over; for a flush 1 when it was.</summary>
    public int Handed { get; init; }

    /// <summary>Requests that were handed over and are not done.</summary>
    public int InFlight { get; init; }

    /// <summary>Pages of the current job that it has looked at.</summary>
    public int Looked { get; init; }

    /// <summary>Requests that ended with an error.</summary>
    public int Failed { get; init; }

    /// <summary>The job at work, or null when all is done.</summary>
    public Job? Job => Current < Jobs.Length ? Jobs[Current] : null;

    /// <summary>True when everything is done.</summary>
    public bool Done => Current >= Jobs.Length;

    /// <inheritdoc/>
    public override void AddTo(ref Hasher hasher)
    {
        hasher.Add(Jobs.Length);
        hasher.Add(Current);
        hasher.Add(Handed);
        hasher.Add(InFlight);
        hasher.Add(Looked);
        hasher.Add(Failed);
    }
}

/// <summary>The locals of the application.</summary>
public struct ApplicationLocals : ILocals
{
    /// <summary>Pages of the next request that are ready.</summary>
    public int Ready;

    /// <summary>True when looking at pages.</summary>
    public bool Looks;

    /// <summary>True when it has tried to take a page back that is in use.</summary>
    public bool HasTried;

    /// <inheritdoc/>
    public readonly Phase Phase => Looks ? Phase.Complete : Phase.Submit;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Ready);
        hasher.Add(Looks);
        hasher.Add(HasTried);
    }
}

/// <summary>
/// The guest's application: prepares pages, hands them to the frontend, sleeps while nothing is left to do, looks at
/// what it read. It only ever touches its own pages.
/// </summary>
public static class GuestApplication
{
    /// <summary>The listing.</summary>
    public static Listing<ApplicationLocals> Listing { get; } =
        new("application", "main", Actor.Application, false, Rows());

    /// <summary>The frontend tells that a request is done.</summary>
    public static void Finished(Draft draft, Taken taken)
    {
        // A flush that the disk does not know is none: the frontend answers it as done (blkif_interrupt).
        var flush = taken.Request.Operation is BlkifOperation.FlushDiskCache;
        var fine = taken.Status == (short)BlkifStatus.Okay
            || (flush && taken.Status == (short)BlkifStatus.NotSupported);
        var state = State(draft) with { InFlight = State(draft).InFlight - 1 };
        draft.Application = Settle(draft, fine ? state : state with { Failed = state.Failed + 1 });
    }

    private static ApplicationState State(Draft draft) => (ApplicationState)draft.Application!;

    // The next job begins when this one is handed over, answered and looked at.
    private static ApplicationState Settle(Draft draft, ApplicationState state)
    {
        if (state.Job is not { } job || state.Handed < job.Units
            || (state.InFlight > 0 && !MayOvertake(draft, state)))
        {
            return state;
        }

        if (job.Look && state.Failed == 0 && state.Looked < job.Pages)
        {
            return state;
        }

        // The second half of a copy makes no sense when its first half failed.
        var skipped = state.Failed > 0 && state.Current + 1 < state.Jobs.Length
            && state.Jobs[state.Current + 1] is { Operation: BlkifOperation.Write, Data: null } ? 1 : 0;
        return state with { Current = state.Current + 1 + skipped, Handed = 0, Looked = 0 };
    }

    // A barrier or a flush is handed over while writes are on their way: to keep the order is the backend's work then.
    private static bool MayOvertake(Draft draft, ApplicationState state)
    {
        var front = (BlkfrontState)draft.Front!;
        return !state.Job!.Read && state.Current + 1 < state.Jobs.Length
            && state.Jobs[state.Current + 1] is var next
            && next.Operation is BlkifOperation.WriteBarrier or BlkifOperation.FlushDiskCache
            && front.Finished.IsEmpty && front.Waiting.All(s => !next.Touches(s.Sector, s.Sectors));
    }

    // An indirect request can only be a READ or a WRITE: a long barrier becomes several.
    private static int UnitsOfNext(ApplicationState state)
    {
        var job = state.Job!;
        var most = job.Operation == BlkifOperation.WriteBarrier
            ? Math.Min(state.Segments, Blkif.MaxSegments)
            : state.Segments;
        return job.HasPages ? Math.Min(job.Sectors - state.Handed, most * Blkif.SectorsPerPage) : job.Units;
    }

    private static Row<ApplicationLocals>[] Rows() =>
    [
        new() { Label = "next", Decide = Next },
        new()
        {
            Label = "fill", Kind = AccessKind.Store, Cites = "write(2)", Text = "copy the data into a page of its own",
            Body = Fill,
        },
        new()
        {
            Label = "prepare", Kind = AccessKind.Private, Cites = "read(2)", Text = "have a page ready for the data",
            Body = (ref ApplicationLocals f, ref GuestCpu cpu) =>
            {
                cpu.Draft.Say(new MachineEvent.Outcome(State(cpu.Draft).Job!.Read ? "empty" : "held"));
                return Flow.To("hand_over");
            },
        },
        new()
        {
            Label = "skip", Kind = AccessKind.Private, Cites = "xen-blkfront.c blkif_request_flush_invalid",
            Text = "the device does not offer this: nothing is sent", Body = Skip,
        },
        new()
        {
            Label = "hand_over", Kind = AccessKind.Private, Cites = "xen-blkfront.c blkif_queue_rq",
            Text = "give the pages to blkfront", Body = HandOver,
        },
        new()
        {
            Label = "wait", Lane = Actor.Frontend, Kind = AccessKind.Hypercall, Cites = "sched.h SCHEDOP_block",
            Text = "nothing to do: HYPERVISOR_sched_op(SCHEDOP_block)",
            Body = (ref ApplicationLocals f, ref GuestCpu cpu) =>
            {
                cpu.Hypercall(Xen.Hypercall.SchedOp, "SCHEDOP_block", 0);
                SchedOps.Block(cpu.Draft, cpu.Domain);
                return Flow.To("next");
            },
        },
        new() { Label = "look_at_pages", Decide = (in ApplicationLocals _, Machine _) => "look" },
        new()
        {
            Label = "look", Kind = AccessKind.Load, Cites = "read(2)", Text = "look at the data", Body = Look,
        },
    ];

    internal static string? Next(in ApplicationLocals f, Machine machine)
    {
        var state = (ApplicationState)machine.Application!;
        var front = (BlkfrontState)machine.Front!;
        if (state.Job is not { } job || front.Broken)
        {
            return null;
        }

        if (state.Handed < job.Units)
        {
            return !Room(state, front) ? "wait"
                : !Offered(front.Options, job) ? "skip"
                : !job.HasPages ? "hand_over"
                : job.Data is not null ? "fill"
                : "prepare";
        }

        return state.InFlight > 0 ? "wait" : "look";
    }

    private static bool Room(ApplicationState state, BlkfrontState front)
    {
        var queue = front.Queues[front.NextQueue];
        return state.InFlight < state.Depth && queue.FreeIn(front.Size) > 0 && !queue.FreeIds.IsEmpty;
    }

    private static bool Offered(BlockOptions options, Job job) => job.Operation switch
    {
        BlkifOperation.FlushDiskCache => options.Flush || options.Barrier,
        BlkifOperation.Discard => options.Discard,
        _ => true,
    };

    private static Flow Skip(ref ApplicationLocals f, ref GuestCpu cpu)
    {
        var state = State(cpu.Draft);
        cpu.Draft.Application = Settle(cpu.Draft, state with { Handed = state.Job!.Units });
        return Flow.To("next");
    }

    private static Flow Fill(ref ApplicationLocals f, ref GuestCpu cpu)
    {
        var state = State(cpu.Draft);
        var job = state.Job!;
        var page = (state.Handed / Blkif.SectorsPerPage) + f.Ready;
        var mfn = state.Pages[job.FirstPage + page];
        var data = job.Data!.AsSpan(Math.Min(page * Page.Size, job.Data!.Length));
        data = data[..Math.Min(data.Length, Page.Size)];
        if (!data.IsEmpty)
        {
            cpu.StoreBytes(mfn, 0, data);
        }

        f.Ready++;
        var pages = (UnitsOfNext(state) + Blkif.SectorsPerPage - 1) / Blkif.SectorsPerPage;
        if (f.Ready < pages)
        {
            return Flow.To("fill");
        }

        f.Ready = 0;
        return Flow.To("hand_over");
    }

    private static Flow HandOver(ref ApplicationLocals f, ref GuestCpu cpu) =>
        HandOver(ref f, ref cpu, Blkfront.Queue);

    internal static Flow HandOver(ref ApplicationLocals f, ref GuestCpu cpu, Listing<QueueLocals> queue)
    {
        var draft = cpu.Draft;
        var state = State(draft);
        var job = state.Job!;
        var units = UnitsOfNext(state);
        var pages = ImmutableArray.CreateBuilder<(Mfn, int)>();
        for (var done = 0; job.HasPages && done < units; done += Blkif.SectorsPerPage)
        {
            var page = state.Pages[job.FirstPage + ((state.Handed + done) / Blkif.SectorsPerPage)];
            pages.Add((page, Math.Min(units - done, Blkif.SectorsPerPage)));
        }

        var (front, shadow) = ((BlkfrontState)draft.Front!).Take(job.Operation, pages.ToImmutable());
        shadow = shadow with
        {
            Sector = job.Sectors == 0 ? 0 : job.Sector + (ulong)state.Handed,
            Discarded = job.Operation == BlkifOperation.Discard ? (ulong)units : 0, Secure = job.Secure,
        };
        draft.Front = front.Remember(shadow);
        draft.Application = Settle(draft, state with { Handed = state.Handed + units, InFlight = state.InFlight + 1 });
        draft.Say(new MachineEvent.RequestTouched(shadow.Id, shadow.Index.Value, shadow.Queue));
        f = default;
        return Flow.Call(caller => Blkfront.Start(shadow, caller, queue), "next");
    }

    private static Flow Look(ref ApplicationLocals f, ref GuestCpu cpu)
    {
        var state = State(cpu.Draft);
        var job = state.Job!;
        var mfn = state.Pages[job.FirstPage + state.Looked];
        cpu.LookAt(mfn, 0, Math.Max(1, cpu.Draft.Frames[mfn].Page.LengthToLastByte));
        cpu.Draft.Application = Settle(cpu.Draft, state with { Looked = state.Looked + 1 });
        return Flow.To("next");
    }
}
