using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;

namespace XenViz.Core.Drivers.Block;

/// <summary>A request as the backend reads its private copy of the slot. Nothing in it is checked.</summary>
/// <param name="Operation">The first byte.</param>
/// <param name="Meant">The operation that is meant: the inner one of an indirect request, else the first byte.</param>
/// <param name="Id">The frontend's id.</param>
/// <param name="Sector">First sector.</param>
/// <param name="NrSegments">Segments, as the frontend says.</param>
public sealed record Incoming(
    BlkifOperation Operation, BlkifOperation Meant, ulong Id, ulong Sector, int NrSegments)
{
    /// <summary>For a direct request: the segments in use, 11 at most.</summary>
    public ImmutableArray<BlkifSegment> Segments { get; init; } = [];

    /// <summary>For an indirect request: the grants of the pages that hold as many segments as are said to be in use.
    /// </summary>
    public ImmutableArray<GrantRef> IndirectRefs { get; init; } = [];

    /// <summary>For a discard: how many sectors.</summary>
    public ulong Discarded { get; init; }

    /// <summary>For a discard: the flag asks that the old bytes are not found again.</summary>
    public bool Secure { get; init; }
}

/// <summary>The backend's checks of a request, in its order (FACTS e.2, steps 4 to 9).</summary>
public static class BlkbackRequest
{
    /// <summary>Reads a private copy of a slot.</summary>
    /// <param name="copy">The bytes.</param>
    /// <param name="layout">The layout that the backend takes them to have.</param>
    public static Incoming Decode(ReadOnlySpan<byte> copy, BlkifLayout layout)
    {
        var slot = BlkifSlot.Request(copy, layout);
        return slot.Operation switch
        {
            BlkifOperation.Discard => DecodeDiscard(slot, copy, layout),
            BlkifOperation.Indirect => DecodeIndirect(slot, copy, layout),
            _ => DecodeDirect(slot),
        };
    }

    private static Incoming DecodeDirect(BlkifRequest slot)
    {
        ImmutableArray<BlkifSegment> used = [.. slot.Segments.Take(Math.Min((int)slot.NrSegments, Blkif.MaxSegments))];
        var (operation, count) = (slot.Operation, slot.NrSegments);
        return new Incoming(operation, operation, slot.Id, slot.SectorNumber, count) { Segments = used };
    }

    private static Incoming DecodeDiscard(BlkifRequest slot, ReadOnlySpan<byte> copy, BlkifLayout layout)
    {
        var (flag, sectors) = BlkifSlot.Discard(copy, layout);
        var secure = (flag & Blkif.Discard.Secure) != 0;
        var operation = slot.Operation;
        var incoming = new Incoming(operation, operation, slot.Id, slot.SectorNumber, 0);
        return incoming with { Discarded = sectors, Secure = secure };
    }

    private static Incoming DecodeIndirect(BlkifRequest slot, ReadOnlySpan<byte> copy, BlkifLayout layout)
    {
        var indirect = BlkifSlot.Indirect(copy, layout);
        var pages = (indirect.NrSegments + Blkif.SegmentsPerPage - 1) / Blkif.SegmentsPerPage;
        ImmutableArray<GrantRef> refs = [.. indirect.Refs.Take(pages)];
        var (meant, count) = (indirect.Operation, indirect.NrSegments);
        return new Incoming(slot.Operation, meant, slot.Id, slot.SectorNumber, count) { IndirectRefs = refs };
    }

    /// <summary>What is wrong with a request, or okay; the segments of an indirect one are looked at later.</summary>
    /// <param name="request">The private copy.</param>
    /// <param name="options">What both ends agreed on.</param>
    /// <param name="diskSectors">Size of the disk in sectors of 512 bytes.</param>
    /// <returns>The status that it is to be answered with at once, or <see cref="BlkifStatus.Okay"/> to go
    /// on.</returns>
    public static BlkifStatus Check(Incoming request, BlockOptions options, ulong diskSectors)
    {
        var indirect = request.Operation == BlkifOperation.Indirect;
        if (request.Operation is BlkifOperation.Reserved1 or > BlkifOperation.Indirect
            || (indirect && options.IndirectSegments == 0))
        {
            return BlkifStatus.NotSupported;
        }

        if (request.Operation == BlkifOperation.Discard)
        {
            return Fits(request.Meant, request.Sector, request.Discarded, options, diskSectors);
        }

        if (indirect && request.Meant is not (BlkifOperation.Read or BlkifOperation.Write))
        {
            return BlkifStatus.Error;
        }

        var mayBeEmpty = request.Operation is BlkifOperation.FlushDiskCache or BlkifOperation.WriteBarrier;
        var most = indirect ? options.IndirectSegments : Blkif.MaxSegments;
        if ((request.NrSegments == 0 && !mayBeEmpty) || request.NrSegments > most)
        {
            return BlkifStatus.Error;
        }

        return indirect
            ? BlkifStatus.Okay
            : Check(request.Meant, request.Sector, request.Segments, options, diskSectors);
    }

    /// <summary>What is wrong with the segments of a request, or okay (FACTS e.2, steps 7 to 9).</summary>
    /// <param name="operation">READ or one of the writing operations.</param>
    /// <param name="sector">First sector.</param>
    /// <param name="segments">The segments, from a private copy.</param>
    /// <param name="options">What both ends agreed on.</param>
    /// <param name="diskSectors">Size of the disk in sectors of 512 bytes.</param>
    public static BlkifStatus Check(
        BlkifOperation operation, ulong sector, ImmutableArray<BlkifSegment> segments, BlockOptions options,
        ulong diskSectors)
    {
        ulong sectors = 0;
        foreach (var segment in segments)
        {
            if (segment.LastSect >= Blkif.SectorsPerPage || segment.FirstSect > segment.LastSect)
            {
                return BlkifStatus.Error;
            }

            sectors += (ulong)(segment.LastSect - segment.FirstSect + 1);
        }

        var block = (ulong)(options.BlockBytes / Sector.SizeBytes);
        return Fits(operation, sector, sectors, options, diskSectors) != BlkifStatus.Okay
            || segments.Any(s => (sector | (uint)(s.LastSect - s.FirstSect + 1)) % block != 0)
                ? BlkifStatus.Error
                : BlkifStatus.Okay;
    }

    private static BlkifStatus Fits(
        BlkifOperation operation, ulong sector, ulong sectors, BlockOptions options, ulong diskSectors)
    {
        var beyond = sectors != 0 && (sector > diskSectors || diskSectors - sector < sectors);
        return beyond || (options.ReadOnly && operation != BlkifOperation.Read)
            ? BlkifStatus.Error
            : BlkifStatus.Okay;
    }
}
