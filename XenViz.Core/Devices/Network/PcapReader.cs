using System.Buffers.Binary;
using System.Collections.Immutable;

namespace XenViz.Core.Devices.Network;

/// <summary>
/// Reads a classic capture file from bytes. Nothing in the file is believed before it is checked; the first thing that
/// is wrong ends the reading, and no frame of such a file is used.
/// </summary>
public static class PcapReader
{
    private const uint SubsecondsMicro = 1_000_000;
    private const uint SubsecondsNano = 1_000_000_000;

    /// <summary>Reads a file.</summary>
    /// <param name="file">All its bytes.</param>
    /// <param name="limits">How much is read at most.</param>
    /// <returns>The capture, or what is wrong with it; exactly one of the two.</returns>
    public static (Pcap? Capture, PcapError? Error) Read(ReadOnlySpan<byte> file, PcapLimits limits)
    {
        if (file.Length > limits.FileBytes)
        {
            return (null, new PcapError(PcapProblem.TooLarge, 0, 0, file.Length));
        }

        var (header, wrong) = Header(file);
        if (header is null)
        {
            return (null, wrong);
        }

        var frames = ImmutableArray.CreateBuilder<PcapFrame>();
        var at = Pcap.HeaderBytes;
        while (at < file.Length)
        {
            if (Problem(file, at, header, frames.Count, limits) is { } error)
            {
                return (null, error);
            }

            var frame = Frame(file[at..], header);
            frames.Add(frame);
            at += Pcap.RecordBytes + frame.Bytes.Length;
        }

        return (header with { Frames = frames.ToImmutable() }, null);
    }

    private static (Pcap? Header, PcapError? Error) Header(ReadOnlySpan<byte> file)
    {
        if (file.Length < Pcap.HeaderBytes)
        {
            return (null, new PcapError(PcapProblem.TooShort, 0, 0, file.Length));
        }

        var little = BinaryPrimitives.ReadUInt32LittleEndian(file);
        var big = BinaryPrimitives.ReadUInt32BigEndian(file);
        var isBig = big is Pcap.MicrosecondMagic or Pcap.NanosecondMagic;
        if (!isBig && little is not (Pcap.MicrosecondMagic or Pcap.NanosecondMagic))
        {
            return (null, new PcapError(PcapProblem.NotPcap, 0, 0, little));
        }

        var nano = (isBig ? big : little) == Pcap.NanosecondMagic;
        var major = Number16(file[4..], isBig);
        var minor = Number16(file[6..], isBig);
        if (major != 2 || minor != 4)
        {
            return (null, new PcapError(PcapProblem.Version, 0, 4, ((long)major << 16) | minor));
        }

        // The upper bits tell whether frames end with a checksum, and how long it is.
        var link = Number(file[20..], isBig);
        return link == Pcap.Ethernet
            ? (new Pcap(nano, isBig, link, Number(file[16..], isBig), []), null)
            : (null, new PcapError(PcapProblem.LinkType, 0, 20, link));
    }

    private static PcapError? Problem(
        ReadOnlySpan<byte> file, int at, Pcap header, int before, PcapLimits limits)
    {
        PcapError Error(PcapProblem problem, long value) => new(problem, before + 1, at, value);
        if (before == limits.Frames)
        {
            return Error(PcapProblem.TooManyFrames, limits.Frames);
        }

        var record = file[at..];
        if (record.Length < Pcap.RecordBytes)
        {
            return Error(PcapProblem.CutOff, record.Length);
        }

        var part = Number(record[4..], header.BigEndian);
        var captured = Number(record[8..], header.BigEndian);
        var original = Number(record[12..], header.BigEndian);
        return part >= (header.Nanoseconds ? SubsecondsNano : SubsecondsMicro) ? Error(PcapProblem.Time, part)
            : captured > (uint)limits.FrameBytes ? Error(PcapProblem.FrameTooLong, captured)
            : captured > original ? Error(PcapProblem.LongerThanOriginal, captured)
            : captured > record.Length - Pcap.RecordBytes ? Error(PcapProblem.CutOff, captured)
            : null;
    }

    private static PcapFrame Frame(ReadOnlySpan<byte> record, Pcap header)
    {
        var part = Number(record[4..], header.BigEndian);
        var captured = (int)Number(record[8..], header.BigEndian);
        return new PcapFrame(
            Number(record, header.BigEndian), header.Nanoseconds ? part : part * 1000,
            [.. record.Slice(Pcap.RecordBytes, captured)], Number(record[12..], header.BigEndian));
    }

    private static uint Number(ReadOnlySpan<byte> at, bool big) =>
        big ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);

    private static ushort Number16(ReadOnlySpan<byte> at, bool big) =>
        big ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);
}
