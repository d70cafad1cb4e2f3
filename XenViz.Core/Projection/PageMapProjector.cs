using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Makes the Page map tab: one frame, and everybody who can reach it at this moment.</summary>
public static class PageMapProjector
{
    private const int HeadBytes = 128;

    /// <summary>The lens at a moment: the data page on stage, else the ring page.</summary>
    public static PageMapView Of(Moment moment) => Of(moment, LensOf(moment));

    /// <summary>Any frame, looked at as the lens does.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="mfn">A frame that there is.</param>
    internal static PageMapView Of(Moment moment, Mfn mfn)
    {
        var machine = moment.Machine;
        var frame = machine.Frames[mfn];
        var head = new byte[HeadBytes];
        var before = new byte[HeadBytes];
        frame.Page.Read(0, head);
        (moment.Before.Frames.Find(mfn)?.Page ?? Page.Zero).Read(0, before);
        return new PageMapView
        {
            Mfn = mfn.Value,
            Owner = frame.Owner.Value,
            Use = UseOf(frame.Use),
            Head = Convert.ToHexString(head),
            Changed = [.. Enumerable.Range(0, HeadBytes).Where(i => head[i] != before[i])],
            Guest = machine.Guest().Id.Value,
            Driver = machine.Driver().Id.Value,
            IommuMode = ModeOf(machine),
            Iommu = [.. machine.Driver().Iommu.Select(entry => new IommuUseView(
                entry.Key, entry.Key, entry.Value.Readers, entry.Value.Writers))],
            GuestPfn = frame.Pfn.Value,
            Backend = WindowOf(machine, mfn),
            Handle = HandleOf(machine, mfn),
            Device = DeviceOf(machine, mfn),
            References = frame.References,
            WritableUses = frame.WritableUses,
            StaleTranslations = machine.Driver().Stale.Count(s => s.Mfn == mfn),
            Frames = FramesOf(machine, mfn),
        };
    }

    /// <summary>
    /// The driver domain's way to a frame, read from the bytes of its page tables; a translation that a TLB may still
    /// hold when there is no entry any more; null when there is neither.
    /// </summary>
    public static WindowView? WindowOf(Machine machine, Mfn mfn)
    {
        if (EntryOf(machine, mfn) is { } at)
        {
            // The tables of a dead domain lead nowhere; what Xen still holds for it is the pin.
            var dead = machine.IsDead(machine.Driver().Id);
            return dead && HandleOf(machine, mfn) is null ? null
                : new WindowView(Words.Hex(at.Address), (at.Entry & PageTableEntry.Writable) != 0, dead);
        }

        foreach (var stale in machine.Driver().Stale)
        {
            if (stale.Mfn == mfn)
            {
                return new WindowView(Words.Hex(stale.Address), stale.Writable, true);
            }
        }

        return null;
    }

    /// <summary>The entry of the IOMMU that leads the driver domain's devices to a frame, or null.</summary>
    public static IommuView? DeviceOf(Machine machine, Mfn mfn)
    {
        var driver = machine.Driver();
        var right = !driver.IommuSync || machine.Frames.Find(mfn)?.Owner == driver.Id ? DeviceAccess.ReadWrite
            : driver.Iommu.TryGetValue(mfn.Value, out var use) ? Grants.AccessOf(use)
            : DeviceAccess.None;
        return right == DeviceAccess.None
            ? null
            : new IommuView(mfn.Value, mfn.Value, right == DeviceAccess.ReadWrite);
    }

    /// <summary>The mode of the IOMMU: a word of <see cref="PageMapView.IommuMode"/>.</summary>
    internal static string ModeOf(Machine machine) => (machine.Disk switch
    {
        Devices.Disk disk => disk.Iommu.Mode,
        Devices.Network.Nic nic => nic.Iommu.Mode,
        _ => Devices.IommuMode.On,
    }) switch
    {
        Devices.IommuMode.Off => "off",
        Devices.IommuMode.Dom0Relaxed => "dom0-relaxed",
        Devices.IommuMode.Dom0Strict => "dom0-strict",
        _ => "on",
    };

    /// <summary>The frame of the lens: the one on stage once there is a request, which may be another one than was
    /// asked for: a page that is given away takes the place of the one that was offered.</summary>
    internal static Mfn LensOf(Moment moment) =>
        (moment.Focus is { } focus ? moment.DataPage ?? focus.Page : null) ?? moment.Sides().Ring;

    /// <summary>The driver domain's page-table entry for a frame, with the address it serves, or null.</summary>
    internal static (ulong Address, ulong Entry)? EntryOf(Machine machine, Mfn mfn)
    {
        var driver = machine.Driver();
        for (var table = 0; table < driver.PageTables.Length; table++)
        {
            var page = machine.Frames[driver.PageTables[table]].Page;
            for (var offset = 0; offset < PageSize.Bytes; offset += PageTableEntry.SizeBytes)
            {
                var entry = page.Load(offset, PageTableEntry.SizeBytes);
                if ((entry & PageTableEntry.Present) != 0 && PageTableEntry.FrameOf(entry) == mfn)
                {
                    var page4k = ((ulong)table * PageSize.Bytes / PageTableEntry.SizeBytes)
                        + ((ulong)offset / PageTableEntry.SizeBytes);
                    return (driver.TableBase + (page4k << PageSize.Shift), entry);
                }
            }
        }

        return null;
    }

    private static uint? HandleOf(Machine machine, Mfn mfn)
    {
        foreach (var (handle, record) in machine.Driver().Maptrack.Records)
        {
            if (record.Mfn == mfn)
            {
                return handle;
            }
        }

        return null;
    }

    private static ImmutableArray<FrameView> FramesOf(Machine machine, Mfn lens)
    {
        var mappers = new Dictionary<Mfn, SortedSet<ushort>>();
        foreach (var domain in machine.Domains)
        {
            foreach (var (_, record) in domain.Maptrack.Records)
            {
                if (!mappers.TryGetValue(record.Mfn, out var set))
                {
                    mappers.Add(record.Mfn, set = []);
                }

                set.Add(domain.Id.Value);
            }
        }

        var waiting = FocusRequest.Waiting(machine).SelectMany(s => FocusRequest.Of(s).Segments).Select(s => s.Page)
            .ToHashSet();
        return
        [
            .. machine.Frames.All().Where(f => Matters(machine, f, lens, waiting)).Select(f => new FrameView(
                f.Mfn.Value, f.Owner.Value, UseOf(f.Use), f.References,
                mappers.TryGetValue(f.Mfn, out var by) ? [.. by] : [])),
        ];
    }

    // Of the guest's many data pages only those in play; of the page tables only those with an entry.
    private static bool Matters(Machine machine, Frame frame, Mfn lens, HashSet<Mfn> waiting) => frame.Use switch
    {
        FrameUse.Data or FrameUse.Segments => frame.Mfn == lens || frame.References > 1 || waiting.Contains(frame.Mfn),
        FrameUse.PageTable => frame.Page.Hash != Page.Zero.Hash,
        _ => frame.Owner == machine.Guest().Id || frame.Owner == machine.Driver().Id,
    };

    private static string UseOf(FrameUse use) => use switch
    {
        FrameUse.Data => "data",
        FrameUse.Ring => "ring",
        FrameUse.Segments => "segments",
        FrameUse.GrantTable => "grant table",
        FrameUse.SharedInfo => "shared info",
        FrameUse.EventArray => "event words",
        FrameUse.EventControl => "control block",
        _ => "page table",
    };
}
