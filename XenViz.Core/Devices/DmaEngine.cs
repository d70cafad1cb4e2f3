using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Devices;

/// <summary>The locals of the disk's DMA engine.</summary>
public struct DmaLocals : ILocals
{
    /// <summary>The element of the command at work.</summary>
    public int Element;

    /// <summary>Bytes of the command that were moved.</summary>
    public int Moved;

    /// <summary>True when the IOMMU refused an element.</summary>
    public bool Faulted;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Device;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Element);
        hasher.Add(Moved);
        hasher.Add(Faulted);
    }
}

/// <summary>
/// The disk's DMA engine as a listing: it works on bus addresses, each checked by the IOMMU of the domain that the disk
/// belongs to, and moves real bytes between frames and the disk.
/// </summary>
public sealed class DmaEngine
{
    private readonly DomId _domain;
    private readonly Port _port;
    private readonly Action<Draft, uint, bool> _completed;

    /// <summary>Makes the engine of a disk that is passed through to a domain.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="port">The domain's port of the disk's interrupt.</param>
    /// <param name="completed">Tells the domain's disk driver that a command is done, and whether well: a status in the
    /// driver's memory, written just before the interrupt.</param>
    public DmaEngine(DomId domain, Port port, Action<Draft, uint, bool> completed)
    {
        _domain = domain;
        _port = port;
        _completed = completed;
        Listing = new("disk", "disk controller", Actor.Device, false, Rows());
    }

    /// <summary>The listing.</summary>
    public Listing<DmaLocals> Listing { get; }

    /// <summary>
    /// What the IOMMU says: a device reaches the frames of its domain and the grants that are mapped at the moment
    /// (FACTS g.3).
    /// </summary>
    public static bool Allows(Draft draft, DomId domain, Mfn mfn, bool write)
    {
        if (draft.Frames.Find(mfn) is not { } frame)
        {
            return false;
        }

        var owner = draft.Domain(domain);
        if (frame.Owner == domain || !owner.IommuSync)
        {
            return true;
        }

        var right = owner.Iommu.TryGetValue(mfn.Value, out var use) ? Grants.AccessOf(use) : DeviceAccess.None;
        return write ? right == DeviceAccess.ReadWrite : right != DeviceAccess.None;
    }

    private Row<DmaLocals>[] Rows() =>
    [
        new()
        {
            Label = "wait", Decide = (in DmaLocals _, Machine m) => ((Disk)m.Disk!).Queue.IsEmpty ? null : "check",
        },
        new()
        {
            Label = "check", Kind = AccessKind.Private, Cites = "passthrough/vtd/iommu.c",
            Text = "IOMMU: may this device use the frame?", Body = Check,
        },
        new()
        {
            Label = "move", Kind = AccessKind.Dma, Cites = "passthrough/iommu.c",
            Text = "DMA: move the bytes between frame and disk", Body = Move,
        },
        new()
        {
            Label = "interrupt", Kind = AccessKind.Notify, Cites = "event_channel.c send_guest_pirq",
            Text = "done: interrupt; Xen raises the port bound to it", Body = Interrupt,
        },
    ];

    private Flow Check(ref DmaLocals f, ref GuestCpu cpu)
    {
        var disk = (Disk)cpu.Draft.Disk!;
        var command = disk.Queue.Peek();
        var element = command.Elements[f.Element];
        var mfn = new Mfn(element.BusAddress >> PageSize.Shift);
        var allowed = Allows(cpu.Draft, _domain, mfn, command.ToMemory);
        cpu.Draft.Say(new MachineEvent.IommuChecked(element.BusAddress, command.ToMemory, allowed));
        cpu.Draft.Disk = disk with
        {
            Activity = DiskActivity.Checking, Current = element, CurrentToMemory = command.ToMemory,
            CurrentSector = command.Sector + (ulong)(f.Moved / Sector.SizeBytes),
        };
        if (allowed)
        {
            return Flow.Next;
        }

        cpu.Draft.Say(new MachineEvent.Outcome("fault"));
        f.Faulted = true;
        return Flow.To("interrupt");
    }

    private Flow Move(ref DmaLocals f, ref GuestCpu cpu)
    {
        cpu.Acknowledge();
        var draft = cpu.Draft;
        var disk = (Disk)draft.Disk!;
        var command = disk.Queue.Peek();
        var element = command.Elements[f.Element];
        var mfn = new Mfn(element.BusAddress >> PageSize.Shift);
        var inPage = (int)(element.BusAddress % Page.Size);
        var onDisk = ((long)command.Sector * Sector.SizeBytes) + f.Moved;
        var bytes = new byte[element.Bytes];
        if (command.ToMemory)
        {
            disk.Read(onDisk, bytes);
            draft.Poke(mfn, inPage, bytes);
        }
        else
        {
            draft.Frames[mfn].Page.Read(inPage, bytes);
            disk = disk.Write(onDisk, bytes);
        }

        draft.Disk = disk with { Activity = DiskActivity.Moved };
        draft.Say(new MachineEvent.DmaMoved(
            _domain, mfn, inPage, element.Bytes, command.Sector + (ulong)(f.Moved / Sector.SizeBytes),
                command.ToMemory));
        f.Moved += element.Bytes;
        f.Element++;
        return f.Element < command.Elements.Length ? Flow.To("check") : Flow.Next;
    }

    private Flow Interrupt(ref DmaLocals f, ref GuestCpu cpu)
    {
        cpu.Acknowledge();
        var disk = (Disk)cpu.Draft.Disk!;
        cpu.Draft.Disk = disk with { Queue = disk.Queue.Dequeue(out var command), Activity = DiskActivity.Done };
        _completed(cpu.Draft, command.Key, !f.Faulted);
        cpu.Draft.Say(new MachineEvent.InterruptRaised(_domain, _port, command.Key, !f.Faulted));
        f = default;
        var delivery = new DeliveryLocals { Target = _domain, Port = _port, Part = Phase.Device };
        return Flow.Call(caller => EventDelivery.Interrupt.Start(delivery, caller), "wait");
    }
}
