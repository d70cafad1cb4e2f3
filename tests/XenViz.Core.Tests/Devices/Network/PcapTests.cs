using System.Text;
using CsCheck;
using XenViz.Core.Devices.Network;

namespace XenViz.Core.Tests.Devices.Network;

/// <summary>Captures are read and written in every classic form; a broken one is refused by name.</summary>
public class PcapTests
{
    // Two frames of a few bytes, written by hand from the format's description (little-endian, microseconds).
    const string ByHand =
        "D4C3B2A1 0200 0400 00000000 00000000 FFFF0000 01000000" +
        "00F15365 40E20100 04000000 04000000 DEADBEEF" +
        "01F15365 3F420F00 02000000 3C000000 CAFE";

    static readonly Gen<PcapFrame> Frames =
        Gen.Select(Gen.UInt, Gen.UInt[0, 999_999], Gen.Byte.Array[0, 100], Gen.UInt[0, 50])
            .Select((s, us, bytes, more) => new PcapFrame(s, us * 1000, [.. bytes], (uint)bytes.Length + more));

    [Fact]
    public void A_capture_written_by_hand_is_read()
    {
        var (capture, error) = PcapReader.Read(Hex(ByHand), PcapLimits.Default);

        Assert.Null(error);
        Assert.Equal((false, false, 1u, 65535u), (
            capture!.Nanoseconds, capture.BigEndian, capture.LinkType, capture.SnapBytes));
        Assert.Equal(2, capture.Frames.Length);
        Assert.Equal((0x6553F100u, 123_456_000u, 4u, "DEADBEEF"), Seen(capture.Frames[0]));
        Assert.Equal((0x6553F101u, 999_999_000u, 60u, "CAFE"), Seen(capture.Frames[1]));
        Assert.Equal(Hex(ByHand), PcapWriter.Write(capture));
    }

    [Theory]
    [InlineData(false, false, "D4C3B2A1")]
    [InlineData(false, true, "A1B2C3D4")]
    [InlineData(true, false, "4D3CB2A1")]
    [InlineData(true, true, "A1B23C4D")]
    public void Every_form_that_is_written_is_read_back(bool nano, bool big, string magic) =>
        Frames.Array[0, 8].Sample(
            frames =>
            {
                var capture = Pcap.Empty with { Nanoseconds = nano, BigEndian = big, Frames = [.. frames] };
                var file = PcapWriter.Write(capture);
                Assert.Equal(magic, Convert.ToHexString(file[..4]));
                var (back, error) = PcapReader.Read(file, PcapLimits.Default);
                Assert.Null(error);
                Assert.Equal(capture with { Frames = [] }, back! with { Frames = [] });
                Assert.Equal(capture.Frames.Select(Seen), back.Frames.Select(Seen));
            },
            iter: 200);

    [Theory]
    [InlineData("D4C3", PcapProblem.TooShort, 0, 0, 2)]
    [InlineData("0A0D0D0A 0200 0400 00000000 00000000 FFFF0000 01000000", PcapProblem.NotPcap, 0, 0, 0x0A0D0D0A)]
    [InlineData("D4C3B2A1 0200 0300 00000000 00000000 FFFF0000 01000000", PcapProblem.Version, 0, 4, 0x20003)]
    [InlineData("D4C3B2A1 0200 0400 00000000 00000000 FFFF0000 71000000", PcapProblem.LinkType, 0, 20, 113)]
    public void A_file_with_a_wrong_header_is_refused(
        string hex, PcapProblem problem, int record, long offset, long value) =>
        Assert.Equal(
            (null, (PcapError?)new PcapError(problem, record, offset, value)),
            PcapReader.Read(Hex(hex), PcapLimits.Default));

    [Theory]
    [InlineData("01F15365 3F420F00 0200", PcapProblem.CutOff, 10)]
    [InlineData("01F15365 3F420F00 03000000 3C000000 CAFE", PcapProblem.CutOff, 3)]
    [InlineData("01F15365 40420F00 02000000 3C000000 CAFE", PcapProblem.Time, 1_000_000)]
    [InlineData("01F15365 3F420F00 02000000 01000000 CAFE", PcapProblem.LongerThanOriginal, 2)]
    [InlineData("01F15365 3F420F00 00000100 00000100 CAFE", PcapProblem.FrameTooLong, 65536)]
    [InlineData("01F15365 3F420F00 FFFFFFFF FFFFFFFF CAFE", PcapProblem.FrameTooLong, 0xFFFFFFFF)]
    public void A_wrong_record_is_named(string second, PcapProblem problem, long value)
    {
        var file = Hex(ByHand[..(ByHand.IndexOf("BEEF", StringComparison.Ordinal) + 4)] + second);
        Assert.Equal(
            (null, (PcapError?)new PcapError(problem, 2, 24 + 20, value)), PcapReader.Read(file, PcapLimits.Default));
    }

    [Fact]
    public void A_file_beyond_a_limit_is_refused()
    {
        var file = Hex(ByHand);
        Assert.Equal(PcapProblem.TooLarge,
            PcapReader.Read(file, PcapLimits.Default with { FileBytes = file.Length - 1 }).Error!.Value.Problem);
        Assert.Equal(new PcapError(PcapProblem.TooManyFrames, 2, 44, 1),
            PcapReader.Read(file, PcapLimits.Default with { Frames = 1 }).Error);
        Assert.Equal(new PcapError(PcapProblem.FrameTooLong, 1, 24, 4),
            PcapReader.Read(file, PcapLimits.Default with { FrameBytes = 3 }).Error);
        Assert.Null(PcapReader.Read(file, new PcapLimits(file.Length, 2, 4)).Error);
    }

    [Fact]
    public void Any_bytes_give_a_capture_or_an_error_and_never_both() =>
        Gen.Select(Gen.Bool, Gen.Byte.Array[0, 120], Gen.Int[0, 59], Gen.Byte).Sample(
            (own, bytes, at, b) =>
            {
                var file = own ? bytes : Hex(ByHand);
                if (at < file.Length)
                {
                    file[at] = b;
                }

                var (capture, error) = PcapReader.Read(file, PcapLimits.Default);
                Assert.True(capture is null != error is null);
                Assert.InRange(error?.Record ?? 0, 0, 3);
            },
            iter: 3000);

    static (uint Seconds, uint Nanoseconds, uint Original, string Bytes) Seen(PcapFrame frame) =>
        (frame.Seconds, frame.Nanoseconds, frame.OriginalBytes, Convert.ToHexString(frame.Bytes.AsSpan()));

    static byte[] Hex(string text) => Convert.FromHexString(new StringBuilder(text).Replace(" ", "").ToString());
}
