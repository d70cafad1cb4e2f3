using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Network;

namespace XenViz.Core.Projection.Packets;

/// <summary>A frame from its first page to its end.</summary>
/// <param name="number">Counts the frames of the branch, from 1.</param>
/// <param name="direction">As <see cref="PacketRowView.Direction"/>.</param>
/// <param name="bytes">Its bytes as they are meant.</param>
internal sealed class PacketJourney(int number, string direction, ImmutableArray<byte> bytes)
{
    private readonly List<PacketStop> _stops = [];

    /// <summary>Counts the frames of the branch, from 1.</summary>
    public int Number { get; } = number;

    /// <summary>As <see cref="PacketRowView.Direction"/>.</summary>
    public string Direction { get; } = direction;

    /// <summary>Its bytes as they are meant: what the sender writes, or what comes from the wire.</summary>
    public ImmutableArray<byte> Bytes { get; } = bytes;

    /// <summary>The interface of the guest that sends it, or -1.</summary>
    public int FromVif { get; init; } = -1;

    /// <summary>The packet in the transmit ring, once there is one.</summary>
    public TxPacket? Sent { get; set; }

    /// <summary>Payload of a segment when the card is to cut it, else 0.</summary>
    public int GsoBytes { get; init; }

    /// <summary>Where it was, in time.</summary>
    public IReadOnlyList<PacketStop> Stops => _stops;

    /// <summary>Where it is at the end of what was looked at.</summary>
    public PacketStop Last => _stops[^1];

    /// <summary>It is somewhere else, or its bytes lie elsewhere.</summary>
    public void Go(PacketStop stop) => _stops.Add(stop);

    /// <summary>Where it is at a position; null before there is one.</summary>
    public PacketStop? At(int position)
    {
        for (var i = _stops.Count - 1; i >= 0; i--)
        {
            if (_stops[i].Position <= position)
            {
                return _stops[i];
            }
        }

        return null;
    }
}

/// <summary>A frame at one place.</summary>
/// <param name="Position">The position after the row that brought it there.</param>
/// <param name="Place">The place.</param>
/// <param name="Pieces">Where its bytes lie; none when they are on the wire or gone.</param>
/// <param name="Key">The text that tells the place.</param>
internal sealed record PacketStop(
    int Position, PacketPlace Place, ImmutableArray<PacketPiece> Pieces, string Key)
{
    /// <summary>Its bytes when they lie in no page, else what they are meant to be.</summary>
    public ImmutableArray<byte> Bytes { get; init; } = [];

    /// <summary>What its slots say of the checksum.</summary>
    public ChecksumHint Hint { get; init; }

    /// <summary>The interface that it waits for or went to, or -1.</summary>
    public int ToVif { get; init; } = -1;

    /// <summary>How many frames the card made of it, or 0.</summary>
    public int Frames { get; init; }

    /// <summary>The text that says why it was dropped, or empty.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>Bytes of a frame in one page.</summary>
/// <param name="Mfn">The page.</param>
/// <param name="Offset">The first byte in the page.</param>
/// <param name="Bytes">How many.</param>
internal readonly record struct PacketPiece(Mfn Mfn, int Offset, int Bytes)
{
    /// <summary>The ring index of the slot that describes them, or null.</summary>
    public RingIndex? Index { get; init; }

    /// <summary>The grant of the page, or null.</summary>
    public GrantRef? Ref { get; init; }

    /// <summary>The piece of a part of a packet.</summary>
    public static PacketPiece Of(Part part) => new(part.Page, part.Offset, part.Bytes);
}
