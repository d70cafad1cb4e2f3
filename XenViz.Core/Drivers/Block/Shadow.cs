using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;

namespace XenViz.Core.Drivers.Block;

/// <summary>One page of a request.</summary>
/// <param name="Ref">The grant of the page.</param>
/// <param name="Page">The frame that is granted.</param>
/// <param name="FirstSect">First 512-byte sector of the page, 0 to 7.</param>
/// <param name="LastSect">Last one, 0 to 7.</param>
public readonly record struct PageSegment(GrantRef Ref, Mfn Page, byte FirstSect, byte LastSect)
{
    /// <summary>The application's page when another one is granted in its place, else null.</summary>
    public Mfn? Source { get; init; }

    /// <summary>True when the page is already granted: it was kept from an earlier request.</summary>
    public bool Kept { get; init; }

    /// <summary>The page whose bytes the application sees.</summary>
    public Mfn Data => Source ?? Page;

    /// <summary>Bytes of the page that take part.</summary>
    public int Bytes => (LastSect - FirstSect + 1) * Sector.SizeBytes;

    /// <summary>The segment as it stands in a slot.</summary>
    public BlkifSegment Wire => new(Ref, FirstSect, LastSect);
}

/// <summary>The frontend's private record of a request that is waiting (Linux <c>struct blk_shadow</c>).</summary>
/// <param name="Id">Its id, below the ring size.</param>
/// <param name="Index">The ring index that it was put at.</param>
/// <param name="Operation">What is asked; for an indirect request the operation that is meant.</param>
/// <param name="Sector">First sector.</param>
/// <param name="Segments">Its pages.</param>
public sealed record Shadow(
    ulong Id, RingIndex Index, BlkifOperation Operation, ulong Sector, ImmutableArray<PageSegment> Segments)
{
    /// <summary>The queue that it was put into.</summary>
    public int Queue { get; init; }

    /// <summary>Pages that hold its segments, when it is an indirect request.</summary>
    public ImmutableArray<PageSegment> Indirect { get; init; } = [];

    /// <summary>For a discard: how many sectors.</summary>
    public ulong Discarded { get; init; }

    /// <summary>For a discard: true when the old bytes must not be found again.</summary>
    public bool Secure { get; init; }

    /// <summary>True for READ.</summary>
    public bool Read => Operation == BlkifOperation.Read;

    /// <summary>All its granted pages: those of the data, then those of the segments.</summary>
    public ImmutableArray<PageSegment> Granted => Indirect.IsEmpty ? Segments : Segments.AddRange(Indirect);

    /// <summary>Sectors of 512 bytes.</summary>
    public int Sectors => Segments.Sum(s => s.LastSect - s.FirstSect + 1) + (int)Discarded;
}

/// <summary>A response that was taken and is not yet told to the application.</summary>
/// <param name="Request">The request.</param>
/// <param name="Status">BLKIF_RSP_*.</param>
public sealed record Taken(Shadow Request, short Status);
