using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;

namespace XenViz.Core.Drivers.Block;

/// <summary>The backend's checks of a request, in its order (FACTS e.2, steps 4 to 9).</summary>
public static class BlkbackRequest
{
    /// <summary>What is wrong with a request, or okay.</summary>
    /// <param name="request">The private copy.</param>
    /// <param name="diskSectors">Size of the disk in sectors of 512 bytes.</param>
    /// <returns>The status that it is to be answered with at once, or <see cref="BlkifStatus.Okay"/> to go
    /// on.</returns>
    public static BlkifStatus Check(BlkifRequest request, ulong diskSectors)
    {
        if (request.Operation is not (BlkifOperation.Read or BlkifOperation.Write))
        {
            return BlkifStatus.NotSupported;
        }

        if (request.NrSegments is 0 or > Blkif.MaxSegments)
        {
            return BlkifStatus.Error;
        }

        ulong sectors = 0;
        foreach (var segment in Used(request))
        {
            if (segment.LastSect >= Blkif.SectorsPerPage || segment.FirstSect > segment.LastSect)
            {
                return BlkifStatus.Error;
            }

            sectors += (ulong)(segment.LastSect - segment.FirstSect + 1);
        }

        return request.SectorNumber >= diskSectors || diskSectors - request.SectorNumber < sectors
            ? BlkifStatus.Error
            : BlkifStatus.Okay;
    }

    /// <summary>The segments that count.</summary>
    public static ImmutableArray<BlkifSegment> Used(BlkifRequest request) =>
        [.. request.Segments.Take(Math.Min((int)request.NrSegments, Blkif.MaxSegments))];
}
