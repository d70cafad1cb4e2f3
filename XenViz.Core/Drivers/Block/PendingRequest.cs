using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;

namespace XenViz.Core.Drivers.Block;

/// <summary>A segment of a request that the backend took.</summary>
/// <param name="Segment">As the frontend wrote it.</param>
/// <param name="Slot">The page of the backend's address space set aside for it.</param>
/// <param name="Handle">The receipt of its mapping, once it is mapped.</param>
public readonly record struct BackSegment(BlkifSegment Segment, int Slot, GrantHandle? Handle)
{
    /// <summary>True when the mapping stays after the request: it belongs to the kept ones.</summary>
    public bool Kept { get; init; }

    /// <summary>The segment's first byte in its page.</summary>
    public int Offset => Segment.FirstSect * Sector.SizeBytes;

    /// <summary>The segment's bytes.</summary>
    public int Bytes => (Segment.LastSect - Segment.FirstSect + 1) * Sector.SizeBytes;
}

/// <summary>The backend's record of a request that it serves (Linux <c>struct pending_req</c>).</summary>
/// <param name="Key">The backend's own name for it: the ring index that it was taken from.</param>
/// <param name="Id">The frontend's id: echoed, never trusted.</param>
/// <param name="Operation">BLKIF_OP_*; for an indirect request the operation that is meant.</param>
/// <param name="Sector">First sector.</param>
/// <param name="Segments">Its pages.</param>
public sealed record PendingRequest(
    RingIndex Key, ulong Id, byte Operation, ulong Sector, ImmutableArray<BackSegment> Segments)
{
    /// <summary>The queue that it came from.</summary>
    public int Queue { get; init; }

    /// <summary>For an indirect request: how many segments its pages hold. The pages come first of all.</summary>
    public int IndirectCount { get; init; }

    /// <summary>Pages of segments that are mapped to be read; empty afterwards.</summary>
    public ImmutableArray<BackSegment> IndirectPages { get; init; } = [];

    /// <summary>For a discard: how many sectors.</summary>
    public ulong Discarded { get; init; }

    /// <summary>For a discard: true when the old bytes must not be found again.</summary>
    public bool Secure { get; init; }

    /// <summary>True when the disk works on it.</summary>
    public bool Submitted { get; init; }

    /// <summary>True when the device writes memory.</summary>
    public bool Read => Operation == (byte)BlkifOperation.Read;

    /// <summary>True when the disk's cache is to be emptied with it.</summary>
    public bool Flushes => Operation is (byte)BlkifOperation.FlushDiskCache or (byte)BlkifOperation.WriteBarrier;

    /// <summary>Sectors of 512 bytes.</summary>
    public int Sectors => Segments.Sum(s => s.Segment.LastSect - s.Segment.FirstSect + 1);
}

/// <summary>A command that the disk has finished.</summary>
/// <param name="Tag">The command.</param>
/// <param name="Result">What became of it.</param>
public readonly record struct Completion(uint Tag, DiskResult Result);
