using System.Collections.Immutable;
using System.Globalization;
using XenViz.Core.Devices;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>
/// A change as people read it. Pages, slots and the disk are compared by their bytes, which say nothing to anybody:
/// here they become the text of the page, the fields of the slot and the sectors of the disk.
/// </summary>
internal static class ChangeWords
{
    private const int MostFields = 3;
    private const int LongestText = 24;
    private const int SectorsPerBlock = Page.Size / Abi.Sector.SizeBytes;

    /// <summary>The same change in words.</summary>
    /// <param name="change">The change, with the facts that were compared; empty for none.</param>
    /// <param name="moment">What is on screen.</param>
    /// <param name="ring">Its ring.</param>
    public static ChangeView Of(ChangeView change, Moment moment, RingView ring) => change.Id.Split('.') switch
    {
        ["data"] => change with { Before = "", After = Data(moment, moment.DataPage) },
        ["own-page"] => change with { Before = "", After = Data(moment, moment.OwnPage) },
        ["disk"] when moment.Before.Disk is Disk old && moment.Machine.Disk is Disk disk =>
            change with { Before = "", After = Sectors(old, disk) },
        ["slot", var slot] => change with
        {
            Before = "", After = Slot(int.Parse(slot, CultureInfo.InvariantCulture), moment, ring),
        },
        ["iommu"] or ["back", "copy"] => Differing(change),
        ["disk"] => Both(change, fact => Pair("Fact_wire", fact)),
        ["mapping", _] => Both(change, fact => Pair("Fact_mapping", fact)),
        ["dma"] when moment.Rows.Any(row => row.Events.Any(e => e is Events.MachineEvent.DmaFaulted)) =>
            Both(change with { After = "Refused" }, fact => SessionProjector.Text("Activity_" + fact)),
        ["dma"] => Both(change, fact => SessionProjector.Text("Activity_" + fact)),
        _ => change,
    };

    // Of a list, which may be long, what the other machine does not have as well.
    private static ChangeView Differing(ChangeView change)
    {
        var (before, after) = (change.Before.Split(' '), change.After.Split(' '));
        return change with
        {
            Before = string.Join(' ', before.Except(after)), After = string.Join(' ', after.Except(before)),
        };
    }

    private static ChangeView Both(ChangeView change, Func<string, string> words) => change with
    {
        Before = change.Before.Length == 0 ? "" : words(change.Before),
        After = change.After.Length == 0 ? "" : words(change.After),
    };

    private static string Pair(string key, string fact) => SessionProjector.Text(key, [.. fact.Split('/')]);

    /// <summary>A page by the text that it begins with.</summary>
    /// <param name="text">The text; empty for a page of zeros or of bytes that are none.</param>
    /// <param name="zeros">True when nothing was written into it.</param>
    public static string PageText(string text, bool zeros) =>
        text.Length > LongestText ? $"\"{text[..(LongestText - 1)]}…\""
        : text.Length > 0 ? $"\"{text}\""
        : SessionProjector.Text(zeros ? "Fact_zeros" : "Fact_bytes");

    private static string Data(Moment moment, Abi.Mfn? page)
    {
        if (page is not { } mfn || moment.Machine.Frames.Find(mfn) is not { } frame)
        {
            return SessionProjector.Text("Fact_gone");
        }

        var text = moment.Machine.Disk is Devices.Network.Nic
            ? NetTokens.TextOf(frame.Page, moment.Focus)
            : NarrationTokens.TextOf(frame.Page);
        return SessionProjector.Text("Fact_now", PageText(text, frame.Page.Hash == Page.Zero.Hash));
    }

    private static string Sectors(Disk old, Disk disk)
    {
        var changed = disk.Overlay.Keys.Concat(old.Overlay.Keys).Distinct().Order()
            .Where(block => old.PageAt(block).Hash != disk.PageAt(block).Hash)
            .SelectMany(block => Enumerable.Range(0, SectorsPerBlock)
                .Where(i => !SectorOf(old, block, i).SequenceEqual(SectorOf(disk, block, i)))
                .Select(i => (block * SectorsPerBlock) + i))
            .ToList();
        return changed.Count switch
        {
            0 => SessionProjector.Text("Fact_same"),
            1 => SessionProjector.Text("Fact_sector", changed[0]),
            _ => SessionProjector.Text("Fact_sectors", changed.Count, changed[0], changed[^1]),
        };
    }

    private static byte[] SectorOf(Disk disk, long block, int sector)
    {
        var bytes = new byte[Abi.Sector.SizeBytes];
        disk.PageAt(block).Read(sector * Abi.Sector.SizeBytes, bytes);
        return bytes;
    }

    private static string Slot(int slot, Moment moment, RingView ring)
    {
        var sides = moment.Sides();
        if (slot >= ring.Slots.Length)
        {
            return SessionProjector.Text("Fact_gone");
        }

        var offset = Abi.Io.Ring.SlotOffsetBytes(slot, sides.SlotBytes);
        var mfn = sides.Pages[offset / Abi.PageSize.Bytes];
        var (was, now) = (moment.Before.Frames.Find(mfn)?.Page ?? Page.Zero, moment.Machine.Frames[mfn].Page);
        var names = HexProjector.SlotFields(moment, ring, ring.Slots[slot], mfn, offset % Abi.PageSize.Bytes)
            .Where(field => Differs(was, now, field))
            .Select(field => moment.Machine.Disk is Disk ? FieldName(field.Name) : field.Name)
            .Distinct()
            .ToList();
        return names.Count == 0 ? SessionProjector.Text("Fact_written")
            : names.Count <= MostFields ? string.Join(", ", names)
            : SessionProjector.Text("Fact_more", string.Join(", ", names.Take(MostFields)), names.Count - MostFields);
    }

    private static bool Differs(Page was, Page now, HexFieldView field)
    {
        var (a, b) = (new byte[field.Length], new byte[field.Length]);
        was.Read(field.Offset, a);
        now.Read(field.Offset, b);
        return !a.AsSpan().SequenceEqual(b);
    }

    // The three fields of a segment are one thing to a person.
    private static string FieldName(string name) => name switch
    {
        "gref" or "first_sect" or "last_sect" => SessionProjector.Text("Fact_segments"),
        "nr_segments" => SessionProjector.Text("Fact_count"),
        "sector_number" => SessionProjector.Text("Fact_sector_number"),
        _ => name,
    };
}
