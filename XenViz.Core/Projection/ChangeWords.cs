using System.Globalization;
using System.Resources;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>
/// What a change says to a person. Two states are told apart by bytes and fingerprints, which nobody reads: of a slot
/// the fields that were written are named, of a page what stands in it, of the disk its sectors.
/// </summary>
internal static class ChangeWords
{
    private const int MostIds = 3;
    private const int SectorsOfBlock = 8;
    private const int MostLetters = 24;
    private static readonly ResourceManager Texts = Words.Resource("ChangeText");

    /// <summary>The same change in words.</summary>
    /// <param name="change">The change, with what tells the two states apart.</param>
    /// <param name="before">The machine before.</param>
    /// <param name="after">The machine after.</param>
    /// <param name="moment">What the view is about.</param>
    public static ChangeView Of(ChangeView change, Machine before, Machine after, Moment moment)
    {
        var (kind, rest) = change.Id.Split('.', 2) is [var head, var tail] ? (head, tail) : (change.Id, "");
        return kind switch
        {
            "slot" when int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var slot) =>
                change with { Before = "", After = Written(before, after, moment, slot) },
            "data" => Page(change, before, after, moment),
            "disk" => change with { Before = "", After = Stored(before, after) },
            "mapping" => change with { Before = Mapping(change.Before), After = Mapping(change.After) },
            "iommu" => change with { Before = Entries(change.Before), After = Entries(change.After) },
            "back" when rest == "copy" => change with { Before = Ids(change.Before), After = Ids(change.After) },
            _ => change,
        };
    }

    /// <summary>The fields of a slot that differ, by their names in the header.</summary>
    private static string Written(Machine before, Machine after, Moment moment, int slot)
    {
        var (was, now) = (RingReader.Of(before, moment.Ring), RingReader.Of(after, moment.Ring));
        var (old, bytes) = (was.Bytes(slot).ToArray(), now.Bytes(slot).ToArray());
        var answer = RingReader.KindOf(now.StateOf(slot)) == "response";
        var fields = Fields(now, answer)
            .Where(field => field.EndBytes <= bytes.Length
                && !old.AsSpan(field.OffsetBytes, field.WidthBytes)
                    .SequenceEqual(bytes.AsSpan(field.OffsetBytes, field.WidthBytes)))
            .Select(field => field.Name).Distinct().ToList();
        var count = old.Zip(bytes).Count(pair => pair.First != pair.Second);
        return fields.Count > 0 ? string.Join(", ", fields) : Texts.Say("slot", count);
    }

    private static Field[] Fields(RingReader ring, bool answer) => ring.Net switch
    {
        NetRing.Transmit => HexNetSlot.Of(answer ? "response" : "request", "TX"),
        NetRing.Receive => HexNetSlot.Of(answer ? "response" : "request", "RX"),
        _ when ring.Layout != BlkifLayout.X64 => [],
        _ when answer => [Blkif.Response.Id, Blkif.Response.Operation, Blkif.Response.Status],
        _ =>
        [
            Blkif.Request.Operation, Blkif.Request.NrSegments, Blkif.Request.Handle, Blkif.Request.Id,
            Blkif.Request.SectorNumber,
            .. Enumerable.Range(0, Blkif.MaxSegments).SelectMany(i => new[]
            {
                Blkif.Request.OfSegment(Blkif.Segment.Gref, i) with { Name = "gref" },
                Blkif.Request.OfSegment(Blkif.Segment.FirstSect, i) with { Name = "first_sect" },
                Blkif.Request.OfSegment(Blkif.Segment.LastSect, i) with { Name = "last_sect" },
            }),
        ],
    };

    private static ChangeView Page(ChangeView change, Machine before, Machine after, Moment moment)
    {
        if (moment.DataPage is not { } page)
        {
            return change;
        }

        var (was, now) = (Text(before, page), Text(after, page));
        return was == now
            ? change with { Before = "", After = Texts.Say("data_other") }
            : change with { Before = was, After = now };
    }

    private static string Text(Machine machine, Mfn page)
    {
        if (machine.Frames.Find(page) is not { } frame)
        {
            return "";
        }

        var text = machine.Front is NetfrontState
            ? NetTokens.TextOf(frame.Page, null)
            : NarrationTokens.TextOf(frame.Page);
        return text.Length == 0 ? Texts.Say("data_zeros")
            : "\"" + (text.Length > MostLetters ? text[..MostLetters] + "…" : text) + "\"";
    }

    private static string Stored(Machine before, Machine after) => (before.Disk, after.Disk) switch
    {
        (Disk was, Disk now) => Sectors(
            [.. now.Overlay.Where(o => !was.Overlay.TryGetValue(o.Key, out var old) || old.Hash != o.Value.Hash)
                .Select(o => o.Key)]),
        (_, Nic nic) => Texts.Say("nic", nic.Sent.Length, nic.Incoming.Length),
        _ => "",
    };

    private static string Sectors(long[] blocks) => blocks switch
    {
        [] => Texts.Say("disk_other"),
        [var one] => Texts.Say("disk_block", one * SectorsOfBlock, (one * SectorsOfBlock) + SectorsOfBlock - 1),
        _ => Texts.Say("disk_blocks", blocks.Length),
    };

    private static string Mapping(string value) => value.Split('/') is [var granter, var reference]
        ? Texts.Say("mapping", granter, reference)
        : value;

    private static string Entries(string value) =>
        value.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 1 } entries
            ? Texts.Say("entries", entries.Length)
            : value;

    private static string Ids(string value) =>
        value.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > MostIds } ids
            ? Texts.Say("requests", ids.Length)
            : value;
}
