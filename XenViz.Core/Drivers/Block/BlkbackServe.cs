using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>
/// The rows that bring a checked request to the disk (Linux <c>dispatch_rw_block_io</c>): wait for earlier ones when it
/// is a barrier, map its pages in one batch, hand it to the disk; or undo what was mapped and refuse.
/// </summary>
internal static class BlkbackServe
{
    /// <summary>The rows before the grants are touched.</summary>
    public static IEnumerable<Row<ThreadLocals>> Drain() =>
    [
        new() { Label = "route", Decide = (in ThreadLocals f, Machine m) => Route(f, (BlkbackState)m.Back!) },
        new()
        {
            Label = "drain_complete",
            Enter = (_, m, here) => BlkbackAnswer.Listing.Start(BlkbackAnswer.For((BlkbackState)m.Back!), here),
        },
        new() { Label = "drained", Decide = (in ThreadLocals _, Machine _) => "route" },
        new()
        {
            Label = "drain", Kind = AccessKind.Hypercall, Cites = "xen-blkback/blkback.c xen_blk_drain_io",
            Text = "a barrier waits for all I/O before it: HYPERVISOR_sched_op(SCHEDOP_block)",
            Body = (ref ThreadLocals f, ref GuestCpu cpu) =>
            {
                var pending = Blkback.State(cpu.Draft).Find(f.Queue, f.Key)!;
                cpu.Hypercall(Xen.Hypercall.SchedOp, "SCHEDOP_block", 0);
                cpu.Draft.Say(new MachineEvent.RequestTouched(pending.Id, f.Key.Value, f.Queue));
                SchedOps.Block(cpu.Draft, cpu.Domain);
                return Flow.To("route");
            },
        },
    ];

    /// <summary>The rows that map and submit.</summary>
    public static IEnumerable<Row<ThreadLocals>> Rows() =>
    [
        new()
        {
            Label = "map", Kind = AccessKind.Hypercall, Cites = "grant_table.h GNTTABOP_map_grant_ref",
            Text = "gnttab_map_refs(refs of the segments)",
            Body = (ref ThreadLocals f, ref GuestCpu cpu) => Map(ref f, ref cpu, false),
        },
        new()
        {
            Label = "mapped", Decide = (in ThreadLocals _, Machine m) => AllMapped(m) ? "submit" : "undo",
        },
        new()
        {
            Label = "copy_in", Kind = AccessKind.Hypercall, Cites = "grant_table.h GNTTABOP_copy",
            Text = "GNTTABOP_copy(granted pages to pages of its own)",
            Body = (ref ThreadLocals f, ref GuestCpu cpu) =>
                BlkbackCopy.Call(ref cpu, Blkback.State(cpu.Draft).Find(f.Queue, f.Key)!, Phase.Serve),
        },
        new()
        {
            Label = "copied_in",
            Decide = (in ThreadLocals _, Machine m) => BlkbackCopy.AllCopied(m) ? "submit" : "copy_failed",
        },
        new()
        {
            Label = "copy_failed", Kind = AccessKind.Private, Cites = "xen-blkback/blkback.c dispatch_rw_block_io",
            Text = "a copy failed: no I/O",
            Body = (ref ThreadLocals f, ref GuestCpu cpu) =>
            {
                var state = Blkback.State(cpu.Draft);
                var pending = state.Find(f.Queue, f.Key)!;
                cpu.Draft.Back = state.Drop(pending);
                cpu.Draft.Say(new MachineEvent.RequestTouched(pending.Id, f.Key.Value, f.Queue));
                f.Refusal = new BlkifResponse(pending.Id, (BlkifOperation)pending.Operation, BlkifStatus.Error);
                return Flow.To("refuse");
            },
        },
        new()
        {
            Label = "submit", Kind = AccessKind.Dma, Cites = "xen-blkback/blkback.c submit_bio",
            Text = "submit_bio(frames of the mappings, sector)", Body = Submit,
        },
        new()
        {
            Label = "more",
            Decide = (in ThreadLocals f, Machine m) =>
                ((BlkbackState)m.Back!).Queues[f.Queue].ReqCons != f.Prod ? "copy" : "final_load",
        },
        new()
        {
            Label = "undo", Kind = AccessKind.Hypercall, Cites = "grant_table.h GNTTABOP_unmap_grant_ref",
            Text = "a map failed: gnttab_unmap_refs(those that worked)", Body = Undo,
        },
        new()
        {
            Label = "refuse",
            Enter = (f, _, here) => BlkbackAnswer.Listing.StartAt(
                "put_id", new AnswerLocals { Response = f.Refusal, Queue = f.Queue }, here),
        },
        new() { Label = "refused", Decide = (in ThreadLocals _, Machine _) => "more" },
    ];

    /// <summary>The row that gives up kept mappings when a request found no place for one.</summary>
    public static IEnumerable<Row<ThreadLocals>> Purge() =>
    [
        new()
        {
            Label = "purge", Kind = AccessKind.Hypercall, Cites = "xen-blkback/blkback.c purge_persistent_gnt",
            Text = "too many kept: gnttab_unmap_refs(those unused for longest)", Body = PurgeOldest,
        },
    ];

    /// <summary>True when a queue must give up mappings and has some that no request uses.</summary>
    public static bool MustPurge(BackQueue queue) => queue.KeptFull && queue.Kept.Values.Any(k => !k.Busy);

    /// <summary>The kept mappings that no request uses, the one unused for longest first.</summary>
    public static IEnumerable<KeyValuePair<uint, KeptGrant>> OldestFirst(BackQueue queue) =>
        queue.Kept.Where(k => !k.Value.Busy)
            .OrderByDescending(k => unchecked(queue.ReqCons.Value - k.Value.LastUsed));

    /// <summary>True when the last batch mapped everything.</summary>
    public static bool AllMapped(Machine machine) =>
        ((MapResults)machine.Agents[BackendAgent.Index].Result!).All.All(r => r.Status == GrantStatus.Okay);

    /// <summary>Maps what is not mapped of a request, in one batch.</summary>
    public static Flow Map(ref ThreadLocals f, ref GuestCpu cpu, bool indirect)
    {
        var state = Blkback.State(cpu.Draft);
        var pending = state.Find(f.Queue, f.Key)!;
        cpu.Draft.Say(new MachineEvent.RequestTouched(pending.Id, f.Key.Value, f.Queue));
        var writable = !indirect && (pending.Read || state.Options.Path == DataPath.Persistent);
        var flags = GrantTable.Gntmap.HostMap | (writable ? 0 : GrantTable.Gntmap.ReadOnly);
        ImmutableArray<MapOp> ops =
        [
            .. (indirect ? pending.IndirectPages : pending.Segments).Where(s => s.Handle is null)
                .Select(s => new MapOp(state.AddressOf(s.Slot), flags, s.Segment.Ref, state.Peer)),
        ];
        cpu.Hypercall(
            Xen.Hypercall.GrantTableOp, "GNTTABOP_map_grant_ref", ops[0].Ref.Value, state.Peer.Value, flags,
                ops.Length);
        var map = new MapLocals { Caller = cpu.Domain, Ops = ops, Results = [], Part = Phase.Serve };
        return Flow.Call(caller => GrantMap.Listing.Start(map, caller));
    }

    /// <summary>Puts the receipts of a batch into the segments that had none, in order.</summary>
    public static ImmutableArray<BackSegment> WithHandles(
        ImmutableArray<BackSegment> segments, ImmutableArray<MapResult> results)
    {
        var after = segments.ToBuilder();
        var next = 0;
        for (var i = 0; i < after.Count; i++)
        {
            if (after[i].Handle is null)
            {
                var result = results[next++];
                after[i] = result.Status == GrantStatus.Okay ? after[i] with { Handle = result.Handle } : after[i];
            }
        }

        return after.ToImmutable();
    }

    /// <summary>The batch that unmaps what these segments have mapped and nobody keeps.</summary>
    public static ImmutableArray<UnmapOp> UnmapOps(BlkbackState state, ImmutableArray<BackSegment> segments) =>
    [
        .. segments.Where(s => s.Handle is not null && !s.Kept)
            .Select(s => new UnmapOp(state.AddressOf(s.Slot), 0, s.Handle!.Value)),
    ];

    /// <summary>Makes the hypercall that unmaps a batch, which must not be empty.</summary>
    public static Flow Unmap(ref GuestCpu cpu, ImmutableArray<UnmapOp> ops, string? then)
    {
        cpu.Hypercall(
            Xen.Hypercall.GrantTableOp, "GNTTABOP_unmap_grant_ref", ops[0].Handle.Value, ops[0].HostAddress, 0,
                ops.Length);
        var unmap =
            new UnmapLocals { Caller = cpu.Domain, Ops = ops, Results = [], Releases = [], Part = Phase.Answer };
        return Flow.Call(caller => GrantUnmap.Listing.Start(unmap, caller), then);
    }

    private static string Route(in ThreadLocals f, BlkbackState state)
    {
        var pending = state.Find(f.Queue, f.Key)!;
        var queue = f.Queue;
        if (pending.Operation == (byte)BlkifOperation.WriteBarrier
            && state.Pending.Any(p => p.Queue == queue && p.Submitted))
        {
            return state.Completions.IsEmpty ? "drain" : "drain_complete";
        }

        return pending.Segments.All(s => s.Handle is not null) ? "submit"
            : state.Options.Path != DataPath.Copy ? "map"
            : pending.Read ? "submit"
            : "copy_in";
    }

    public static Flow Submit(ref ThreadLocals f, ref GuestCpu cpu)
    {
        cpu.Acknowledge();
        var draft = cpu.Draft;
        var state = Blkback.State(draft);
        var pending = state.Find(f.Queue, f.Key)!;
        var copies = state.Options.Path == DataPath.Copy;
        if (!copies && pending.Segments.Any(s => s.Handle is null))
        {
            pending = pending with { Segments = WithHandles(pending.Segments, ((MapResults)cpu.Result!).All) };
            (state, pending) = state.Keep(pending);
        }

        pending = pending with { Submitted = true };
        var elements = ImmutableArray.CreateBuilder<SgElement>();
        foreach (var segment in pending.Segments)
        {
            var frame = copies ? state.OwnPages[segment.Slot] : cpu.Translate(state.AddressOf(segment.Slot));
            elements.Add(new SgElement(frame.Address(segment.Offset), segment.Bytes));
        }

        var command = new DiskCommand(state.TagOf(pending), pending.Sector, pending.Read, elements.ToImmutable())
        {
            Flush = pending.Flushes, Discarded = pending.Discarded,
        };
        var disk = (Disk)draft.Disk!;
        draft.Disk = disk with
        {
            Queue = disk.Queue.Enqueue(command), Activity = DiskActivity.Queued,
            Current = elements.Count > 0 ? elements[0] : null, CurrentSector = pending.Sector,
            CurrentToMemory = pending.Read, CurrentKey = command.Key,
        };
        draft.Back = state.Replace(pending);
        draft.Say(new MachineEvent.RequestTouched(pending.Id, f.Key.Value, f.Queue));
        draft.Say(new MachineEvent.CommandQueued(
            pending.Id, elements.Count > 0 ? elements[0].BusAddress : 0, elements.Sum(e => e.Bytes), pending.Sector,
            elements.Count, pending.Read));
        return Flow.To("more");
    }

    // Some maps failed (FACTS e.2, 11): give back those that worked, answer with an error, do no I/O.
    private static Flow Undo(ref ThreadLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var state = Blkback.State(draft);
        var pending = state.Find(f.Queue, f.Key)!;
        var results = ((MapResults)cpu.Result!).All;
        pending = pending.IndirectPages.IsEmpty
            ? pending with { Segments = WithHandles(pending.Segments, results) }
            : pending with { IndirectPages = WithHandles(pending.IndirectPages, results) };
        var ops = UnmapOps(state, pending.Segments.AddRange(pending.IndirectPages));
        draft.Back = state.Drop(pending);
        f.Refusal = new BlkifResponse(pending.Id, (BlkifOperation)pending.Operation, BlkifStatus.Error);
        draft.Say(new MachineEvent.RequestTouched(pending.Id, f.Key.Value, f.Queue));
        return ops.IsEmpty ? Flow.To("refuse") : Unmap(ref cpu, ops, "refuse");
    }

    private static Flow PurgeOldest(ref ThreadLocals f, ref GuestCpu cpu)
    {
        var state = Blkback.State(cpu.Draft);
        var number = state.Queues.ToList().FindIndex(MustPurge);
        var queue = state.Queues[number];
        var count = Math.Max(1, state.Options.Kept * BlockOptions.PurgePercent / 100);
        var oldest = OldestFirst(queue).Take(count).ToList();
        ImmutableArray<UnmapOp> ops =
            [.. oldest.Select(k => new UnmapOp(state.AddressOf(k.Value.Slot), 0, k.Value.Handle))];
        state = state with { Slots = state.Slots.Except(oldest.Select(k => k.Value.Slot)) };
        cpu.Draft.Back = state.With(
            number, queue with { Kept = queue.Kept.RemoveRange(oldest.Select(k => k.Key)), KeptFull = false });
        return Unmap(ref cpu, ops, "top");
    }
}
