using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Simulation;

namespace XenViz.Core.Devices;

/// <summary>What stands between the disk and memory (FACTS g.3).</summary>
public enum IommuMode : byte
{
    /// <summary>A driver domain with its own device: the device reaches the domain's pages and mapped grants.</summary>
    On,

    /// <summary>No IOMMU: the device reaches all memory. Isolation is trust.</summary>
    Off,

    /// <summary>The backend is a PV dom0 with the default setting: its context maps all memory once and for good.
    /// </summary>
    Dom0Relaxed,

    /// <summary>The backend is a PV dom0 with <c>dom0-iommu=strict</c>: as a driver domain.</summary>
    Dom0Strict,
}

/// <summary>A copy in low memory that stands for a page which the device cannot reach (swiotlb).</summary>
/// <param name="Page">The low page.</param>
/// <param name="Original">The page that is meant.</param>
/// <param name="Offset">First byte in both.</param>
/// <param name="Bytes">How many.</param>
public readonly record struct BouncedPart(Mfn Page, Mfn Original, int Offset, int Bytes);

/// <summary>What the IOMMU knows of one device: mode, faults, and whether the device may still use the bus.</summary>
public sealed record Iommu
{
    /// <summary>Faults after which Xen takes the device off the bus (<c>PT_FAULT_THRESHOLD</c>).</summary>
    public const int FaultLimit = 10;

    /// <summary>The reason of a fault by a write (VT-d).</summary>
    public const byte WriteNotPermitted = 5;

    /// <summary>The reason of a fault by a read (VT-d).</summary>
    public const byte ReadNotPermitted = 6;

    /// <summary>The mode.</summary>
    public IommuMode Mode { get; init; }

    /// <summary>
    /// Faults so far. Xen halves the count when the last one is more than 10 ms ago; the model has no such clock.
    /// </summary>
    public int Faults { get; init; }

    /// <summary>False when Xen has cleared the device's bus-master bit.</summary>
    public bool BusMaster { get; init; } = true;

    /// <summary>Pages that stand for others, by the command that uses them.</summary>
    public ImmutableSortedDictionary<uint, ImmutableArray<BouncedPart>> Bounced { get; init; } =
        ImmutableSortedDictionary<uint, ImmutableArray<BouncedPart>>.Empty;

    /// <summary>True when grant maps change the device's context (<c>iommuSync</c>).</summary>
    public static bool Syncs(IommuMode mode) => mode is IommuMode.On or IommuMode.Dom0Strict;

    /// <summary>The right of a domain's device on a frame.</summary>
    public static DeviceAccess RightOf(IommuMode mode, Draft draft, DomId domain, Mfn mfn)
    {
        if (draft.Frames.Find(mfn) is not { } frame)
        {
            return DeviceAccess.None;
        }

        if (!Syncs(mode))
        {
            return DeviceAccess.ReadWrite;
        }

        // A page table of the domain is none of its device's business: it could rewrite it.
        if (frame.Owner == domain)
        {
            return frame.Use == FrameUse.PageTable ? DeviceAccess.None : DeviceAccess.ReadWrite;
        }

        return draft.Domain(domain).Iommu.TryGetValue(mfn.Value, out var use) ? Grants.AccessOf(use)
            : DeviceAccess.None;
    }

    /// <summary>True when a domain's device may read or write a frame.</summary>
    public bool Allows(Draft draft, DomId domain, Mfn mfn, bool write)
    {
        var right = RightOf(Mode, draft, domain, mfn);
        return write ? right == DeviceAccess.ReadWrite : right != DeviceAccess.None;
    }

    /// <summary>After a fault.</summary>
    public Iommu Faulted() => this with { Faults = Faults + 1, BusMaster = BusMaster && Faults + 1 < FaultLimit };

    internal void AddTo(ref Hasher hasher)
    {
        hasher.Add((int)Mode);
        hasher.Add(Faults);
        hasher.Add(BusMaster);
        foreach (var (key, parts) in Bounced)
        {
            hasher.Add(key);
            foreach (var part in parts)
            {
                hasher.Add(part.Page.Value);
                hasher.Add(part.Original.Value);
            }
        }
    }
}
