using System.Buffers.Binary;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Events;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Network;

/// <summary>The locals of sending a packet.</summary>
public struct TxLocals : IPushLocals
{
    /// <summary>Who sends.</summary>
    public DomId Domain;

    /// <summary>The packet.</summary>
    public TxPacket Packet;

    /// <summary>The piece at work.</summary>
    public int Piece;

    /// <inheritdoc/>
    public RingIndex Old { get; set; }

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Submit;

    /// <summary>The piece at work.</summary>
    public readonly TxPiece Now => Packet.Pieces[Piece];

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Domain.Value);
        hasher.Add(Packet.Number);
        hasher.Add(Piece);
        hasher.Add(Old.Value);
    }
}

/// <summary>
/// netfront's way of a packet into the transmit ring (Linux <c>xennet_start_xmit</c>): for each piece grant its page
/// read-only and fill a slot; when all are known write the size of the whole into the first; publish, notify.
/// </summary>
public static class NetfrontTx
{
    /// <summary>The listing.</summary>
    public static Listing<TxLocals> Listing { get; } =
        new("xennet_start_xmit", "xennet_start_xmit", Actor.Frontend, false,
            [
                .. GrantRows.Make<TxLocals>(GrantOf, Touched), .. Fill(),
                .. new RingPush<TxLocals>(EndOf, Touched, null).Requests(),
            ]);

    /// <summary>A driver that never says where a packet ends: every slot promises another one.</summary>
    public static Listing<TxLocals> Endless { get; } = Listing.Replace("fill_flags", Row(
        "fill_flags", "tx->flags = NETTXF_more_data, also in the last slot", (ref TxLocals f, ref GuestCpu cpu) =>
        {
            Put(ref f, ref cpu, Netif.TxRequest.Flags, (ulong)(f.Packet.Flags | NetTxFlags.MoreData));
            return Filled(ref f);
        }));

    private static NewGrant GrantOf(in TxLocals f, ref GuestCpu cpu) => new(
        f.Now.Ref, Netfront.State(cpu.Draft, f.Domain).Peer, f.Now.Page.Value,
        GrantTable.Gtf.PermitAccess | GrantTable.Gtf.ReadOnly);

    private static void Touched(in TxLocals f, Draft draft) => draft.Say(new MachineEvent.RequestTouched(
        f.Now.Id, f.Now.Index.Value, Netfront.RingOf(f.Domain, false)));

    private static RingEnd EndOf(in TxLocals f, ref GuestCpu cpu)
    {
        var front = Netfront.State(cpu.Draft, f.Domain);
        return new(front.Tx.Ring, front.Tx.ReqProdPvt, front.Port, NetfrontState.Size);
    }

    private static Row<TxLocals> Row(string label, string text, RowBody<TxLocals> body) => new()
    {
        Label = label, Kind = AccessKind.Store, Cites = "xen-netfront.c xennet_tx_setup_grant", Text = text,
        Body = (ref TxLocals f, ref GuestCpu cpu) =>
        {
            Touched(f, cpu.Draft);
            return body(ref f, ref cpu);
        },
    };

    private static IEnumerable<Row<TxLocals>> Fill() =>
    [
        Row("fill_id", "tx->id = free id", (ref TxLocals f, ref GuestCpu cpu) =>
            Put(ref f, ref cpu, Netif.TxRequest.Id, f.Now.Id)),
        Row("fill_gref", "tx->gref = ref", (ref TxLocals f, ref GuestCpu cpu) =>
            Put(ref f, ref cpu, Netif.TxRequest.Gref, f.Now.Ref.Value)),
        Row("fill_offset", "tx->offset = offset in the page", (ref TxLocals f, ref GuestCpu cpu) =>
            Put(ref f, ref cpu, Netif.TxRequest.Offset, (ulong)f.Now.Offset)),
        Row("fill_size", "tx->size = bytes of this piece", (ref TxLocals f, ref GuestCpu cpu) =>
            Put(ref f, ref cpu, Netif.TxRequest.Size, (ulong)f.Now.Bytes)),
        Row("fill_flags", "tx->flags = csum_blank, extra_info, more_data", (ref TxLocals f, ref GuestCpu cpu) =>
        {
            var flags = f.Piece + 1 < f.Packet.Pieces.Length ? NetTxFlags.MoreData : NetTxFlags.None;
            flags |= f.Piece == 0 ? f.Packet.Flags : NetTxFlags.None;
            Put(ref f, ref cpu, Netif.TxRequest.Flags, (ulong)flags);
            return Filled(ref f);
        }),
        Row("fill_extra", "next slot = {type GSO, bytes of a segment, TCPv4}", (ref TxLocals f, ref GuestCpu cpu) =>
        {
            Span<byte> bytes = stackalloc byte[Netif.Extra.SizeBytes];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, f.Packet.Extra!.Value.Bytes);
            var front = Netfront.State(cpu.Draft, f.Domain);
            cpu.StoreBytes(front.Tx.Ring, SlotAt(f.Now.Index.Plus(1)), bytes);
            return Next(ref f);
        }),
        Row("fill_total", "first tx->size = bytes of the whole packet; req_prod_pvt += slots",
            (ref TxLocals f, ref GuestCpu cpu) =>
            {
                f.Piece = 0;
                Put(ref f, ref cpu, Netif.TxRequest.Size, (ulong)f.Packet.Bytes);
                var front = Netfront.State(cpu.Draft, f.Domain);
                var next = front.Tx.ReqProdPvt.Plus((uint)f.Packet.Slots);
                Netfront.Put(cpu.Draft, f.Domain, front with { Tx = front.Tx with { ReqProdPvt = next } });
                return Flow.Next;
            }),
    ];

    private static Flow Put(ref TxLocals f, ref GuestCpu cpu, Field field, ulong value)
    {
        var ring = Netfront.State(cpu.Draft, f.Domain).Tx.Ring;
        cpu.Store(ring, SlotAt(f.Now.Index) + field.OffsetBytes, value, field.WidthBytes);
        return Flow.Next;
    }

    private static Flow Filled(ref TxLocals f) =>
        f is { Piece: 0, Packet.Extra: not null } ? Flow.To("fill_extra") : Next(ref f);

    private static Flow Next(ref TxLocals f)
    {
        f.Piece++;
        return f.Piece < f.Packet.Pieces.Length ? Flow.To("grant_domid") : Last(ref f);
    }

    // The rows speak of the piece at work: there is none behind the last.
    private static Flow Last(ref TxLocals f)
    {
        f.Piece = 0;
        return Flow.To("fill_total");
    }

    private static int SlotAt(RingIndex index) => RingMath.SlotOffset(index, NetfrontState.Size, Netif.TxSlotBytes);
}
