using System.Buffers.Binary;

namespace XenViz.Core.Devices.Network;

/// <summary>A place in a network: Ethernet and IPv4 address.</summary>
/// <param name="Mac">The Ethernet address.</param>
/// <param name="Ip">The IPv4 address, first byte highest.</param>
public readonly record struct NetAddress(MacAddress Mac, uint Ip);

/// <summary>Builds Ethernet frames, without the checksum that the wire adds.</summary>
public static class EthernetFrames
{
    /// <summary>Bytes of an Ethernet header.</summary>
    public const int EthernetBytes = 14;

    /// <summary>Bytes of an IPv4 header without options.</summary>
    public const int IpBytes = 20;

    /// <summary>Bytes of a UDP header.</summary>
    public const int UdpBytes = 8;

    /// <summary>Bytes of a TCP header without options.</summary>
    public const int TcpBytes = 20;

    /// <summary>Bytes of an ICMP echo header.</summary>
    public const int EchoBytes = 8;

    /// <summary>Bytes of an ARP packet for IPv4 on Ethernet.</summary>
    public const int ArpBytes = 28;

    /// <summary>The most payload of one IPv4 packet with a UDP or echo header.</summary>
    public const int MaxPayloadBytes = 65535 - EthernetBytes - IpBytes - UdpBytes;

    /// <summary>The type of IPv4 in an Ethernet header.</summary>
    public const ushort IpType = 0x0800;

    /// <summary>The type of ARP in an Ethernet header.</summary>
    public const ushort ArpType = 0x0806;

    /// <summary>The number of ICMP in an IPv4 header.</summary>
    public const byte Icmp = 1;

    /// <summary>The number of TCP in an IPv4 header.</summary>
    public const byte Tcp = 6;

    /// <summary>The number of UDP in an IPv4 header.</summary>
    public const byte Udp = 17;

    private const byte TimeToLive = 64;

    /// <summary>A UDP datagram in one frame.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="ports">The sender's and the receiver's UDP port.</param>
    /// <param name="payload">At most <see cref="MaxPayloadBytes"/> bytes.</param>
    /// <param name="blank">True leaves the UDP checksum as a device fills it in: only the pseudo header is summed.
    /// </param>
    public static byte[] UdpDatagram(
        NetAddress from, NetAddress to, (ushort From, ushort To) ports, ReadOnlySpan<byte> payload, bool blank = false)
    {
        var frame = Ip(from, to, Udp, UdpBytes + payload.Length);
        var udp = frame.AsSpan(EthernetBytes + IpBytes);
        BinaryPrimitives.WriteUInt16BigEndian(udp, ports.From);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], ports.To);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        payload.CopyTo(udp[UdpBytes..]);
        var pseudo = Checksum.Pseudo(from.Ip, to.Ip, Udp, udp.Length);
        var sum = blank ? (ushort)~Checksum.Of(pseudo) : Checksum.Of(Checksum.Add(udp, pseudo));

        // In UDP a checksum of 0 means that there is none; the other zero stands for it.
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], sum == 0 && !blank ? (ushort)0xFFFF : sum);
        return frame;
    }

    /// <summary>A TCP segment with data (flags PSH and ACK) whose checksum the card fills in.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="ports">The sender's and the receiver's TCP port.</param>
    /// <param name="sequence">The number of the first byte of payload.</param>
    /// <param name="payload">At most <see cref="MaxPayloadBytes"/> - 12 bytes.</param>
    public static byte[] TcpSegment(
        NetAddress from, NetAddress to, (ushort From, ushort To) ports, uint sequence, ReadOnlySpan<byte> payload)
    {
        var frame = Ip(from, to, Tcp, TcpBytes + payload.Length);
        var tcp = frame.AsSpan(EthernetBytes + IpBytes);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, ports.From);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], ports.To);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], sequence);
        tcp[12] = TcpBytes / 4 << 4;
        tcp[13] = 0x18;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 0xFFFF);
        payload.CopyTo(tcp[TcpBytes..]);
        var pseudo = Checksum.Pseudo(from.Ip, to.Ip, Tcp, tcp.Length);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], (ushort)~Checksum.Of(pseudo));
        return frame;
    }

    /// <summary>An ICMP echo, as ping sends it.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="reply">True for the answer.</param>
    /// <param name="id">Tells one ping from another.</param>
    /// <param name="sequence">Counts the echoes of one ping.</param>
    /// <param name="payload">At most <see cref="MaxPayloadBytes"/> bytes.</param>
    public static byte[] Echo(
        NetAddress from, NetAddress to, bool reply, ushort id, ushort sequence, ReadOnlySpan<byte> payload)
    {
        var frame = Ip(from, to, Icmp, EchoBytes + payload.Length);
        var icmp = frame.AsSpan(EthernetBytes + IpBytes);
        icmp[0] = reply ? (byte)0 : (byte)8;
        BinaryPrimitives.WriteUInt16BigEndian(icmp[4..], id);
        BinaryPrimitives.WriteUInt16BigEndian(icmp[6..], sequence);
        payload.CopyTo(icmp[EchoBytes..]);
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], Checksum.Of(Checksum.Add(icmp)));
        return frame;
    }

    /// <summary>An ARP question to everybody, or an answer to one.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="to">The asked IPv4 address with Ethernet address 0, or who asked.</param>
    /// <param name="reply">True for the answer.</param>
    public static byte[] Arp(NetAddress from, NetAddress to, bool reply)
    {
        var frame = new byte[EthernetBytes + ArpBytes];
        Header(frame, from.Mac, reply ? to.Mac : MacAddress.Broadcast, ArpType);
        var arp = frame.AsSpan(EthernetBytes);
        BinaryPrimitives.WriteUInt16BigEndian(arp, 1);
        BinaryPrimitives.WriteUInt16BigEndian(arp[2..], IpType);
        arp[4] = MacAddress.SizeBytes;
        arp[5] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(arp[6..], reply ? (ushort)2 : (ushort)1);
        from.Mac.CopyTo(arp[8..]);
        BinaryPrimitives.WriteUInt32BigEndian(arp[14..], from.Ip);
        to.Mac.CopyTo(arp[18..]);
        BinaryPrimitives.WriteUInt32BigEndian(arp[24..], to.Ip);
        return frame;
    }

    /// <summary>Fills in the checksum that a frame left blank, as a device with checksum offload does: UDP and TCP in
    /// whole IPv4 packets. Other frames, fragments, and frames that are too short for what they say, stay as they are.
    /// </summary>
    /// <returns>True when a checksum was filled in.</returns>
    public static bool FillChecksum(Span<byte> frame)
    {
        if (frame.Length < EthernetBytes + IpBytes || BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != IpType)
        {
            return false;
        }

        var ip = frame[EthernetBytes..];
        var headerBytes = (ip[0] & 15) * 4;
        var total = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
        var at = ip[9] switch { Udp => 6, Tcp => 16, _ => -1 };

        // The checksum stands in the first fragment only, and covers all of them: none of them can be filled in alone.
        var isFragment = (BinaryPrimitives.ReadUInt16BigEndian(ip[6..]) & 0x3FFF) != 0;
        if (ip[0] >> 4 != 4 || headerBytes < IpBytes || at < 0 || total > ip.Length || headerBytes + at + 2 > total
            || isFragment)
        {
            return false;
        }

        var body = ip[headerBytes..total];
        var source = BinaryPrimitives.ReadUInt32BigEndian(ip[12..]);
        var destination = BinaryPrimitives.ReadUInt32BigEndian(ip[16..]);
        body.Slice(at, 2).Clear();
        var sum = Checksum.Of(Checksum.Add(body, Checksum.Pseudo(source, destination, ip[9], body.Length)));
        BinaryPrimitives.WriteUInt16BigEndian(body[at..], sum == 0 && ip[9] == Udp ? (ushort)0xFFFF : sum);
        return true;
    }

    private static byte[] Ip(NetAddress from, NetAddress to, byte protocol, int bytes)
    {
        var frame = new byte[EthernetBytes + IpBytes + bytes];
        Header(frame, from.Mac, to.Mac, IpType);
        var ip = frame.AsSpan(EthernetBytes, IpBytes);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(IpBytes + bytes));
        ip[6] = 0x40;
        ip[8] = TimeToLive;
        ip[9] = protocol;
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], from.Ip);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], to.Ip);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum.Of(Checksum.Add(ip)));
        return frame;
    }

    private static void Header(Span<byte> frame, MacAddress from, MacAddress to, ushort type)
    {
        to.CopyTo(frame);
        from.CopyTo(frame[MacAddress.SizeBytes..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], type);
    }
}
