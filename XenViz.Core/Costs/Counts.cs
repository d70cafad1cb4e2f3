namespace XenViz.Core.Costs;

/// <summary>What was done, counted; a price list makes cycles of it.</summary>
public readonly record struct Counts
{
    /// <summary>Hypercalls of PV guests.</summary>
    public long Hypercalls { get; init; }

    /// <summary>Hypercalls of HVM and PVH guests.</summary>
    public long HvmHypercalls { get; init; }

    /// <summary>Events sent from domain to domain (<c>EVTCHNOP_send</c>).</summary>
    public long Notifications { get; init; }

    /// <summary>Blocked vCPUs that were woken.</summary>
    public long Wakes { get; init; }

    /// <summary>vCPUs that gave a CPU to another one directly.</summary>
    public long Switches { get; init; }

    /// <summary>Event handlers that Xen called.</summary>
    public long Upcalls { get; init; }

    /// <summary>Interrupts of devices.</summary>
    public long Interrupts { get; init; }

    /// <summary>Entries of map calls.</summary>
    public long Maps { get; init; }

    /// <summary>Entries of unmap calls.</summary>
    public long Unmaps { get; init; }

    /// <summary>TLB flushes.</summary>
    public long TlbFlushes { get; init; }

    /// <summary>TLB flushes that had to interrupt another CPU.</summary>
    public long TlbRemoteFlushes { get; init; }

    /// <summary>CPUs beyond the second that took part in flushes.</summary>
    public long TlbFurtherCpus { get; init; }

    /// <summary>Changes of IOMMU entries, each with a flush of its cache.</summary>
    public long IommuUpdates { get; init; }

    /// <summary>Payload bytes that a driver's CPU copied.</summary>
    public long CpuBytes { get; init; }

    /// <summary>Copies by Xen, each an element of <c>GNTTABOP_copy</c>.</summary>
    public long XenCopies { get; init; }

    /// <summary>Payload bytes that Xen copied (<c>GNTTABOP_copy</c>).</summary>
    public long XenCopyBytes { get; init; }

    /// <summary>Payload bytes that a device moved.</summary>
    public long DmaBytes { get; init; }

    /// <summary>Bytes of descriptions that were read from or written into slots of a ring.</summary>
    public long ControlBytes { get; init; }

    /// <summary>Loads, stores, atomic operations and fences on shared memory.</summary>
    public long Accesses { get; init; }

    /// <summary>Writes to xenstore (a transaction is one) that another domain sees.</summary>
    public long StoreWrites { get; init; }

    /// <summary>Hypercalls of any guest.</summary>
    public long AllHypercalls => Hypercalls + HvmHypercalls;

    /// <summary>Payload bytes that any CPU copied.</summary>
    public long CopiedBytes => CpuBytes + XenCopyBytes;

    /// <summary>The sum.</summary>
    public static Counts operator +(in Counts a, in Counts b) => new()
    {
        Hypercalls = a.Hypercalls + b.Hypercalls, HvmHypercalls = a.HvmHypercalls + b.HvmHypercalls,
        Notifications = a.Notifications + b.Notifications, Wakes = a.Wakes + b.Wakes,
        Switches = a.Switches + b.Switches, Upcalls = a.Upcalls + b.Upcalls, Interrupts = a.Interrupts + b.Interrupts,
        Maps = a.Maps + b.Maps, Unmaps = a.Unmaps + b.Unmaps, TlbFlushes = a.TlbFlushes + b.TlbFlushes,
        TlbRemoteFlushes = a.TlbRemoteFlushes + b.TlbRemoteFlushes,
        TlbFurtherCpus = a.TlbFurtherCpus + b.TlbFurtherCpus, IommuUpdates = a.IommuUpdates + b.IommuUpdates,
        CpuBytes = a.CpuBytes + b.CpuBytes,
        XenCopies = a.XenCopies + b.XenCopies, XenCopyBytes = a.XenCopyBytes + b.XenCopyBytes,
        DmaBytes = a.DmaBytes + b.DmaBytes, ControlBytes = a.ControlBytes + b.ControlBytes,
        Accesses = a.Accesses + b.Accesses, StoreWrites = a.StoreWrites + b.StoreWrites,
    };
}
