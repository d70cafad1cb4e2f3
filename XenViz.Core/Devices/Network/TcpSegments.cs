using System.Buffers.Binary;
using System.Collections.Immutable;

namespace XenViz.Core.Devices.Network;

/// <summary>Cuts a TCP packet that is larger than the wire takes, as a card with segmentation offload does.</summary>
public static class TcpSegments
{
    private const byte Fin = 1;
    private const byte Push = 8;

    /// <summary>The frames on the wire: headers repeated, lengths, numbers and checksums as of each segment. FIN and
    /// PSH stay with the last one.</summary>
    /// <param name="frame">A whole frame with IPv4 and TCP; anything else goes out as it is.</param>
    /// <param name="payloadBytes">Payload of a segment, at least 1.</param>
    public static ImmutableArray<ImmutableArray<byte>> Cut(ReadOnlySpan<byte> frame, int payloadBytes)
    {
        if (HeaderBytes(frame) is not (> 0 and var headers, var ipBytes) || payloadBytes < 1)
        {
            return [[.. frame]];
        }

        var cut = ImmutableArray.CreateBuilder<ImmutableArray<byte>>();
        var sequence = BinaryPrimitives.ReadUInt32BigEndian(frame[(EthernetFrames.EthernetBytes + ipBytes + 4)..]);
        var id = BinaryPrimitives.ReadUInt16BigEndian(frame[(EthernetFrames.EthernetBytes + 4)..]);
        for (var at = headers; at < frame.Length; at += payloadBytes)
        {
            var payload = frame.Slice(at, Math.Min(payloadBytes, frame.Length - at));
            var segment = new byte[headers + payload.Length];
            frame[..headers].CopyTo(segment);
            payload.CopyTo(segment.AsSpan(headers));
            var ip = segment.AsSpan(EthernetFrames.EthernetBytes);
            BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)ip.Length);
            BinaryPrimitives.WriteUInt16BigEndian(ip[4..], unchecked((ushort)(id + cut.Count)));
            BinaryPrimitives.WriteUInt16BigEndian(ip[10..], 0);
            BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum.Of(Checksum.Add(ip[..ipBytes])));
            BinaryPrimitives.WriteUInt32BigEndian(ip[(ipBytes + 4)..], unchecked(sequence + (uint)(at - headers)));
            if (at + payload.Length < frame.Length)
            {
                ip[ipBytes + 13] &= unchecked((byte)~(Fin | Push));
            }

            EthernetFrames.FillChecksum(segment);
            cut.Add([.. segment]);
        }

        return cut.Count == 0 ? [[.. frame]] : cut.ToImmutable();
    }

    private static (int Headers, int IpBytes) HeaderBytes(ReadOnlySpan<byte> frame)
    {
        const int least = EthernetFrames.EthernetBytes + EthernetFrames.IpBytes;
        if (frame.Length < least + EthernetFrames.TcpBytes
            || BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != EthernetFrames.IpType)
        {
            return (0, 0);
        }

        var ip = frame[EthernetFrames.EthernetBytes..];
        var ipBytes = (ip[0] & 15) * 4;
        if (ip[0] >> 4 != 4 || ip[9] != EthernetFrames.Tcp || ipBytes < EthernetFrames.IpBytes
            || ip.Length < ipBytes + EthernetFrames.TcpBytes)
        {
            return (0, 0);
        }

        var tcpBytes = (ip[ipBytes + 12] >> 4) * 4;
        var all = EthernetFrames.EthernetBytes + ipBytes + tcpBytes;
        return tcpBytes >= EthernetFrames.TcpBytes && all < frame.Length ? (all, ipBytes) : (0, 0);
    }
}
