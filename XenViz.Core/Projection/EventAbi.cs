using System.Collections.Immutable;
using System.Globalization;
using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>What a domain shares with Xen for its events, in the ABI that it has.</summary>
internal static class EventAbi
{
    /// <summary>The event word of a port; null with the 2-level ABI, and for a port without one.</summary>
    public static EventWordView? WordOf(Machine machine, Domain domain, Port port)
    {
        if (!domain.Events.IsFifo || FifoWord.PlaceOf(domain, port) is null || port.Value >= domain.Channels.Length)
        {
            return null;
        }

        var word = FifoWord.Load(machine, domain.Id, port);
        var channel = domain.Channels[(int)port.Value];
        return new EventWordView(
            word, Has(word, EventChannel.Fifo.LinkedBit), Has(word, EventChannel.Fifo.BusyBit),
            word & EventChannel.Fifo.LinkMask, channel.Priority, Has(Ready(machine, domain), channel.Priority));
    }

    /// <summary>True when a bit of an event word is set.</summary>
    public static bool Has(uint word, int bit) => ((word >> bit) & 1) != 0;

    /// <summary>Who writes a word that a domain shares with Xen: where the header says the guest, it means the kernel
    /// of the very domain.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="domain">Whose word.</param>
    /// <param name="field">The word.</param>
    public static Writer WriterIn(Machine machine, Domain domain, Field field) =>
        field.Writer == Writer.Guest && domain.Id == machine.Driver().Id ? Writer.Driver : field.Writer;

    /// <summary>The words of a domain.</summary>
    /// <param name="moment">When.</param>
    /// <param name="domain">Whose.</param>
    /// <param name="ports">Its ports on show.</param>
    public static EventDomainView Of(Moment moment, Domain domain, IEnumerable<Port> ports)
    {
        var fields = ImmutableArray.CreateBuilder<EventFieldView>();
        foreach (var (mfn, offset, field, name) in PlacesOf(moment.Machine, domain, ports))
        {
            var now = Text(moment.Machine, mfn, offset, field);
            var before = moment.Before.Frames.Find(mfn) is null ? now : Text(moment.Before, mfn, offset, field);
            fields.Add(new EventFieldView(
                name, now, before == now ? null : before, WriterIn(moment.Machine, domain, field), mfn.Value, offset,
                field.WidthBytes));
        }

        return new EventDomainView(
            domain.Id.Value, domain.Events.IsFifo ? "fifo" : "2l", fields.ToImmutable(),
            domain.Events.IsFifo ? QueuesOf(moment.Machine, domain) : []);
    }

    /// <summary>The fields of a domain's control block that are on show: the ready word, and heads that are not 0.
    /// </summary>
    public static IEnumerable<(Mfn Mfn, int Offset, Field Field, string Name)> BlockOf(Machine machine, Domain domain)
    {
        if (FifoWord.BlockOf(domain, 0) is not var (mfn, at))
        {
            yield break;
        }

        var ready = EventChannel.ControlBlock.Ready;
        yield return (mfn, at + ready.OffsetBytes, ready, ready.Name);
        for (var queue = 0; queue < EventChannel.Fifo.Queues; queue++)
        {
            var head = Head(queue);
            if (machine.Frames[mfn].Page.Load(at + head.OffsetBytes, 4) != 0
                || queue == EventChannel.Fifo.PriorityDefault)
            {
                yield return (mfn, at + head.OffsetBytes, head, head.Name);
            }
        }
    }

    private static Field Head(int queue) => new(
        EventChannel.ControlBlock.HeadBytes(queue), 4, $"head[{queue}]", EventChannel.ControlBlock.Head.Writer,
        EventChannel.ControlBlock.Head.Citation);

    private static IEnumerable<(Mfn Mfn, int Offset, Field Field, string Name)> PlacesOf(
        Machine machine, Domain domain, IEnumerable<Port> ports)
    {
        foreach (var field in new[] { Xen.VcpuInfo.UpcallPending, Xen.VcpuInfo.UpcallMask })
        {
            yield return (domain.SharedInfo, field.OffsetBytes, field, field.Name);
        }

        if (domain.Events.IsFifo)
        {
            foreach (var place in BlockOf(machine, domain))
            {
                yield return place;
            }

            yield break;
        }

        yield return (
            domain.SharedInfo, Xen.VcpuInfo.PendingSel.OffsetBytes, Xen.VcpuInfo.PendingSel,
            Xen.VcpuInfo.PendingSel.Name);
        foreach (var map in new[] { Xen.SharedInfo.EvtchnPending, Xen.SharedInfo.EvtchnMask })
        {
            foreach (var word in ports.Select(p => p.Word).Distinct().Order())
            {
                var field = new Field(map.OffsetBytes + (word * 8), 8, map.Name, map.Writer, map.Citation);
                yield return (domain.SharedInfo, field.OffsetBytes, field, $"{map.Name}[{word}]");
            }
        }
    }

    private static string Text(Machine machine, Mfn mfn, int offset, Field field)
    {
        var value = machine.Frames[mfn].Page.Load(offset, field.WidthBytes);
        return field.WidthBytes == 1 || field.Name.StartsWith("head", StringComparison.Ordinal)
            ? value.ToString(CultureInfo.InvariantCulture)
            : "0x" + value.ToString(field.WidthBytes == 4 ? "x4" : "x", CultureInfo.InvariantCulture);
    }

    private static uint Ready(Machine machine, Domain domain) => FifoWord.BlockOf(domain, 0) is var (mfn, at)
        ? (uint)machine.Frames[mfn].Page.Load(at + EventChannel.ControlBlock.Ready.OffsetBytes, 4)
        : 0;

    /// <summary>The queues of vCPU 0 that hold ports. A handler at work keeps its heads to itself, so the order is read
    /// off the words: each link names the next port.</summary>
    internal static ImmutableArray<EventQueueView> QueuesOf(Machine machine, Domain domain)
    {
        var linked = new SortedDictionary<int, List<(uint Port, uint Word)>>();
        for (uint port = 1; port < domain.Channels.Length; port++)
        {
            var word = FifoWord.Load(machine, domain.Id, new Port(port));
            var channel = domain.Channels[(int)port];
            if (Has(word, EventChannel.Fifo.LinkedBit) && channel.LastVcpu == 0)
            {
                if (!linked.TryGetValue(channel.LastPriority, out var queue))
                {
                    linked[channel.LastPriority] = queue = [];
                }

                queue.Add((port, word));
            }
        }

        var ready = Ready(machine, domain);
        return
        [
            .. linked.Select(q => new EventQueueView(
                q.Key, ((ready >> q.Key) & 1) != 0,
                q.Key < domain.Events.Tails.Length ? domain.Events.Tails[q.Key] : 0, InOrder(q.Value))),
        ];
    }

    private static ImmutableArray<EventLinkView> InOrder(List<(uint Port, uint Word)> ports)
    {
        var words = ports.ToDictionary(p => p.Port, p => p.Word);
        var targets = words.Values.Select(w => w & EventChannel.Fifo.LinkMask).ToHashSet();
        var order = ImmutableArray.CreateBuilder<EventLinkView>();

        // The longest chain is the queue; a port that Xen is about to link is a chain of its own.
        var firsts = words.Keys.Where(p => !targets.Contains(p));
        foreach (var chain in firsts.Select(Follow).OrderByDescending(c => c.Count))
        {
            var joined = order.Count == 0;
            order.AddRange(chain.Select(p => new EventLinkView(
                p, Has(words[p], EventChannel.Fifo.PendingBit), Has(words[p], EventChannel.Fifo.MaskedBit), joined)));
        }

        return order.ToImmutable();

        List<uint> Follow(uint first)
        {
            var chain = new List<uint>();
            for (var at = first; words.ContainsKey(at) && !chain.Contains(at);
                at = words[at] & EventChannel.Fifo.LinkMask)
            {
                chain.Add(at);
            }

            return chain;
        }
    }
}
