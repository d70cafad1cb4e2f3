using System.Collections.Immutable;
using XenViz.Core.Abi;

namespace XenViz.Core.Projection;

/// <summary>The Ring tab, decoded from the bytes of the ring page.</summary>
public sealed record RingView
{
    /// <summary>Slots of the ring, a power of two.</summary>
    public int Size { get; init; }

    /// <summary>Which ring: <c>tx</c> or <c>rx</c> of the network, empty for a device with one kind of ring.</summary>
    public string Name { get; init; } = "";

    /// <summary>The frame of the ring page.</summary>
    public ulong Mfn { get; init; }

    /// <summary>False before the ring exists (while connecting).</summary>
    public bool Exists { get; init; } = true;

    /// <summary>Shared: written by the frontend.</summary>
    public uint ReqProd { get; init; }

    /// <summary>Shared: written by the backend.</summary>
    public uint ReqEvent { get; init; }

    /// <summary>Shared: written by the backend.</summary>
    public uint RspProd { get; init; }

    /// <summary>Shared: written by the frontend.</summary>
    public uint RspEvent { get; init; }

    /// <summary>Private to the frontend.</summary>
    public uint ReqProdPvt { get; init; }

    /// <summary>Private to the frontend.</summary>
    public uint RspCons { get; init; }

    /// <summary>Private to the backend.</summary>
    public uint ReqCons { get; init; }

    /// <summary>Private to the backend.</summary>
    public uint RspProdPvt { get; init; }

    /// <summary>True while the backend's domain is dead: what was private to it is gone.</summary>
    public bool BackGone { get; init; }

    /// <summary>RING_FREE_REQUESTS: size - (req_prod_pvt - rsp_cons); 0 when the shared index announces more than the
    /// ring holds.</summary>
    public uint Free { get; init; }

    /// <summary>Of a disk with several rings which one it is, from 0; else 0.</summary>
    public int Queue { get; init; }

    /// <summary>How many rings the disk has; 1 for the network, whose rings have names.</summary>
    public int Queues { get; init; } = 1;

    /// <summary>Bytes of a slot as the frontend lays it out; 0 for the network, whose layout is one.</summary>
    public int FrontSlotBytes { get; init; }

    /// <summary>Bytes of a slot as the backend does. Where they differ, requests are decoded as the frontend wrote them
    /// and answers as the backend did: each reads the other's at the wrong place.</summary>
    public int BackSlotBytes { get; init; }

    /// <summary>The slots, by slot number.</summary>
    public ImmutableArray<SlotView> Slots { get; init; } = [];

    /// <summary>The slot that the last row was about, or null.</summary>
    public int? FocusSlot { get; init; }

    /// <summary>The last push that computed "notify?", or null before the first.</summary>
    public NotifyView? Notify { get; init; }
}

/// <summary>A slot.</summary>
/// <param name="Slot">0 to size - 1.</param>
/// <param name="Index">The free-running index that it holds or will hold next.</param>
/// <param name="Kind"><c>free</c>, <c>request</c> or <c>response</c> (what <c>data-kind</c> says).</param>
/// <param name="State"><c>free</c>, <c>private</c> (written, not published), <c>pending</c>, <c>serving</c>,
/// <c>answer-private</c>, <c>answered</c>.</param>
/// <param name="Operation"><c>READ</c>, <c>WRITE</c>, <c>TX</c>, <c>RX</c>, <c>EXTRA</c>, or empty when free.</param>
/// <param name="Id">The id in it.</param>
/// <param name="FirstRef">The first grant reference in it, or null.</param>
/// <param name="Status">A response's status.</param>
/// <param name="OldBytes">True when it is free but holds leftovers.</param>
public sealed record SlotView(
    int Slot, uint Index, string Kind, string State, string Operation, ulong Id, uint? FirstRef, int? Status,
    bool OldBytes);

/// <summary>"Did this push jump the flag?": notify = (new - event) &lt; (new - old).</summary>
/// <param name="ByFront">True for a push of requests, false for responses.</param>
/// <param name="Old">The shared index before.</param>
/// <param name="New">The shared index after.</param>
/// <param name="Event">The other side's event index.</param>
/// <param name="Notify">The answer.</param>
/// <param name="Number">The micro-step that computed it.</param>
public sealed record NotifyView(bool ByFront, uint Old, uint New, uint Event, bool Notify, string Number);

/// <summary>The Grants tab.</summary>
public sealed record GrantTableView
{
    /// <summary>The domain whose table it is.</summary>
    public ushort Domain { get; init; }

    /// <summary>The frame that holds it.</summary>
    public ulong Mfn { get; init; }

    /// <summary>1 or 2.</summary>
    public int Version { get; init; } = 1;

    /// <summary>All entries that are in use or were, reserved ones left out, by reference.</summary>
    public ImmutableArray<GrantEntryView> Entries { get; init; } = [];

    /// <summary>The reference on stage, or null.</summary>
    public uint? FocusRef { get; init; }

    /// <summary>The driver domain's maptrack records in use.</summary>
    public ImmutableArray<MaptrackView> Mappings { get; init; } = [];
}

/// <summary>The Page map tab: one frame and everybody who can reach it.</summary>
public sealed record PageMapView
{
    /// <summary>The frame of the lens (the data page on stage, else the ring page).</summary>
    public ulong Mfn { get; init; }

    /// <summary>Its owner.</summary>
    public ushort Owner { get; init; }

    /// <summary>What the frame is: <c>data</c>, <c>ring</c>.</summary>
    public string Use { get; init; } = "";

    /// <summary>Its first 128 bytes in hexadecimal, 2 digits each, no blanks.</summary>
    public string Head { get; init; } = "";

    /// <summary>Offsets of those bytes of the head that the last visible micro-step changed.</summary>
    public ImmutableArray<int> Changed { get; init; } = [];

    /// <summary>The guest's domain id.</summary>
    public ushort Guest { get; init; }

    /// <summary>The driver domain's id.</summary>
    public ushort Driver { get; init; }

    /// <summary><c>on</c>, <c>off</c>, <c>dom0-relaxed</c> (all memory mapped once) or <c>dom0-strict</c>.</summary>
    public string IommuMode { get; init; } = "on";

    /// <summary>The foreign frames that the IOMMU lets the driver domain's devices reach, by device frame.</summary>
    public ImmutableArray<IommuUseView> Iommu { get; init; } = [];

    /// <summary>The owner's number for it.</summary>
    public ulong GuestPfn { get; init; }

    /// <summary>The driver domain's mapping, or null.</summary>
    public WindowView? Backend { get; init; }

    /// <summary>Its handle, or null.</summary>
    public uint? Handle { get; init; }

    /// <summary>The device's way, or null.</summary>
    public IommuView? Device { get; init; }

    /// <summary>Page references, the owner's own included.</summary>
    public int References { get; init; }

    /// <summary>Writable type references.</summary>
    public int WritableUses { get; init; }

    /// <summary>Translations that a TLB may still hold although the entry is gone.</summary>
    public int StaleTranslations { get; init; }

    /// <summary>All frames that matter here.</summary>
    public ImmutableArray<FrameView> Frames { get; init; } = [];
}

/// <summary>A frame in the list of frames.</summary>
/// <param name="Mfn">The frame.</param>
/// <param name="Owner">Its owner.</param>
/// <param name="Use"><c>data</c>, <c>ring</c>, <c>grant table</c>, <c>shared info</c>, <c>page table</c>,
/// <c>event words</c>, <c>control block</c>.</param>
/// <param name="References">Page references.</param>
/// <param name="MappedBy">Domains that map it by a grant.</param>
public sealed record FrameView(ulong Mfn, ushort Owner, string Use, int References, ImmutableArray<ushort> MappedBy);

/// <summary>An entry of the IOMMU that grant mappings keep alive.</summary>
/// <param name="Dfn">The device's number for the frame.</param>
/// <param name="Mfn">The frame.</param>
/// <param name="Readers">Read-only grants mapped.</param>
/// <param name="Writers">Writable grants mapped; the device may write while there is one.</param>
public sealed record IommuUseView(ulong Dfn, ulong Mfn, int Readers, int Writers);

/// <summary>The Events tab: the bits of each port that is in use, and the way of the last notification.</summary>
public sealed record EventChannelView
{
    /// <summary>The ports on show: the channel's two ends and the disk's interrupt.</summary>
    public ImmutableArray<PortView> Ports { get; init; } = [];

    /// <summary>The domains of those ports with the words that they share with Xen.</summary>
    public ImmutableArray<EventDomainView> Domains { get; init; } = [];

    /// <summary>The bits that the last notification moved so far, oldest first.</summary>
    public ImmutableArray<EventStepView> Way { get; init; } = [];
}

/// <summary>One bit on the way of a notification.</summary>
/// <param name="Number">The micro-step.</param>
/// <param name="Text">What happened, in words.</param>
/// <param name="Bit"><c>pending 0 → 1</c> and the like; empty when no bit changed.</param>
/// <param name="Current">True for the last visible micro-step.</param>
public sealed record EventStepView(string Number, string Text, string Bit, bool Current);

/// <summary>The Code tab: the listings that run, with the row of each agent.</summary>
public sealed record CodeView
{
    /// <summary>The listings, frontend's first, then backend's, Xen's and the device's.</summary>
    public ImmutableArray<ListingView> Listings { get; init; } = [];

    /// <summary>For each agent: where it stands.</summary>
    public ImmutableArray<CursorView> Cursors { get; init; } = [];

    /// <summary>The one shared access of the row just run.</summary>
    public AccessView? Access { get; init; }
}

/// <summary>A listing.</summary>
/// <param name="Id">A stable id, unique.</param>
/// <param name="Title">Its name: <c>blkif_queue_request</c>.</param>
/// <param name="Lane">Whose it is.</param>
/// <param name="Rows">Its rows, in order.</param>
public sealed record ListingView(string Id, string Title, Actor Lane, ImmutableArray<ListingRowView> Rows);

/// <summary>A row of a listing.</summary>
/// <param name="Text">The pseudo-C line, our own wording.</param>
/// <param name="Cites">The Xen or Linux symbol it stands for.</param>
/// <param name="Kind">The kind of its one shared access.</param>
public sealed record ListingRowView(string Text, string Cites, AccessKind Kind);

/// <summary>Where an agent stands.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Listing">The listing it will run next a row of.</param>
/// <param name="Row">That row, from 0.</param>
/// <param name="Number">That row's number as a micro-step.</param>
/// <param name="State"><c>ready</c>, <c>waiting</c> or <c>finished</c>.</param>
/// <param name="JustRan">True for the agent that took the last row; then the next two say which row that was.</param>
/// <param name="RanListing">The listing of the row just run, or empty.</param>
/// <param name="RanRow">The row just run, or -1.</param>
public sealed record CursorView(
    int Agent, string Name, string Listing, int Row, string Number, string State, bool JustRan, string RanListing,
    int RanRow);

/// <summary>The one shared access of a row.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Place">Where: <c>ring page 0x5A10 @0x5F0</c>, <c>hypercall 32, EVTCHNOP_send, port 6</c>.</param>
/// <param name="Before">The bytes before in hexadecimal with blanks, in memory order; empty when none.</param>
/// <param name="After">The bytes after, or what was loaded.</param>
/// <param name="Cites">The Xen or Linux symbol.</param>
public sealed record AccessView(AccessKind Kind, string Place, string Before, string After, string Cites);

/// <summary>The Bytes tab: parts of frames with their fields.</summary>
public sealed record HexView
{
    /// <summary>The parts on show, in a fixed order: ring header, slot, grant entries, data page, event bits.</summary>
    public ImmutableArray<HexAreaView> Areas { get; init; } = [];
}

/// <summary>A part of a frame.</summary>
/// <param name="Id">Stable: <c>ring-header</c>, <c>slot</c>, <c>grants</c>, <c>data</c>, <c>events-guest</c>,
/// <c>events-driver</c>, <c>page-table</c>; with the FIFO ABI <c>control-guest</c>, <c>words-guest</c>, ...</param>
/// <param name="Title">For people.</param>
/// <param name="Mfn">The frame.</param>
/// <param name="Offset">The first byte's offset in the frame, a multiple of 8.</param>
/// <param name="Bytes">The bytes in hexadecimal, 2 digits each, no blanks.</param>
/// <param name="Fields">The fields in it, ascending.</param>
/// <param name="Changed">Offsets in the frame of bytes that the last visible micro-step changed.</param>
public sealed record HexAreaView(
    string Id, string Title, ulong Mfn, int Offset, string Bytes, ImmutableArray<HexFieldView> Fields,
    ImmutableArray<int> Changed)
{
    /// <summary>The domain that owns the frame.</summary>
    public ushort Owner { get; init; }
}

/// <summary>A field over bytes.</summary>
/// <param name="Offset">Its offset in the frame.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Name">The header's name.</param>
/// <param name="Value">Decoded, for people.</param>
/// <param name="Writer">Who may write it.</param>
/// <param name="Stale">True when the bytes mean nothing any more.</param>
public sealed record HexFieldView(int Offset, int Length, string Name, string Value, Writer Writer, bool Stale)
{
    /// <summary>Where Xen says what it is: the header, a blank, structure and field.</summary>
    public string Cites { get; init; } = "";

    /// <summary>The position after the last row that changed it; 0 when it is as it was at the start.</summary>
    public int Changed { get; init; }
}
