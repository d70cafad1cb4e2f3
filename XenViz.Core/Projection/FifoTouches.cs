using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Which ports and queues an access to a page of event words or a control block is about.</summary>
internal static class FifoTouches
{
    private static readonly (string Name, int Bit)[] Flags =
    [
        ("pending", EventChannel.Fifo.PendingBit), ("mask", EventChannel.Fifo.MaskedBit),
        ("linked", EventChannel.Fifo.LinkedBit), ("busy", EventChannel.Fifo.BusyBit),
    ];

    /// <summary>The flags and the link of an event word: those that changed, or where none did those that are set.
    /// </summary>
    public static IEnumerable<RowTouch> OfWord(MachineEvent.Accessed access, Frame frame, Machine machine)
    {
        var page = machine[frame.Owner].Events.WordFrames.IndexOf(frame.Mfn);
        var port = Text((ulong)((Math.Max(0, page) * EventChannel.Fifo.WordsPerPage) + (access.Offset / 4)));
        var shift = access.Offset % 4 * 8;
        var (was, now) = (Number(access.Before) << shift, Number(access.After) << shift);
        foreach (var (name, bit) in Flags)
        {
            var (before, after) = ((was >> bit) & 1, (now >> bit) & 1);
            if (was != now ? before != after : after == 1)
            {
                yield return new RowTouch("port", port, name, Text(before), Text(after));
            }
        }

        var (old, link) = (was & EventChannel.Fifo.LinkMask, now & EventChannel.Fifo.LinkMask);
        if (was != now ? old != link : link != 0)
        {
            yield return new RowTouch("port", port, "link", Text(old), Text(link));
        }
    }

    /// <summary>The ready word or a head.</summary>
    public static IEnumerable<RowTouch> OfBlock(MachineEvent.Accessed access, Frame frame, Machine machine)
    {
        var at = FifoWord.BlockOf(machine[frame.Owner], 0)?.OffsetBytes ?? 0;
        var offset = access.Offset - at;
        var head = EventChannel.ControlBlock.Head.OffsetBytes;
        var shift = offset < head ? offset % 4 * 8 : 0;
        yield return new RowTouch(
            "vcpu", frame.Owner.ToString(), offset < head ? "ready" : "head",
            Hex(Number(access.Before) << shift), Hex(Number(access.After) << shift));
        if (offset >= head && Number(access.After) is var port and not 0)
        {
            yield return new RowTouch("port", Text(port), "head", "", Text((ulong)(offset - head) / 4));
        }
    }

    private static ulong Number(byte[] bytes)
    {
        var value = 0UL;
        for (var i = Math.Min(4, bytes.Length) - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
