using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection.Details;

/// <summary>Frames, and each way that leads to one.</summary>
internal static class PageSubjects
{
    /// <summary>A frame; null when there is none of this number.</summary>
    public static Subject? Of(Moment moment, Mfn mfn)
    {
        var machine = moment.Machine;
        if (machine.Frames.Find(mfn) is not { } frame)
        {
            return null;
        }

        var use = frame.Use.ToString();
        return new Subject
        {
            Title = Subjects.Say("Title_frame_" + use, mfn),
            About = Subjects.Say("About_frame_" + use),
            Mark = Subjects.MarkOf(machine, frame.Owner),
            Owner = Subjects.Owner(machine, frame.Owner),
            Writes = Writes(machine, frame),
            Name = "mfn " + mfn + ", struct page_info",
            Value = Subjects.Say("Value_page", frame.References, MappersOf(machine, mfn)),
            At = new Place(mfn, 0, PageSize.Bytes),
            Page = mfn,
            Parts =
            [
                new Part(Subjects.Say("Part_bytes"), Content(moment, frame), Writer.Both)
                {
                    At = new Place(mfn, 0, PageSize.Bytes),
                },
                new Part("count_info", Subjects.Text(frame.References), Writer.Xen)
                {
                    Cites = "asm/mm.h page_info.count_info", Fact = m => m.Frames.Find(mfn)?.References,
                },
                new Part("type_info", Subjects.Text(frame.WritableUses), Writer.Xen)
                {
                    Cites = "asm/mm.h page_info.u.inuse.type_info", Fact = m => m.Frames.Find(mfn)?.WritableUses,
                },
                new Part("owner", Subjects.Owner(machine, frame.Owner), Writer.Xen)
                {
                    Cites = "asm/mm.h page_info.v.inuse._domain", Fact = m => m.Frames.Find(mfn)?.Owner,
                },
            ],
        };
    }

    /// <summary>The owner's own way to its page.</summary>
    public static Subject? GuestWindow(Moment moment, Mfn mfn)
    {
        if (moment.Machine.Frames.Find(mfn) is not { } frame)
        {
            return null;
        }

        var number = frame.Pfn.Value;
        return new Subject
        {
            Title = Subjects.Say("Title_guest-window"),
            About = Subjects.Say("About_guest-window"),
            Mark = Subjects.MarkOf(moment.Machine, frame.Owner),
            Owner = Subjects.Owner(moment.Machine, frame.Owner),
            Writes = Subjects.Say("Writes_guest-window"),
            Name = "xen_pfn_t (P2M)",
            Value = Subjects.Say(
                "Value_guest-window", Words.Hex(number), Words.Hex(number << PageSize.Shift), mfn),
            Page = mfn,
            Parts =
            [
                new Part("pfn", Words.Hex(number), Writer.Xen)
                {
                    Fact = m => m.Frames.Find(mfn) is { } f ? (f.Owner, f.Pfn) : null,
                },
            ],
        };
    }

    /// <summary>The driver domain's way to a page of the guest, also while there is none.</summary>
    public static Subject DriverWindow(Moment moment, Mfn mfn)
    {
        var machine = moment.Machine;
        var window = PageMapProjector.WindowOf(machine, mfn);
        var driver = machine.Driver().Id;
        return new Subject
        {
            Title = Subjects.Say("Title_driver-window"),
            About = Subjects.Say("About_driver-window"),
            Mark = Writer.Driver,
            Owner = Subjects.Say("Owner_driver", driver),
            Writes = Subjects.Say("Writes_driver-window"),
            Name = "l1_pgentry_t",
            Value = window is null ? Subjects.Say("Value_window_none")
                : Subjects.Say(
                    window.Stale ? "Value_window_stale" : window.Writable ? "Value_window_rw" : "Value_window_ro",
                    window.Address),
            At = EntryAt(machine, mfn),
            Page = mfn,
            Parts =
            [
                Entry(machine, mfn, window),
                new Part("TLB", Subjects.Say(window is { Stale: true } ? "Tlb_stale" : "Tlb_clean"), Writer.Xen)
                {
                    Fact = m => m.Find(driver)?.Stale.Any(stale => stale.Mfn == mfn),
                },
            ],
        };
    }

    /// <summary>The device's way to a page.</summary>
    public static Subject Iommu(Moment moment, Mfn mfn)
    {
        var machine = moment.Machine;
        var entry = PageMapProjector.DeviceOf(machine, mfn);
        var mode = PageMapProjector.ModeOf(machine);
        var value = mode == "off" ? Subjects.Say("Value_iommu_off", Words.Hex(mfn.Address(0)))
            : entry is null ? Subjects.Say("Value_iommu_none")
            : Subjects.Say(entry.Writable ? "Value_iommu_rw" : "Value_iommu_ro", Words.Hex(entry.Dfn << 12), mfn);
        var driver = machine.Driver().Id;
        return new Subject
        {
            Title = Subjects.Say("Title_iommu"),
            About = Subjects.Say(mode == "off" ? "About_iommu_off" : "About_iommu"),
            Mark = Writer.Device,
            Owner = Subjects.Say("Owner_xen_for", driver),
            Writes = Subjects.Say("Writes_xen"),
            Name = "dfn_t, iommu_map",
            Value = value,
            Page = mfn,
            Parts =
            [
                new Part(Subjects.Say("Part_entry"), value, Writer.Xen)
                {
                    Cites = "iommu.h iommu_map",
                    Fact = m => m.Find(driver)?.Iommu.GetValueOrDefault(mfn.Value),
                },
            ],
        };
    }

    // Without an entry there is no byte to look at: then it is the record of the mapping that came and went.
    private static Part Entry(Machine machine, Mfn mfn, WindowView? window)
    {
        var driver = machine.Driver().Id;
        var name = Subjects.Say("Part_entry");
        return EntryAt(machine, mfn) is { } at
            ? new Part(name, window!.Address, Writer.Xen) { Cites = "asm/page.h l1_pgentry_t", At = at }
            : new Part(name, Subjects.Say("None"), Writer.Xen)
            {
                Cites = "asm/page.h l1_pgentry_t",
                Fact = m => m.Find(driver)?.Maptrack.Records.Any(r => r.Value.Mfn == mfn),
            };
    }

    private static Place? EntryAt(Machine machine, Mfn mfn)
    {
        if (PageMapProjector.EntryOf(machine, mfn) is not { } found)
        {
            return null;
        }

        var driver = machine.Driver();
        var table = driver.PageTables[(int)((found.Address - driver.TableBase) >> 21)];
        return new Place(table, PageTableEntry.OffsetBytes(found.Address), PageTableEntry.SizeBytes);
    }

    private static string Content(Moment moment, Frame frame)
    {
        if (frame.Page.Hash == Page.Zero.Hash)
        {
            return Subjects.Say("Value_zeros");
        }

        var text = frame.Use == FrameUse.Data ? NarrationTokens.TextOf(frame.Page) : "";
        return text.Length > 0 && !Subjects.IsNetwork(moment)
            ? Subjects.Say("Value_text", text[..Math.Min(text.Length, 24)])
            : Subjects.Say("Value_bytes");
    }

    private static int MappersOf(Machine machine, Mfn mfn) =>
        machine.Domains.Sum(domain => domain.Maptrack.Records.Count(record => record.Value.Mfn == mfn));

    // Grants and the IOMMU say who else may write, so it is read from them.
    private static string Writes(Machine machine, Frame frame)
    {
        if (frame.Use is FrameUse.GrantTable or FrameUse.SharedInfo or FrameUse.PageTable or FrameUse.EventArray
            or FrameUse.EventControl)
        {
            return Subjects.Say("Writes_" + frame.Use);
        }

        var who = ImmutableArray.CreateBuilder<string>();
        who.Add(Subjects.Owner(machine, frame.Owner));
        if (frame.Owner != machine.Driver().Id)
        {
            if (PageMapProjector.WindowOf(machine, frame.Mfn) is { Writable: true })
            {
                who.Add(Subjects.Say("Owner_driver", machine.Driver().Id));
            }

            if (PageMapProjector.DeviceOf(machine, frame.Mfn) is { Writable: true })
            {
                who.Add(Subjects.Say("By_dma"));
            }
        }

        return string.Join("; ", who);
    }
}
