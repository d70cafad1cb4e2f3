using System.Buffers.Binary;
using CsCheck;
using XenViz.Core.Devices.Network;
using XenViz.Core.Projection.Packets;

namespace XenViz.Core.Tests.Projection.Packets;

/// <summary>IPv6 is taken apart as IPv4 is: fixed header, hop-by-hop options, and what it carries with its checksum.
/// </summary>
public sealed class Ipv6DecoderTests
{
    private const string From = "20010db8000000000000000000000005";
    private const string To = "fe800000000000000000000000000001";

    // Made and summed by hand: 4000 -> 53, "Hi", from 2001:db8::5 to fe80::1. The pseudo header is 2001 + 0db8 + 0005 +
    // fe80 + 0001 + 000a (length) + 0011 (UDP) = 12c5a -> 2c5b; the datagram 0fa0 + 0035 + 000a + 4869 = 5848; together
    // 84a3, whose complement is 7b5c.
    private static readonly byte[] Datagram = Frame(17, Convert.FromHexString("0fa00035000a7b5c4869"));

    [Fact]
    public void A_datagram_has_four_layers_that_cover_every_byte()
    {
        var decoded = Decode(Datagram);
        Assert.Equal(("UDP", "4000 → 53 Len=2"), (decoded.Protocol, decoded.Info));
        Assert.Equal(["Ethernet", "IPv6", "UDP", "Data"], decoded.Layers.Select(l => l.Name));
        Assert.Equal("2001:db8::5 → fe80::1", decoded.Layers[1].Info);
        Assert.Equal("IPv6, class 0xB8, label 0xABCDE", Field(decoded, "IPv6", 0).Meaning);
        Assert.Equal(("Payload length", "10"), Said(Field(decoded, "IPv6", 1)));
        Assert.Equal(("Next header", "17"), Said(Field(decoded, "IPv6", 2)));
        Assert.Equal("UDP", Field(decoded, "IPv6", 2).Meaning);
        Assert.Equal(("Hop limit", "64"), Said(Field(decoded, "IPv6", 3)));
        Assert.Equal(("Source", "2001:db8::5"), Said(Field(decoded, "IPv6", 4)));
        Assert.Equal(("Destination", "fe80::1"), Said(Field(decoded, "IPv6", 5)));
        Assert.Equal("right", Field(decoded, "UDP", 3).State);
    }

    [Theory]
    [InlineData("00000000000000000000000000000000", "::")]
    [InlineData("00000000000000000000000000000001", "::1")]
    [InlineData("20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1")]
    [InlineData("20010000000000010000000000000001", "2001:0:0:1::1")]
    [InlineData("20010db8000000000001000000000001", "2001:db8::1:0:0:1")]
    [InlineData("20010db8aaaabbbbccccdddd00000000", "2001:db8:aaaa:bbbb:cccc:dddd::")]
    [InlineData("00000000000000000000ffffc0000280", "::ffff:192.0.2.128")]
    [InlineData("fe80000000000000021122fffe334455", "fe80::211:22ff:fe33:4455")]
    public void An_address_is_written_as_RFC_5952_wants_it(string bytes, string text) =>
        Assert.Equal(text, Ipv6Decoder.Address(Convert.FromHexString(bytes)));

    [Fact]
    public void A_flipped_bit_and_a_missing_checksum_are_found()
    {
        var flipped = (byte[])Datagram.Clone();
        flipped[^1] ^= 1;
        Assert.Equal("wrong", Field(Decode(flipped), "UDP", 3).State);
        var moved = (byte[])Datagram.Clone();
        moved[14 + 23] ^= 1;
        Assert.Equal("wrong", Field(Decode(moved), "UDP", 3).State);
        var without = (byte[])Datagram.Clone();
        without.AsSpan(14 + 40 + 6, 2).Clear();
        Assert.Equal("wrong", Field(Decode(without), "UDP", 3).State);
        Assert.Contains("must have one", Field(Decode(without), "UDP", 3).Meaning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_blank_checksum_is_the_sum_of_the_pseudo_header()
    {
        var blank = (byte[])Datagram.Clone();
        BinaryPrimitives.WriteUInt16BigEndian(blank.AsSpan(14 + 40 + 6), 0x2C5B);
        Assert.Equal("partial", Field(Decode(blank, ChecksumHint.Blank), "UDP", 3).State);
        Assert.Equal("wrong", Field(Decode(Datagram, ChecksumHint.Blank), "UDP", 3).State);
        Assert.Equal("partial", Field(Decode(blank, ChecksumHint.Validated), "UDP", 3).State);
    }

    [Fact]
    public void Tcp_and_ICMPv6_are_told_with_their_verdicts()
    {
        var tcp = Decode(Summed(6, "0fa0005000000007000000005018ffff0000000064617461", 16));
        Assert.Equal("4000 → 80 [PSH, ACK] Seq=7 Ack=0 Win=65535 Len=4", tcp.Info);
        Assert.Equal("right", Field(tcp, "TCP", 7).State);
        var ping = Decode(Summed(58, "8000000000010002616263", 2));
        Assert.Equal(("ICMPv6", "Echo (ping) request id=0x0001, seq=2, hop limit=64"), (ping.Protocol, ping.Info));
        Assert.Equal("right", Field(ping, "ICMPv6", 2).State);
        var asked = Decode(Summed(58, "8700000000000000" + To, 2));
        Assert.Equal("Neighbor Solicitation for fe80::1", asked.Info);
        Assert.Equal(("Target", "fe80::1"), Said(Field(asked, "ICMPv6", 4)));
        Assert.Equal("Type 200, code 3", Decode(Summed(58, "c803000000000000", 2)).Info);
    }

    [Fact]
    public void Hop_by_hop_options_are_named_and_what_is_behind_them_is_taken_apart()
    {
        var decoded = Decode(Frame(0, [0x11, 0, 5, 2, 0, 0, 1, 0, .. Datagram[54..]]));
        Assert.Equal(["Ethernet", "IPv6", "Hop-by-hop", "UDP", "Data"], decoded.Layers.Select(l => l.Name));
        Assert.Equal(("Options", "050200000100"), Said(Field(decoded, "Hop-by-hop", 2)));
        Assert.Equal("right", Field(decoded, "UDP", 3).State);
        var twice = Decode(Frame(0, [0, 0, 1, 4, 0, 0, 0, 0, 17, 0, 1, 4, 0, 0, 0, 0]));
        Assert.Equal("Next header 0 (hop-by-hop options), not taken apart here", twice.Info);
        Assert.Equal("Next header 43 (routing), not taken apart here", Decode(Frame(43, new byte[8])).Info);
        Assert.Equal("Next header 253, not taken apart here", Decode(Frame(253, new byte[8])).Info);
    }

    [Fact]
    public void Lengths_that_lie_are_told_and_nothing_is_read_behind_the_frame()
    {
        // The payload is longer than the frame, shorter than the UDP header, and options longer than the payload.
        var longer = (byte[])Datagram.Clone();
        longer[14 + 4] = 0xFF;
        Assert.Equal("wrong", Field(Decode(longer), "IPv6", 1).State);
        Assert.Equal("", Field(Decode(longer), "UDP", 3).State);
        var shorter = (byte[])Datagram.Clone();
        shorter[14 + 5] = 3;
        Assert.Equal("cut", Decode(shorter).Layers[^1].Fields[0].State);
        var options = Decode(Frame(0, [17, 255, 0, 0, 0, 0, 0, 0]));
        Assert.Equal(("Hop-by-hop", "cut"), (options.Layers[^1].Name, options.Layers[^1].Fields[0].State));
        Assert.Equal("cut", Decode(Frame(0, [17])).Layers[^1].Fields[0].State);
        byte[] padded = [.. Datagram, 0, 0, 0];
        Assert.Equal(["Data", "Trailer"], Decode(padded).Layers.Skip(3).Select(l => l.Name));
        for (var length = 0; length < Datagram.Length; length++)
        {
            var decoded = Decode(Datagram[..length]);
            Assert.Equal(length < 62, decoded.Layers.Any(l => l.Fields.Any(f => f.State == "cut")));
        }
    }

    [Fact]
    public void No_change_of_a_good_frame_makes_it_fail() => Gen.Select(
            Gen.Int[12, 80], Gen.Byte, Gen.Int[14, 80], Gen.Byte, Gen.Int[0, 90], Gen.Enum<ChecksumHint>()).Sample(
            (at, value, other, second, length, hint) =>
            {
                var frame = Frame(0, [58, 0, 5, 2, 0, 0, 1, 0, 0x87, .. new byte[40]]);
                (frame[at], frame[other]) = (value, second);
                Decode(frame[..Math.Min(frame.Length, length)], hint);
            },
            iter: 20_000);

    private static byte[] Frame(byte next, byte[] payload) =>
    [
        .. Convert.FromHexString("02000000000100163e00000586dd6b8abcde"), (byte)(payload.Length >> 8),
        (byte)payload.Length, next, 64, .. Convert.FromHexString(From), .. Convert.FromHexString(To), .. payload,
    ];

    // With the checksum filled in by the rule of RFC 8200, section 8.1, written out here a second time.
    private static byte[] Summed(byte next, string payload, int at)
    {
        var body = Convert.FromHexString(payload);
        byte[] all = [.. Convert.FromHexString(From + To), 0, 0, 0, (byte)body.Length, 0, 0, 0, next, .. body, 0];
        uint sum = 0;
        for (var i = 0; i + 1 < all.Length; i += 2)
        {
            sum += (uint)((all[i] << 8) | all[i + 1]);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(at), (ushort)~((sum & 0xFFFF) + (sum >> 16)));
        return Frame(next, body);
    }

    // Every byte belongs to exactly one field, in the order of the frame.
    private static DecodedFrame Decode(byte[] frame, ChecksumHint hint = ChecksumHint.None)
    {
        var decoded = PacketDecoder.Decode(frame, hint);
        var at = 0;
        foreach (var layer in decoded.Layers)
        {
            Assert.Equal(at, layer.Offset);
            foreach (var field in layer.Fields)
            {
                Assert.Equal(at, field.Offset);
                at += field.Length;
            }
        }

        Assert.Equal(frame.Length, at);
        Assert.DoesNotContain("{", decoded.Info, StringComparison.Ordinal);
        return decoded;
    }

    private static (string Name, string Value) Said(PacketFieldView field) => (field.Name, field.Value);

    private static PacketFieldView Field(DecodedFrame decoded, string layer, int index) =>
        decoded.Layers.Single(l => l.Name == layer).Fields[index];
}
