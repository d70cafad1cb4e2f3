namespace XenViz.Core.Abi;

/// <summary>
/// What every domain shares with the hypervisor: hypercall numbers, reserved domain ids, the shared info page.
/// </summary>
public static class Xen
{
    /// <summary>Hypercall numbers (<c>__HYPERVISOR_*</c>).</summary>
    public static class Hypercall
    {
        /// <summary>Memory reservations and the physical map.</summary>
        [Cites("xen.h __HYPERVISOR_memory_op")]
        public const int MemoryOp = 12;

        /// <summary>PV: change one page-table entry by address.</summary>
        [Cites("xen.h __HYPERVISOR_update_va_mapping")]
        public const int UpdateVaMapping = 14;

        /// <summary>Grant tables: map, unmap, copy.</summary>
        [Cites("xen.h __HYPERVISOR_grant_table_op")]
        public const int GrantTableOp = 20;

        /// <summary>Virtual CPUs.</summary>
        [Cites("xen.h __HYPERVISOR_vcpu_op")]
        public const int VcpuOp = 24;

        /// <summary>PV: page-table pins and TLB flushes.</summary>
        [Cites("xen.h __HYPERVISOR_mmuext_op")]
        public const int MmuextOp = 26;

        /// <summary>The scheduler: yield, block, poll.</summary>
        [Cites("xen.h __HYPERVISOR_sched_op")]
        public const int SchedOp = 29;

        /// <summary>Event channels: bind, send, close.</summary>
        [Cites("xen.h __HYPERVISOR_event_channel_op")]
        public const int EventChannelOp = 32;

        /// <summary>The toolstack's operations on domains.</summary>
        [Cites("xen.h __HYPERVISOR_domctl")]
        public const int DomCtl = 36;

        /// <summary>Physical interrupts.</summary>
        [Cites("xen.h __HYPERVISOR_physdev_op")]
        public const int PhysdevOp = 33;
    }

    /// <summary>Reserved domain ids (<c>DOMID_*</c>).</summary>
    public static class Domain
    {
        /// <summary>Real domains have smaller numbers.</summary>
        [Cites("xen.h DOMID_FIRST_RESERVED")]
        public const ushort FirstReserved = 0x7FF0;

        /// <summary>The caller itself.</summary>
        [Cites("xen.h DOMID_SELF")]
        public const ushort Self = 0x7FF0;

        /// <summary>The owner of device memory.</summary>
        [Cites("xen.h DOMID_IO")]
        public const ushort Io = 0x7FF1;

        /// <summary>The owner of the pages of Xen.</summary>
        [Cites("xen.h DOMID_XEN")]
        public const ushort XenItself = 0x7FF2;

        /// <summary>The owner of shared pages.</summary>
        [Cites("xen.h DOMID_COW")]
        public const ushort Cow = 0x7FF3;

        /// <summary>No domain.</summary>
        [Cites("xen.h DOMID_INVALID")]
        public const ushort Invalid = 0x7FF4;

        /// <summary>Any domain.</summary>
        [Cites("xen.h DOMID_ANY")]
        public const ushort Any = 0x7FF5;

        /// <summary>The idle domain.</summary>
        [Cites("xen.h DOMID_IDLE")]
        public const ushort Idle = 0x7FFF;
    }

    /// <summary>What Xen and one vCPU tell each other, inside the shared info page.</summary>
    [Cites("xen.h vcpu_info")]
    public static class VcpuInfo
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("xen.h vcpu_info")]
        public const int SizeBytes = 64;

        /// <summary>1 = events wait. Raised by Xen, lowered by the handler of the domain.</summary>
        public static readonly Field UpcallPending =
            new(0, 1, "evtchn_upcall_pending", Writer.Both, "xen.h vcpu_info.evtchn_upcall_pending");

        /// <summary>PV: 1 = no upcalls. Set by Xen on the way into the handler, cleared by the domain.</summary>
        public static readonly Field UpcallMask =
            new(1, 1, "evtchn_upcall_mask", Writer.Both, "xen.h vcpu_info.evtchn_upcall_mask");

        /// <summary>Bit w = look at word w of the pending bitmap. Set by Xen, taken by the domain.</summary>
        public static readonly Field PendingSel =
            new(8, 8, "evtchn_pending_sel", Writer.Both, "xen.h vcpu_info.evtchn_pending_sel");
    }

    /// <summary>The shared info page of a 64-bit domain.</summary>
    [Cites("xen.h shared_info")]
    public static class SharedInfo
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("xen.h shared_info")]
        public const int SizeBytes = 3136;

        /// <summary>The <see cref="VcpuInfo"/> of vCPUs 0 to 31.</summary>
        public static readonly Field VcpuInfos = new(0, 2048, "vcpu_info", Writer.Both, "xen.h shared_info.vcpu_info");

        /// <summary>The pending bitmap. Set by Xen, cleared by the domain.</summary>
        public static readonly Field EvtchnPending =
            new(2048, 512, "evtchn_pending", Writer.Both, "xen.h shared_info.evtchn_pending");

        /// <summary>The mask bitmap, written by the domain that owns the page.</summary>
        public static readonly Field EvtchnMask =
            new(2560, 512, "evtchn_mask", Writer.Guest, "xen.h shared_info.evtchn_mask");

        /// <summary>vCPUs whose info lies in the shared info page; more must register a page of their own.</summary>
        [Cites("xen.h XEN_LEGACY_MAX_VCPUS")]
        public const int Vcpus = 32;

        /// <summary>A field of <see cref="VcpuInfo"/> for one vCPU, as a field of the page.</summary>
        /// <param name="field">A field of <see cref="VcpuInfo"/>.</param>
        /// <param name="vcpu">0 to 31.</param>
        public static Field OfVcpu(Field field, int vcpu) => field.At(vcpu * VcpuInfo.SizeBytes);

        /// <summary>The 64-bit word of the pending bitmap that holds the bit of a port.</summary>
        public static Field PendingWordOf(Port port) => Word(EvtchnPending, port);

        /// <summary>The 64-bit word of the mask bitmap that holds the bit of a port.</summary>
        public static Field MaskWordOf(Port port) => Word(EvtchnMask, port);

        /// <summary>The byte of the pending bitmap that holds the bit of a port: bit <c>port % 8</c> of it.</summary>
        public static Field PendingByteOf(Port port) => Byte(EvtchnPending, port);

        /// <summary>The byte of the mask bitmap that holds the bit of a port: bit <c>port % 8</c> of it.</summary>
        public static Field MaskByteOf(Port port) => Byte(EvtchnMask, port);

        static Field Word(Field map, Port port) =>
            map with { OffsetBytes = map.OffsetBytes + (port.Word * 8), WidthBytes = 8 };

        static Field Byte(Field map, Port port) =>
            map with { OffsetBytes = map.OffsetBytes + (int)(port.Value / 8), WidthBytes = 1 };
    }

    /// <summary>The commands of hypercall <see cref="Hypercall.SchedOp"/> (<c>SCHEDOP_*</c>).</summary>
    public static class Sched
    {
        /// <summary>Let others run.</summary>
        [Cites("sched.h SCHEDOP_yield")]
        public const int Yield = 0;

        /// <summary>Sleep until an event; looks for pending events once more before it does.</summary>
        [Cites("sched.h SCHEDOP_block")]
        public const int Block = 1;

        /// <summary>Stop the domain.</summary>
        [Cites("sched.h SCHEDOP_shutdown")]
        public const int Shutdown = 2;

        /// <summary>Sleep until one of some ports is pending, masked or not.</summary>
        [Cites("sched.h SCHEDOP_poll")]
        public const int Poll = 3;
    }
}
