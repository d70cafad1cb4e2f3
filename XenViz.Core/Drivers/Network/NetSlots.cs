using System.Buffers.Binary;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;

namespace XenViz.Core.Drivers.Network;

/// <summary>A slot of the transmit ring as a request (<c>struct netif_tx_request</c>).</summary>
/// <param name="Ref">The grant of the page.</param>
/// <param name="Offset">First byte in the page.</param>
/// <param name="Flags">NETTXF_*.</param>
/// <param name="Id">The frontend's number.</param>
/// <param name="Size">Bytes: of the whole packet in its first slot.</param>
public readonly record struct TxRequest(GrantRef Ref, ushort Offset, NetTxFlags Flags, ushort Id, ushort Size)
{
    /// <summary>Reads 12 bytes.</summary>
    public static TxRequest Decode(ReadOnlySpan<byte> slot) => new(
        new GrantRef((uint)Netif.TxRequest.Gref.Read(slot)), (ushort)Netif.TxRequest.Offset.Read(slot),
        (NetTxFlags)Netif.TxRequest.Flags.Read(slot), (ushort)Netif.TxRequest.Id.Read(slot),
        (ushort)Netif.TxRequest.Size.Read(slot));
}

/// <summary>An extra info (<c>struct netif_extra_info</c>): its 8 bytes.</summary>
/// <param name="Bytes">The bytes as a little-endian number.</param>
public readonly record struct ExtraInfo(ulong Bytes)
{
    /// <summary>What it is about.</summary>
    public NetExtraType Type => (NetExtraType)(byte)Bytes;

    /// <summary>True when another one follows.</summary>
    public bool More => (Bytes >> 8 & Netif.Extra.More) != 0;

    /// <summary>GSO: bytes of payload a segment.</summary>
    public ushort GsoSize => (ushort)(Bytes >> 16);

    /// <summary>GSO: the kind.</summary>
    public NetGsoType GsoType => (NetGsoType)(byte)(Bytes >> 32);

    /// <summary>Reads 8 bytes.</summary>
    public static ExtraInfo Decode(ReadOnlySpan<byte> slot) => new(BinaryPrimitives.ReadUInt64LittleEndian(slot));

    /// <summary>The info that a packet is to be cut.</summary>
    /// <param name="size">Bytes of payload a segment.</param>
    public static ExtraInfo Gso(int size) =>
        new((ulong)NetExtraType.Gso | ((ulong)(ushort)size << 16) | ((ulong)NetGsoType.TcpV4 << 32));
}

/// <summary>A slot of the receive ring as a request (<c>struct netif_rx_request</c>).</summary>
/// <param name="Id">The frontend's number.</param>
/// <param name="Ref">The grant of the empty page.</param>
public readonly record struct RxRequest(ushort Id, GrantRef Ref)
{
    /// <summary>Reads 8 bytes.</summary>
    public static RxRequest Decode(ReadOnlySpan<byte> slot) =>
        new((ushort)Netif.RxRequest.Id.Read(slot), new GrantRef((uint)Netif.RxRequest.Gref.Read(slot)));
}

/// <summary>A slot of the receive ring as a response (<c>struct netif_rx_response</c>).</summary>
/// <param name="Id">The id of the request.</param>
/// <param name="Offset">First byte in the page.</param>
/// <param name="Flags">NETRXF_*.</param>
/// <param name="Status">Bytes when it is positive, else a NETIF_RSP_*.</param>
public readonly record struct RxResponse(ushort Id, ushort Offset, NetRxFlags Flags, short Status)
{
    /// <summary>Reads 8 bytes.</summary>
    public static RxResponse Decode(ReadOnlySpan<byte> slot) => new(
        (ushort)Netif.RxResponse.Id.Read(slot), (ushort)Netif.RxResponse.Offset.Read(slot),
        (NetRxFlags)Netif.RxResponse.Flags.Read(slot), (short)Netif.RxResponse.Status.Read(slot));
}
