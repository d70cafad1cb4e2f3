using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>
/// The ring of a machine: the bytes of its page, the private indices of both ends, and what follows from them for each
/// slot. Nothing in the page is believed: an index that is further away than the ring is long announces nothing.
/// </summary>
internal sealed class RingReader
{
    private readonly byte[] _page;
    private readonly BlkfrontState _front;
    private readonly BlkbackState _back;

    private RingReader(Machine machine)
    {
        _front = machine.Frontend();
        _back = machine.Backend();
        _page = [.. _front.Queues[0].Pages.SelectMany(mfn => machine.Frames[mfn].Page.ToArray())];
        var filling = machine.NextRow(machine.Guest().Id, "blkif_queue_request");
        Filling = filling is "fill_id" or "fill_sector" or "fill_segment" or "fill_count" or "fill_handle" or "fill_ref"
            ? _front.Shadows.FirstOrDefault(s => s?.Index == _front.ReqProdPvt)
            : null;
        var answering = machine.NextRow(machine.Driver().Id, "xen_blkbk_unmap_and_respond");
        Answering = answering is "put_operation" or "put_status" ? answering : null;
    }

    /// <summary>Slots of the ring.</summary>
    public int Size => _front.Size;

    /// <summary>The frame of the ring page.</summary>
    public Mfn Mfn => _front.Ring;

    /// <summary>True once the frontend has initialised the page: until it grants it, that shows in the page only.
    /// </summary>
    public bool Exists => _front.RingRef.Value != 0 || _page.AsSpan(0, Ring.Pvt.OffsetBytes).ContainsAnyExcept((byte)0);

    /// <summary>The request whose slot is partly written, or null.</summary>
    public Shadow? Filling { get; }

    /// <summary>The row that goes on with a response that is partly written, or null.</summary>
    public string? Answering { get; }

    /// <summary>Private to the frontend.</summary>
    public RingIndex ReqProdPvt => _front.ReqProdPvt;

    /// <summary>Private to the frontend.</summary>
    public RingIndex RspCons => _front.RspCons;

    /// <summary>Private to the backend.</summary>
    public RingIndex ReqCons => _back.ReqCons;

    /// <summary>Private to the backend.</summary>
    public RingIndex RspProdPvt => _back.RspProdPvt;

    /// <summary>Reads the ring of a machine.</summary>
    public static RingReader Of(Machine machine) => new(machine);

    /// <summary>A word of the header.</summary>
    public RingIndex Header(Field word) => new((uint)word.Read(_page));

    /// <summary>The byte layout in which the frontend writes its slots.</summary>
    public BlkifLayout Layout => _front.Options.FrontLayout;

    /// <summary>Where a slot begins in the ring's pages.</summary>
    public int OffsetOf(int slot) => Ring.SlotOffsetBytes(slot, Layout.SlotBytes);

    /// <summary>The bytes of a slot.</summary>
    public ReadOnlySpan<byte> Bytes(int slot) => _page.AsSpan(OffsetOf(slot), Layout.SlotBytes);

    /// <summary>The one index in [rsp_cons, rsp_cons + size) that lies in a slot: what it holds or will hold next.
    /// </summary>
    public RingIndex IndexIn(int slot) =>
        RspCons.Plus(unchecked((uint)slot - RspCons.Value) & (uint)(Size - 1));

    /// <summary>True when the frontend is in the middle of writing this slot.</summary>
    public bool IsFilling(int slot) => Filling is { } request && request.Index == IndexIn(slot);

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

    /// <summary>What the bytes of a slot are: a word of <see cref="SlotView.Kind"/>.</summary>
    public static string KindOf(string state) => state switch
    {
        "free" => "free",
        "answered" or "answer-private" => "response",
        _ => "request",
    };

    private uint Past(RingIndex index)
    {
        var distance = index.Since(RspCons);
        return distance > (uint)Size ? 0 : distance;
    }
}
