using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Network;

/// <summary>How netback gets the bytes of a packet that a guest sends.</summary>
public enum TxPath : byte
{
    /// <summary>As Linux does: the first 128 bytes are copied, the rest is mapped read-only.</summary>
    Map,

    /// <summary>Everything is copied, as Linux does with packets of many fragments.</summary>
    Copy,
}

/// <summary>A slot of a packet that netback took.</summary>
/// <param name="Request">The copy of the slot.</param>
/// <param name="Bytes">Bytes of the piece: for the first slot what the others leave.</param>
/// <param name="Copied">The first so many bytes are copied into a page of netback.</param>
/// <param name="Extras">Extra infos behind it.</param>
public readonly record struct BackPiece(TxRequest Request, int Bytes, int Copied, int Extras)
{
    /// <summary>The page of the address space set aside for the mapping, or -1.</summary>
    public int Slot { get; init; } = -1;

    /// <summary>The receipt of the mapping.</summary>
    public GrantHandle? Handle { get; init; }

    /// <summary>Netback's own page with the copied bytes.</summary>
    public Mfn? Own { get; init; }

    /// <summary>Bytes that are reached through the mapping.</summary>
    public int Mapped => Bytes - Copied;
}

/// <summary>A packet of a guest that netback serves (Linux <c>struct sk_buff</c> with its <c>pending_tx_info</c>).
/// </summary>
/// <param name="Vif">The interface.</param>
/// <param name="Key">The ring index of its first slot.</param>
/// <param name="Pieces">Its slots.</param>
/// <param name="Gso">Payload of a segment when the packet is to be cut, else 0.</param>
public sealed record BackPacket(int Vif, RingIndex Key, ImmutableArray<BackPiece> Pieces, int Gso)
{
    /// <summary>What becomes of it.</summary>
    public NetifStatus Status { get; init; }

    /// <summary>Bytes of the whole.</summary>
    public int Bytes => Pieces.Sum(p => p.Bytes);

    /// <summary>The flags of its first slot.</summary>
    public NetTxFlags Flags => Pieces[0].Request.Flags;
}

/// <summary>A packet in pages of the driver domain, on its way to a guest.</summary>
/// <param name="Parts">Its bytes, whole pages first.</param>
/// <param name="Flags">What is known of its checksum.</param>
public sealed record RxPacket(ImmutableArray<Part> Parts, NetRxFlags Flags);

/// <summary>One interface of netback (Linux <c>struct xenvif</c> with one queue).</summary>
public sealed record Vif
{
    /// <summary>The frontend's domain.</summary>
    public required DomId Peer { get; init; }

    /// <summary>The frontend's Ethernet address, which the bridge has learned.</summary>
    public required MacAddress Mac { get; init; }

    /// <summary>Where the transmit ring is mapped; the receive ring lies in the next page.</summary>
    public ulong RingAddress { get; init; }

    /// <summary>The event channel of both rings, 0 while there is none.</summary>
    public Port Port { get; init; }

    /// <summary>The receipts of the mapped rings.</summary>
    public ImmutableArray<GrantHandle> RingHandles { get; init; } = [];

    /// <summary>What both ends can do, as read from the frontend's keys.</summary>
    public NetAgreed Agreed { get; init; }

    /// <summary>True when packets reach this guest the historic way: pages change their owner.</summary>
    public bool Flips { get; init; }

    /// <summary>True while packets go through: connected, and the frontend has broken no rule.</summary>
    public bool Carrier { get; init; }

    /// <summary>True when the frontend broke the protocol: its rings are never touched again.</summary>
    public bool Disabled { get; init; }

    /// <summary>True when an event asked to look at the transmit ring.</summary>
    public bool Wake { get; init; }

    /// <summary>Transmit: next response to write.</summary>
    public RingIndex TxRspProdPvt { get; init; }

    /// <summary>Transmit: next request to take.</summary>
    public RingIndex TxReqCons { get; init; }

    /// <summary>Receive: next response to write.</summary>
    public RingIndex RxRspProdPvt { get; init; }

    /// <summary>Receive: next request to take.</summary>
    public RingIndex RxReqCons { get; init; }

    /// <summary>Most pages that wait for a guest; a packet beyond that is dropped.</summary>
    public const int QueuePages = 64;

    /// <summary>Pages that wait for the guest.</summary>
    public int Waiting => Queue.Sum(p => p.Parts.Length);

    /// <summary>Packets that wait for the guest, the next one first.</summary>
    public ImmutableArray<RxPacket> Queue { get; init; } = [];

    /// <summary>True when the guest had offered too few pages at the last look; an event of it ends that.</summary>
    public bool Starved { get; init; }

    /// <summary>True when packets have waited 10 s.</summary>
    public bool Expired { get; init; }

    /// <summary>True when no packet has gone into a page for 60 s.</summary>
    public bool Silent { get; init; }

    /// <summary>True when the carrier is off because the guest offers no pages.</summary>
    public bool Stalled { get; init; }

    /// <summary>True when the guest rings for each page that it offers (<c>feature-rx-notify</c>).</summary>
    public bool Notifies { get; init; }

    /// <summary>Groups that the guest asked for (XEN_NETIF_EXTRA_TYPE_MCAST_ADD).</summary>
    public ImmutableSortedSet<ulong> Groups { get; init; } = [];

    /// <summary>Packets that were dropped because nobody was there to take them.</summary>
    public int Dropped { get; init; }

    internal void AddTo(ref Hasher hasher)
    {
        hasher.Add(Port.Value);
        hasher.Add(Carrier);
        hasher.Add(Agreed.ScatterGather);
        hasher.Add(Agreed.Segmentation);
        hasher.Add(Agreed.Checksums);
        hasher.Add(Disabled);
        hasher.Add(Wake);
        hasher.Add(Starved);
        hasher.Add(Expired);
        hasher.Add(Silent);
        hasher.Add(Stalled);
        hasher.Add(TxRspProdPvt.Value);
        hasher.Add(TxReqCons.Value);
        hasher.Add(RxRspProdPvt.Value);
        hasher.Add(RxReqCons.Value);
        hasher.Add(Queue.Length);
        hasher.Add(Groups.Count);
        hasher.Add(Dropped);
    }
}

/// <summary>The variables of netback, of the bridge and of the card's driver under it.</summary>
public sealed record NetbackState : PrivateState
{
    /// <summary>The interfaces.</summary>
    public required ImmutableArray<Vif> Vifs { get; init; }

    /// <summary>The Ethernet address of the one on the wire.</summary>
    public MacAddress Wire { get; init; }

    /// <summary>How bytes that guests send are reached.</summary>
    public TxPath Path { get; init; }

    /// <summary>True when it offers the historic receive path, and not the copy.</summary>
    public bool Flips { get; init; }

    /// <summary>What it offers.</summary>
    public NetOffer Offer { get; init; } = new();

    /// <summary>The virtual address of the first page set aside for mappings.</summary>
    public ulong MapAddress { get; init; }

    /// <summary>Pages of the address space in use for mappings.</summary>
    public SlotSet Slots { get; init; }

    /// <summary>Pages of the driver domain for headers and copies, the next one first.</summary>
    public ImmutableQueue<Mfn> FreePages { get; init; } = ImmutableQueue<Mfn>.Empty;

    /// <summary>How many of these there are.</summary>
    public int FreeCount { get; init; }

    /// <summary>How many of these there are when nothing is on its way; more go to the card.</summary>
    public int FreeTarget { get; init; }

    /// <summary>Packets of guests that the card works on.</summary>
    public ImmutableArray<BackPacket> Pending { get; init; } = [];

    /// <summary>Packets of guests that are over and not answered yet.</summary>
    public ImmutableArray<BackPacket> Finished { get; init; } = [];

    /// <summary>Packets that the card has received and that the bridge has not looked at.</summary>
    public ImmutableArray<RxPacket> Arrived { get; init; } = [];

    /// <summary>True when the last thing it did was to answer.</summary>
    public bool Answered { get; init; }

    /// <summary>Pages that one packet may need: no packet is taken while there are fewer.</summary>
    public const int PagesEach = 24;

    /// <summary>True when there are pages for one more packet.</summary>
    public bool HasPages => FreeCount >= PagesEach;

    /// <summary>The address of a page set aside for mappings.</summary>
    public ulong AddressOf(int slot) => MapAddress + ((ulong)slot << PageSize.Shift);

    /// <summary>The state with one interface changed.</summary>
    public NetbackState With(int vif, Vif changed) => this with { Vifs = Vifs.SetItem(vif, changed) };

    /// <summary>The interface whose event channel a port is, or -1.</summary>
    public int VifOf(Port port)
    {
        for (var i = 0; i < Vifs.Length; i++)
        {
            if (Vifs[i].Port == port && port.Value != 0)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Takes a page of the driver domain's own; there must be one.</summary>
    public (NetbackState After, Mfn Page) TakePage()
    {
        var left = FreePages.Dequeue(out var page);
        return (this with { FreePages = left, FreeCount = FreeCount - 1 }, page);
    }

    /// <summary>Gives pages back.</summary>
    public NetbackState GivePages(IEnumerable<Mfn> pages) => pages.Aggregate(
        this, (state, page) => state with
        {
            FreePages = state.FreePages.Enqueue(page), FreeCount = state.FreeCount + 1,
        });

    /// <inheritdoc/>
    public override void AddTo(ref Hasher hasher)
    {
        foreach (var vif in Vifs)
        {
            vif.AddTo(ref hasher);
        }

        hasher.Add(Answered);
        hasher.Add(FreeCount);
        hasher.Add(Arrived.Length);
        foreach (var packet in Pending.AddRange(Finished))
        {
            hasher.Add(packet.Vif);
            hasher.Add(packet.Key.Value);
            hasher.Add((int)packet.Status);
            foreach (var piece in packet.Pieces)
            {
                hasher.Add(piece.Request.Ref.Value);
                hasher.Add(piece.Slot);
                hasher.Add(piece.Handle is { } handle ? (int)handle.Value : -1);
            }
        }
    }
}
