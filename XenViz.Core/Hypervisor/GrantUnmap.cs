using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor;

/// <summary>One element of an unmap batch (<c>struct gnttab_unmap_grant_ref</c>, the input).</summary>
/// <param name="HostAddress">Where it is mapped; 0 leaves the host mapping alone.</param>
/// <param name="BusAddress">The bus address; 0 leaves a device mapping alone.</param>
/// <param name="Handle">The receipt of the map.</param>
public readonly record struct UnmapOp(ulong HostAddress, ulong BusAddress, GrantHandle Handle);

/// <summary>What an unmap batch returns.</summary>
/// <param name="All">One status an element.</param>
public sealed record UnmapResults(ImmutableArray<GrantStatus> All) : PrivateState
{
    /// <inheritdoc/>
    public override void AddTo(ref Hasher hasher)
    {
        foreach (var status in All)
        {
            hasher.Add((int)status);
        }
    }
}

/// <summary>What is released after the flush.</summary>
/// <param name="Granter">Whose page.</param>
/// <param name="Ref">The reference.</param>
/// <param name="Flags">The GNTMAP flags that were given back.</param>
public readonly record struct Release(DomId Granter, GrantRef Ref, uint Flags);

/// <summary>The locals of an unmap batch.</summary>
public struct UnmapLocals : ILocals
{
    /// <summary>Who unmaps.</summary>
    public DomId Caller;

    /// <summary>The batch.</summary>
    public ImmutableArray<UnmapOp> Ops;

    /// <summary>The statuses so far; its length is the element at work.</summary>
    public ImmutableArray<GrantStatus> Results;

    /// <summary>What waits for the flush.</summary>
    public ImmutableArray<Release> Releases;

    /// <summary>How many of those are released.</summary>
    public int Released;

    /// <summary>The flags that the element at work gives back.</summary>
    public uint Given;

    /// <summary>The part of the story.</summary>
    public Phase Part;

    /// <inheritdoc/>
    public readonly Phase Phase => Part;

    /// <summary>The element at work.</summary>
    public readonly UnmapOp Op => Ops[Results.Length];

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        foreach (var op in Ops)
        {
            hasher.Add(op.HostAddress);
            hasher.Add(op.BusAddress);
            hasher.Add(op.Handle.Value);
        }

        new UnmapResults(Results).AddTo(ref hasher);
        foreach (var release in Releases)
        {
            hasher.Add(release.Ref.Value);
            hasher.Add(release.Flags);
        }

        hasher.Add(Released);
        hasher.Add(Given);
        hasher.Add((int)Part);
    }
}

/// <summary>
/// GNTTABOP_unmap_grant_ref (FACTS b.9): all page-table entries of the batch are cleared, then one TLB flush, and only
/// then counts and status bits are given back: the granter must not see "unused" while an old translation works.
/// </summary>
public static class GrantUnmap
{
    /// <summary>Elements that share one flush (GNTTAB_UNMAP_BATCH_SIZE).</summary>
    public const int BatchSize = 32;

    /// <summary>The operation, inside Xen: a flush and a release after each <see cref="BatchSize"/> elements.</summary>
    public static Listing<UnmapLocals> Listing { get; } =
        new("unmap_grant_ref", "unmap_grant_ref", Actor.Xen, true, Rows());

    /// <summary>The checks of FACTS b.9, 1 to 7.</summary>
    /// <returns>The status, and the GNTMAP flags that the element gives back (0 when nothing happens).</returns>
    public static (GrantStatus Status, uint Given) Check(Draft draft, DomId caller, UnmapOp op)
    {
        var mapper = draft.Domain(caller);
        if (!mapper.Maptrack.Records.TryGetValue(op.Handle.Value, out var record))
        {
            return (GrantStatus.BadHandle, 0);
        }

        uint given = 0;
        if (op.BusAddress != 0 && (record.Flags & GrantTable.Gntmap.DeviceMap) != 0)
        {
            if (op.BusAddress != record.Mfn.Address(0))
            {
                return (GrantStatus.BadDevAddr, 0);
            }

            given |= GrantTable.Gntmap.DeviceMap;
        }

        if (op.HostAddress != 0 && (record.Flags & GrantTable.Gntmap.HostMap) != 0)
        {
            var readOnly = (record.Flags & GrantTable.Gntmap.ReadOnly) != 0;
            if (PageTables.EntryOf(mapper, op.HostAddress) is not { } at
                || !SameMapping(draft.Peek(at.Table, at.OffsetBytes, 8), record.Mfn, readOnly))
            {
                return (GrantStatus.GeneralError, 0);
            }

            given |= GrantTable.Gntmap.HostMap;
        }

        return (GrantStatus.Okay, given);
    }

    private static bool SameMapping(ulong entry, Mfn mfn, bool readOnly) =>
        (entry & PageTableEntry.Present) != 0 && PageTableEntry.FrameOf(entry) == mfn
        && (entry & PageTableEntry.Writable) == 0 == readOnly;

    private static Row<UnmapLocals>[] Rows() =>
    [
        new()
        {
            Label = "clear_pte", Kind = AccessKind.Store, Cites = "grant_table.c unmap_common",
            Text = "check handle and address; *pte(host_addr) = 0", Body = ClearPte,
        },
        new()
        {
            Label = "free_handle", Kind = AccessKind.Store, Cites = "grant_table.c unmap_common, put_maptrack_handle",
            Text = "maptrack[handle] = free; if (last use) iommu_unmap(frame)", Body = FreeHandle,
        },
        new()
        {
            Label = "flush", Kind = AccessKind.Notify, Cites = "grant_table.c gnttab_flush_tlb",
            Text = "flush_tlb_mask(CPUs of this domain)", Body = Flush,
        },
        new()
        {
            Label = "release", Kind = AccessKind.Private, Cites = "grant_table.c unmap_common_complete",
            Text = "act->pin -= use; put_page(frame) (and its type)", Body = ReleaseUse,
        },
        new()
        {
            Label = "clear_status", Kind = AccessKind.Atomic, Cites = "grant_table.c reduce_status_for_pin",
            Text = "if (no pin left) entry.flags &= ~(GTF_reading | GTF_writing)", Body = ClearStatus,
        },
    ];

    private static Flow ClearPte(ref UnmapLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        var (status, given) = Check(draft, f.Caller, f.Op);
        f.Given = given;
        if (given == 0)
        {
            draft.Watched?.Say(new MachineEvent.Outcome(status == GrantStatus.Okay ? "nothing" : "refused"));
            draft.Watched?.Say(new MachineEvent.Noted("status", (short)status));
            f.Results = f.Results.Add(status);
            return NextElement(f);
        }

        if ((given & GrantTable.Gntmap.HostMap) != 0)
        {
            var mapper = draft.Domain(f.Caller);
            var record = mapper.Maptrack.Records[f.Op.Handle.Value];
            var at = PageTables.EntryOf(mapper, f.Op.HostAddress)!.Value;
            cpu.Store(at.Table, at.OffsetBytes, 0, 8);
            var stale = new StaleTranslation(
                f.Op.HostAddress, record.Mfn, (record.Flags & GrantTable.Gntmap.ReadOnly) == 0);
            draft.Put(mapper with { Stale = mapper.Stale.Add(stale) });
        }

        return Flow.Next;
    }

    private static Flow FreeHandle(ref UnmapLocals f, ref GuestCpu cpu)
    {
        var draft = cpu.Draft;
        cpu.Acknowledge();
        var mapper = draft.Domain(f.Caller);
        var record = mapper.Maptrack.Records[f.Op.Handle.Value];
        var readOnly = (record.Flags & GrantTable.Gntmap.ReadOnly) != 0;
        const uint kinds = GrantTable.Gntmap.HostMap | GrantTable.Gntmap.DeviceMap;
        var left = record.Flags & ~f.Given;
        f.Releases = f.Releases.Add(new Release(
            record.Granter, record.Ref, f.Given | (readOnly ? GrantTable.Gntmap.ReadOnly : 0)));
        if ((left & kinds) == 0)
        {
            draft.Put(mapper with { Maptrack = mapper.Maptrack.Free(f.Op.Handle) });
            draft.Watched?.Say(new MachineEvent.HandleFreed(f.Caller, f.Op.Handle));
            Grants.UseIommu(draft, f.Caller, record.Granter, record.Mfn, readOnly ? -1 : 0, readOnly ? 0 : -1);
        }
        else
        {
            draft.Put(mapper with { Maptrack = mapper.Maptrack.With(f.Op.Handle, record with { Flags = left }) });
        }

        f.Results = f.Results.Add(GrantStatus.Okay);
        return NextElement(f);
    }

    private static Flow NextElement(in UnmapLocals f)
    {
        var more = f.Results.Length < f.Ops.Length;
        if (more && (f.Results.Length % BatchSize != 0 || f.Releases.IsEmpty))
        {
            return Flow.To("clear_pte");
        }

        return f.Releases.IsEmpty ? Flow.ReturnWith(new UnmapResults(f.Results)) : Flow.To("flush");
    }

    private static Flow Flush(ref UnmapLocals f, ref GuestCpu cpu)
    {
        cpu.Acknowledge();
        var mapper = cpu.Draft.Domain(f.Caller);
        cpu.Draft.Watched?.Say(new MachineEvent.TlbFlushed(f.Caller, mapper.Stale.Length));
        cpu.Draft.Put(mapper with { Stale = [] });
        return Flow.Next;
    }

    private static Flow ReleaseUse(ref UnmapLocals f, ref GuestCpu cpu)
    {
        var release = f.Releases[f.Released];
        Grants.Release(cpu.Draft, release.Granter, release.Ref, release.Flags, f.Caller);
        return Flow.Next;
    }

    private static Flow ClearStatus(ref UnmapLocals f, ref GuestCpu cpu)
    {
        var release = f.Releases[f.Released];
        var wasWritable = (release.Flags & GrantTable.Gntmap.ReadOnly) == 0;
        Grants.ClearStatus(ref cpu, release.Granter, release.Ref, wasWritable);
        if (++f.Released < f.Releases.Length)
        {
            return Flow.To("release");
        }

        f.Releases = [];
        f.Released = 0;
        return f.Results.Length < f.Ops.Length
            ? Flow.To("clear_pte")
            : Flow.ReturnWith(new UnmapResults(f.Results));
    }
}
