using System.Collections.Immutable;
using System.Resources;
using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>The bytes of the FIFO ABI: the control block of vCPU 0, and the event words around the ports on show.
/// </summary>
internal static class HexEvents
{
    // Whole lines of 16 bytes: four words each.
    private const int WordsShown = 8;

    private static readonly ResourceManager Texts = Words.Resource("HexText");

    /// <summary>The areas of a domain.</summary>
    public static IEnumerable<HexAreaView> Of(Moment moment, Domain domain, string side, Port port)
    {
        var m = moment.Machine;
        if (FifoWord.BlockOf(domain, 0) is var (mfn, at))
        {
            yield return HexProjector.Area(
                moment, "control-" + side, Texts.Say("control-" + side, domain.Id), mfn, at,
                EventChannel.ControlBlock.SizeBytes, [.. BlockFields(m, mfn, at)]);
        }

        // From the port of the first ring to that of the one on stage: the start does not move with the rows.
        var ring = RingSides.Of(m);
        var lowest = domain.Id == m.Driver().Id ? ring.BackPort : ring.FrontPort;
        var first = (lowest.Value == 0 ? port.Value : Math.Min(port.Value, lowest.Value)) / 4 * 4;
        var shown = Math.Max(WordsShown, (int)((port.Value / 4 * 4) + 4 - first));
        yield return Line(moment, domain, "words-" + side, new Port(first), shown);
        if (domain.Id == m.Driver().Id && m.DiskPort() is { Value: not 0 } device
            && (device.Value < first || device.Value >= first + shown))
        {
            yield return Line(moment, domain, "words-device", device, 4);
        }
    }

    private static HexAreaView Line(Moment moment, Domain domain, string id, Port port, int words)
    {
        var first = new Port(port.Value / 4 * 4);
        var (mfn, at) = FifoWord.PlaceOf(domain, first)!.Value;
        var length = Math.Min(words * 4, PageSize.Bytes - at);
        var page = moment.Machine.Frames[mfn].Page;
        return HexProjector.Area(
            moment, id, Texts.Say(id, domain.Id), mfn, at, length,
            [
                .. Enumerable.Range(0, length / 4).Select(i => new HexFieldView(
                    at + (i * 4), 4, $"word[{first.Value + i}]", Words.Hex(page.Load(at + (i * 4), 4), 8), Writer.Both,
                    false)
                {
                    Cites = "event_channel.h event_word_t",
                }),
            ]);
    }

    private static IEnumerable<HexFieldView> BlockFields(Machine m, Mfn mfn, int at)
    {
        var page = m.Frames[mfn].Page;
        var ready = EventChannel.ControlBlock.Ready;
        yield return Field(ready, ready.OffsetBytes, ready.Name, Words.Hex(page.Load(at + ready.OffsetBytes, 4), 4));
        for (var queue = 0; queue < EventChannel.Fifo.Queues; queue++)
        {
            var offset = EventChannel.ControlBlock.HeadBytes(queue);
            yield return Field(
                EventChannel.ControlBlock.Head, offset, $"head[{queue}]", Words.Decimal(page.Load(at + offset, 4)));
        }

        HexFieldView Field(Field of, int offset, string name, string value) =>
            new(at + offset, 4, name, value, of.Writer, false) { Cites = of.Citation };
    }
}
