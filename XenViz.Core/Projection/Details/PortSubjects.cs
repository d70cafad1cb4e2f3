using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection.Details;

/// <summary>Ends of event channels, bit by bit.</summary>
internal static class PortSubjects
{
    /// <summary>A port; null when the domain has none of this number.</summary>
    public static Subject? Of(Moment moment, DomId domain, Port port)
    {
        var machine = moment.Machine;
        if (EventProjector.Port(machine, domain, port) is not { } view)
        {
            return null;
        }

        if (view.Fifo is { } word)
        {
            return OfWord(machine, domain, port, view, word);
        }

        var info = machine[domain].SharedInfo;
        var pending = Xen.SharedInfo.PendingByteOf(port);
        return new Subject
        {
            Title = Subjects.Say("Title_port", port, domain),
            About = view.PeerNumber is { } peer
                ? Subjects.Say("About_port_to", view.PeerDomain, peer)
                : Subjects.Say(view.State == "pirq" ? "About_port_pirq" : "About_port"),
            Mark = Writer.Xen,
            Owner = Subjects.Owner(machine, domain),
            Writes = Subjects.Say("Writes_port"),
            Name = "struct evtchn, shared_info.evtchn_pending, evtchn_mask",
            Value = Subjects.Say(
                view.Masked ? "Value_port_masked" : view.Pending ? "Value_port_pending" : "Value_port_quiet"),
            At = new Place(info, pending.OffsetBytes, 1),
            Parts =
            [
                Bit("evtchn_pending", view.Pending, pending, Xen.SharedInfo.EvtchnPending, port.Bit % 8),
                Bit(
                    "evtchn_mask", view.Masked, Xen.SharedInfo.MaskByteOf(port), Xen.SharedInfo.EvtchnMask,
                    port.Bit % 8),
                Bit(
                    "evtchn_pending_sel", view.Selector, Xen.VcpuInfo.PendingSel.At(port.Word / 8),
                    Xen.VcpuInfo.PendingSel, port.Word % 8),
                Bit(
                    "evtchn_upcall_pending", view.UpcallPending, Xen.VcpuInfo.UpcallPending,
                    Xen.VcpuInfo.UpcallPending, 0),
                Bit("evtchn_upcall_mask", view.UpcallMasked, Xen.VcpuInfo.UpcallMask, Xen.VcpuInfo.UpcallMask, 0),
                State(domain, port, view),
            ],
        };

        Part Bit(string name, bool value, Field at, Field named, int bit) => new(name, value ? "1" : "0", named.Writer)
        {
            Cites = named.Citation, At = new Place(info, at.OffsetBytes, 1), Bits = (byte)(1 << bit),
        };
    }

    private static Part State(DomId domain, Port port, PortView view) => new("state", view.State, Writer.Xen)
    {
        Cites = "sched.h evtchn.state",
        Fact = m => m.Find(domain) is { } owner && port.Value < owner.Channels.Length
            ? owner.Channels[(int)port.Value] with { LastVcpu = 0, LastPriority = 0 }
            : null,
    };

    private static Subject OfWord(Machine machine, DomId domain, Port port, PortView view, EventWordView word)
    {
        var (mfn, at) = FifoWord.PlaceOf(machine[domain], port)!.Value;
        return new Subject
        {
            Title = Subjects.Say("Title_port", port, domain),
            About = view.PeerNumber is { } peer
                ? Subjects.Say("About_port_fifo_to", view.PeerDomain, peer)
                : Subjects.Say(view.State == "pirq" ? "About_port_fifo_pirq" : "About_port_fifo"),
            Mark = Writer.Xen,
            Owner = Subjects.Owner(machine, domain),
            Writes = Subjects.Say("Writes_port_fifo"),
            Name = "event_word_t, struct evtchn",
            Value = Words.Hex(word.Word, 8) + ": " + (view.Masked ? Subjects.Say("Value_port_masked")
                : view.Pending && word.Linked ? Subjects.Say("Value_port_linked", word.Priority)
                : Subjects.Say(view.Pending ? "Value_port_pending" : "Value_port_quiet")),
            At = new Place(mfn, at, 4),
            Parts =
            [
                Flag("PENDING", view.Pending, EventChannel.Fifo.PendingBit, Writer.Both),
                Flag("MASKED", view.Masked, EventChannel.Fifo.MaskedBit, Writer.Both),
                Flag("LINKED", word.Linked, EventChannel.Fifo.LinkedBit, Writer.Both),
                Flag("BUSY", word.Busy, EventChannel.Fifo.BusyBit, Writer.Xen),
                new Part("link", Subjects.Text(word.Link), Writer.Both)
                {
                    Cites = "event_channel.h EVTCHN_FIFO_LINK_MASK", At = new Place(mfn, at, 3),
                },
                new Part(Subjects.Say("Part_priority"), Subjects.Text(word.Priority), Writer.Xen)
                {
                    Cites = "sched.h evtchn.priority",
                    Fact = m => m.Find(domain)?.Channels.ElementAtOrDefault((int)port.Value).Priority,
                },
                State(domain, port, view),
            ],
        };

        Part Flag(string name, bool value, int bit, Writer writer) => new(name, value ? "1" : "0", writer)
        {
            Cites = "event_channel.h EVTCHN_FIFO_" + name, At = new Place(mfn, at + (bit / 8), 1),
            Bits = (byte)(1 << (bit % 8)),
        };
    }
}
