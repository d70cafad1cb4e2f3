using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor.GrantTables;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor;

/// <summary>
/// GNTTABOP_map_grant_ref on version-1 tables: the checks in Xen's order (FACTS b.8), each access to shared state a row
/// of its own. Several elements run one after the other.
/// </summary>
public static class GrantMap
{
    /// <summary>Times that Xen tries to mark an entry that changes under it.</summary>
    public const int MaxTries = 5;

    /// <summary>The operation, inside Xen.</summary>
    public static Listing<MapLocals> Listing { get; } =
        new("map_grant_ref", "map_grant_ref", Actor.Xen, true, Rows());

    /// <summary>The checks of FACTS b.8, 1 to 7, before anything shared is read.</summary>
    /// <returns>GNTST_okay, or the first refusal.</returns>
    public static GrantStatus Check(Draft draft, DomId caller, MapOp op)
    {
        if (GrantRules.CheckMapFlags(op.Flags, draft.Domain(caller).IsPv) is var flags && flags != GrantStatus.Okay)
        {
            return flags;
        }

        if (draft.FindDomain(op.Granter) is not { } granter)
        {
            return GrantStatus.BadDomain;
        }

        if (draft.Domain(caller).Maptrack.Take() is null)
        {
            return GrantStatus.NoSpace;
        }

        if (granter.GrantTable is null || op.Ref.Value >= GrantTable.EntryV1.PerFrame)
        {
            return GrantStatus.BadGntref;
        }

        if (granter.Active.TryGetValue(op.Ref.Value, out var active) && GrantRules.RefusesPin(
            active.Pins, active.Mapper.Value, false, caller.Value, Pins.Of(op.Flags), map: true))
        {
            return GrantStatus.GeneralError;
        }

        return GrantStatus.Okay;
    }

    private static Row<MapLocals>[] Rows() =>
    [
        new()
        {
            Label = "read_entry", Kind = AccessKind.Load, Cites = "grant_table.c set_status_v1",
            Text = "entry = granter's table[ref]: permitted, and for this caller?", Body = ReadEntry,
        },
        new()
        {
            Label = "mark", Kind = AccessKind.Atomic, Cites = "grant_table.c set_status_v1",
            Text = "cmpxchg(entry.flags+domid, += GTF_reading (and GTF_writing))", Body = Mark,
        },
        new()
        {
            Label = "count", Kind = AccessKind.Private, Cites = "grant_table.c map_grant_ref",
            Text = "act->pin += use; get_page(frame) (and its type)", Body = CountUse,
        },
        new()
        {
            Label = "map_pte", Kind = AccessKind.Store, Cites = "pv/grant_table.c create_grant_pv_mapping",
            Text = "*pte(host_addr) = frame, present (and writable)", Body = MapPte,
        },
        new()
        {
            Label = "iommu", Kind = AccessKind.Store, Cites = "grant_table.c map_grant_ref, iommu_legacy_map",
            Text = "if (first use in this context) iommu_map(frame = frame)", Body = MapIommu,
        },
        new()
        {
            Label = "answer", Kind = AccessKind.Private, Cites = "grant_table.c map_grant_ref",
            Text = "maptrack[handle] = {dom, ref, flags}; return handle", Body = Answer,
        },
        new()
        {
            Label = "undo", Kind = AccessKind.Atomic, Cites = "grant_table.c map_grant_ref, label unlock_out_clear",
            Text = "clear the status bits again; return the refusal", Body = Undo,
        },
    ];

    private static Flow ReadEntry(ref MapLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        f.Status = Check(draft, f.Caller, f.Op);
        f.Tries = 0;
        if (f.Status != GrantStatus.Okay)
        {
            return Refuse(ref f, draft, taken: false);
        }

        var mapper = draft.Domain(f.Caller);
        var (maptrack, handle) = mapper.Maptrack.Take()!.Value;
        f.Handle = handle;
        draft.Put(mapper with { Maptrack = maptrack });

        var granter = draft.Domain(f.Op.Granter);
        var pins = granter.Active.TryGetValue(f.Op.Ref.Value, out var active) ? active.Pins : 0;
        if (!GrantRules.NeedsStatus(pins, !f.Op.ReadOnly))
        {
            draft.Watched?.Say(new MachineEvent.Outcome("pinned"));
            return Flow.To("count");
        }

        f.Word = (uint)cpu.Load(granter.GrantTable!.Value, GrantTable.EntryV1.OffsetBytes(f.Op.Ref), 4);
        return Permits(f, pins) ? Flow.Next : Refuse(ref f, draft, taken: true);
    }

    // set_status: while pinned, type and domain are not checked again, readonly is (FACTS b.4).
    private static bool Permits(in MapLocals f, uint pins) => GrantRules.Permits(
        (ushort)f.Word, (ushort)(f.Word >> 16), f.Caller.Value, pins, !f.Op.ReadOnly, map: true, version: 1);

    private static Flow Mark(ref MapLocals f, ref GuestCpu cpu)
    {
        var granter = cpu.Draft.Domain(f.Op.Granter);
        uint bits = GrantRules.BitsOf(!f.Op.ReadOnly);
        var at = GrantTable.EntryV1.OffsetBytes(f.Op.Ref);
        var found = (uint)cpu.CompareExchange(granter.GrantTable!.Value, at, f.Word, f.Word | bits, 4);
        if (found == f.Word)
        {
            return Flow.Next;
        }

        cpu.Draft.Watched?.Say(new MachineEvent.Outcome("changed"));
        f.Word = found;
        var pins = granter.Active.TryGetValue(f.Op.Ref.Value, out var active) ? active.Pins : 0;
        return ++f.Tries < MaxTries && Permits(f, pins) ? Flow.To("mark") : Refuse(ref f, cpu.Draft, taken: true);
    }

    private static Flow CountUse(ref MapLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var granter = draft.Domain(f.Op.Granter);
        var op = f.Op;
        if (!granter.Active.TryGetValue(op.Ref.Value, out var active))
        {
            var entryAt = GrantTable.EntryV1.OffsetBytes(op.Ref) + GrantTable.EntryV1.Frame.OffsetBytes;
            var mfn = new Mfn(draft.Peek(granter.GrantTable!.Value, entryAt, 4));
            if (draft.Frames.Find(mfn) is not { } found || found.Owner != granter.Id)
            {
                return GoUndo(ref f, draft, GrantStatus.BadPage);
            }

            active = new ActiveEntry(f.Caller, mfn, 0);
        }

        var frame = draft.Frames[active.Mfn];
        var types = Pins.WritableTypes(op.Flags, granter.IsPv, granter.Id == f.Caller);
        if (types > 0 && frame.Use == FrameUse.PageTable)
        {
            return GoUndo(ref f, draft, GrantStatus.GeneralError);
        }

        var pins = active.Pins + Pins.Of(op.Flags);
        var refs = frame.References + Pins.References(op.Flags);
        draft.Watched?.Say(new MachineEvent.CountsChanged(
            granter.Id, op.Ref, frame.Mfn, active.Pins, pins, frame.References, refs, frame.WritableUses,
            frame.WritableUses + types));
        draft.Put(frame with { References = refs, WritableUses = frame.WritableUses + types });
        draft.Put(granter with { Active = granter.Active.SetItem(op.Ref.Value, active with { Pins = pins }) });
        return Flow.Next;
    }

    private static Flow MapPte(ref MapLocals f, ref GuestCpu cpu)
    {
        var mapper = cpu.Draft.Domain(f.Caller);
        if (PageTables.EntryOf(mapper, f.Op.HostAddress) is not { } at)
        {
            Grants.Release(cpu.Draft, f.Op.Granter, f.Op.Ref, f.Op.Flags, f.Caller);
            return GoUndo(ref f, cpu.Draft, GrantStatus.GeneralError);
        }

        var mfn = cpu.Draft.Domain(f.Op.Granter).Active[f.Op.Ref.Value].Mfn;
        cpu.Store(at.Table, at.OffsetBytes, PageTableEntry.ForGrant(mfn, f.Op.ReadOnly), 8);
        return Flow.Next;
    }

    private static Flow MapIommu(ref MapLocals f, ref GuestCpu cpu)
    {
        cpu.Acknowledge();
        var mfn = cpu.Draft.Domain(f.Op.Granter).Active[f.Op.Ref.Value].Mfn;
        Grants.UseIommu(cpu.Draft, f.Caller, f.Op.Granter, mfn, f.Op.ReadOnly ? 1 : 0, f.Op.ReadOnly ? 0 : 1);
        return Flow.Next;
    }

    private static Flow Answer(ref MapLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var op = f.Op;
        var result = new MapResult(f.Status, default, 0);
        if (f.Status == GrantStatus.Okay)
        {
            var mfn = draft.Domain(op.Granter).Active[op.Ref.Value].Mfn;
            var mapper = draft.Domain(f.Caller);
            var record = new MaptrackRecord(op.Granter, op.Ref, op.Flags & 0x1F, op.HostAddress, mfn);
            draft.Put(mapper with { Maptrack = mapper.Maptrack.With(f.Handle, record) });
            result = new MapResult(GrantStatus.Okay, f.Handle, mfn.Address(0));
        }
        else
        {
            draft.Watched?.Say(new MachineEvent.Outcome("refused"));
        }

        draft.Watched?.Say(new MachineEvent.MapAnswered(
            f.Caller, op.Granter, op.Ref, op.Flags, (short)f.Status, result.Handle));
        return Finish(ref f, result);
    }

    private static Flow Undo(ref MapLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var op = f.Op;
        Grants.ClearStatus(ref cpu, op.Granter, op.Ref, !op.ReadOnly);
        var mapper = draft.Domain(f.Caller);
        draft.Put(mapper with { Maptrack = mapper.Maptrack.Free(f.Handle) });
        draft.Watched?.Say(new MachineEvent.MapAnswered(
            f.Caller, op.Granter, op.Ref, op.Flags, (short)f.Status, default));
        return Finish(ref f, new MapResult(f.Status, default, 0));
    }

    private static Flow GoUndo(ref MapLocals f, Draft draft, GrantStatus status)
    {
        f.Status = status;
        draft.Watched?.Say(new MachineEvent.Outcome("refused"));
        return Flow.To("undo");
    }

    private static Flow Refuse(ref MapLocals f, Draft draft, bool taken)
    {
        f.Status = f.Status == GrantStatus.Okay ? GrantStatus.GeneralError : f.Status;
        draft.Watched?.Say(new MachineEvent.Outcome("refused"));
        draft.Watched?.Say(new MachineEvent.Noted("status", (short)f.Status));
        if (taken)
        {
            var mapper = draft.Domain(f.Caller);
            draft.Put(mapper with { Maptrack = mapper.Maptrack.Free(f.Handle) });
        }

        return Flow.To("answer");
    }

    private static Flow Finish(ref MapLocals f, MapResult result)
    {
        f.Results = f.Results.Add(result);
        f.Status = GrantStatus.Okay;
        f.Handle = default;
        f.Word = 0;
        return f.Results.Length < f.Ops.Length ? Flow.To("read_entry") : Flow.ReturnWith(new MapResults(f.Results));
    }
}
