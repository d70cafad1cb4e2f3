using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>The fields of a ring slot: those of a request or of a response, as what the slot holds is one or the other.
/// </summary>
internal static class HexSlot
{
    private const int SegmentsOfPage = PageSize.Bytes / Blkif.Segment.SizeBytes;

    /// <summary>The fields over the slot's bytes.</summary>
    /// <param name="page">The ring page.</param>
    /// <param name="at">The slot's offset.</param>
    /// <param name="slot">What the slot holds.</param>
    /// <param name="answered">True for a free slot that was answered: what lies there is the last response.</param>
    public static ImmutableArray<HexFieldView> Fields(Page page, int at, SlotView slot, bool answered) =>
        slot.Kind == "response" || answered
            ? Response(page, at, answered) : Request(page, at, slot.Kind == "free");

    private static ImmutableArray<HexFieldView> Response(Page page, int at, bool stale) =>
    [
        View(page, at, Blkif.Response.Id, stale),
        View(page, at, Blkif.Response.Operation, stale),
        new HexFieldView(
            at + Blkif.Response.Status.OffsetBytes, 2, "status",
            ((short)page.Load(at + Blkif.Response.Status.OffsetBytes, 2)).ToString(), Writer.Driver, stale)
        {
            Cites = Blkif.Response.Status.Citation,
        },
    ];

    // What the operation is says what lies behind it.
    private static ImmutableArray<HexFieldView> Request(Page page, int at, bool free) =>
        (BlkifOperation)page.Load(at + Blkif.Request.Operation.OffsetBytes, 1) switch
        {
            BlkifOperation.Discard => Discard(page, at, free),
            BlkifOperation.Indirect => Indirect(page, at, free),
            _ => Direct(page, at, free),
        };

    private static ImmutableArray<HexFieldView> Discard(Page page, int at, bool free) =>
    [
        View(page, at, Blkif.Request.Operation, free), View(page, at, Blkif.Discard.Flag, free),
        View(page, at, Blkif.Request.Handle, free), View(page, at, Blkif.Request.Id, free),
        View(page, at, Blkif.Request.SectorNumber, free), View(page, at, Blkif.Discard.NrSectors, free),
    ];

    private static ImmutableArray<HexFieldView> Indirect(Page page, int at, bool free)
    {
        var fields = ImmutableArray.CreateBuilder<HexFieldView>();
        fields.Add(View(page, at, Blkif.Request.Operation, free));
        fields.Add(View(page, at, Blkif.Indirect.IndirectOp, free));
        fields.Add(View(page, at, Blkif.Indirect.NrSegments, free));
        fields.Add(View(page, at, Blkif.Request.Id, free));
        fields.Add(View(page, at, Blkif.Request.SectorNumber, free));
        fields.Add(View(page, at, Blkif.Indirect.Handle, free));
        var segments = (int)page.Load(at + Blkif.Indirect.NrSegments.OffsetBytes, 2);
        var used = (segments + SegmentsOfPage - 1) / SegmentsOfPage;
        for (var i = 0; i < Blkif.MaxIndirectPages; i++)
        {
            var gref = Blkif.Indirect.Gref(i);
            if (i < used || page.Load(at + gref.OffsetBytes, gref.WidthBytes) != 0)
            {
                fields.Add(View(page, at, gref, free || i >= used));
            }
        }

        return fields.ToImmutable();
    }

    private static ImmutableArray<HexFieldView> Direct(Page page, int at, bool free)
    {
        var fields = ImmutableArray.CreateBuilder<HexFieldView>();
        fields.Add(View(page, at, Blkif.Request.Operation, free));
        fields.Add(View(page, at, Blkif.Request.NrSegments, free));
        fields.Add(View(page, at, Blkif.Request.Handle, free));
        fields.Add(View(page, at, Blkif.Request.Id, free));
        fields.Add(View(page, at, Blkif.Request.SectorNumber, free));
        var used = Math.Min(Blkif.MaxSegments, (int)page.Load(at + Blkif.Request.NrSegments.OffsetBytes, 1));
        for (var i = 0; i < Blkif.MaxSegments; i++)
        {
            var start = at + Blkif.Request.Segments.OffsetBytes + (i * Blkif.Segment.SizeBytes);
            var stale = free || i >= used;
            if (i < used || page.Load(start, 8) != 0)
            {
                fields.Add(View(page, at, Blkif.Request.OfSegment(Blkif.Segment.Gref, i), stale));
                fields.Add(View(page, at, Blkif.Request.OfSegment(Blkif.Segment.FirstSect, i), stale));
                fields.Add(View(page, at, Blkif.Request.OfSegment(Blkif.Segment.LastSect, i), stale));
            }
        }

        return fields.ToImmutable();
    }

    private static HexFieldView View(Page page, int at, Field field, bool stale)
    {
        var value = page.Load(at + field.OffsetBytes, field.WidthBytes);
        return new HexFieldView(
            at + field.OffsetBytes, field.WidthBytes, field.Name, Words.Decimal(value), field.Writer,
            stale && value != 0)
        {
            Cites = field.Citation,
        };
    }
}
