using System.Buffers.Binary;
using XenViz.Core.Devices.Network;

namespace XenViz.Core.Projection.Packets;

/// <summary>What IPv4 or IPv6 says of the packet that it carries.</summary>
/// <param name="Addresses">The sum of both addresses, for the pseudo header.</param>
/// <param name="End">The byte of the frame behind its last one.</param>
/// <param name="IsPart">True when more of it is elsewhere: a first fragment, or a frame that was cut off.</param>
/// <param name="Hops">Hops that are left.</param>
/// <param name="IsV6">True for IPv6.</param>
internal readonly record struct PacketInner(uint Addresses, int End, bool IsPart, byte Hops, bool IsV6 = false);

/// <summary>Takes apart what IP carries: UDP, TCP, ICMP and ICMPv6.</summary>
internal static class TransportDecoder
{
    /// <summary>The number of ICMPv6.</summary>
    public const byte Icmp6 = 58;

    private const int TargetEnd = 24;
    private static readonly string[] TcpFlags = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];

    /// <summary>Takes it apart.</summary>
    public static void Decode(ref PacketParts parts, byte protocol, PacketInner inner)
    {
        switch (protocol)
        {
            case EthernetFrames.Udp:
                Udp(ref parts, inner);
                break;
            case EthernetFrames.Tcp:
                Tcp(ref parts, inner);
                break;
            case EthernetFrames.Icmp when !inner.IsV6:
                Icmp(ref parts, inner);
                break;
            case Icmp6 when inner.IsV6:
                IcmpV6(ref parts, inner);
                break;
            default:
                parts.Say(inner.IsV6 ? "IPv6" : "IPv4", inner.IsV6
                    ? PacketDecoder.Texts.Say("Next", Ipv6Decoder.Numbered(protocol))
                    : PacketDecoder.Texts.Say("Carries", protocol));
                parts.Payload(inner.End);
                break;
        }
    }

    private static void Udp(ref PacketParts parts, PacketInner inner)
    {
        var start = parts.At;
        parts.Begin("UDP", start);
        if (inner.End - start < EthernetFrames.UdpBytes)
        {
            parts.Cut();
            return;
        }

        var (from, to, length) = (parts.Word(start), parts.Word(start + 2), parts.Word(start + 4));
        parts.Add("Source port", PacketDecoder.Text(from), 2);
        parts.Add("Destination port", PacketDecoder.Text(to), 2);
        var fits = length >= EthernetFrames.UdpBytes && (inner.IsPart || length <= inner.End - start);
        parts.Add("Length", PacketDecoder.Text(length), 2, fits ? "" : PacketDecoder.Texts.Say("Malformed"),
            fits ? "" : "wrong");
        var sum = parts.Word(start + 6);
        var (meaning, state) = (sum, inner.IsV6, parts.Hint) switch
        {
            (0, false, _) => (PacketDecoder.Texts.Say("ChecksumNone"), ""),
            (0, true, ChecksumHint.None) => (PacketDecoder.Texts.Say("ChecksumMissing"), "wrong"),
            _ => Check(parts, inner, EthernetFrames.Udp, start, sum),
        };
        parts.Add("Checksum", Words.Hex(sum, 4), 2, meaning, state);
        parts.Say("UDP", fits
            ? $"{from} → {to} Len={length - EthernetFrames.UdpBytes}"
            : $"{from} → {to} {PacketDecoder.Texts.Say("Malformed")}");
        parts.End(parts.Info);
        parts.Payload(inner.End);
    }

    private static void Tcp(ref PacketParts parts, PacketInner inner)
    {
        var start = parts.At;
        parts.Begin("TCP", start);
        var room = inner.End - start;
        var header = room >= EthernetFrames.TcpBytes ? (parts.Frame[start + 12] >> 4) * 4 : 0;
        if (header < EthernetFrames.TcpBytes || header > room)
        {
            parts.Cut();
            return;
        }

        var (from, to, bits) = (parts.Word(start), parts.Word(start + 2), parts.Frame[start + 13]);
        var sequence = BinaryPrimitives.ReadUInt32BigEndian(parts.Frame[(start + 4)..]);
        var acknowledged = BinaryPrimitives.ReadUInt32BigEndian(parts.Frame[(start + 8)..]);
        var flags = string.Join(", ", TcpFlags.Where((_, i) => (bits >> i & 1) != 0));
        var window = parts.Word(start + 14);
        var sum = parts.Word(start + 16);
        parts.Add("Source port", PacketDecoder.Text(from), 2);
        parts.Add("Destination port", PacketDecoder.Text(to), 2);
        parts.Add("Sequence number", PacketDecoder.Text(sequence), 4);
        parts.Add("Acknowledgment number", PacketDecoder.Text(acknowledged), 4);
        parts.Add("Header length", Words.Hex(parts.Frame[start + 12], 2), 1, PacketDecoder.Texts.Say("Count", header));
        parts.Add("Flags", Words.Hex(bits, 2), 1, flags);
        parts.Add("Window", PacketDecoder.Text(window), 2);
        var (meaning, state) = Check(parts, inner, EthernetFrames.Tcp, start, sum);
        parts.Add("Checksum", Words.Hex(sum, 4), 2, meaning, state);
        parts.Add("Urgent pointer", parts.Number(2), 2);
        if (header > EthernetFrames.TcpBytes)
        {
            var bytes = header - EthernetFrames.TcpBytes;
            parts.Add("Options", Convert.ToHexStringLower(parts.Frame.Slice(parts.At, bytes)), bytes);
        }

        parts.Say("TCP", $"{from} → {to} [{flags}] Seq={sequence} Ack={acknowledged} Win={window} Len={room - header}");
        parts.End(parts.Info);
        parts.Payload(inner.End);
    }

    private static void Icmp(ref PacketParts parts, PacketInner inner)
    {
        var start = parts.At;
        parts.Begin("ICMP", start);
        if (inner.End - start < EthernetFrames.EchoBytes)
        {
            parts.Cut();
            return;
        }

        var (type, code) = (parts.Frame[start], parts.Frame[start + 1]);
        var name = type switch { 0 => "Echo (ping) reply", 8 => "Echo (ping) request", _ => "" };
        parts.Add("Type", PacketDecoder.Text(type), 1, name);
        parts.Add("Code", PacketDecoder.Text(code), 1);
        var right = Checksum.Of(Checksum.Add(parts.Frame[start..inner.End])) == 0;
        parts.Add(
            "Checksum", Words.Hex(parts.Word(start + 2), 4), 2,
            PacketDecoder.Texts.Say(inner.IsPart ? "ChecksumElsewhere" : right ? "ChecksumRight" : "ChecksumWrong"),
            inner.IsPart ? "" : right ? "right" : "wrong");
        var (id, sequence) = (parts.Word(start + 4), parts.Word(start + 6));
        if (name.Length > 0)
        {
            parts.Add("Identifier", Words.Hex(id, 4), 2);
            parts.Add("Sequence number", PacketDecoder.Text(sequence), 2);
        }
        else
        {
            parts.Add(PacketDecoder.Texts.Say("Rest"), Words.Hex((ulong)((id << 16) | sequence), 8), 4);
        }

        parts.Say("ICMP", name.Length > 0
            ? $"{name} id={Words.Hex(id, 4)}, seq={sequence}, ttl={inner.Hops}"
            : PacketDecoder.Texts.Say("IcmpOther", type, code));
        parts.End(parts.Info);
        parts.Payload(inner.End);
    }

    private static void IcmpV6(ref PacketParts parts, PacketInner inner)
    {
        var start = parts.At;
        parts.Begin("ICMPv6", start);
        if (inner.End - start < EthernetFrames.EchoBytes)
        {
            parts.Cut();
            return;
        }

        var (type, code) = (parts.Frame[start], parts.Frame[start + 1]);
        var name = NameOfIcmp6(type);
        parts.Add("Type", PacketDecoder.Text(type), 1, name);
        parts.Add("Code", PacketDecoder.Text(code), 1);
        var sum = parts.Word(start + 2);
        var (meaning, state) = Check(parts, inner, Icmp6, start, sum);
        parts.Add("Checksum", Words.Hex(sum, 4), 2, meaning, state);
        var (id, sequence) = (parts.Word(start + 4), parts.Word(start + 6));
        var about = name.Length > 0 ? name : PacketDecoder.Texts.Say("IcmpOther", type, code);
        if (type is 128 or 129)
        {
            parts.Add("Identifier", Words.Hex(id, 4), 2);
            parts.Add("Sequence number", PacketDecoder.Text(sequence), 2);
            about = $"{name} id={Words.Hex(id, 4)}, seq={sequence}, hop limit={inner.Hops}";
        }
        else
        {
            parts.Add(PacketDecoder.Texts.Say("Rest"), Words.Hex((ulong)((id << 16) | sequence), 8), 4);
            if (type is 135 or 136 && inner.End - start >= TargetEnd)
            {
                var target = Ipv6Decoder.Address(parts.Frame[parts.At..]);
                parts.Add("Target", target, 16);
                about = type == 135 ? $"{name} for {target}" : $"{name} {target}";
            }
        }

        parts.Say("ICMPv6", about);
        parts.End(about);
        parts.Payload(inner.End);
    }

    private static string NameOfIcmp6(byte type) => type switch
    {
        1 => "Destination Unreachable",
        2 => "Packet Too Big",
        3 => "Time Exceeded",
        4 => "Parameter Problem",
        128 => "Echo (ping) request",
        129 => "Echo (ping) reply",
        133 => "Router Solicitation",
        134 => "Router Advertisement",
        135 => "Neighbor Solicitation",
        136 => "Neighbor Advertisement",
        143 => "Multicast Listener Report v2",
        _ => "",
    };

    // A blank checksum holds the sum of the pseudo header: what the device that fills it in goes on from.
    private static (string Meaning, string State) Check(
        in PacketParts parts, PacketInner inner, byte protocol, int start, ushort found)
    {
        var body = parts.Frame[start..inner.End];
        var pseudo = inner.Addresses + protocol + (uint)body.Length;
        if (inner.IsPart)
        {
            return (PacketDecoder.Texts.Say("ChecksumElsewhere"), "");
        }

        if (parts.Hint == ChecksumHint.Blank)
        {
            var expected = (ushort)~Checksum.Of(pseudo);
            return found == expected
                ? (PacketDecoder.Texts.Say("ChecksumPartial"), "partial")
                : (PacketDecoder.Texts.Say("ChecksumPartialWrong", Words.Hex(expected, 4)), "wrong");
        }

        var right = Checksum.Of(Checksum.Add(body, pseudo)) == 0;
        return right ? (PacketDecoder.Texts.Say("ChecksumRight"), "right")
            : parts.Hint == ChecksumHint.Validated ? (PacketDecoder.Texts.Say("ChecksumTrusted"), "partial")
            : (PacketDecoder.Texts.Say("ChecksumWrong"), "wrong");
    }
}
