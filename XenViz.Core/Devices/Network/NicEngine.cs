using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Devices.Network;

/// <summary>The locals of the card.</summary>
public struct NicLocals : ILocals
{
    /// <summary>The element of the frame at work.</summary>
    public int Element;

    /// <summary>Bytes of the incoming frame that are in memory.</summary>
    public int Moved;

    /// <summary>True when the IOMMU refused.</summary>
    public bool Failed;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Device;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Element);
        hasher.Add(Moved);
        hasher.Add(Failed);
    }
}

/// <summary>
/// The card as a listing: it reads frames out of memory and puts them on the wire, and it puts frames of the wire into
/// pages that its driver gave it; each address is checked by the IOMMU of the domain that the card belongs to.
/// </summary>
public sealed class NicEngine
{
    private readonly DomId _domain;
    private readonly Port _port;
    private readonly Action<Draft, uint, bool> _sent;
    private readonly Action<Draft, ImmutableArray<SgElement>> _arrived;

    /// <summary>Makes the engine of a card that is passed through to a domain.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="port">The domain's port of the card's interrupt.</param>
    /// <param name="sent">Tells the driver that a frame is on the wire, or that it could not be read.</param>
    /// <param name="arrived">Tells the driver that a frame is in its pages.</param>
    public NicEngine(
        DomId domain, Port port, Action<Draft, uint, bool> sent, Action<Draft, ImmutableArray<SgElement>> arrived)
    {
        (_domain, _port, _sent, _arrived) = (domain, port, sent, arrived);
        Listing = new("nic", "network card", Actor.Device, false, Rows());
    }

    /// <summary>The listing.</summary>
    public Listing<NicLocals> Listing { get; }

    private Row<NicLocals>[] Rows() =>
    [
        new() { Label = "wait", Decide = (in NicLocals f, Machine m) => Begin(f, (Nic)m.Disk!) },
        new()
        {
            Label = "check", Kind = AccessKind.Private, Cites = "passthrough/vtd/iommu.c",
            Text = "IOMMU: may this device read the frame?",
            Body = (ref NicLocals f, ref GuestCpu cpu) =>
            {
                var element = ((Nic)cpu.Draft.Disk!).Queue.Peek().Elements[f.Element];
                return Check(ref f, cpu.Draft, element, false) ? Flow.Next : Flow.To("interrupt");
            },
        },
        new()
        {
            Label = "move", Kind = AccessKind.Dma, Cites = "passthrough/iommu.c",
            Text = "DMA: read the bytes out of the frame", Body = Read,
        },
        new()
        {
            Label = "transmit", Kind = AccessKind.Private, Cites = "netdev_features.h NETIF_F_HW_CSUM, NETIF_F_TSO",
            Text = "fill in the checksum, cut into segments if asked; onto the wire", Body = Transmit,
        },
        new()
        {
            Label = "interrupt", Kind = AccessKind.Notify, Cites = "event_channel.c send_guest_pirq",
            Text = "done: interrupt; Xen raises the port bound to it", Body = Sent,
        },
        new()
        {
            Label = "rx_check", Kind = AccessKind.Private, Cites = "passthrough/vtd/iommu.c",
            Text = "a frame comes in; IOMMU: may this device write the page?",
            Body = (ref NicLocals f, ref GuestCpu cpu) =>
            {
                var nic = (Nic)cpu.Draft.Disk!;
                var bytes = Math.Min(PageSize.Bytes, nic.Incoming[0].Length - f.Moved);
                var element = new SgElement(nic.Free.Peek().Address(0), bytes);
                return Check(ref f, cpu.Draft, element, true) ? Flow.Next : Lose(ref f, cpu.Draft);
            },
        },
        new()
        {
            Label = "rx_move", Kind = AccessKind.Dma, Cites = "passthrough/iommu.c",
            Text = "DMA: write the bytes of the frame into the page", Body = Write,
        },
        new()
        {
            Label = "rx_interrupt", Kind = AccessKind.Notify, Cites = "event_channel.c send_guest_pirq",
            Text = "a frame is there: interrupt; Xen raises the port bound to it", Body = Received,
        },
    ];

    private static string? Begin(in NicLocals f, Nic nic)
    {
        if (!nic.Queue.IsEmpty)
        {
            return "check";
        }

        return !nic.Incoming.IsEmpty && nic.Free.Count() * PageSize.Bytes >= nic.Incoming[0].Length
            ? "rx_check"
            : null;
    }

    private bool Check(ref NicLocals f, Draft draft, SgElement element, bool toMemory)
    {
        var nic = (Nic)draft.Disk!;
        var mfn = new Mfn(element.BusAddress >> PageSize.Shift);
        var allowed = nic.Iommu.BusMaster && nic.Iommu.Allows(draft, _domain, mfn, toMemory);
        draft.Say(new MachineEvent.IommuChecked(element.BusAddress, toMemory, allowed));
        draft.Disk = nic with
        {
            Activity = DiskActivity.Checking, Current = element, CurrentToMemory = toMemory,
        };
        if (!allowed)
        {
            var after = nic.Iommu.Faulted();
            draft.Disk = (Nic)draft.Disk with { Iommu = after };
            draft.Say(new MachineEvent.DmaFaulted(
                _domain, element.BusAddress, toMemory, toMemory ? Iommu.WriteNotPermitted : Iommu.ReadNotPermitted,
                !after.BusMaster));
            draft.Say(new MachineEvent.Outcome("fault"));
            f.Failed = true;
        }

        return allowed;
    }

    private Flow Read(ref NicLocals f, ref GuestCpu cpu)
    {
        cpu.Acknowledge();
        var nic = (Nic)cpu.Draft.Disk!;
        var command = nic.Queue.Peek();
        var element = command.Elements[f.Element];
        var mfn = new Mfn(element.BusAddress >> PageSize.Shift);
        var inPage = (int)(element.BusAddress % PageSize.Bytes);
        cpu.Draft.Disk = nic with
        {
            Buffer = nic.Buffer.AddRange(cpu.Draft.PeekBytes(mfn, inPage, element.Bytes)),
            Activity = DiskActivity.Moved,
        };
        cpu.Draft.Say(new MachineEvent.DmaMoved(_domain, mfn, inPage, element.Bytes, 0, false));
        f.Element++;
        return f.Element < command.Elements.Length ? Flow.To("check") : Flow.Next;
    }

    private static Flow Transmit(ref NicLocals f, ref GuestCpu cpu)
    {
        var nic = (Nic)cpu.Draft.Disk!;
        var command = nic.Queue.Peek();
        var frames = command.SegmentBytes > 0
            ? TcpSegments.Cut(nic.Buffer.AsSpan(), command.SegmentBytes)
            : [Filled(nic.Buffer, command.FillChecksum)];
        cpu.Draft.Say(new MachineEvent.Noted("frames", frames.Length));
        cpu.Draft.Say(new MachineEvent.Outcome(frames.Length > 1 ? "cut" : command.FillChecksum ? "filled" : ""));
        cpu.Draft.Disk = nic with { Sent = nic.Sent.AddRange(frames), Buffer = [] };
        return Flow.Next;
    }

    private static ImmutableArray<byte> Filled(ImmutableArray<byte> frame, bool fill)
    {
        if (!fill)
        {
            return frame;
        }

        var bytes = frame.ToArray();
        EthernetFrames.FillChecksum(bytes);
        return [.. bytes];
    }

    private Flow Sent(ref NicLocals f, ref GuestCpu cpu)
    {
        cpu.Acknowledge();
        var nic = (Nic)cpu.Draft.Disk!;
        cpu.Draft.Disk = nic with
        {
            Queue = nic.Queue.Dequeue(out var command), Buffer = [], Activity = DiskActivity.Done,
        };
        _sent(cpu.Draft, command.Tag, !f.Failed);
        cpu.Draft.Say(new MachineEvent.InterruptRaised(_domain, _port, command.Tag, !f.Failed));
        return Raise(ref f, cpu.Draft);
    }

    private Flow Write(ref NicLocals f, ref GuestCpu cpu)
    {
        cpu.Acknowledge();
        var nic = (Nic)cpu.Draft.Disk!;
        var free = nic.Free.Dequeue(out var mfn);
        var frame = nic.Incoming[0];
        var bytes = Math.Min(PageSize.Bytes, frame.Length - f.Moved);
        cpu.Draft.Poke(mfn, 0, frame.AsSpan().Slice(f.Moved, bytes));
        cpu.Draft.Say(new MachineEvent.DmaMoved(_domain, mfn, 0, bytes, 0, true));
        f.Moved += bytes;
        cpu.Draft.Disk = nic with
        {
            Free = free, Filled = nic.Filled.Add(new SgElement(mfn.Address(0), bytes)), Activity = DiskActivity.Moved,
        };
        return f.Moved < frame.Length ? Flow.To("rx_check") : Flow.Next;
    }

    private Flow Received(ref NicLocals f, ref GuestCpu cpu)
    {
        cpu.Acknowledge();
        var nic = (Nic)cpu.Draft.Disk!;
        cpu.Draft.Disk = nic with
        {
            Incoming = nic.Incoming.RemoveAt(0), Filled = [], Activity = DiskActivity.Done,
        };
        _arrived(cpu.Draft, nic.Filled);
        cpu.Draft.Say(new MachineEvent.InterruptRaised(_domain, _port, 0, true));
        return Raise(ref f, cpu.Draft);
    }

    // A frame that the card may not put into memory is lost; what it has filled so far stays with it.
    private static Flow Lose(ref NicLocals f, Draft draft)
    {
        var nic = (Nic)draft.Disk!;
        draft.Disk = nic with { Incoming = nic.Incoming.RemoveAt(0) };
        f = default;
        return Flow.To("wait");
    }

    private Flow Raise(ref NicLocals f, Draft draft)
    {
        f = default;
        var delivery = new DeliveryLocals { Target = _domain, Port = _port, Part = Phase.Device };
        return Flow.Call(EventDelivery.RaiseIn(draft, delivery), "wait");
    }
}
