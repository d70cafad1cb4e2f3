using System.Collections.Immutable;
using XenViz.Core.Abi;

namespace XenViz.Core.Projection;

/// <summary>
/// What the stage shows: every object with its decoded values, and what moves. Where requests are many, the stage
/// follows the one that the last row was about (<see cref="Focus"/>).
/// </summary>
public sealed record StageView
{
    /// <summary>The device: <c>disk</c> or <c>network</c>.</summary>
    public string Device { get; init; } = "disk";

    /// <summary>Where two guests have an interface each: both, in order; else empty. One of them is on stage.</summary>
    public ImmutableArray<InterfaceView> Interfaces { get; init; } = [];

    /// <summary>Where there are several rings: each of them, in order; else empty. One of them is on stage.</summary>
    public ImmutableArray<RingLineView> Rings { get; init; } = [];

    /// <summary>True when the stage shows the interface and the ring of the row that ran last, false when one was
    /// chosen.</summary>
    public bool Follows { get; init; } = true;

    /// <summary>The request the stage follows, or null before there is one.</summary>
    public RequestView? Focus { get; init; }

    /// <summary>The guest.</summary>
    public required DomainView Guest { get; init; }

    /// <summary>The driver domain.</summary>
    public required DomainView Driver { get; init; }

    /// <summary>What the application does, as a call: <c>write(fd, buf, 4096)</c>.</summary>
    public required string ApplicationCall { get; init; }

    /// <summary>The frontend's private indices.</summary>
    public required FrontIndicesView Front { get; init; }

    /// <summary>The backend's private indices.</summary>
    public required BackIndicesView Back { get; init; }

    /// <summary>The backend's private copy of the focused request, or null when it has none.</summary>
    public RequestView? BackendCopy { get; init; }

    /// <summary>What the disk driver in the driver domain does: <c>idle</c>, <c>submitted</c> or <c>done</c>.</summary>
    public required string DiskDriver { get; init; }

    /// <summary>The data page on stage, or null before the application has one.</summary>
    public DataPageView? Data { get; init; }

    /// <summary>The driver domain's own page that takes part in the transfer: bytes are copied between it and the data
    /// page, or the device works on it in its place; else null.</summary>
    public DataPageView? OwnPage { get; init; }

    /// <summary>True when pages of the driver domain's own take part in transfers of this run, so that a place is kept
    /// for one.</summary>
    public bool OwnPages { get; init; }

    /// <summary>The driver domain's mapping of the data page, or of the ring page while the ends meet or part: null
    /// before it is mapped and after the flush.</summary>
    public WindowView? DriverWindow { get; init; }

    /// <summary>The grant entry of the data page (or of the ring page while connecting).</summary>
    public GrantEntryView? Grant { get; init; }

    /// <summary>The driver domain's maptrack record of that grant, or null.</summary>
    public MaptrackView? Maptrack { get; init; }

    /// <summary>The guest's end of the channel; null while there is none.</summary>
    public PortView? GuestPort { get; init; }

    /// <summary>The driver domain's end; null while there is none.</summary>
    public PortView? DriverPort { get; init; }

    /// <summary>The port of the disk's interrupt.</summary>
    public PortView? DiskPort { get; init; }

    /// <summary>The entry of the IOMMU for the data page, or for the ring page while the ends meet or part; null when
    /// there is none, and while the device is to work on the driver domain's own page.</summary>
    public IommuView? Iommu { get; init; }

    /// <summary>What the DMA engine does.</summary>
    public required DmaView Dma { get; init; }

    /// <summary>What moved in the last visible micro-step, in order of time.</summary>
    public ImmutableArray<CarrierView> Carriers { get; init; } = [];

    /// <summary>Objects that take part now; the others dim. Ids: <c>app</c>, <c>front</c>, <c>back</c>, <c>ring</c>,
    /// <c>data</c>, <c>grant</c>, <c>maptrack</c>, <c>guest-port</c>, <c>driver-port</c>, <c>disk-port</c>,
    /// <c>guest-window</c>, <c>driver-window</c>, <c>own-page</c>, <c>disk-driver</c>, <c>iommu</c>, <c>dma</c>,
    /// <c>disk</c>, <c>guest</c>, <c>driver</c>, <c>xen</c>.</summary>
    public ImmutableArray<string> Lights { get; init; } = [];

    /// <summary>The object that acts, one of the ids of <see cref="Lights"/>, or null at the start.</summary>
    public string? Acting { get; init; }
}

/// <summary>An interface between a guest and the driver domain.</summary>
/// <param name="Guest">The guest.</param>
/// <param name="Shown">True for the one on stage.</param>
/// <param name="Ran">True for the one that the last row was about.</param>
public sealed record InterfaceView(ushort Guest, bool Shown, bool Ran);

/// <summary>A ring among several.</summary>
/// <param name="Ring">Its number: a disk's queue; for the network 0 transmit, 1 receive, 2 and 3 of a second guest.
/// </param>
/// <param name="Guest">The guest.</param>
/// <param name="Name">As in <see cref="RingView.Name"/>.</param>
/// <param name="Size">Its slots.</param>
/// <param name="Exists">False before it exists.</param>
/// <param name="ReqProd">Requests published.</param>
/// <param name="ReqCons">Requests taken.</param>
/// <param name="RspProd">Responses published.</param>
/// <param name="RspCons">Responses taken.</param>
/// <param name="Busy">True when something is in flight: asked, served or answered.</param>
/// <param name="Shown">True for the one on stage.</param>
/// <param name="Ran">True for the one that the last row was about.</param>
public sealed record RingLineView(
    int Ring, ushort Guest, string Name, int Size, bool Exists, uint ReqProd, uint ReqCons, uint RspProd, uint RspCons,
    bool Busy, bool Shown, bool Ran);

/// <summary>A request as the frontend wrote it or the backend copied it.</summary>
/// <param name="Id">The frontend's id for it.</param>
/// <param name="Index">Its free-running ring index.</param>
/// <param name="Slot">Index AND (size - 1).</param>
/// <param name="Operation"><c>READ</c>, <c>WRITE</c> or a number; <c>TX</c> for a packet, <c>RX</c> for an empty page.
/// </param>
/// <param name="Sector">First sector; for a packet its bytes.</param>
/// <param name="Sectors">Number of 512-byte sectors.</param>
/// <param name="Refs">Grant references of its segments, in order.</param>
/// <param name="State"><c>being written</c>, <c>published</c>, <c>being served</c>, <c>answered</c>, <c>done</c> as
/// stable words: <c>private</c>, <c>pending</c>, <c>serving</c>, <c>answered</c>, <c>done</c>.</param>
public sealed record RequestView(
    ulong Id, uint Index, int Slot, string Operation, ulong Sector, int Sectors, ImmutableArray<uint> Refs,
    string State);

/// <summary>A domain.</summary>
/// <param name="Id">Its domain id.</param>
/// <param name="IsPv">True for PV.</param>
/// <param name="Running">True when its vCPU runs or can run; false when it is blocked.</param>
/// <param name="Dead">True from its crash until it is started again.</param>
public sealed record DomainView(ushort Id, bool IsPv, bool Running, bool Dead = false);

/// <summary>The frontend's private indices.</summary>
public sealed record FrontIndicesView(uint ReqProdPvt, uint RspCons);

/// <summary>The backend's private indices.</summary>
public sealed record BackIndicesView(uint ReqCons, uint RspProdPvt);

/// <summary>A page of data.</summary>
/// <param name="Mfn">Its frame.</param>
/// <param name="Pfn">The guest's number for it.</param>
/// <param name="Owner">The domain that owns it.</param>
/// <param name="Text">The start of the page as printable text, up to 24 characters, empty when there is none.
/// </param>
/// <param name="Head">The first 16 bytes in hexadecimal.</param>
/// <param name="References">Page references, the owner's own included.</param>
/// <param name="WritableUses">Writable type references.</param>
/// <param name="Ordinal">Which page of the request it is, from 1.</param>
/// <param name="Count">How many pages the request has.</param>
public sealed record DataPageView(
    ulong Mfn, ulong Pfn, ushort Owner, string Text, string Head, int References, int WritableUses, int Ordinal,
    int Count)
{
    /// <summary>True when it is a page that nobody granted and the device is aimed at all the same.</summary>
    public bool Ungranted { get; init; }

    /// <summary>True when the guest owns it and no page number of the guest leads to it yet.</summary>
    public bool Unnumbered { get; init; }

    /// <summary>True when all of its bytes are zeros: other bytes that are no text have no text either.</summary>
    public bool IsZeros { get; init; }
}

/// <summary>A domain's way to a frame.</summary>
/// <param name="Address">The address it uses, as <c>0xFFFF8880003F1000</c>.</param>
/// <param name="Writable">True when it may write.</param>
/// <param name="Stale">True when the entry is gone but a TLB may remember it.</param>
public sealed record WindowView(string Address, bool Writable, bool Stale);

/// <summary>An entry of a version-1 grant table, and Xen's private record of it.</summary>
public sealed record GrantEntryView
{
    /// <summary>The reference.</summary>
    public uint Ref { get; init; }

    /// <summary>The 16 flag bits.</summary>
    public ushort Flags { get; init; }

    /// <summary>The names of the set flags in bit order: <c>permit_access</c>, <c>readonly</c>, <c>reading</c>, ...
    /// </summary>
    public ImmutableArray<string> FlagNames { get; init; } = [];

    /// <summary>The domain it names.</summary>
    public ushort DomId { get; init; }

    /// <summary>The frame field.</summary>
    public uint Frame { get; init; }

    /// <summary>The frame that Xen remembers while it is pinned, or null.</summary>
    public ulong? PinnedMfn { get; init; }

    /// <summary>Xen's four 8-bit pin counters as one word: host write, host read, device write, device read.</summary>
    public uint Pins { get; init; }

    /// <summary>What the page is used for: <c>ring</c>, <c>data</c>, or empty.</summary>
    public string Use { get; init; } = "";

    /// <summary>The entry's eight bytes in hexadecimal.</summary>
    public string Bytes { get; init; } = "";
}

/// <summary>A record of the mapper's maptrack.</summary>
/// <param name="Handle">The handle.</param>
/// <param name="Mapper">The domain that holds it.</param>
/// <param name="Granter">The domain whose page it is.</param>
/// <param name="Ref">The reference.</param>
/// <param name="Flags">GNTMAP flags.</param>
/// <param name="FlagNames">Their names.</param>
/// <param name="Address">Where it is mapped, as <c>0xFFFF8880003F1000</c>.</param>
/// <param name="Mfn">The frame behind it.</param>
public sealed record MaptrackView(
    uint Handle, ushort Mapper, ushort Granter, uint Ref, uint Flags, ImmutableArray<string> FlagNames, string Address,
    ulong Mfn);

/// <summary>One end of an event channel with its bits.</summary>
/// <param name="Domain">Whose port it is.</param>
/// <param name="Number">The port.</param>
/// <param name="State"><c>unbound</c>, <c>interdomain</c>, <c>pirq</c>, ...</param>
/// <param name="PeerDomain">The other end's domain, or null.</param>
/// <param name="PeerNumber">The other end's port, or null.</param>
/// <param name="Pending">Its pending bit: of the bitmap, or of its event word.</param>
/// <param name="Masked">Its mask bit, likewise.</param>
/// <param name="Selector">The selector bit of its word; false with the FIFO ABI, which has none.</param>
/// <param name="UpcallPending">vCPU 0's "events waiting" flag.</param>
/// <param name="UpcallMasked">vCPU 0's upcall mask.</param>
public sealed record PortView(
    ushort Domain, uint Number, string State, ushort? PeerDomain, uint? PeerNumber, bool Pending, bool Masked,
    bool Selector, bool UpcallPending, bool UpcallMasked)
{
    /// <summary>With the FIFO ABI: its event word; null with the 2-level ABI.</summary>
    public EventWordView? Fifo { get; init; }
}

/// <summary>An IOMMU entry.</summary>
/// <param name="Dfn">Device frame.</param>
/// <param name="Mfn">Machine frame.</param>
/// <param name="Writable">True when the device may write it.</param>
public sealed record IommuView(ulong Dfn, ulong Mfn, bool Writable);

/// <summary>The DMA engine.</summary>
/// <param name="State"><c>idle</c>, <c>queued</c>, <c>checking</c>, <c>moved</c> or <c>done</c>.</param>
/// <param name="BusAddress">The bus address of the descriptor it works on, or null.</param>
/// <param name="Bytes">Bytes of that descriptor.</param>
/// <param name="Sector">Its first sector.</param>
/// <param name="ToMemory">True when it writes memory (a disk READ).</param>
public sealed record DmaView(string State, ulong? BusAddress, int Bytes, ulong Sector, bool ToMemory);

/// <summary>Something that moves on stage.</summary>
/// <param name="Kind">
/// <c>handover</c> (application to frontend), <c>grant-write</c> (frontend to its grant entry), <c>put</c> (frontend to
/// slot), <c>publish</c>, <c>event-to-driver</c>, <c>event-to-guest</c>, <c>fetch</c> (slot to backend),
/// <c>hypercall-front</c>, <c>hypercall-back</c>, <c>check-grant</c> (Xen to entry), <c>map</c>, <c>unmap</c>,
/// <c>copy</c> (Xen copies the data page into the driver domain's own), <c>copy-back</c> (the other way), <c>bounce</c>
/// (a CPU of the driver domain does, through its mapping), <c>bounce-back</c>, <c>own-dma-out</c> (the driver domain's
/// own page to disk), <c>own-dma-in</c>,
/// <c>iommu</c>, <c>command</c> (disk driver to device), <c>iommu-check</c>, <c>dma-out</c> (page to disk),
/// <c>dma-in</c> (disk to page), <c>irq</c>, <c>respond</c> (backend to slot), <c>consume</c> (slot to frontend),
/// <c>end-access</c>,
/// <c>done</c> (frontend to application), <c>xenstore</c>.
/// </param>
/// <param name="Label">A short label such as a grant reference or a port; may be empty.</param>
public sealed record CarrierView(string Kind, string Label);
