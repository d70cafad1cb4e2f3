using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>
/// The rows for a request whose segments lie in pages of their own (Linux <c>xen_blkbk_parse_indirect</c>): map these
/// pages to read them, copy each once, check the copy, unmap.
/// </summary>
internal static class BlkbackIndirect
{
    /// <summary>The rows; they end where the way of a request with known segments begins.</summary>
    public static IEnumerable<Row<ThreadLocals>> Rows() =>
    [
        new()
        {
            Label = "kind",
            Decide = (in ThreadLocals f, Machine m) =>
                ((BlkbackState)m.Back!).Find(f.Queue, f.Key)!.IndirectPages.IsEmpty ? "route" : "map_indirect",
        },
        new()
        {
            Label = "map_indirect", Kind = AccessKind.Hypercall,
            Cites = "xen-blkback/blkback.c xen_blkbk_parse_indirect",
            Text = "gnttab_map_refs(pages of segments, readonly)",
            Body = (ref ThreadLocals f, ref GuestCpu cpu) => BlkbackServe.Map(ref f, ref cpu, true),
        },
        new()
        {
            Label = "mapped_indirect",
            Decide = (in ThreadLocals _, Machine m) => BlkbackServe.AllMapped(m) ? "parse" : "undo",
        },
        new()
        {
            Label = "parse", Kind = AccessKind.Load, Cites = "xen-blkback/blkback.c xen_blkbk_parse_indirect",
            Text = "copy the segments out of the page, once; check the copy", Body = Parse,
        },
        new()
        {
            Label = "unmap_indirect", Kind = AccessKind.Hypercall,
            Cites = "xen-blkback/blkback.c xen_blkbk_parse_indirect",
            Text = "gnttab_unmap_refs(pages of segments)", Body = Unmap,
        },
    ];

    private static Flow Parse(ref ThreadLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var state = Blkback.State(draft);
        var pending = state.Find(f.Queue, f.Key)!;
        if (f.Page == 0)
        {
            pending = pending with
            {
                IndirectPages = BlkbackServe.WithHandles(pending.IndirectPages, ((MapResults)cpu.Result!).All),
            };
        }

        var have = pending.Segments.Length;
        var count = Math.Min(Blkif.SegmentsPerPage, pending.IndirectCount - have);
        var page = cpu.Translate(state.AddressOf(pending.IndirectPages[f.Page].Slot));
        var read = BlkifSlot.Segments(cpu.LoadBytes(page, 0, count * Blkif.Segment.SizeBytes), count);
        pending = pending with
        {
            Segments = pending.Segments.AddRange(read.Select(s => new BackSegment(s, 0, null))),
        };
        draft.Say(new MachineEvent.RequestTouched(pending.Id, f.Key.Value, f.Queue));
        f.Page++;
        if (f.Page < pending.IndirectPages.Length)
        {
            draft.Back = state.Replace(pending);
            return Flow.To("parse");
        }

        Assign(ref f, draft, state, pending);
        return Flow.Next;
    }

    // All segments are known: they are checked like those of a direct request, and get their pages.
    private static void Assign(ref ThreadLocals f, Draft draft, BlkbackState state, PendingRequest pending)
    {
        ImmutableArray<BlkifSegment> segments = [.. pending.Segments.Select(s => s.Segment)];
        var status = BlkbackRequest.Check(
            (BlkifOperation)pending.Operation, pending.Sector, segments, state.Options, state.Sectors);
        if (status == BlkifStatus.Okay && state.Assign(f.Queue, f.Key, segments) is var (after, assigned))
        {
            draft.Back = after.Replace(pending with { Segments = assigned });
            return;
        }

        draft.Back = state.Replace(pending with { Segments = [] });
        f.Refusal = new BlkifResponse(pending.Id, (BlkifOperation)pending.Operation, BlkifStatus.Error);
        draft.Say(new MachineEvent.Outcome("invalid"));
    }

    private static Flow Unmap(ref ThreadLocals f, ref GuestCpu cpu)
    {
        var state = Blkback.State(cpu.Draft);
        var pending = state.Find(f.Queue, f.Key)!;
        var ops = BlkbackServe.UnmapOps(state, pending.IndirectPages);
        var refused = pending.Segments.IsEmpty;
        state = state with { Slots = state.Slots.Except(pending.IndirectPages.Select(s => s.Slot)) };
        cpu.Draft.Back = refused
            ? state with { Pending = state.Pending.Remove(pending) }
            : state.Replace(pending with { IndirectPages = [] });
        cpu.Draft.Say(new MachineEvent.RequestTouched(pending.Id, f.Key.Value, f.Queue));
        return BlkbackServe.Unmap(ref cpu, ops, refused ? "refuse" : "route");
    }
}
