using System.Collections.Immutable;
using System.Resources;
using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>The Events tab: bits decoded from the shared info pages, and the way of the last notification.</summary>
public static class EventProjector
{
    private static readonly ResourceManager Texts = Words.Resource("EventText");

    /// <summary>Makes the view.</summary>
    public static EventChannelView Of(Moment moment)
    {
        var m = moment.Machine;
        var ports = ImmutableArray.CreateBuilder<PortView>();
        Add(m.Driver().Id, RingSides.Of(m).BackPort);
        Add(m.Guest().Id, RingSides.Of(m).FrontPort);
        Add(m.Driver().Id, m.DiskPort());
        var told = moment.Rows.Select(r => (r.Number, r.Before)).ToHashSet();
        return new EventChannelView
        {
            Ports = ports.ToImmutable(),
            Way =
            [
                .. moment.LastNotification.Select(row => new EventStepView(
                    row.Number, Texts.Say(row.Record.Row.Label == "send" ? "send" : row.Record.Row.Label),
                    BitOf(row), told.Contains((row.Number, row.Before)))),
            ],
        };

        void Add(DomId domain, Port port)
        {
            if (port.Value != 0 && Port(m, domain, port) is { } view)
            {
                ports.Add(view);
            }
        }
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
        var bound = channel.State == ChannelState.Interdomain;
        return new PortView(
            domain.Value, port.Value, channel.State.ToString().ToLowerInvariant(),
            bound || channel.State == ChannelState.Unbound ? channel.RemoteDomain.Value : null,
            bound ? channel.RemotePort.Value : null,
            Bit(Xen.SharedInfo.PendingByteOf(port).OffsetBytes, port.Bit % 8),
            Bit(Xen.SharedInfo.MaskByteOf(port).OffsetBytes, port.Bit % 8),
            Bit(Xen.VcpuInfo.PendingSel.OffsetBytes + (port.Word / 8), port.Word % 8),
            Bit(Xen.VcpuInfo.UpcallPending.OffsetBytes, 0), Bit(Xen.VcpuInfo.UpcallMask.OffsetBytes, 0));

        bool Bit(int at, int bit) => ((info.Load(at, 1) >> bit) & 1) != 0;
    }

    private static string BitOf(PlayedRow row)
    {
        var access = row.Events.OfType<MachineEvent.Accessed>().FirstOrDefault();
        if (access is null)
        {
            return row.Events.OfType<MachineEvent.Woken>().FirstOrDefault() is { } woken
                ? Texts.Say(woken.WasBlocked ? "asleep_awake" : "interrupted")
                : "";
        }

        var name = row.Record.Row.Label switch
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
        if (row.Record.Row.Label is "set_pending" or "set_selector" or "set_upcall")
        {
            (was, now) = changed ? ("0", "1") : ("1", "1");
        }
        else if (row.Record.Row.Label == "clear_pending")
        {
            (was, now) = ("1", "0");
        }

        return changed ? $"{name} {was} → {now}" : $"{name} {now}";
    }
}
