namespace XenViz.Core.Abi;

// The arguments of the grant table hypercall.
public static partial class GrantTable
{
    /// <summary>The commands of hypercall <see cref="Xen.Hypercall.GrantTableOp"/> (<c>GNTTABOP_*</c>).</summary>
    public static class Op
    {
        /// <summary>Map granted frames.</summary>
        [Cites("grant_table.h GNTTABOP_map_grant_ref")]
        public const uint MapGrantRef = 0;

        /// <summary>Take mappings away by handle.</summary>
        [Cites("grant_table.h GNTTABOP_unmap_grant_ref")]
        public const uint UnmapGrantRef = 1;

        /// <summary>Grow the table and list its frames. PV guests.</summary>
        [Cites("grant_table.h GNTTABOP_setup_table")]
        public const uint SetupTable = 2;

        /// <summary>Always refused: -ENOSYS.</summary>
        [Cites("grant_table.h GNTTABOP_dump_table")]
        public const uint DumpTable = 3;

        /// <summary>Give frames away. PV guests.</summary>
        [Cites("grant_table.h GNTTABOP_transfer")]
        public const uint Transfer = 4;

        /// <summary>Let Xen copy bytes between granted frames.</summary>
        [Cites("grant_table.h GNTTABOP_copy")]
        public const uint Copy = 5;

        /// <summary>How large the table is and may become.</summary>
        [Cites("grant_table.h GNTTABOP_query_size")]
        public const uint QuerySize = 6;

        /// <summary>Unmap and move another mapping over it. PV guests.</summary>
        [Cites("grant_table.h GNTTABOP_unmap_and_replace")]
        public const uint UnmapAndReplace = 7;

        /// <summary>Choose the entry layout, 1 or 2.</summary>
        [Cites("grant_table.h GNTTABOP_set_version")]
        public const uint SetVersion = 8;

        /// <summary>List the frames of the status array, version 2.</summary>
        [Cites("grant_table.h GNTTABOP_get_status_frames")]
        public const uint GetStatusFrames = 9;

        /// <summary>Ask for the entry layout.</summary>
        [Cites("grant_table.h GNTTABOP_get_version")]
        public const uint GetVersion = 10;

        /// <summary>Exchange two unused entries.</summary>
        [Cites("grant_table.h GNTTABOP_swap_grant_ref")]
        public const uint SwapGrantRef = 11;

        /// <summary>Clean or invalidate caches. Arm only.</summary>
        [Cites("grant_table.h GNTTABOP_cache_flush")]
        public const uint CacheFlush = 12;
    }

    /// <summary>The argument of <see cref="Op.MapGrantRef"/>, an element of its batch.</summary>
    [Cites("grant_table.h gnttab_map_grant_ref")]
    public static class MapGrantRef
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("grant_table.h gnttab_map_grant_ref")]
        public const int SizeBytes = 32;

        /// <summary>In: where the mapping shall appear, a virtual address of the caller (PV).</summary>
        public static readonly Field HostAddr =
            new(0, 8, "host_addr", Writer.Driver, "grant_table.h gnttab_map_grant_ref.host_addr");

        /// <summary>In: <see cref="Gntmap"/>.</summary>
        public static readonly Field Flags =
            new(8, 4, "flags", Writer.Driver, "grant_table.h gnttab_map_grant_ref.flags");

        /// <summary>In: the grant reference.</summary>
        public static readonly Field Ref = new(12, 4, "ref", Writer.Driver, "grant_table.h gnttab_map_grant_ref.ref");

        /// <summary>In: the granter.</summary>
        public static readonly Field Dom = new(16, 2, "dom", Writer.Driver, "grant_table.h gnttab_map_grant_ref.dom");

        /// <summary>Out: a <see cref="GrantStatus"/>.</summary>
        public static readonly Field Status =
            new(18, 2, "status", Writer.Xen, "grant_table.h gnttab_map_grant_ref.status");

        /// <summary>Out: the receipt that unmapping asks for.</summary>
        public static readonly Field Handle =
            new(20, 4, "handle", Writer.Xen, "grant_table.h gnttab_map_grant_ref.handle");

        /// <summary>Out: the bus address of the frame, in bytes.</summary>
        public static readonly Field DevBusAddr =
            new(24, 8, "dev_bus_addr", Writer.Xen, "grant_table.h gnttab_map_grant_ref.dev_bus_addr");
    }

    /// <summary>The argument of <see cref="Op.UnmapGrantRef"/>, an element of its batch.</summary>
    [Cites("grant_table.h gnttab_unmap_grant_ref")]
    public static class UnmapGrantRef
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("grant_table.h gnttab_unmap_grant_ref")]
        public const int SizeBytes = 24;

        /// <summary>In: the address that was mapped; 0 leaves the mapping alone.</summary>
        public static readonly Field HostAddr =
            new(0, 8, "host_addr", Writer.Driver, "grant_table.h gnttab_unmap_grant_ref.host_addr");

        /// <summary>In: the bus address that was mapped; 0 leaves it alone.</summary>
        public static readonly Field DevBusAddr =
            new(8, 8, "dev_bus_addr", Writer.Driver, "grant_table.h gnttab_unmap_grant_ref.dev_bus_addr");

        /// <summary>In: the handle that mapping returned.</summary>
        public static readonly Field Handle =
            new(16, 4, "handle", Writer.Driver, "grant_table.h gnttab_unmap_grant_ref.handle");

        /// <summary>Out: a <see cref="GrantStatus"/>.</summary>
        public static readonly Field Status =
            new(20, 2, "status", Writer.Xen, "grant_table.h gnttab_unmap_grant_ref.status");
    }

    /// <summary>The argument of <see cref="Op.SetupTable"/>.</summary>
    [Cites("grant_table.h gnttab_setup_table")]
    public static class SetupTable
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("grant_table.h gnttab_setup_table")]
        public const int SizeBytes = 24;

        /// <summary>In: whose table.</summary>
        public static readonly Field Dom = new(0, 2, "dom", Writer.Guest, "grant_table.h gnttab_setup_table.dom");

        /// <summary>In: how many frames it shall have at least.</summary>
        public static readonly Field NrFrames =
            new(4, 4, "nr_frames", Writer.Guest, "grant_table.h gnttab_setup_table.nr_frames");

        /// <summary>Out: a <see cref="GrantStatus"/>.</summary>
        public static readonly Field Status =
            new(8, 2, "status", Writer.Xen, "grant_table.h gnttab_setup_table.status");

        /// <summary>In: the address of the list that Xen fills.</summary>
        public static readonly Field FrameList =
            new(16, 8, "frame_list", Writer.Guest, "grant_table.h gnttab_setup_table.frame_list");
    }

    /// <summary>The argument of <see cref="Op.Copy"/>, an element of its batch.</summary>
    [Cites("grant_table.h gnttab_copy")]
    public static class Copy
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("grant_table.h gnttab_copy")]
        public const int SizeBytes = 40;

        /// <summary>In: the source by reference.</summary>
        public static readonly Field SourceRef =
            new(0, 4, "ref", Writer.Driver, "grant_table.h gnttab_copy.source.u.ref");

        /// <summary>In: the source by frame.</summary>
        public static readonly Field SourceGmfn =
            new(0, 8, "gmfn", Writer.Driver, "grant_table.h gnttab_copy.source.u.gmfn");

        /// <summary>In: whose frame is the source.</summary>
        public static readonly Field SourceDomId =
            new(8, 2, "domid", Writer.Driver, "grant_table.h gnttab_copy.source.domid");

        /// <summary>In: first byte, 0 to 4095.</summary>
        public static readonly Field SourceOffset =
            new(10, 2, "offset", Writer.Driver, "grant_table.h gnttab_copy.source.offset");

        /// <summary>In: the destination by reference.</summary>
        public static readonly Field DestRef =
            new(16, 4, "ref", Writer.Driver, "grant_table.h gnttab_copy.dest.u.ref");

        /// <summary>In: the destination by frame.</summary>
        public static readonly Field DestGmfn =
            new(16, 8, "gmfn", Writer.Driver, "grant_table.h gnttab_copy.dest.u.gmfn");

        /// <summary>In: whose frame is the destination.</summary>
        public static readonly Field DestDomId =
            new(24, 2, "domid", Writer.Driver, "grant_table.h gnttab_copy.dest.domid");

        /// <summary>In: first byte, 0 to 4095.</summary>
        public static readonly Field DestOffset =
            new(26, 2, "offset", Writer.Driver, "grant_table.h gnttab_copy.dest.offset");

        /// <summary>In: how many bytes.</summary>
        public static readonly Field Len = new(32, 2, "len", Writer.Driver, "grant_table.h gnttab_copy.len");

        /// <summary>In: which side is named by reference.</summary>
        public static readonly Field Flags = new(34, 2, "flags", Writer.Driver, "grant_table.h gnttab_copy.flags");

        /// <summary>Out: a <see cref="GrantStatus"/>.</summary>
        public static readonly Field Status = new(36, 2, "status", Writer.Xen, "grant_table.h gnttab_copy.status");
    }

    /// <summary>The argument of <see cref="Op.QuerySize"/>.</summary>
    [Cites("grant_table.h gnttab_query_size")]
    public static class QuerySize
    {
        /// <summary>The size of the whole, in bytes.</summary>
        [Cites("grant_table.h gnttab_query_size")]
        public const int SizeBytes = 16;

        /// <summary>In: whose table.</summary>
        public static readonly Field Dom = new(0, 2, "dom", Writer.Guest, "grant_table.h gnttab_query_size.dom");

        /// <summary>Out: frames it has.</summary>
        public static readonly Field NrFrames =
            new(4, 4, "nr_frames", Writer.Xen, "grant_table.h gnttab_query_size.nr_frames");

        /// <summary>Out: frames it may have.</summary>
        public static readonly Field MaxNrFrames =
            new(8, 4, "max_nr_frames", Writer.Xen, "grant_table.h gnttab_query_size.max_nr_frames");

        /// <summary>Out: a <see cref="GrantStatus"/>.</summary>
        public static readonly Field Status =
            new(12, 2, "status", Writer.Xen, "grant_table.h gnttab_query_size.status");
    }
}

/// <summary>What became of one element of a grant operation (<c>GNTST_*</c>, signed 16 bits).</summary>
public enum GrantStatus : short
{
    /// <summary>Done.</summary>
    [Cites("grant_table.h GNTST_okay")]
    Okay = 0,

    /// <summary>
    /// Most refusals: type, domain or readonly do not fit, the entry changes, the page cannot be held.
    /// </summary>
    [Cites("grant_table.h GNTST_general_error")]
    GeneralError = -1,

    /// <summary>No such domain.</summary>
    [Cites("grant_table.h GNTST_bad_domain")]
    BadDomain = -2,

    /// <summary>The reference is beyond the table, or the mapping names neither device nor host.</summary>
    [Cites("grant_table.h GNTST_bad_gntref")]
    BadGntref = -3,

    /// <summary>The handle is not in use.</summary>
    [Cites("grant_table.h GNTST_bad_handle")]
    BadHandle = -4,

    /// <summary>The frame list could not be written.</summary>
    [Cites("grant_table.h GNTST_bad_virt_addr")]
    BadVirtAddr = -5,

    /// <summary>The bus address is not the one of the mapping.</summary>
    [Cites("grant_table.h GNTST_bad_dev_addr")]
    BadDevAddr = -6,

    /// <summary>Never returned by current Xen.</summary>
    [Cites("grant_table.h GNTST_no_device_space")]
    NoDeviceSpace = -7,

    /// <summary>The security policy refused, or a copy names a foreign frame without a grant.</summary>
    [Cites("grant_table.h GNTST_permission_denied")]
    PermissionDenied = -8,

    /// <summary>The frame cannot be used.</summary>
    [Cites("grant_table.h GNTST_bad_page")]
    BadPage = -9,

    /// <summary>The copy crosses the end of a page.</summary>
    [Cites("grant_table.h GNTST_bad_copy_arg")]
    BadCopyArg = -10,

    /// <summary>The receiver cannot address the frame.</summary>
    [Cites("grant_table.h GNTST_address_too_big")]
    AddressTooBig = -11,

    /// <summary>Try again: the frame is paged out or the entry is in use.</summary>
    [Cites("grant_table.h GNTST_eagain")]
    Eagain = -12,

    /// <summary>No handle is left in the maptrack.</summary>
    [Cites("grant_table.h GNTST_no_space")]
    NoSpace = -13,
}
