using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Projection.Details;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection.Packets;

/// <summary>A frame as an object that somebody asks about.</summary>
internal static class PacketSubject
{
    /// <summary>The object.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="journey">The frame.</param>
    /// <param name="stop">Where it is.</param>
    /// <param name="row">As the list tells it.</param>
    public static Subject Of(Machine machine, PacketJourney journey, PacketStop stop, PacketRowView row) => new()
    {
        Title = Subjects.Say("Title_packet", journey.Number),
        About = Subjects.Say("About_packet_" + journey.Direction),
        Mark = MarkOf(stop.Place),
        Owner = Subjects.Say("Owner_packet", row.From, row.To),
        Writes = Subjects.Say("Writes_packet_" + HandsOf(stop.Place)),
        Name = journey.Direction == "in" ? "struct netif_rx_response" : "struct netif_tx_request",
        Value = Subjects.Say("Value_packet", row.Protocol, row.Bytes, row.Where),
        At = stop.Pieces.IsEmpty ? null : PlaceOf(stop.Pieces[0]),
        Parts =
        [
            new Part(Subjects.Say("Part_place"), row.Where, Writer.Nobody) { ChangedAt = stop.Position },
            .. stop.Pieces.Select(PieceOf), .. Answer(machine, journey),
        ],
    };

    /// <summary>True while the guest that sends it waits for its slots.</summary>
    public static bool IsInFlight(Machine machine, PacketJourney journey) =>
        new NetMachine(machine).FrontOf(journey.FromVif)?.Tx.Slots.Any(
            s => s?.Packet.Number == journey.Sent?.Number) == true;

    private static Part PieceOf(PacketPiece piece, int number) => new(
        Subjects.Say("Part_piece", number + 1),
        Subjects.Say("Value_piece", piece.Bytes, piece.Mfn, Words.Hex((ulong)piece.Offset, 3)), Writer.Both)
    {
        At = PlaceOf(piece),
    };

    private static Place PlaceOf(PacketPiece piece) =>
        new(piece.Mfn, piece.Offset, Math.Min(piece.Bytes, PageSize.Bytes - piece.Offset));

    private static ImmutableArray<Part> Answer(Machine machine, PacketJourney journey) => journey.Sent is null ? [] :
    [
        new Part(
            Subjects.Say("Part_answer"),
            Subjects.Say(IsInFlight(machine, journey) ? "Value_unanswered" : "Value_answered"), Writer.Driver)
        {
            Fact = m => IsInFlight(m, journey),
        },
    ];

    private static Writer MarkOf(PacketPlace place) => HandsOf(place) switch
    {
        "guest" => Writer.Guest,
        "driver" => Writer.Driver,
        "card" => Writer.Device,
        _ => Writer.Nobody,
    };

    // Whose hands it is in: who could still change its bytes.
    private static string HandsOf(PacketPlace place) => place switch
    {
        PacketPlace.Application or PacketPlace.Filled or PacketPlace.Transmit or PacketPlace.Inbox
            or PacketPlace.Delivered => "guest",
        PacketPlace.Backend or PacketPlace.Bridge or PacketPlace.Receive => "driver",
        PacketPlace.Card => "card",
        _ => "nobody",
    };
}
