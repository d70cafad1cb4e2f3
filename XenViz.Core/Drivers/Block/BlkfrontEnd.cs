using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>
/// The rows that end a request (Linux <c>blkif_completion</c>): with persistent grants copy the data out; end each
/// grant that the backend does not map any more, and keep in the pool what it does.
/// </summary>
internal static class BlkfrontEnd
{
    /// <summary>The rows.</summary>
    public static IEnumerable<Row<InterruptLocals>> Rows() =>
    [
        new()
        {
            Label = "bounce_out", Kind = AccessKind.Load, Cites = "xen-blkfront.c blkif_copy_to_sg",
            Text = "memcpy(page of the data, granted page)", Body = BounceOut,
        },
        new()
        {
            Label = "grant_flags", Kind = AccessKind.Load, Cites = "grant-table.c gnttab_end_foreign_access_ref_v1",
            Text = "flags = grant[ref].flags; reading or writing: in use",
            Body = (ref InterruptLocals f, ref GuestCpu cpu) =>
            {
                var (table, at) = Entry(ref cpu, f);
                cpu.Draft.Say(new MachineEvent.RequestTouched(f.Request!.Id, f.Request.Index.Value, f.Queue));
                f.Flags = (ushort)cpu.Load(table, at, 2);
                if ((f.Flags & (GrantTable.Gtf.Reading | GrantTable.Gtf.Writing)) == 0)
                {
                    return Flow.Next;
                }

                cpu.Draft.Say(new MachineEvent.Outcome(IsPooled(f) ? "stays" : "busy"));
                return NextSegment(ref f, cpu.Draft, given: false);
            },
        },
        new()
        {
            Label = "grant_end", Kind = AccessKind.Atomic, Cites = "grant-table.c gnttab_end_foreign_access_ref_v1",
            Text = "cmpxchg(&grant[ref].flags, flags, 0)",
            Body = (ref InterruptLocals f, ref GuestCpu cpu) =>
            {
                var (table, at) = Entry(ref cpu, f);
                cpu.Draft.Say(new MachineEvent.RequestTouched(f.Request!.Id, f.Request.Index.Value, f.Queue));
                return cpu.CompareExchange(table, at, f.Flags, 0, 2) == f.Flags
                    ? NextSegment(ref f, cpu.Draft, given: true)
                    : Flow.To("grant_flags");
            },
        },
    ];

    private static (Mfn Table, int Offset) Entry(ref GuestCpu cpu, in InterruptLocals f) =>
        (cpu.Draft.Domain(cpu.Domain).GrantTable!.Value,
            GrantTable.EntryV1.OffsetBytes(f.Request!.Granted[f.Segment].Ref));

    private static bool IsPooled(in InterruptLocals f) => f.Request!.Granted[f.Segment].Source is not null;

    private static Flow BounceOut(ref InterruptLocals f, ref GuestCpu cpu)
    {
        var segment = f.Request!.Segments[f.Segment];
        var offset = segment.FirstSect * Sector.SizeBytes;
        cpu.Draft.Say(new MachineEvent.RequestTouched(f.Request.Id, f.Request.Index.Value, f.Queue));
        cpu.Draft.Poke(segment.Data, offset, cpu.LoadBytes(segment.Page, offset, segment.Bytes));
        cpu.Draft.Say(new MachineEvent.BytesCopied(cpu.Domain, segment.Bytes, false));
        f.Segment++;
        if (f.Segment < f.Request.Segments.Length)
        {
            return Flow.To("bounce_out");
        }

        f.Segment = 0;
        return Flow.Next;
    }

    private static Flow NextSegment(ref InterruptLocals f, Draft draft, bool given)
    {
        var state = BlkfrontInterrupt.State(draft);
        var page = f.Request!.Granted[f.Segment];
        var pooled = IsPooled(f);
        state = given
            ? state with { FreeRefs = state.FreeRefs.Add(page.Ref.Value) }
            : pooled ? state : state with { Deferred = state.Deferred.Add(page.Ref.Value) };
        if (pooled)
        {
            // A page that the backend still maps stays granted and is taken first; one that it does not goes behind.
            var queue = state.Queues[f.Queue];
            state = state.With(f.Queue, queue with
            {
                Pool = given ? queue.Pool.Add(new PoolPage(page.Page, null))
                    : queue.Pool.Insert(0, new PoolPage(page.Page, page.Ref)),
            });
        }
        else if (f.Segment >= f.Request.Segments.Length && given)
        {
            state = state with { FreePages = state.FreePages.Insert(0, page.Page) };
        }

        draft.Front = state;
        f.Flags = 0;
        f.Segment++;
        return f.Segment < f.Request.Segments.Length + f.Request.Indirect.Length
            ? Flow.To("grant_flags")
            : Close(ref f, draft);
    }

    /// <summary>The request is over: its id is free. What the disk cannot do is not asked for again.</summary>
    public static Flow Close(ref InterruptLocals f, Draft draft)
    {
        var state = BlkfrontInterrupt.State(draft);
        var queue = state.Queues[f.Queue];
        var request = f.Request!;
        var options = f.Status != (short)BlkifStatus.NotSupported ? state.Options
            : request.Operation == BlkifOperation.Discard ? state.Options with { Discard = false }
            : state.Options with { Flush = false, Barrier = false };
        draft.Front = state.With(f.Queue, queue with
        {
            Shadows = queue.Shadows.SetItem((int)request.Id, null), FreeIds = queue.FreeIds.Insert(0, request.Id),
        }) with
        {
            Finished = state.Finished.Add(new Taken(request, f.Status)), Options = options,
        };
        f.Request = null;
        f.Segment = 0;
        f.Status = 0;
        return queue.RspCons != f.Prod ? Flow.To("copy") : Flow.To("settle");
    }
}
