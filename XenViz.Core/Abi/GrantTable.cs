namespace XenViz.Core.Abi;

/// <summary>The grant table: how one domain lets another reach single pages. Bytes and numbers only.</summary>
public static partial class GrantTable
{
    /// <summary>The first references, kept for the toolstack: guests allocate from here on.</summary>
    [Cites("grant_table.h GNTTAB_NR_RESERVED_ENTRIES")]
    public const int ReservedEntries = 8;

    /// <summary>The reference of the console ring page.</summary>
    [Cites("grant_table.h GNTTAB_RESERVED_CONSOLE")]
    public const uint ReservedConsole = 0;

    /// <summary>The reference of the xenstore ring page.</summary>
    [Cites("grant_table.h GNTTAB_RESERVED_XENSTORE")]
    public const uint ReservedXenstore = 1;

    /// <summary>One entry of a version 1 table: 8 bytes, 512 in a frame.</summary>
    [Cites("grant_table.h grant_entry_v1")]
    public static class EntryV1
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("grant_table.h grant_entry_v1")]
        public const int SizeBytes = 8;

        /// <summary>
        /// The flags. The granter writes type and readonly, Xen adds reading and writing: see <see
        /// cref="Gtf.Bits"/>.
        /// </summary>
        public static readonly Field Flags = new(0, 2, "flags", Writer.Both, "grant_table.h grant_entry_v1.flags");

        /// <summary>The domain that may use the grant.</summary>
        public static readonly Field DomId = new(2, 2, "domid", Writer.Guest, "grant_table.h grant_entry_v1.domid");

        /// <summary>The granted frame: the MFN for a PV granter, the GFN for an HVM one.</summary>
        public static readonly Field Frame = new(4, 4, "frame", Writer.Guest, "grant_table.h grant_entry_v1.frame");

        /// <summary>Entries in one 4096-byte frame of the table.</summary>
        public const int PerFrame = PageSize.Bytes / SizeBytes;

        /// <summary>The byte offset of entry <paramref name="reference"/> inside its table frame, 0 to 4088.</summary>
        public static int OffsetBytes(GrantRef reference) => (int)(reference.Value % PerFrame) * SizeBytes;

        /// <summary>The index of the table frame that holds entry <paramref name="reference"/>.</summary>
        public static int FrameIndex(GrantRef reference) => (int)(reference.Value / PerFrame);
    }

    /// <summary>The flag bits of an entry (<c>GTF_*</c>, 16 bits).</summary>
    [Cites("grant_table.h GTF_type_mask")]
    public static class Gtf
    {
        /// <summary>Type 0: nothing is granted.</summary>
        [Cites("grant_table.h GTF_invalid")]
        public const ushort Invalid = 0;

        /// <summary>Type 1: the peer may map or copy the frame.</summary>
        [Cites("grant_table.h GTF_permit_access")]
        public const ushort PermitAccess = 1;

        /// <summary>Type 2: the peer may give a frame away to this domain.</summary>
        [Cites("grant_table.h GTF_accept_transfer")]
        public const ushort AcceptTransfer = 2;

        /// <summary>Type 3, version 2 only: stands for a grant of a third domain, for copies.</summary>
        [Cites("grant_table.h GTF_transitive")]
        public const ushort Transitive = 3;

        /// <summary>The two bits of the type.</summary>
        [Cites("grant_table.h GTF_type_mask")]
        public const ushort TypeMask = 3;

        /// <summary>The peer may only read. Written by the granter.</summary>
        [Cites("grant_table.h GTF_readonly")]
        public const ushort ReadOnly = 1 << 2;

        /// <summary>Some mapping or copy uses the entry, a writing one too. Written by Xen.</summary>
        [Cites("grant_table.h GTF_reading")]
        public const ushort Reading = 1 << 3;

        /// <summary>Some writable mapping or copy uses the entry. Written by Xen.</summary>
        [Cites("grant_table.h GTF_writing")]
        public const ushort Writing = 1 << 4;

        /// <summary>Cache attribute, looked at only for MMIO frames.</summary>
        [Cites("grant_table.h GTF_PWT")]
        public const ushort WriteThrough = 1 << 5;

        /// <summary>Cache attribute, looked at only for MMIO frames.</summary>
        [Cites("grant_table.h GTF_PCD")]
        public const ushort CacheDisable = 1 << 6;

        /// <summary>Cache attribute, looked at only for MMIO frames.</summary>
        [Cites("grant_table.h GTF_PAT")]
        public const ushort AttributeTable = 1 << 7;

        /// <summary>Version 2 only: a byte range is granted, which can be copied and never mapped.</summary>
        [Cites("grant_table.h GTF_sub_page")]
        public const ushort SubPage = 1 << 8;

        /// <summary>Type 2 only: Xen has taken the slot. Written by Xen.</summary>
        [Cites("grant_table.h GTF_transfer_committed")]
        public const ushort TransferCommitted = 1 << 2;

        /// <summary>Type 2 only: the frame field holds the new frame. Written by Xen.</summary>
        [Cites("grant_table.h GTF_transfer_completed")]
        public const ushort TransferCompleted = 1 << 3;

        /// <summary>The flag bits of a permit_access entry in order, each with the one who writes it.</summary>
        public static IReadOnlyList<BitRange> Bits { get; } =
        [
            new(0, 2, "type", Writer.Guest, "grant_table.h GTF_type_mask"),
            new(2, 1, "readonly", Writer.Guest, "grant_table.h GTF_readonly"),
            new(3, 1, "reading", Writer.Xen, "grant_table.h GTF_reading"),
            new(4, 1, "writing", Writer.Xen, "grant_table.h GTF_writing"),
            new(5, 1, "PWT", Writer.Guest, "grant_table.h GTF_PWT"),
            new(6, 1, "PCD", Writer.Guest, "grant_table.h GTF_PCD"),
            new(7, 1, "PAT", Writer.Guest, "grant_table.h GTF_PAT"),
            new(8, 1, "sub_page", Writer.Guest, "grant_table.h GTF_sub_page"),
        ];
    }

    /// <summary>The flags of a mapping (<c>GNTMAP_*</c>, 32 bits).</summary>
    [Cites("grant_table.h GNTMAP_host_map")]
    public static class Gntmap
    {
        /// <summary>Pin for DMA and return the bus address.</summary>
        [Cites("grant_table.h GNTMAP_device_map")]
        public const uint DeviceMap = 1 << 0;

        /// <summary>Map into the address space of the caller, at host_addr.</summary>
        [Cites("grant_table.h GNTMAP_host_map")]
        public const uint HostMap = 1 << 1;

        /// <summary>The mapping may only be read.</summary>
        [Cites("grant_table.h GNTMAP_readonly")]
        public const uint ReadOnly = 1 << 2;

        /// <summary>PV: the page-table entry gets the user bit.</summary>
        [Cites("grant_table.h GNTMAP_application_map")]
        public const uint ApplicationMap = 1 << 3;

        /// <summary>PV: host_addr is the machine address of the page-table entry to write.</summary>
        [Cites("grant_table.h GNTMAP_contains_pte")]
        public const uint ContainsPte = 1 << 4;

        /// <summary>PV: copied into the software bits of the page-table entry.</summary>
        [Cites("grant_table.h GNTMAP_guest_avail_mask")]
        public const uint GuestAvailMask = 0xFFFF_0000;
    }
}
