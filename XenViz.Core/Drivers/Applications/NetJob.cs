using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;

namespace XenViz.Core.Drivers.Applications;

/// <summary>A packet that an application sends.</summary>
/// <param name="Frame">Its bytes, from the Ethernet header on.</param>
/// <param name="Offset">Where they begin in the first of its pages; they go on at the start of the next ones.</param>
/// <param name="FirstPage">The first of its pages among the application's.</param>
/// <param name="Flags">Flags of its first slot: who fills in the checksum, whether an extra info follows.</param>
/// <param name="SegmentBytes">Payload of a segment when the card is to cut it, else 0.</param>
public sealed record NetJob(ImmutableArray<byte> Frame, int Offset, int FirstPage, NetTxFlags Flags, int SegmentBytes)
{
    /// <summary>Its pages, and with them the slots that describe them.</summary>
    public int Pages => (Offset + Frame.Length + PageSize.Bytes - 1) / PageSize.Bytes;

    /// <summary>Pages that are kept for it when the guest itself cuts it, else 0.</summary>
    public int Reserved { get; init; }

    /// <summary>Pages that the next job must leave free.</summary>
    public int Room => Math.Max(Pages, Reserved);

    /// <summary>Slots that it takes.</summary>
    public int Slots => Pages + (SegmentBytes > 0 ? 1 : 0);

    /// <summary>The bytes of one of its pages.</summary>
    public (int From, int Offset, int Bytes) PartOf(int page)
    {
        var from = page == 0 ? 0 : (page * PageSize.Bytes) - Offset;
        var at = page == 0 ? Offset : 0;
        return (from, at, Math.Min(PageSize.Bytes - at, Frame.Length - from));
    }
}
