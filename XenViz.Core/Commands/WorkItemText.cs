using System.Globalization;

namespace XenViz.Core.Commands;

/// <summary>
/// An item of work as a part of a link: <c>write:2048:Hello</c>, <c>write:2048/16:Hello</c>, <c>read:2048/8</c>,
/// <c>copy:2048/8:4096</c>, <c>file:README.TXT</c>, <c>barrier:2048:Hello</c>, <c>flush</c>, <c>discard:2048/8</c>,
/// <c>secure:2048/8</c> (a secure discard). Sector first, then after a stroke how many sectors. Packets are
/// <c>send:1500:Hello</c> (all of it <c>send:1500/256/0/0:Hello</c>: bytes, offset, segment, blank) and
/// <c>receive:1500:Hello</c>.
/// </summary>
internal static class WorkItemText
{
    /// <summary>Reads an item, unescaped.</summary>
    /// <returns>The item, whatever its numbers, or null when it does not have one of the forms.</returns>
    public static WorkItem? Parse(string text)
    {
        if (text == "flush")
        {
            return new WorkItem.Flush();
        }

        var parts = text.Split(':', 2);
        if (parts is not [var kind, var rest])
        {
            return null;
        }

        return kind switch
        {
            "write" => rest.Split(':', 2) is [var place, var words] && Place(place, out var sector, out var count)
                ? new WorkItem.WriteText(sector, words, count)
                : null,
            "read" => Place(rest, out var sector, out var count) ? new WorkItem.ReadSectors(sector, count) : null,
            "copy" => rest.Split(':') is [var from, var to] && Place(from, out var source, out var count)
                && Number(to, out var target)
                    ? new WorkItem.CopySectors(source, target, count)
                    : null,
            "barrier" => rest.Split(':', 2) is [var place, var words] && Place(place, out var sector, out var count)
                ? new WorkItem.WriteBarrier(sector, words, count)
                : null,
            "discard" or "secure" => Place(rest, out var sector, out var count)
                ? new WorkItem.DiscardSectors(sector, count, kind == "secure")
                : null,
            "file" => new WorkItem.ReadFile(rest),
            "send" => Send(rest),
            "receive" => rest.Split(':', 2) is [var size, var words] && Number(size, out var bytes)
                ? new WorkItem.ReceivePacket(Small(bytes), words)
                : null,
            _ => null,
        };
    }

    /// <summary>Writes an item, escaped for a query.</summary>
    public static string Format(WorkItem item) => item switch
    {
        WorkItem.WriteText { Sectors: 0 } write => Text($"write:{write.Sector}:{Uri.EscapeDataString(write.Text)}"),
        WorkItem.WriteText write => Text($"write:{write.Sector}/{write.Sectors}:{Uri.EscapeDataString(write.Text)}"),
        WorkItem.ReadSectors read => Text($"read:{read.Sector}/{read.Count}"),
        WorkItem.CopySectors copy => Text($"copy:{copy.From}/{copy.Count}:{copy.To}"),
        WorkItem.WriteBarrier { Sectors: 0 } write =>
            Text($"barrier:{write.Sector}:{Uri.EscapeDataString(write.Text)}"),
        WorkItem.WriteBarrier write =>
            Text($"barrier:{write.Sector}/{write.Sectors}:{Uri.EscapeDataString(write.Text)}"),
        WorkItem.Flush => "flush",
        WorkItem.DiscardSectors discard =>
            Text($"{(discard.Secure ? "secure" : "discard")}:{discard.Sector}/{discard.Count}"),
        WorkItem.SendPacket { Offset: 256, Segment: 0, Blank: false } send =>
            Text($"send:{send.Bytes}:{Uri.EscapeDataString(send.Text)}"),
        WorkItem.SendPacket send => Text(
            $"send:{send.Bytes}/{send.Offset}/{send.Segment}/{(send.Blank ? 1 : 0)}:{Uri.EscapeDataString(send.Text)}"),
        WorkItem.ReceivePacket receive => Text($"receive:{receive.Bytes}:{Uri.EscapeDataString(receive.Text)}"),
        WorkItem.ReadFile file => Text($"file:{Uri.EscapeDataString(file.Name)}"),
        _ => throw new ArgumentOutOfRangeException(nameof(item)),
    };

    private static WorkItem.SendPacket? Send(string rest)
    {
        if (rest.Split(':', 2) is not [var numbers, var words])
        {
            return null;
        }

        var parts = numbers.Split('/');
        var values = new long[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!Number(parts[i], out values[i]))
            {
                return null;
            }
        }

        return values switch
        {
            [var bytes] => new WorkItem.SendPacket(Small(bytes), words),
            [var bytes, var offset, var segment, 0 or 1] => new WorkItem.SendPacket(
                Small(bytes), words, Small(offset), Small(segment), values[3] == 1),
            _ => null,
        };
    }

    // A number that is too large for the field is too large for its range as well.
    private static int Small(long number) => (int)Math.Min(number, int.MaxValue);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static bool Place(string text, out long sector, out int count)
    {
        var parts = text.Split('/');
        count = 0;
        return Number(parts[0], out sector)
            && (parts.Length == 1 || (parts.Length == 2
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out count)));
    }

    private static bool Number(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
