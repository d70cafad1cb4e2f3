using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>A page of a request.</summary>
/// <param name="Ref">The grant of the page.</param>
/// <param name="Page">The frame that is granted.</param>
/// <param name="Offset">First byte that takes part.</param>
/// <param name="Bytes">How many.</param>
public sealed record FocusPage(GrantRef Ref, Mfn Page, int Offset, int Bytes)
{
    /// <summary>The id of its slot: packets have one for each page.</summary>
    public ulong Id { get; init; }

    /// <summary>The ring index of its slot, for a packet.</summary>
    public RingIndex Index { get; init; }

    /// <summary>The application's page when another one is granted in its place, else null.</summary>
    public Mfn? Source { get; init; }

    /// <summary>First 512-byte sector of the page.</summary>
    public int FirstSect => Offset / Sector.SizeBytes;

    /// <summary>Last 512-byte sector of the page.</summary>
    public int LastSect => (Offset + Bytes - 1) / Sector.SizeBytes;
}

/// <summary>
/// A request as the views need it, of whatever device: a block request, a packet, or an empty page that is offered.
/// </summary>
public sealed record FocusRequest
{
    /// <summary>The driver's own record.</summary>
    public required object Source { get; init; }

    /// <summary>The frontend's id.</summary>
    public required ulong Id { get; init; }

    /// <summary>The ring index that it was put at.</summary>
    public required RingIndex Index { get; init; }

    /// <summary>The ring: for a disk the queue, for the network 0 transmit, 1 receive, 2 and 3 of the second guest.
    /// </summary>
    public required int Queue { get; init; }

    /// <summary>What is asked, as a word: <c>WRITE</c>, <c>TX</c>.</summary>
    public required string Name { get; init; }

    /// <summary>True when the backend or its device writes into the pages.</summary>
    public required bool Read { get; init; }

    /// <summary>First sector; 0 for packets.</summary>
    public ulong Sector { get; init; }

    /// <summary>Sectors of 512 bytes; 0 for packets.</summary>
    public int Sectors { get; init; }

    /// <summary>Bytes.</summary>
    public int Bytes { get; init; }

    /// <summary>Its pages.</summary>
    public required ImmutableArray<FocusPage> Segments { get; init; }

    /// <summary>The driver's own records that wait in a machine.</summary>
    public static IEnumerable<object> Waiting(Machine machine)
    {
        switch (machine.Front)
        {
            case BlkfrontState block:
                return block.Waiting;
            case NetfrontState net:
                return Waiting(net).Concat(machine.PeerFront is NetfrontState peer ? Waiting(peer) : []);
            default:
                return [];
        }
    }

    /// <summary>The records that wait, each as a request of its interface.</summary>
    public static IEnumerable<(object Source, int Side)> WaitingBySide(Machine machine) =>
        machine is { Front: NetfrontState front, PeerFront: NetfrontState peer }
            ? Waiting(front).Select(w => (w, 0)).Concat(Waiting(peer).Select(w => (w, 1)))
            : Waiting(machine).Select(w => (w, 0));

    /// <summary>The request of a driver's record.</summary>
    /// <param name="source">The record.</param>
    /// <param name="side">The interface whose it is; 0 for a disk.</param>
    public static FocusRequest Of(object source, int side = 0)
    {
        var made = Made(source);
        return side == 0 ? made : made with { Queue = made.Queue + (2 * side) };
    }

    private static FocusRequest Made(object source) => source switch
    {
        Shadow shadow => Of(shadow),
        TxPacket packet => new FocusRequest
        {
            Source = source, Id = packet.Pieces[0].Id, Index = packet.Pieces[0].Index, Queue = 0, Name = "TX",
            Read = false, Bytes = packet.Bytes,
            Segments =
            [
                .. packet.Pieces.Select(p => new FocusPage(p.Ref, p.Page, p.Offset, p.Bytes)
                {
                    Id = p.Id, Index = p.Index,
                }),
            ],
        },
        RxBuffer buffer => new FocusRequest
        {
            Source = source, Id = buffer.Id, Index = buffer.Index, Queue = 1, Name = "RX", Read = true,
            Segments = [new FocusPage(buffer.Ref, buffer.Page, 0, PageSize.Bytes) { Id = buffer.Id }],
        },
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    /// <summary>True when one of its slots has this id.</summary>
    public bool Has(ulong id) => Id == id || (Sectors == 0 && Segments.Any(s => s.Id == id && id != 0));

    private static IEnumerable<object> Waiting(NetfrontState front)
    {
        foreach (var slot in front.Tx.Slots)
        {
            if (slot is { Piece: 0 })
            {
                yield return slot.Packet;
            }
        }

        foreach (var buffer in front.Rx.Buffers)
        {
            if (buffer is not null)
            {
                yield return buffer;
            }
        }
    }

    private static FocusRequest Of(Shadow shadow) => new()
    {
        Source = shadow, Id = shadow.Id, Index = shadow.Index, Queue = shadow.Queue,
        Name = RingProjector.Name(shadow.Operation), Read = shadow.Read, Sector = shadow.Sector,
        Sectors = shadow.Sectors, Bytes = shadow.Sectors * Abi.Sector.SizeBytes,
        Segments =
        [
            .. shadow.Segments.Select(s => new FocusPage(
                s.Ref, s.Page, s.FirstSect * Abi.Sector.SizeBytes, s.Bytes) { Source = s.Source }),
        ],
    };
}
