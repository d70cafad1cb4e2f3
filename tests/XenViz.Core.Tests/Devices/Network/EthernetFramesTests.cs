using System.Text;
using CsCheck;
using XenViz.Core.Devices.Network;

namespace XenViz.Core.Tests.Devices.Network;

/// <summary>Frames have the bytes that RFCs 768, 791, 792 and 826 give them.</summary>
public class EthernetFramesTests
{
    static readonly NetAddress Guest = new(new(0x00163E000005), 0x0A000005);
    static readonly NetAddress Peer = new(new(0x00163E000007), 0x0A000007);

    [Fact]
    public void The_checksum_of_the_example_of_RFC_1071_is_right()
    {
        byte[] bytes = [0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7];
        Assert.Equal(0xDDF2u, Checksum.Add(bytes));
        Assert.Equal(0x220D, Checksum.Of(Checksum.Add(bytes)));
    }

    // The header checksum and both addresses are those of a well-known worked example (192.168.0.1 to 192.168.0.199).
    [Fact]
    public void The_checksum_of_a_known_IPv4_header_is_B861()
    {
        var header = Convert.FromHexString("45000073000040004011" + "0000" + "C0A80001C0A800C7");
        Assert.Equal(0xB861, Checksum.Of(Checksum.Add(header)));
    }

    [Fact]
    public void A_UDP_datagram_has_these_bytes()
    {
        var frame = EthernetFrames.UdpDatagram(Guest, Peer, (1000, 7), "hi!"u8);
        Assert.Equal(
            "00163E00000700163E0000050800" + // to, from, IPv4
            "4500001F00004000401126C3" + "0A0000050A000007" + // 31 bytes, UDP, checksum
            "03E80007000B" + "5E74" + "686921", // ports, 11 bytes, checksum
            Convert.ToHexString(frame));
    }

    [Fact]
    public void An_ARP_question_and_its_answer_have_these_bytes()
    {
        Assert.Equal(
            "FFFFFFFFFFFF00163E0000050806" + "0001080006040001" + "00163E0000050A000005" + "0000000000000A000007",
            Convert.ToHexString(EthernetFrames.Arp(Guest, Peer with { Mac = default }, reply: false)));
        Assert.Equal(
            "00163E00000500163E0000070806" + "0001080006040002" + "00163E0000070A000007" + "00163E0000050A000005",
            Convert.ToHexString(EthernetFrames.Arp(Peer, Guest, reply: true)));
    }

    [Fact]
    public void Checksums_of_any_frame_verify_by_an_independent_sum() =>
        Gen.Select(Gen.UInt, Gen.UInt, Gen.UShort, Gen.UShort, Gen.Byte.Array[0, 300]).Sample(
            (source, destination, a, b, payload) =>
            {
                var (from, to) = (Guest with { Ip = source }, Peer with { Ip = destination });
                var udp = EthernetFrames.UdpDatagram(from, to, (a, b), payload);
                Assert.Equal(0xFFFF, Sum(udp.AsSpan(14, 20)));
                Assert.Equal(0xFFFF, Sum([.. Pseudo(udp), .. udp[34..]]));
                Assert.Equal(payload, udp[42..]);

                var echo = EthernetFrames.Echo(from, to, reply: false, a, b, payload);
                Assert.Equal(0xFFFF, Sum(echo.AsSpan(14, 20)));
                Assert.Equal(0xFFFF, Sum(echo.AsSpan(34)));
                Assert.Equal((8, payload.Length + 42), (echo[34], echo.Length));

                var blank = EthernetFrames.UdpDatagram(from, to, (a, b), payload, blank: true);
                Assert.True(EthernetFrames.FillChecksum(blank));
                Assert.Equal(udp, blank);
            },
            iter: 500);

    [Fact]
    public void Filling_in_leaves_frames_alone_that_have_no_such_checksum_or_lie()
    {
        var echo = EthernetFrames.Echo(Guest, Peer, reply: true, 1, 2, "abc"u8);
        var arp = EthernetFrames.Arp(Guest, Peer, reply: true);
        var first = EthernetFrames.UdpDatagram(Guest, Peer, (1, 2), "abc"u8, blank: true);
        first[20] = 0x20;
        var later = EthernetFrames.UdpDatagram(Guest, Peer, (1, 2), "abc"u8, blank: true);
        later[21] = 0xB9;
        foreach (var frame in new[] { echo, arp, first, later })
        {
            var before = frame.ToArray();
            Assert.False(EthernetFrames.FillChecksum(frame));
            Assert.Equal(before, frame);
        }

        var good = EthernetFrames.UdpDatagram(Guest, Peer, (1, 2), "abc"u8);
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 44], Gen.Byte).Sample(
            (length, at, b) =>
            {
                var frame = good.ToArray();
                frame[at] = b;
                EthernetFrames.FillChecksum(frame.AsSpan(0, Math.Min(length, frame.Length)));
            },
            iter: 3000);
    }

    [Fact]
    public void An_address_is_written_as_people_write_it()
    {
        Assert.Equal("00:16:3e:00:00:05", Guest.Mac.ToString());
        Assert.Equal((true, false), (MacAddress.Broadcast.IsGroup, Guest.Mac.IsGroup));
        Assert.Equal(Guest.Mac, MacAddress.From(Encoding.Latin1.GetBytes("\0\u0016\u003e\0\0\u0005")));
    }

    static byte[] Pseudo(byte[] frame) =>
        [.. frame[26..34], 0, frame[23], (byte)((frame.Length - 34) >> 8), (byte)(frame.Length - 34)];

    // Another way than the code's: add everything in a wide number, carry at the end.
    static int Sum(ReadOnlySpan<byte> bytes)
    {
        long sum = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            sum += i % 2 == 0 ? bytes[i] * 256 : bytes[i];
        }

        return (int)(sum % 0xFFFF == 0 && sum > 0 ? 0xFFFF : sum % 0xFFFF);
    }
}
