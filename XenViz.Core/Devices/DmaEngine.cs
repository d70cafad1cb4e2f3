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

    /// <summary>What becomes of the command.</summary>
    public DiskResult Result;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Device;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Element);
        hasher.Add(Moved);
        hasher.Add((int)Result);
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
    private readonly Action<Draft, uint, DiskResult> _completed;

    /// <summary>Makes the engine of a disk that is passed through to a domain.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="port">The domain's port of the disk's interrupt.</param>
    /// <param name="completed">Tells the domain's disk driver that a command is done, and how well: a status in the
    /// driver's memory, written just before the interrupt.</param>
    public DmaEngine(DomId domain, Port port, Action<Draft, uint, DiskResult> completed)
    {
        _domain = domain;
        _port = port;
        _completed = completed;
        Listing = new("disk", "disk controller", Actor.Device, false, Rows());
    }

    /// <summary>The listing.</summary>
    public Listing<DmaLocals> Listing { get; }

    private Row<DmaLocals>[] Rows() =>
    [
        new()
        {
            Label = "wait", Decide = (in DmaLocals _, Machine m) => Begin((Disk)m.Disk!),
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
        new() { Label = "moved", Decide = (in DmaLocals _, Machine m) => End((Disk)m.Disk!) },
        new()
        {
            Label = "discard", Kind = AccessKind.Private, Cites = "nvme.h nvme_cmd_dsm",
            Text = "forget the sectors: they read as zeros now", Body = Discard,
        },
        new() { Label = "discarded", Decide = (in DmaLocals _, Machine _) => "interrupt" },
        new()
        {
            Label = "flush", Kind = AccessKind.Private, Cites = "nvme.h nvme_cmd_flush",
            Text = "write the cache to the medium", Body = Flush,
        },
        new()
        {
            Label = "interrupt", Kind = AccessKind.Notify, Cites = "event_channel.c send_guest_pirq",
            Text = "done: interrupt; Xen raises the port bound to it", Body = Interrupt,
        },
    ];

    private static string? Begin(Disk disk) =>
        disk.Queue.IsEmpty ? null
        : disk.Queue.Peek() is { Discarded: > 0 } ? "discard"
        : disk.Queue.Peek().Elements.IsEmpty ? "flush"
        : "check";

    private static string End(Disk disk) => disk.Queue.Peek().Flush ? "flush" : "interrupt";

    private static Flow Discard(ref DmaLocals f, ref GuestCpu cpu)
    {
        var disk = (Disk)cpu.Draft.Disk!;
        var command = disk.Queue.Peek();
        f.Result = disk.CanDiscard ? DiskResult.Okay : DiskResult.NotSupported;
        cpu.Draft.Disk = disk.CanDiscard ? disk.Discard(command.Sector, command.Discarded) : disk;
        cpu.Draft.Say(new MachineEvent.Outcome(disk.CanDiscard ? "" : "unsupported"));
        return Flow.Next;
    }

    private static Flow Flush(ref DmaLocals f, ref GuestCpu cpu)
    {
        var disk = (Disk)cpu.Draft.Disk!;
        f.Result = disk.CanFlush ? f.Result : DiskResult.NotSupported;
        cpu.Draft.Disk = disk.CanFlush ? disk with { Cached = [] } : disk;
        cpu.Draft.Say(new MachineEvent.Outcome(disk.CanFlush ? "" : "unsupported"));
        return Flow.Next;
    }

    private Flow Check(ref DmaLocals f, ref GuestCpu cpu)
    {
        var disk = (Disk)cpu.Draft.Disk!;
        var command = disk.Queue.Peek();
        var element = command.Elements[f.Element];
        var mfn = new Mfn(element.BusAddress >> PageSize.Shift);
        var unit = disk.Iommu;
        var allowed = unit.BusMaster && unit.Allows(cpu.Draft, _domain, mfn, command.ToMemory);
        cpu.Draft.Watched?.Say(new MachineEvent.IommuChecked(element.BusAddress, command.ToMemory, allowed));
        cpu.Draft.Disk = disk with
        {
            Activity = DiskActivity.Checking, Current = element, CurrentToMemory = command.ToMemory,
            CurrentSector = command.Sector + (ulong)(f.Moved / Sector.SizeBytes), CurrentKey = command.Key,
        };
        if (allowed)
        {
            cpu.Draft.Say(new MachineEvent.Outcome(unit.Mode switch
            {
                IommuMode.Off => "off", IommuMode.Dom0Relaxed => "relaxed", _ => "",
            }));
            return Flow.Next;
        }

        if (unit.BusMaster)
        {
            Fault(cpu.Draft, element.BusAddress, command.ToMemory);
        }

        cpu.Draft.Say(new MachineEvent.Outcome(unit.BusMaster ? "fault" : "stopped"));
        f.Result = DiskResult.Failed;
        return Flow.To("interrupt");
    }

    private void Fault(Draft draft, ulong busAddress, bool write)
    {
        var disk = (Disk)draft.Disk!;
        var after = disk.Iommu.Faulted();
        draft.Disk = disk with { Iommu = after };
        var reason = write ? Iommu.WriteNotPermitted : Iommu.ReadNotPermitted;
        draft.Say(new MachineEvent.DmaFaulted(_domain, busAddress, write, reason, !after.BusMaster));
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
        disk = element.Bytes == Page.Size && inPage == 0 && onDisk % Page.Size == 0
            ? MoveBlock(draft, disk, command.ToMemory, mfn, onDisk / Page.Size)
            : MoveBytes(draft, disk, command.ToMemory, mfn, inPage, onDisk, element.Bytes);
        draft.Disk = disk with { Activity = DiskActivity.Moved };
        draft.Watched?.Say(new MachineEvent.DmaMoved(
            _domain, mfn, inPage, element.Bytes, command.Sector + (ulong)(f.Moved / Sector.SizeBytes),
                command.ToMemory));
        f.Moved += element.Bytes;
        f.Element++;
        return f.Element < command.Elements.Length ? Flow.To("check") : Flow.Next;
    }

    // Pages are immutable values: a whole one is in memory and on the disk at once without a copy of ours.
    private static Disk MoveBlock(Draft draft, Disk disk, bool toMemory, Mfn mfn, long block)
    {
        var frame = draft.Frames[mfn];
        if (!toMemory)
        {
            return disk.With(block, frame.Page);
        }

        draft.Put(frame with { Page = disk.PageAt(block) });
        return disk;
    }

    private static Disk MoveBytes(
        Draft draft, Disk disk, bool toMemory, Mfn mfn, int inPage, long onDisk, int count)
    {
        Span<byte> bytes = stackalloc byte[count];
        if (!toMemory)
        {
            draft.Frames[mfn].Page.Read(inPage, bytes);
            return disk.Write(onDisk, bytes);
        }

        disk.Read(onDisk, bytes);
        draft.Poke(mfn, inPage, bytes);
        return disk;
    }

    private Flow Interrupt(ref DmaLocals f, ref GuestCpu cpu)
    {
        cpu.Acknowledge();
        var disk = (Disk)cpu.Draft.Disk!;
        cpu.Draft.Disk = disk with { Queue = disk.Queue.Dequeue(out var command), Activity = DiskActivity.Done };
        _completed(cpu.Draft, command.Key, f.Result);
        cpu.Draft.Say(new MachineEvent.InterruptRaised(_domain, _port, command.Key, f.Result == DiskResult.Okay));
        f = default;
        var delivery = new DeliveryLocals { Target = _domain, Port = _port, Part = Phase.Device };
        return Flow.Call(EventDelivery.RaiseIn(cpu.Draft, delivery), "wait");
    }
}
