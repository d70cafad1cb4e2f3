using System.Buffers.Binary;
using CsCheck;
using XenViz.Core.Devices.Network;
using XenViz.Core.Projection.Packets;

namespace XenViz.Core.Tests.Projection.Packets;

/// <summary>Frames are told as Wireshark would tell them, and no bytes make the decoder fail.</summary>
public sealed class PacketDecoderTests
{
    private static readonly NetAddress Guest = new(new MacAddress(0x00163E000005), 0x0A000005);
    private static readonly NetAddress Peer = new(new MacAddress(0x020000000001), 0x0A000001);

    private static readonly (ushort, ushort) Ports = (4000, 53);

    private static byte[] Udp(bool blank = false) =>
        EthernetFrames.UdpDatagram(Guest, Peer, Ports, "Hello"u8, blank);

    [Fact]
    public void A_datagram_has_four_layers_that_cover_every_byte()
    {
        var frame = Udp();
        var decoded = PacketDecoder.Decode(frame);
        Assert.Equal(("UDP", "4000 → 53 Len=5"), (decoded.Protocol, decoded.Info));
        Assert.Equal(["Ethernet", "IPv4", "UDP", "Data"], decoded.Layers.Select(l => l.Name));
        Assert.Equal("00:16:3e:00:00:05 → 02:00:00:00:00:01", decoded.Layers[0].Info);
        Assert.Equal("10.0.0.5 → 10.0.0.1", decoded.Layers[1].Info);
        Assert.Equal("Hello", decoded.Layers[3].Fields[0].Value);
        AssertCovered(frame, decoded);
    }

    [Theory]
    [InlineData(false, ChecksumHint.None, "right")]
    [InlineData(true, ChecksumHint.Blank, "partial")]
    [InlineData(true, ChecksumHint.Validated, "partial")]
    [InlineData(true, ChecksumHint.None, "wrong")]
    [InlineData(false, ChecksumHint.Blank, "wrong")]
    public void A_checksum_is_judged_by_what_the_slot_says_of_it(bool blank, ChecksumHint hint, string state)
    {
        var decoded = PacketDecoder.Decode(Udp(blank), hint);
        Assert.Equal("right", Field(decoded, "IPv4", "Header checksum").State);
        Assert.Equal(state, Field(decoded, "UDP", "Checksum").State);
    }

    [Fact]
    public void A_flipped_bit_is_found_by_the_checksum_that_covers_it()
    {
        var header = Udp();
        header[22] ^= 1;
        Assert.Equal("wrong", Field(PacketDecoder.Decode(header), "IPv4", "Header checksum").State);
        var payload = Udp();
        payload[^1] ^= 1;
        var decoded = PacketDecoder.Decode(payload);
        Assert.Equal("right", Field(decoded, "IPv4", "Header checksum").State);
        Assert.Equal("wrong", Field(decoded, "UDP", "Checksum").State);
    }

    [Fact]
    public void Other_protocols_say_what_they_are_about()
    {
        Assert.Equal(
            ("ARP", "Who has 10.0.0.1? Tell 10.0.0.5"),
            Said(EthernetFrames.Arp(Guest, new(default, Peer.Ip), reply: false)));
        Assert.Equal(("ARP", "10.0.0.5 is at 00:16:3e:00:00:05"), Said(EthernetFrames.Arp(Guest, Peer, reply: true)));
        Assert.Equal(
            ("ICMP", "Echo (ping) request id=0x0001, seq=2, ttl=64"),
            Said(EthernetFrames.Echo(Guest, Peer, reply: false, 1, 2, "abc"u8)));
        var tcp = EthernetFrames.TcpSegment(Guest, Peer, Ports, 7, "data"u8);
        Assert.Equal(("TCP", "4000 → 53 [PSH, ACK] Seq=7 Ack=0 Win=65535 Len=4"), Said(tcp));
        Assert.Equal("partial", Field(PacketDecoder.Decode(tcp, ChecksumHint.Blank), "TCP", "Checksum").State);
        Assert.True(EthernetFrames.FillChecksum(tcp));
        Assert.Equal("right", Field(PacketDecoder.Decode(tcp), "TCP", "Checksum").State);
    }

    [Fact]
    public void A_tag_of_a_vlan_is_a_layer()
    {
        byte[] tagged = [.. Udp()[..12], 0x81, 0x00, 0x60, 0x2A, .. Udp()[12..]];
        var decoded = PacketDecoder.Decode(tagged);
        Assert.Equal(["Ethernet", "802.1Q", "IPv4", "UDP", "Data"], decoded.Layers.Select(l => l.Name));
        Assert.Equal("VLAN 42, priority 3", decoded.Layers[1].Info);
        AssertCovered(tagged, decoded);
    }

    [Fact]
    public void Fragments_and_padding_are_no_payload_of_a_whole_packet()
    {
        var later = Udp();
        BinaryPrimitives.WriteUInt16BigEndian(later.AsSpan(20), 185);
        Assert.Equal(("IPv4", "Fragmented IP protocol (UDP, offset 1480)"), Said(later));
        var first = Udp();
        first[20] = 0x20;
        Assert.Equal("", Field(PacketDecoder.Decode(first), "UDP", "Checksum").State);
        byte[] padded = [.. Udp(), 0, 0, 0];
        var decoded = PacketDecoder.Decode(padded);
        Assert.Equal(["Data", "Trailer"], decoded.Layers.Skip(3).Select(l => l.Name));
        Assert.Equal("right", Field(decoded, "UDP", "Checksum").State);
    }

    [Fact]
    public void A_frame_that_ends_too_early_is_told_as_far_as_it_goes()
    {
        foreach (var whole in new[] { Udp(), EthernetFrames.TcpSegment(Guest, Peer, Ports, 7, "data"u8) })
        {
            for (var length = 0; length < whole.Length; length++)
            {
                var decoded = PacketDecoder.Decode(whole.AsSpan(0, length));
                AssertCovered(whole[..length], decoded);
                var cut = decoded.Layers.Any(l => l.Fields.Any(f => f.State == "cut"));
                Assert.Equal(length < (whole[23] == 17 ? 42 : 54), cut);
            }
        }
    }

    [Fact]
    public void No_bytes_make_it_fail_and_its_layers_stay_inside_the_frame() => Gen.Select(
            Gen.Byte.Array[0, 120], Gen.Enum<ChecksumHint>(), Gen.Bool).Sample(
            (bytes, hint, ip) =>
            {
                if (ip && bytes.Length > 24)
                {
                    // Often enough behind the first checks.
                    (bytes[12], bytes[13], bytes[14]) = (8, 0, (byte)(0x40 | (bytes[14] & 7)));
                    bytes[23] = (byte)(bytes[23] % 3 == 0 ? 6 : bytes[23] % 3 == 1 ? 17 : 1);
                }

                AssertCovered(bytes, PacketDecoder.Decode(bytes, hint));
            },
            iter: 20_000);

    [Fact]
    public void No_change_of_a_good_frame_makes_it_fail() => Gen.Select(
            Gen.Int[0, 60], Gen.Byte, Gen.Int[0, 60], Gen.Byte, Gen.Int[0, 60]).Sample(
            (at, value, other, second, length) =>
            {
                var frame = EthernetFrames.TcpSegment(Guest, Peer, Ports, 7, "somedata"u8);
                (frame[at], frame[other]) = (value, second);
                var cut = frame[..Math.Min(frame.Length, length + 2)];
                AssertCovered(cut, PacketDecoder.Decode(cut));
            },
            iter: 20_000);

    // Every byte belongs to exactly one field, in the order of the frame.
    private static void AssertCovered(byte[] frame, DecodedFrame decoded)
    {
        var at = 0;
        foreach (var layer in decoded.Layers)
        {
            Assert.Equal(at, layer.Offset);
            foreach (var field in layer.Fields)
            {
                Assert.Equal(at, field.Offset);
                at += field.Length;
            }

            Assert.Equal(at, layer.Offset + layer.Length);
        }

        Assert.Equal(frame.Length, at);
        Assert.NotEqual("", decoded.Protocol);
        Assert.DoesNotContain("{", decoded.Info, StringComparison.Ordinal);
    }

    private static (string Protocol, string Info) Said(byte[] frame)
    {
        var decoded = PacketDecoder.Decode(frame);
        AssertCovered(frame, decoded);
        return (decoded.Protocol, decoded.Info);
    }

    private static PacketFieldView Field(DecodedFrame decoded, string layer, string name) =>
        decoded.Layers.Single(l => l.Name == layer).Fields.Single(f => f.Name == name);
}
