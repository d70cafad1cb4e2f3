using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using XenViz.Core.Devices.Network;

namespace XenViz.Core.Projection.Packets;

/// <summary>Takes the header of IPv6 apart (RFC 8200), and the hop-by-hop options behind it; of other extension headers
/// it says the name.</summary>
internal static class Ipv6Decoder
{
    /// <summary>Bytes of the fixed header.</summary>
    public const int HeaderBytes = 40;

    private const int AddressBytes = 16;
    private const byte HopByHop = 0;
    private const int MostOptions = 32;

    /// <summary>Takes it apart.</summary>
    public static void Decode(ref PacketParts parts)
    {
        var start = parts.At;
        parts.Begin("IPv6", start);
        if (parts.Left < HeaderBytes || parts.Frame[start] >> 4 != 6)
        {
            parts.Cut();
            return;
        }

        var ip = parts.Frame.Slice(start, HeaderBytes);
        var first = BinaryPrimitives.ReadUInt32BigEndian(ip);
        var payload = BinaryPrimitives.ReadUInt16BigEndian(ip[4..]);
        var (next, hops) = (ip[6], ip[7]);
        var (from, to) = (Address(ip[8..]), Address(ip[24..]));
        parts.Add(
            "Version, traffic class, flow label", Words.Hex(first, 8), 4,
            PacketDecoder.Texts.Say("Ipv6First", Words.Hex((first >> 20) & 0xFF, 2), Words.Hex(first & 0xFFFFF, 5)));
        var missing = payload > parts.Frame.Length - start - HeaderBytes;
        parts.Add(
            "Payload length", PacketDecoder.Text(payload), 2, PacketDecoder.Texts.Say("PayloadHelp"),
            missing ? "wrong" : "");
        parts.Add("Next header", PacketDecoder.Text(next), 1, NameOf(next));
        parts.Add("Hop limit", PacketDecoder.Text(hops), 1);
        parts.Add("Source", from, AddressBytes);
        parts.Add("Destination", to, AddressBytes, ip[24] == 0xFF ? PacketDecoder.Texts.Say("Group") : "");
        parts.End($"{from} → {to}");
        parts.Say("IPv6", missing
            ? PacketDecoder.Texts.Say("PayloadLong", payload, parts.Frame.Length - start - HeaderBytes)
            : $"{from} → {to}");
        var end = Math.Min(start + HeaderBytes + payload, parts.Frame.Length);
        var carried = next == HopByHop ? Options(ref parts, end) : next;
        if (carried is not { } protocol)
        {
            return;
        }

        var inner = new PacketInner(Checksum.Add(ip[8..]), end, missing, hops, IsV6: true);
        TransportDecoder.Decode(ref parts, protocol, inner);
        parts.Trailer(end);
    }

    /// <summary>An address as RFC 5952 wants it written: small letters, no leading zeros, the longest run of two or
    /// more zero groups as <c>::</c> (the first of equal ones), and the address of IPv4 within one as such.</summary>
    /// <param name="bytes">Sixteen bytes, or more.</param>
    public static string Address(ReadOnlySpan<byte> bytes)
    {
        Span<ushort> groups = stackalloc ushort[8];
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i] = BinaryPrimitives.ReadUInt16BigEndian(bytes[(i * 2)..]);
        }

        if (!groups[..5].ContainsAnyExcept((ushort)0) && groups[5] == 0xFFFF)
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"::ffff:{bytes[12]}.{bytes[13]}.{bytes[14]}.{bytes[15]}");
        }

        var (from, length) = LongestZeros(groups);
        var text = new StringBuilder();
        for (var i = 0; i < groups.Length; i++)
        {
            if (length > 1 && i == from)
            {
                text.Append("::");
                i += length - 1;
                continue;
            }

            if (text.Length > 0 && text[^1] != ':')
            {
                text.Append(':');
            }

            text.Append(groups[i].ToString("x", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    /// <summary>What a number in a next header field stands for, or empty.</summary>
    internal static string NameOf(byte next) => next switch
    {
        HopByHop => "hop-by-hop options",
        43 => "routing",
        44 => "fragment",
        50 => "ESP",
        51 => "AH",
        59 => "no next header",
        60 => "destination options",
        TransportDecoder.Icmp6 => "ICMPv6",
        EthernetFrames.Tcp => "TCP",
        EthernetFrames.Udp => "UDP",
        _ => "",
    };

    /// <summary>The number with its name: <c>43 (routing)</c>.</summary>
    internal static string Numbered(byte next) =>
        NameOf(next) is { Length: > 0 } name ? $"{next} ({name})" : $"{next}";

    private static (int From, int Length) LongestZeros(ReadOnlySpan<ushort> groups)
    {
        var (from, length) = (0, 0);
        for (var i = 0; i < groups.Length; i++)
        {
            var run = 0;
            while (i + run < groups.Length && groups[i + run] == 0)
            {
                run++;
            }

            if (run > length)
            {
                (from, length) = (i, run);
            }

            i += Math.Max(0, run - 1);
        }

        return (from, length);
    }

    // The header behind, or null: its length cannot be.
    private static byte? Options(ref PacketParts parts, int end)
    {
        var start = parts.At;
        parts.Begin("Hop-by-hop", start);
        var bytes = end - start >= 8 ? (parts.Frame[start + 1] + 1) * 8 : int.MaxValue;
        if (bytes > end - start)
        {
            parts.Cut();
            return null;
        }

        var next = parts.Frame[start];
        parts.Add("Next header", PacketDecoder.Text(next), 1, NameOf(next));
        parts.Add("Length", parts.Number(1), 1, PacketDecoder.Texts.Say("Count", bytes));
        var options = parts.Frame.Slice(parts.At, bytes - 2);
        parts.Add(
            "Options",
            Convert.ToHexStringLower(options[..Math.Min(MostOptions, options.Length)])
                + (options.Length > MostOptions ? "…" : ""),
            options.Length);
        parts.End(NameOf(next));
        return next;
    }
}
