using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Resources;
using XenViz.Core.Devices.Network;

namespace XenViz.Core.Projection.Packets;

/// <summary>What the slots of a frame say of its checksum.</summary>
public enum ChecksumHint : byte
{
    /// <summary>Nothing: whoever reads the frame checks it.</summary>
    None,

    /// <summary>It was checked, or never left the machine (<c>data_validated</c>).</summary>
    Validated,

    /// <summary>It is to be filled in (<c>csum_blank</c>).</summary>
    Blank,
}

/// <summary>A frame taken apart.</summary>
/// <param name="Protocol">Its innermost protocol.</param>
/// <param name="Info">What it says, in Wireshark's words.</param>
/// <param name="Layers">Its layers, outermost first.</param>
public sealed record DecodedFrame(string Protocol, string Info, ImmutableArray<PacketLayerView> Layers);

/// <summary>
/// Takes frames apart: Ethernet, 802.1Q, ARP, IPv4, IPv6, UDP, TCP and ICMP. It believes nothing: a header that
/// the frame is too short for is told as far as it goes, and no bytes make it fail.
/// </summary>
public static class PacketDecoder
{
    private const ushort VlanType = 0x8100;
    private const ushort Ipv6Type = 0x86DD;

    internal static ResourceManager Texts { get; } = Words.Resource("Packets.PacketText");

    /// <summary>Takes a frame apart.</summary>
    /// <param name="frame">Its bytes from the Ethernet header on; any bytes.</param>
    /// <param name="hint">What its slots say of the checksum.</param>
    public static DecodedFrame Decode(ReadOnlySpan<byte> frame, ChecksumHint hint = ChecksumHint.None)
    {
        var parts = new PacketParts(frame, hint);
        Ethernet(ref parts);
        return new DecodedFrame(parts.Protocol, parts.Info, parts.Layers);
    }

    private static void Ethernet(ref PacketParts parts)
    {
        parts.Begin("Ethernet", 0);
        if (parts.Left < EthernetFrames.EthernetBytes)
        {
            parts.Cut();
            return;
        }

        var (to, from) = (MacAddress.From(parts.Frame), MacAddress.From(parts.Frame[MacAddress.SizeBytes..]));
        parts.Add("Destination", to.ToString(), MacAddress.SizeBytes, Texts.Say(
            to == MacAddress.Broadcast ? "Broadcast" : to.IsGroup ? "Group" : "One"));
        parts.Add("Source", from.ToString(), MacAddress.SizeBytes);
        var type = parts.Word(12);
        parts.Add("Type", Words.Hex(type, 4), 2, TypeName(type));
        parts.End($"{from} → {to}");
        if (type == VlanType)
        {
            type = Vlan(ref parts);
        }

        switch (type)
        {
            case EthernetFrames.IpType:
                Ip(ref parts);
                break;
            case Ipv6Type:
                Ipv6Decoder.Decode(ref parts);
                break;
            case EthernetFrames.ArpType:
                Arp(ref parts);
                break;
            case VlanType:
                parts.Payload(parts.Frame.Length);
                break;
            default:
                parts.Say("Ethernet", Texts.Say("NotDecoded", Words.Hex(type, 4)));
                parts.Payload(parts.Frame.Length);
                break;
        }
    }

    // What follows the tag; a tag behind a tag, or one that is cut off, is not followed.
    private static ushort Vlan(ref PacketParts parts)
    {
        parts.Begin("802.1Q", parts.At);
        if (parts.Left < 4)
        {
            parts.Cut();
            return VlanType;
        }

        var tag = parts.Word(parts.At);
        parts.Add("Tag", Words.Hex(tag, 4), 2, Texts.Say("Vlan", tag & 0xFFF, tag >> 13));
        var type = parts.Word(parts.At);
        parts.Add("Type", Words.Hex(type, 4), 2, TypeName(type));
        parts.End(Texts.Say("Vlan", tag & 0xFFF, tag >> 13));
        return type;
    }

    private static void Arp(ref PacketParts parts)
    {
        parts.Begin("ARP", parts.At);
        if (parts.Left < EthernetFrames.ArpBytes)
        {
            parts.Cut();
            return;
        }

        var arp = parts.Frame.Slice(parts.At, EthernetFrames.ArpBytes);
        var operation = BinaryPrimitives.ReadUInt16BigEndian(arp[6..]);
        parts.Add("Hardware type", parts.Number(2), 2, arp[1] == 1 && arp[0] == 0 ? "Ethernet" : "");
        var protocol = parts.Word(parts.At);
        parts.Add("Protocol type", Words.Hex(protocol, 4), 2, TypeName(protocol));
        parts.Add("Hardware size", parts.Number(1), 1);
        parts.Add("Protocol size", parts.Number(1), 1);
        parts.Add("Operation", parts.Number(2), 2, operation switch { 1 => "request", 2 => "reply", _ => "" });
        var (fromMac, toMac) = (MacAddress.From(arp[8..]), MacAddress.From(arp[18..]));
        var (from, to) = (Address(arp[14..]), Address(arp[24..]));
        parts.Add("Sender MAC", fromMac.ToString(), MacAddress.SizeBytes);
        parts.Add("Sender IP", from, 4);
        parts.Add("Target MAC", toMac.ToString(), MacAddress.SizeBytes, toMac.Value == 0 ? Texts.Say("Asked") : "");
        parts.Add("Target IP", to, 4);
        parts.Say("ARP", operation switch
        {
            1 => $"Who has {to}? Tell {from}",
            2 => $"{from} is at {fromMac}",
            _ => Texts.Say("ArpOther", operation),
        });
        parts.End(parts.Info);
        parts.Trailer(parts.At);
    }

    private static void Ip(ref PacketParts parts)
    {
        var start = parts.At;
        parts.Begin("IPv4", start);
        var header = parts.Left > 0 ? (parts.Frame[start] & 15) * 4 : 0;
        if (parts.Left < EthernetFrames.IpBytes || header < EthernetFrames.IpBytes || parts.Left < header
            || parts.Frame[start] >> 4 != 4)
        {
            parts.Cut();
            return;
        }

        var ip = parts.Frame.Slice(start, header);
        var total = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
        var fragment = BinaryPrimitives.ReadUInt16BigEndian(ip[6..]);
        var (protocol, from, to) = (ip[9], Address(ip[12..]), Address(ip[16..]));
        IpFields(ref parts, ip, total, fragment);
        parts.End($"{from} → {to}");
        if (total < header || total > parts.Frame.Length - start)
        {
            var key = total < header ? "TotalShort" : "TotalLong";
            parts.Say("IPv4", Texts.Say(key, total, parts.Frame.Length - start));
        }

        var end = Math.Clamp(start + total, parts.At, parts.Frame.Length);
        if ((fragment & 0x3FFF) != 0 && (fragment & 0x1FFF) != 0)
        {
            parts.Say("IPv4", Texts.Say("Fragment", ProtocolName(protocol), (fragment & 0x1FFF) * 8));
            parts.Payload(end);
        }
        else
        {
            var inner = new PacketInner(
                Checksum.Add(ip[12..20]), end,
                (fragment & 0x2000) != 0 || start + total > parts.Frame.Length, ip[8]);
            TransportDecoder.Decode(ref parts, protocol, inner);
        }

        parts.Trailer(end);
    }

    private static void IpFields(ref PacketParts parts, ReadOnlySpan<byte> ip, ushort total, ushort fragment)
    {
        parts.Add("Version, header length", Words.Hex(ip[0], 2), 1, Texts.Say("Ihl", ip.Length));
        parts.Add("DSCP, ECN", Words.Hex(ip[1], 2), 1);
        parts.Add("Total length", Text(total), 2, Texts.Say("TotalHelp"));
        parts.Add("Identification", Words.Hex(BinaryPrimitives.ReadUInt16BigEndian(ip[4..]), 4), 2);
        parts.Add("Flags, fragment offset", Words.Hex(fragment, 4), 2, (fragment & 0x3FFF) != 0
            ? Texts.Say((fragment & 0x2000) != 0 ? "FragmentMore" : "FragmentLast", (fragment & 0x1FFF) * 8)
            : (fragment & 0x4000) != 0 ? Texts.Say("DontFragment") : "");
        parts.Add("Time to live", Text(ip[8]), 1);
        parts.Add("Protocol", Text(ip[9]), 1, ProtocolName(ip[9]));
        var right = Checksum.Of(Checksum.Add(ip)) == 0;
        parts.Add(
            "Header checksum", Words.Hex(BinaryPrimitives.ReadUInt16BigEndian(ip[10..]), 4), 2,
            Texts.Say(right ? "ChecksumRight" : "ChecksumWrong"), right ? "right" : "wrong");
        parts.Add("Source", Address(ip[12..]), 4);
        parts.Add("Destination", Address(ip[16..]), 4);
        if (ip.Length > EthernetFrames.IpBytes)
        {
            parts.Add("Options", Convert.ToHexStringLower(ip[EthernetFrames.IpBytes..]), ip.Length - 20);
        }
    }

    internal static string ProtocolName(byte protocol) => protocol switch
    {
        EthernetFrames.Icmp => "ICMP",
        EthernetFrames.Tcp => "TCP",
        EthernetFrames.Udp => "UDP",
        _ => "",
    };

    internal static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static string TypeName(ushort type) => type switch
    {
        EthernetFrames.IpType => "IPv4",
        EthernetFrames.ArpType => "ARP",
        VlanType => "802.1Q",
        Ipv6Type => "IPv6",
        < 0x600 => Texts.Say("Length"),
        _ => "",
    };

    private static string Address(ReadOnlySpan<byte> ip) => string.Create(
        CultureInfo.InvariantCulture, $"{ip[0]}.{ip[1]}.{ip[2]}.{ip[3]}");
}
