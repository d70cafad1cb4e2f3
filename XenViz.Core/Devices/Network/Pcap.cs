using System.Collections.Immutable;

namespace XenViz.Core.Devices.Network;

/// <summary>A frame of a capture.</summary>
/// <param name="Seconds">Seconds since 1970, UTC.</param>
/// <param name="Nanoseconds">0 to 999,999,999.</param>
/// <param name="Bytes">What was captured, from the first byte of the Ethernet header on, without checksum.</param>
/// <param name="OriginalBytes">How long the frame was on the wire: at least as long as what was captured.</param>
public sealed record PcapFrame(uint Seconds, uint Nanoseconds, ImmutableArray<byte> Bytes, uint OriginalBytes);

/// <summary>A classic capture file (libpcap 2.4): a header of 24 bytes, then 16 bytes before each frame.</summary>
/// <param name="Nanoseconds">True when the file counts nanoseconds, false for microseconds.</param>
/// <param name="BigEndian">True when numbers begin with their highest byte.</param>
/// <param name="LinkType">1 for Ethernet.</param>
/// <param name="SnapBytes">The most bytes that were captured of a frame.</param>
/// <param name="Frames">The frames, in the order of the file.</param>
public sealed record Pcap(
    bool Nanoseconds, bool BigEndian, uint LinkType, uint SnapBytes, ImmutableArray<PcapFrame> Frames)
{
    /// <summary>The first number of a file that counts microseconds.</summary>
    public const uint MicrosecondMagic = 0xA1B2C3D4;

    /// <summary>The first number of a file that counts nanoseconds.</summary>
    public const uint NanosecondMagic = 0xA1B23C4D;

    /// <summary>The link type of Ethernet.</summary>
    public const uint Ethernet = 1;

    /// <summary>Bytes of the header of a file.</summary>
    public const int HeaderBytes = 24;

    /// <summary>Bytes before each frame.</summary>
    public const int RecordBytes = 16;

    /// <summary>An empty Ethernet capture as XenViz writes it.</summary>
    public static Pcap Empty { get; } = new(true, false, Ethernet, 65535, []);
}

/// <summary>Why a file is no capture that can be used.</summary>
public enum PcapProblem : byte
{
    /// <summary>Shorter than its header.</summary>
    TooShort,

    /// <summary>The first number is none of the four that a classic capture begins with.</summary>
    NotPcap,

    /// <summary>Not version 2.4.</summary>
    Version,

    /// <summary>Not Ethernet.</summary>
    LinkType,

    /// <summary>Larger than is read.</summary>
    TooLarge,

    /// <summary>More frames than are read.</summary>
    TooManyFrames,

    /// <summary>The file ends inside a record.</summary>
    CutOff,

    /// <summary>A frame is longer than is read.</summary>
    FrameTooLong,

    /// <summary>More bytes were captured than the frame had.</summary>
    LongerThanOriginal,

    /// <summary>The part of the second is a second or more.</summary>
    Time,
}

/// <summary>What is wrong with a capture.</summary>
/// <param name="Problem">The kind.</param>
/// <param name="Record">The record that is wrong, from 1; 0 for the file's header.</param>
/// <param name="OffsetBytes">Where in the file it begins.</param>
/// <param name="Value">The number that was found.</param>
public readonly record struct PcapError(PcapProblem Problem, int Record, long OffsetBytes, long Value);
