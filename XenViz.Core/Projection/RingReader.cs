using System.Buffers.Binary;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Which ring of the network device.</summary>
internal enum NetRing : byte
{
    /// <summary>It is no network device.</summary>
    No,

    /// <summary>Packets that the guest sends.</summary>
    Transmit,

    /// <summary>Packets that the guest gets.</summary>
    Receive,
}

/// <summary>
/// The ring of a machine: the bytes of its page, the private indices of both ends, and what follows from them for each
/// slot. Nothing in the page is believed: an index that is further away than the ring is long announces nothing.
/// </summary>
internal sealed class RingReader
{
    private readonly byte[] _page;
    private readonly RingSides _sides;
    private readonly RingIndex? _filling;

    private RingReader(Machine machine, int ring, RingIndex? focus)
    {
        _sides = RingSides.Of(machine, ring);
        _page = [.. _sides.Pages.SelectMany(mfn => machine.Frames[mfn].Page.ToArray())];
        if (machine.Front is not BlkfrontState front)
        {
            Net = ring % 2 != 0 ? NetRing.Receive : NetRing.Transmit;
            _filling = IsNetFilling(machine) ? focus : null;
            Answering = machine.NextRow(_sides.Driver, "xenvif_tx_dealloc") is "put_status" && Net == NetRing.Transmit
                ? "put_status"
                : null;
            return;
        }

        Layout = front.Options.FrontLayout;
        var filling = machine.NextRow(_sides.Guest, "blkif_queue_request");
        Filling = filling is "fill_id" or "fill_sector" or "fill_segment" or "fill_count" or "fill_handle" or "fill_ref"
            ? front.Queues[ring].Shadows.FirstOrDefault(s => s?.Index == _sides.ReqProdPvt)
            : null;
        var answering = machine.NextRow(_sides.Driver, "xen_blkbk_unmap_and_respond");
        Answering = answering is "put_operation" or "put_status" ? answering : null;
    }

    /// <summary>Slots of the ring.</summary>
    public int Size => _sides.Size;

    /// <summary>The frame of the ring page.</summary>
    public Mfn Mfn => _sides.Ring;

    /// <summary>True once the frontend has initialised the page: until it grants it, that shows in the page only.
    /// </summary>
    public bool Exists => _sides.RingRef.Value != 0 || _page.AsSpan(0, Ring.Pvt.OffsetBytes).ContainsAnyExcept((byte)0);

    /// <summary>The request whose slot is partly written, or null.</summary>
    public Shadow? Filling { get; }

    /// <summary>The row that goes on with a response that is partly written, or null.</summary>
    public string? Answering { get; }

    /// <summary>Private to the frontend.</summary>
    public RingIndex ReqProdPvt => _sides.ReqProdPvt;

    /// <summary>Private to the frontend.</summary>
    public RingIndex RspCons => _sides.RspCons;

    /// <summary>Private to the backend.</summary>
    public RingIndex ReqCons => _sides.ReqCons;

    /// <summary>Private to the backend.</summary>
    public RingIndex RspProdPvt => _sides.RspProdPvt;

    /// <summary>Reads the ring of a machine.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="ring">For a disk the queue; for the network 0 is the transmit ring and 1 the receive ring.</param>
    /// <param name="focus">The index of the slot that the story is about: a packet's slot while it is filled.</param>
    public static RingReader Of(Machine machine, int ring = 0, RingIndex? focus = null) => new(machine, ring, focus);

    /// <summary>A word of the header.</summary>
    public RingIndex Header(Field word) => new((uint)word.Read(_page));

    /// <summary>The byte layout in which the frontend writes its slots.</summary>
    public BlkifLayout Layout { get; } = BlkifLayout.X64;

    /// <summary>Which ring of the network it is.</summary>
    public NetRing Net { get; }

    /// <summary>Where a slot begins in the ring's pages.</summary>
    public int OffsetOf(int slot) => Ring.SlotOffsetBytes(slot, _sides.SlotBytes);

    /// <summary>The bytes of a slot.</summary>
    public ReadOnlySpan<byte> Bytes(int slot) => _page.AsSpan(OffsetOf(slot), _sides.SlotBytes);

    /// <summary>The one index in [rsp_cons, rsp_cons + size) that lies in a slot: what it holds or will hold next.
    /// </summary>
    public RingIndex IndexIn(int slot) =>
        RspCons.Plus(unchecked((uint)slot - RspCons.Value) & (uint)(Size - 1));

    /// <summary>True when the frontend is in the middle of writing this slot.</summary>
    public bool IsFilling(int slot) =>
        (Filling is { } request && request.Index == IndexIn(slot)) || _filling == IndexIn(slot);

    /// <summary>True when the backend is in the middle of writing a response into this slot.</summary>
    public bool IsAnswering(int slot) => Answering is not null && RspProdPvt == IndexIn(slot);

    /// <summary>The state of a slot, a word of <see cref="SlotView.State"/>.</summary>
    public string StateOf(int slot)
    {
        var at = IndexIn(slot).Since(RspCons);
        return at < Past(Header(Ring.RspProd)) ? "answered"
            : at < Past(RspProdPvt) || IsAnswering(slot) ? "answer-private"
            : at < Past(ReqCons) ? "serving"
            : at < Past(Header(Ring.ReqProd)) ? "pending"
            : at < Past(ReqProdPvt) || IsFilling(slot) ? "private"
            : "free";
    }

    /// <summary>How far the answer to a request is: <c>answered</c> once the frontend can see it, <c>answering</c>
    /// while it is written and not published, null when there is none. Answers come in the order in which requests
    /// end, so only their ids tell whose they are.</summary>
    /// <param name="id">The request's id, of those in flight the only one.</param>
    public string? AnswerTo(ulong id)
    {
        var published = Header(Ring.RspProd);
        for (var i = RspCons; i != RspProdPvt && i.Since(RspCons) < (uint)Size; i = i.Plus(1))
        {
            var bytes = Bytes(i.SlotIn(Size));
            var answered = Net == NetRing.No
                ? BinaryPrimitives.ReadUInt64LittleEndian(bytes)
                : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            if (answered == id)
            {
                return i.Since(published) < 0x8000_0000 ? "answering" : "answered";
            }
        }

        return null;
    }

    /// <summary>What the bytes of a slot are: a word of <see cref="SlotView.Kind"/>.</summary>
    public static string KindOf(string state) => state switch
    {
        "free" => "free",
        "answered" or "answer-private" => "response",
        _ => "request",
    };

    private bool IsNetFilling(Machine machine) => Net == NetRing.Receive
        ? machine.NextRow(_sides.Guest, "xennet_alloc_rx_buffers") is "fill_gref"
        : machine.NextRow(_sides.Guest, "xennet_start_xmit") is "fill_gref" or "fill_offset" or "fill_size"
            or "fill_flags" or "fill_extra" or "fill_total";

    private uint Past(RingIndex index)
    {
        var distance = index.Since(RspCons);
        return distance > (uint)Size ? 0 : distance;
    }
}
