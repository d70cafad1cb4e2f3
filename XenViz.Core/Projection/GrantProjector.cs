using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Makes the Grants tab from the bytes of the guest's grant table and Xen's private records.</summary>
public static class GrantProjector
{
    private static readonly ImmutableArray<(uint Bit, string Name)> MapFlags =
    [
        (GrantTable.Gntmap.DeviceMap, "device_map"), (GrantTable.Gntmap.HostMap, "host_map"),
        (GrantTable.Gntmap.ReadOnly, "readonly"), (GrantTable.Gntmap.ApplicationMap, "application_map"),
        (GrantTable.Gntmap.ContainsPte, "contains_pte"),
    ];

    /// <summary>The guest's grant table at a moment.</summary>
    public static GrantTableView Of(Moment moment)
    {
        var machine = moment.Machine;
        var guest = machine.Guest();
        var focus = FocusRef(moment);
        return new GrantTableView
        {
            Domain = guest.Id.Value,
            Mfn = guest.GrantTable?.Value ?? 0,
            Entries = [.. References(machine, focus).Select(r => Entry(machine, r))],
            FocusRef = focus?.Value,
            Mappings =
            [
                .. machine.Driver().Maptrack.Records
                    .Select(r => View(machine.Driver().Id, new GrantHandle(r.Key), r.Value)),
            ],
        };
    }

    /// <summary>An entry of the guest's table, decoded from its bytes.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="reference">Any number; beyond the table there are no bytes and all is zero.</param>
    public static GrantEntryView Entry(Machine machine, GrantRef reference)
    {
        var guest = machine.Guest();
        if (guest.GrantTable is not { } table || reference.Value >= GrantTable.EntryV1.PerFrame)
        {
            return new GrantEntryView { Ref = reference.Value };
        }

        var bytes = new byte[GrantTable.EntryV1.SizeBytes];
        machine.Frames[table].Page.Read(GrantTable.EntryV1.OffsetBytes(reference), bytes);
        var flags = (ushort)GrantTable.EntryV1.Flags.Read(bytes);
        var frame = (uint)GrantTable.EntryV1.Frame.Read(bytes);
        var active = guest.Active.GetValueOrDefault(reference.Value);
        return new GrantEntryView
        {
            Ref = reference.Value,
            Flags = flags,
            FlagNames = NamesOf(flags),
            DomId = (ushort)GrantTable.EntryV1.DomId.Read(bytes),
            Frame = frame,
            PinnedMfn = active?.Mfn.Value,
            Pins = active?.Pins ?? 0,
            Use = UseOf(machine, reference, active, frame),
            Bytes = Convert.ToHexString(bytes),
        };
    }

    /// <summary>The driver domain's record of a mapping of this reference, or null; the oldest when there are several.
    /// </summary>
    public static MaptrackView? MaptrackOf(Machine machine, GrantRef reference)
    {
        var driver = machine.Driver();
        var guest = machine.Guest().Id;
        foreach (var (handle, record) in driver.Maptrack.Records)
        {
            if (record.Ref == reference && record.Granter == guest)
            {
                return View(driver.Id, new GrantHandle(handle), record);
            }
        }

        return null;
    }

    /// <summary>The reference on stage: what the row is about, else of the data page, else of the ring page.</summary>
    internal static GrantRef? FocusRef(Moment moment)
    {
        var ring = moment.Sides().RingRef;
        return moment.Grant ?? moment.Focus?.Ref ?? (ring.Value == 0 ? null : ring);
    }

    /// <summary>The names of the set flags, in bit order; the two lowest bits are one name.</summary>
    public static ImmutableArray<string> NamesOf(ushort flags)
    {
        var type = flags & GrantTable.Gtf.TypeMask;
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var bits in GrantTable.Gtf.Bits)
        {
            if ((flags & bits.Mask) != 0)
            {
                names.Add(NameOf(bits, type));
            }
        }

        return names.ToImmutable();
    }

    private static string NameOf(BitRange bits, int type) => (bits.Shift, type) switch
    {
        (0, GrantTable.Gtf.PermitAccess) => "permit_access",
        (0, GrantTable.Gtf.AcceptTransfer) => "accept_transfer",
        (0, _) => "transitive",
        (2, GrantTable.Gtf.AcceptTransfer) => "transfer_committed",
        (3, GrantTable.Gtf.AcceptTransfer) => "transfer_completed",
        _ => bits.Name,
    };

    // In use or used once (leftovers stay in the bytes), pinned, on stage, and the one that comes next.
    private static IEnumerable<GrantRef> References(Machine machine, GrantRef? focus)
    {
        var guest = machine.Guest();
        var all = new SortedSet<uint>(guest.Active.Keys)
        {
            RingSides.Of(machine).NextRef,
        };
        if (focus is { } reference)
        {
            all.Add(reference.Value);
        }

        if (guest.GrantTable is { } table)
        {
            var page = machine.Frames[table].Page;
            for (var entry = GrantTable.ReservedEntries; entry < GrantTable.EntryV1.PerFrame; entry++)
            {
                if (page.Load(entry * GrantTable.EntryV1.SizeBytes, GrantTable.EntryV1.SizeBytes) != 0)
                {
                    all.Add((uint)entry);
                }
            }
        }

        return all.Where(r => r >= GrantTable.ReservedEntries).Select(r => new GrantRef(r));
    }

    private static string UseOf(Machine machine, GrantRef reference, ActiveEntry? active, uint frame)
    {
        var guest = machine.Guest();
        if (active is null && RingSides.Of(machine).FreeRefs.Contains(reference.Value))
        {
            return "";
        }

        // A PV guest names machine frames, any other guest its own numbers.
        var page = active is not null ? machine.Frames.Find(active.Mfn)
            : guest.IsPv ? machine.Frames.Find(new Mfn(frame))
            : machine.Frames.All().FirstOrDefault(f => f.Owner == guest.Id && f.Pfn.Value == frame);
        return page?.Use switch
        {
            FrameUse.Ring => "ring",
            FrameUse.Data => "data",
            _ => "",
        };
    }

    private static MaptrackView View(DomId mapper, GrantHandle handle, MaptrackRecord record) => new(
        handle.Value, mapper.Value, record.Granter.Value, record.Ref.Value, record.Flags,
        [.. MapFlags.Where(f => (record.Flags & f.Bit) != 0).Select(f => f.Name)],
        Words.Hex(record.HostAddress), record.Mfn.Value);
}
