using System.Buffers.Binary;
using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;

namespace XenViz.Core.Drivers.Block;

/// <summary>A segment of a request: one granted page.</summary>
/// <param name="Ref">The grant reference of the page.</param>
/// <param name="FirstSect">First sector in the page; honest ones are 0 to 7.</param>
/// <param name="LastSect">Last sector in the page, inclusive; honest ones are 0 to 7.</param>
public readonly record struct BlkifSegment(GrantRef Ref, byte FirstSect, byte LastSect);

/// <summary>A request as it was copied out of a slot. Nothing in it is checked.</summary>
/// <param name="Operation">What is asked; any byte is possible.</param>
/// <param name="NrSegments">How many segments the frontend says are in use, 0 to 255.</param>
/// <param name="Handle">The device number.</param>
/// <param name="Id">The frontend's own number of the request.</param>
/// <param name="SectorNumber">The first sector on the disk, in units of 512 bytes.</param>
/// <param name="Segments">All segments that the slot has room for: 11, of which the first are in use.</param>
public sealed record BlkifRequest(
    BlkifOperation Operation, byte NrSegments, ushort Handle, ulong Id, ulong SectorNumber,
    ImmutableArray<BlkifSegment> Segments);

/// <summary>The same bytes read as an indirect request. Nothing in it is checked.</summary>
/// <param name="Operation">The operation that is meant; any byte is possible.</param>
/// <param name="NrSegments">How many segments the frontend says are in use, 0 to 65535.</param>
/// <param name="Refs">The grants of the eight pages that may hold them.</param>
public sealed record BlkifIndirect(BlkifOperation Operation, ushort NrSegments, ImmutableArray<GrantRef> Refs);

/// <summary>A response as it was copied out of a slot. Nothing in it is checked.</summary>
/// <param name="Id">The id of the request.</param>
/// <param name="Operation">The operation of the request.</param>
/// <param name="Status">What became of it.</param>
public readonly record struct BlkifResponse(ulong Id, BlkifOperation Operation, BlkifStatus Status);

/// <summary>
/// A block slot as bytes. Writing is in place: only named fields are written, padding and unused
/// segments keep whatever was there, as with the C structures (and as with them that can leak, XSA-216).
/// </summary>
public static class BlkifSlot
{
    /// <summary>Bytes of a request before the id: operation, segments and handle.</summary>
    public const int HeadBytes = 4;

    /// <summary>Bytes of a segment that have a name; the last two are padding.</summary>
    public const int SegmentBytes = 6;

    /// <summary>Operation, number of segments and handle as the four bytes at the start of a request.</summary>
    [Cites("io/blkif.h blkif_request")]
    public static uint Head(BlkifOperation operation, byte nrSegments, ushort handle) =>
        (byte)operation | ((uint)nrSegments << 8) | ((uint)handle << 16);

    /// <summary>The named bytes of a segment as a number of 48 bits, little-endian.</summary>
    [Cites("io/blkif.h blkif_request_segment")]
    public static ulong Packed(BlkifSegment segment) =>
        segment.Ref.Value | ((ulong)segment.FirstSect << 32) | ((ulong)segment.LastSect << 40);

    /// <summary>
    /// Writes a request into a slot: as many segments as <see cref="BlkifRequest.NrSegments"/> says, the request
    /// has and the slot holds, whichever is least.
    /// </summary>
    /// <param name="slot">The slot, at least as long as the layout says.</param>
    /// <param name="request">What to write.</param>
    /// <param name="layout">The byte layout; null for 64-bit x86.</param>
    [Cites("io/blkif.h blkif_request")]
    public static void Write(Span<byte> slot, BlkifRequest request, BlkifLayout? layout = null)
    {
        var at = layout ?? BlkifLayout.X64;
        BinaryPrimitives.WriteUInt32LittleEndian(slot, Head(request.Operation, request.NrSegments, request.Handle));
        BinaryPrimitives.WriteUInt64LittleEndian(slot[at.IdAt..], request.Id);
        BinaryPrimitives.WriteUInt64LittleEndian(slot[at.SectorAt..], request.SectorNumber);
        var count = Math.Min(Math.Min((int)request.NrSegments, request.Segments.Length), Blkif.MaxSegments);
        for (var i = 0; i < count; i++)
        {
            WriteSegment(slot[(at.SegmentsAt + (i * Blkif.Segment.SizeBytes))..], request.Segments[i]);
        }
    }

    /// <summary>Writes the six named bytes of a segment.</summary>
    [Cites("io/blkif.h blkif_request_segment")]
    public static void WriteSegment(Span<byte> into, BlkifSegment segment)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(into, segment.Ref.Value);
        into[Blkif.Segment.FirstSect.OffsetBytes] = segment.FirstSect;
        into[Blkif.Segment.LastSect.OffsetBytes] = segment.LastSect;
    }

    /// <summary>Writes a response into a slot. Byte 9 and everything after byte 11 stays.</summary>
    /// <param name="slot">The slot, at least 12 bytes.</param>
    /// <param name="response">What to write.</param>
    [Cites("io/blkif.h blkif_response")]
    public static void Write(Span<byte> slot, BlkifResponse response)
    {
        Blkif.Response.Id.Write(slot, response.Id);
        Blkif.Response.Operation.Write(slot, (byte)response.Operation);
        Blkif.Response.Status.Write(slot, unchecked((ushort)response.Status));
    }

    /// <summary>Decodes a private copy of a slot as a request.</summary>
    /// <param name="copy">At least as many bytes as a slot of the layout has.</param>
    /// <param name="layout">The byte layout; null for 64-bit x86.</param>
    public static BlkifRequest Request(ReadOnlySpan<byte> copy, BlkifLayout? layout = null)
    {
        var at = layout ?? BlkifLayout.X64;
        return new BlkifRequest(
            (BlkifOperation)copy[Blkif.Request.Operation.OffsetBytes], copy[Blkif.Request.NrSegments.OffsetBytes],
            (ushort)Blkif.Request.Handle.Read(copy), BinaryPrimitives.ReadUInt64LittleEndian(copy[at.IdAt..]),
            BinaryPrimitives.ReadUInt64LittleEndian(copy[at.SectorAt..]),
            Segments(copy[at.SegmentsAt..], Blkif.MaxSegments));
    }

    /// <summary>Decodes a private copy of a slot as an indirect request.</summary>
    /// <inheritdoc cref="Request" path="/param"/>
    [Cites("io/blkif.h blkif_request_indirect")]
    public static BlkifIndirect Indirect(ReadOnlySpan<byte> copy, BlkifLayout? layout = null)
    {
        var at = layout ?? BlkifLayout.X64;
        var refs = ImmutableArray.CreateBuilder<GrantRef>(Blkif.MaxIndirectPages);
        for (var i = 0; i < Blkif.MaxIndirectPages; i++)
        {
            refs.Add(new GrantRef(BinaryPrimitives.ReadUInt32LittleEndian(copy[(at.IndirectGrefsAt + (i * 4))..])));
        }

        return new BlkifIndirect(
            (BlkifOperation)copy[Blkif.Indirect.IndirectOp.OffsetBytes],
            (ushort)Blkif.Indirect.NrSegments.Read(copy), refs.MoveToImmutable());
    }

    /// <summary>The flag and the number of sectors of a private copy that is a discard.</summary>
    /// <inheritdoc cref="Request" path="/param"/>
    [Cites("io/blkif.h blkif_request_discard")]
    public static (byte Flag, ulong Sectors) Discard(ReadOnlySpan<byte> copy, BlkifLayout? layout = null) => (
        copy[Blkif.Discard.Flag.OffsetBytes],
        BinaryPrimitives.ReadUInt64LittleEndian(copy[(layout ?? BlkifLayout.X64).NrSectorsAt..]));

    /// <summary>Decodes segments that lie one behind the other.</summary>
    /// <param name="bytes">At least 8 bytes each.</param>
    /// <param name="count">How many.</param>
    [Cites("io/blkif.h blkif_request_segment")]
    public static ImmutableArray<BlkifSegment> Segments(ReadOnlySpan<byte> bytes, int count)
    {
        var segments = ImmutableArray.CreateBuilder<BlkifSegment>(count);
        for (var i = 0; i < count; i++)
        {
            var one = bytes[(i * Blkif.Segment.SizeBytes)..];
            segments.Add(new BlkifSegment(
                new GrantRef(BinaryPrimitives.ReadUInt32LittleEndian(one)),
                one[Blkif.Segment.FirstSect.OffsetBytes], one[Blkif.Segment.LastSect.OffsetBytes]));
        }

        return segments.MoveToImmutable();
    }

    /// <summary>Decodes a private copy of a slot as a response.</summary>
    /// <param name="copy">At least 12 bytes.</param>
    public static BlkifResponse Response(ReadOnlySpan<byte> copy) => new(
        Blkif.Response.Id.Read(copy),
        (BlkifOperation)Blkif.Response.Operation.Read(copy),
        (BlkifStatus)unchecked((short)Blkif.Response.Status.Read(copy)));
}
