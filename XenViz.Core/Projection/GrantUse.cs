using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>The grant that something was about: its entry, its counts, a mapping of it that is made or taken away.
/// </summary>
/// <param name="Granter">Whose grant.</param>
/// <param name="Ref">The reference.</param>
internal readonly record struct GrantUse(DomId Granter, GrantRef Ref)
{
    /// <summary>The grant that an event was about, or null. Taking away names a handle or an address only: the record
    /// of the mapping, which is gone afterwards, says whose it was.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="before">The machine before its row.</param>
    /// <param name="after">The machine after it.</param>
    public static GrantUse? Of(MachineEvent happened, Machine before, Machine after) => happened switch
    {
        MachineEvent.CountsChanged counts => new GrantUse(counts.Granter, counts.Ref),
        MachineEvent.MapAnswered answer => new GrantUse(answer.Granter, answer.Ref),
        MachineEvent.HandleFreed freed => OfHandle(before, freed.Handle.Value),
        MachineEvent.HypercallMade { Symbol: "GNTTABOP_map_grant_ref" } map =>
            new GrantUse(new DomId((ushort)map.B), new GrantRef((uint)map.A)),
        MachineEvent.HypercallMade { Symbol: "GNTTABOP_unmap_grant_ref" } unmap => OfHandle(before, unmap.A),
        MachineEvent.Accessed access => after.Frames[access.Mfn] switch
        {
            { Use: FrameUse.GrantTable } table => new GrantUse(
                table.Owner, new GrantRef((uint)(access.Offset / GrantTable.EntryV1.SizeBytes))),
            { Use: FrameUse.PageTable } => OfAddress(before, access),
            _ => null,
        },
        _ => null,
    };

    private static GrantUse? OfHandle(Machine machine, ulong handle) =>
        machine.Find(World.Driver)?.Maptrack.Records.TryGetValue((uint)handle, out var record) is true
            ? new GrantUse(record.Granter, record.Ref)
            : null;

    private static GrantUse? OfAddress(Machine machine, MachineEvent.Accessed access)
    {
        if (machine.Find(World.Driver) is not { } driver
            || driver.PageTables.IndexOf(access.Mfn) is not (>= 0 and var table))
        {
            return null;
        }

        var entry = ((ulong)table * PageSize.Bytes / PageTableEntry.SizeBytes)
            + ((ulong)access.Offset / PageTableEntry.SizeBytes);
        var address = driver.TableBase + (entry << PageSize.Shift);
        foreach (var (_, record) in driver.Maptrack.Records)
        {
            if (record.HostAddress == address)
            {
                return new GrantUse(record.Granter, record.Ref);
            }
        }

        return null;
    }
}
