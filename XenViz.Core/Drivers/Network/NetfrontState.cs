using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Network;

/// <summary>A piece of a packet that the guest sends: bytes of one page, described by one slot.</summary>
/// <param name="Id">The slot's id: its place in <see cref="TxFront.Slots"/>.</param>
/// <param name="Index">The ring index of the slot.</param>
/// <param name="Ref">The grant of the page.</param>
/// <param name="Page">The page.</param>
/// <param name="Offset">First byte in the page.</param>
/// <param name="Bytes">How many.</param>
public readonly record struct TxPiece(ushort Id, RingIndex Index, GrantRef Ref, Mfn Page, int Offset, int Bytes);

/// <summary>A packet on its way out (Linux <c>struct sk_buff</c> with its place in <c>tx_skbs</c>).</summary>
/// <param name="Number">Counts the packets that the guest sends, from 0.</param>
/// <param name="Pieces">Its pieces, in order.</param>
/// <param name="Flags">The flags of its first slot beside <see cref="NetTxFlags.MoreData"/>.</param>
/// <param name="Extra">The extra info of its second slot, or null.</param>
public sealed record TxPacket(int Number, ImmutableArray<TxPiece> Pieces, NetTxFlags Flags, ExtraInfo? Extra)
{
    /// <summary>Bytes of the whole packet.</summary>
    public int Bytes => Pieces.Sum(p => p.Bytes);

    /// <summary>Slots that it takes.</summary>
    public int Slots => Pieces.Length + (Extra is null ? 0 : 1);
}

/// <summary>What the frontend remembers of a slot that waits for its answer.</summary>
/// <param name="Packet">The packet.</param>
/// <param name="Piece">The piece of it.</param>
public sealed record TxSlot(TxPacket Packet, int Piece);

/// <summary>An empty page that the frontend has offered.</summary>
/// <param name="Id">The slot's id.</param>
/// <param name="Index">The ring index of the slot.</param>
/// <param name="Ref">The grant of the page.</param>
/// <param name="Page">The page; for a page flip the frame that was given up.</param>
/// <param name="Pfn">The guest's own number of the page.</param>
public sealed record RxBuffer(ushort Id, RingIndex Index, GrantRef Ref, Mfn Page, Pfn Pfn);

/// <summary>The frontend's half of the transmit ring.</summary>
public sealed record TxFront
{
    /// <summary>The frame of the ring.</summary>
    public Mfn Ring { get; init; }

    /// <summary>The grant of the ring, 0 while there is none.</summary>
    public GrantRef Ref { get; init; }

    /// <summary>Next index to fill; not published until the push.</summary>
    public RingIndex ReqProdPvt { get; init; }

    /// <summary>Next response to take.</summary>
    public RingIndex RspCons { get; init; }

    /// <summary>Slots that wait for their answer, by id.</summary>
    public ImmutableArray<TxSlot?> Slots { get; init; } = [.. new TxSlot?[NetfrontState.Size]];

    /// <summary>Ids that are free, the next one first.</summary>
    public ImmutableQueue<ushort> FreeIds { get; init; } = ImmutableQueue<ushort>.Empty;

    /// <summary>Free slots (RING_FREE_REQUESTS).</summary>
    public uint Free => RingMath.Free(ReqProdPvt, RspCons, NetfrontState.Size);

    internal void AddTo(ref Hasher hasher)
    {
        hasher.Add(Ref.Value);
        hasher.Add(ReqProdPvt.Value);
        hasher.Add(RspCons.Value);
        foreach (var slot in Slots)
        {
            hasher.Add(slot is null ? -1 : slot.Packet.Number);
        }
    }
}

/// <summary>The frontend's half of the receive ring.</summary>
public sealed record RxFront
{
    /// <summary>The frame of the ring.</summary>
    public Mfn Ring { get; init; }

    /// <summary>The grant of the ring, 0 while there is none.</summary>
    public GrantRef Ref { get; init; }

    /// <summary>Next index to fill; not published until the push.</summary>
    public RingIndex ReqProdPvt { get; init; }

    /// <summary>Next response to take.</summary>
    public RingIndex RspCons { get; init; }

    /// <summary>Pages that are offered, by slot.</summary>
    public ImmutableArray<RxBuffer?> Buffers { get; init; } = [.. new RxBuffer?[NetfrontState.Size]];

    /// <summary>Pages that can be offered, the next one first.</summary>
    public ImmutableQueue<Mfn> FreePages { get; init; } = ImmutableQueue<Mfn>.Empty;

    /// <summary>Most pages that are offered at once.</summary>
    public int Target { get; init; }

    /// <summary>How many are offered.</summary>
    public int Offered => (int)ReqProdPvt.Since(RspCons);

    /// <summary>True when pages could be offered.</summary>
    public bool WantsMore => Offered < Target && !FreePages.IsEmpty;

    internal void AddTo(ref Hasher hasher)
    {
        hasher.Add(Ref.Value);
        hasher.Add(ReqProdPvt.Value);
        hasher.Add(RspCons.Value);
        foreach (var buffer in Buffers)
        {
            hasher.Add(buffer is null ? ulong.MaxValue : buffer.Page.Value);
        }

        foreach (var page in FreePages)
        {
            hasher.Add(page.Value);
        }
    }
}

/// <summary>The variables of netfront (Linux <c>struct netfront_info</c> with one queue).</summary>
public sealed record NetfrontState : PrivateState
{
    /// <summary>Slots of either ring: a page holds 256 of 12 or of 8 bytes.</summary>
    public const int Size = 256;

    /// <summary>The backend's domain.</summary>
    public required DomId Peer { get; init; }

    /// <summary>The guest's place in the network.</summary>
    public required NetAddress Address { get; init; }

    /// <summary>The event channel of both rings, 0 while there is none.</summary>
    public Port Port { get; init; }

    /// <summary>The transmit ring.</summary>
    public TxFront Tx { get; init; } = new();

    /// <summary>The receive ring.</summary>
    public RxFront Rx { get; init; } = new();

    /// <summary>References that were given back, the last one last; it is used first.</summary>
    public ImmutableArray<uint> FreeRefs { get; init; } = [];

    /// <summary>The first reference that was never used.</summary>
    public uint FreshRef { get; init; }

    /// <summary>True for the historic receive path: pages change their owner.</summary>
    public bool Flips { get; init; }

    /// <summary>What it can do.</summary>
    public NetOffer Offer { get; init; } = new();

    /// <summary>What both ends can do, as read from the backend's keys.</summary>
    public NetAgreed Agreed { get; init; }

    /// <summary>References that the old backend still used when it went: never used again.</summary>
    public ImmutableArray<uint> Deferred { get; init; } = [];

    /// <summary>Packets that it dropped: too many slots for the backend, or in flight when the backend went.</summary>
    public int Dropped { get; init; }

    /// <summary>True when the device can be used (XenbusStateConnected).</summary>
    public bool Connected { get; init; }

    /// <summary>True when the backend broke the protocol: nothing is sent any more.</summary>
    public bool Broken { get; init; }

    /// <summary>Packets handed over so far.</summary>
    public int Packets { get; init; }

    /// <summary>Takes a grant reference that is not in use.</summary>
    public (NetfrontState After, GrantRef Ref) TakeRef() => FreeRefs.IsEmpty
        ? (this with { FreshRef = FreshRef + 1 }, new GrantRef(FreshRef))
        : (this with { FreeRefs = FreeRefs.RemoveAt(FreeRefs.Length - 1) }, new GrantRef(FreeRefs[^1]));

    /// <inheritdoc/>
    public override void AddTo(ref Hasher hasher)
    {
        Tx.AddTo(ref hasher);
        Rx.AddTo(ref hasher);
        hasher.Add(Port.Value);
        hasher.Add(FreshRef);
        hasher.Add(Flips);
        hasher.Add(Agreed.ScatterGather);
        hasher.Add(Agreed.Segmentation);
        hasher.Add(Agreed.Checksums);
        hasher.Add(Dropped);
        hasher.Add(Deferred.Length);
        hasher.Add(Connected);
        hasher.Add(Broken);
        hasher.Add(Packets);
        foreach (var reference in FreeRefs)
        {
            hasher.Add(reference);
        }
    }
}
