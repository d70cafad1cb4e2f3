using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Events;

namespace XenViz.Core.Projection;

/// <summary>The bit or word that a row on the way of a notification moved, as <c>pending 0 → 1</c>.</summary>
internal static class EventBits
{
    /// <summary>Of a row of the 2-level ABI, or of both.</summary>
    public static string OfTwoLevel(string label, MachineEvent.Accessed access)
    {
        var name = label switch
        {
            "set_pending" or "clear_pending" or "load_pending" => "pending",
            "test_mask" or "load_mask" => "mask",
            "set_selector" or "take_selector" => "selector",
            "set_upcall" or "lower" => "upcall",
            "upcall" or "return" => "upcall mask",
            _ => "",
        };
        if (name.Length == 0)
        {
            return "";
        }

        var changed = !access.Before.AsSpan().SequenceEqual(access.After);
        var was = access.Before.AsSpan().ContainsAnyExcept((byte)0) ? "1" : "0";
        var now = access.After.AsSpan().ContainsAnyExcept((byte)0) ? "1" : "0";
        if (label is "set_pending" or "set_selector" or "set_upcall")
        {
            (was, now) = changed ? ("0", "1") : ("1", "1");
        }
        else if (label == "clear_pending")
        {
            (was, now) = ("1", "0");
        }

        return changed ? $"{name} {was} → {now}" : $"{name} {now}";
    }

    /// <summary>Of a row of the FIFO ABI; null for one that both have.</summary>
    public static string? OfFifo(PlayedRow row, MachineEvent.Accessed access)
    {
        var (was, now) = (Number(access.Before), Number(access.After));
        return row.Record.Row.Label switch
        {
            "set_pending" => Flag("PENDING", access, EventChannel.Fifo.PendingBit),
            "test_mask" or "open" or "clear_masked" => Flag("MASKED", access, EventChannel.Fifo.MaskedBit),
            "set_linked" or "load_tail" or "unlink" => Flag("LINKED", access, EventChannel.Fifo.LinkedBit),
            "set_busy" or "clear_busy" => Flag("BUSY", access, EventChannel.Fifo.BusyBit),
            "test" or "clear" or "test_pending" => Flag("PENDING", access, EventChannel.Fifo.PendingBit),
            "link_tail" => Change("link", was & EventChannel.Fifo.LinkMask, now & EventChannel.Fifo.LinkMask),
            "store_head" => Change(Head(row), was, now),
            "load_head" => Change(Head(row), now, now),
            "set_ready" => Flag("ready", access, Queue(row)),
            "take_ready" or "take_again" => Change("ready", was, now, "x4"),
            _ => null,
        };
    }

    private static string Head(PlayedRow row) => $"head[{Queue(row)}]";

    private static int Queue(PlayedRow row) =>
        (int)(row.Events.OfType<MachineEvent.Noted>().FirstOrDefault(n => n.Name == "queue")?.Value ?? 0);

    // Xen sets and clears bits byte by byte, the guest word by word.
    private static string Flag(string name, MachineEvent.Accessed access, int bit)
    {
        var shift = bit - (access.Offset % 4 * 8);
        return Change(name, (Number(access.Before) >> shift) & 1, (Number(access.After) >> shift) & 1);
    }

    private static string Change(string name, ulong was, ulong now, string? hex = null) =>
        was == now ? $"{name} {Text(now, hex)}" : $"{name} {Text(was, hex)} → {Text(now, hex)}";

    private static string Text(ulong value, string? hex) => hex is null
        ? value.ToString(CultureInfo.InvariantCulture)
        : "0x" + value.ToString(hex, CultureInfo.InvariantCulture);

    private static ulong Number(byte[] bytes)
    {
        var value = 0UL;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }
}
