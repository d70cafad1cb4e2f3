using System.Collections.Immutable;
using System.Resources;
using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>The Events tab: bits decoded from pages shared with Xen, and the way of the last notification.</summary>
public static class EventProjector
{
    private static readonly ResourceManager Texts = Words.Resource("EventText");

    /// <summary>Makes the view.</summary>
    public static EventChannelView Of(Moment moment)
    {
        var m = moment.Machine;
        var ports = m.EventPorts().Select(p => Port(m, p.Domain, p.Port)).OfType<PortView>().ToImmutableArray();
        var told = moment.Rows.Select(r => (r.Number, r.Before)).ToHashSet();
        return new EventChannelView
        {
            Ports = ports,
            Domains =
            [
                .. ports.GroupBy(p => p.Domain).Select(g => EventAbi.Of(
                    moment, m[new DomId(g.Key)], g.Select(p => new Port(p.Number)))),
            ],
            Way =
            [
                .. moment.LastNotification.Select(row => new EventStepView(
                    row.Number, Texts.Say(row.Record.Row.Label == "send" ? "send" : row.Record.Row.Label),
                    BitOf(row), told.Contains((row.Number, row.Before)))),
            ],
        };
    }

    /// <summary>A port with its bits, or null when the domain has no such port.</summary>
    public static PortView? Port(Machine machine, DomId domain, Port port)
    {
        if (machine.Find(domain) is not { } owner || port.Value == 0 || port.Value >= owner.Channels.Length)
        {
            return null;
        }

        var channel = owner.Channels[(int)port.Value];
        var info = machine.Frames[owner.SharedInfo].Page;
        var word = EventAbi.WordOf(machine, owner, port);
        var bound = channel.State == ChannelState.Interdomain;
        return new PortView(
            domain.Value, port.Value, channel.State.ToString().ToLowerInvariant(),
            bound || channel.State == ChannelState.Unbound ? channel.RemoteDomain.Value : null,
            bound ? channel.RemotePort.Value : null,
            Of(EventChannel.Fifo.PendingBit, Xen.SharedInfo.PendingByteOf(port).OffsetBytes),
            Of(EventChannel.Fifo.MaskedBit, Xen.SharedInfo.MaskByteOf(port).OffsetBytes),
            word is null && Bit(Xen.VcpuInfo.PendingSel.OffsetBytes + (port.Word / 8), port.Word % 8),
            Bit(Xen.VcpuInfo.UpcallPending.OffsetBytes, 0), Bit(Xen.VcpuInfo.UpcallMask.OffsetBytes, 0))
        {
            Fifo = word,
        };

        bool Of(int fifoBit, int at) => word is null ? Bit(at, port.Bit % 8) : EventAbi.Has(word.Word, fifoBit);

        bool Bit(int at, int bit) => ((info.Load(at, 1) >> bit) & 1) != 0;
    }

    private static string BitOf(PlayedRow row)
    {
        if (row.Events.OfType<MachineEvent.Accessed>().FirstOrDefault() is { } access)
        {
            return FifoWords.Speaks(row.After)
                && EventBits.OfFifo(row, access) is { } bit
                ? bit
                : EventBits.OfTwoLevel(row.Record.Row.Label, access);
        }

        return row.Events.OfType<MachineEvent.Woken>().FirstOrDefault() is { } woken
            ? Texts.Say(woken.WasBlocked ? "asleep_awake" : "interrupted")
            : "";
    }
}
