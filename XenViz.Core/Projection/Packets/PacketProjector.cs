using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Network;
using XenViz.Core.History;
using XenViz.Core.Projection.Details;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection.Packets;

/// <summary>Makes the Packets tab and the details of one frame. What did not change is the very same object again.
/// </summary>
/// <param name="branch">The branch.</param>
public sealed class PacketProjector(Branch branch)
{
    private readonly Dictionary<PacketStop, PacketRowView> _rows = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<PacketJourney, DecodedFrame> _decoded = [];
    private PacketTracker? _tracker;
    private PacketsView _last = new();

    private PacketTracker Tracker => _tracker ??= new PacketTracker(branch);

    /// <summary>The tab at a position.</summary>
    /// <param name="position">0 to the branch's length.</param>
    public PacketsView Of(int position)
    {
        var machine = branch.At(position);
        if (machine.Front is not NetfrontState)
        {
            return _last;
        }

        var (back, nic) = ((NetbackState)machine.Back!, (Nic)machine.Disk!);
        ImmutableArray<PacketRowView> rows =
        [
            .. Tracker.Journeys.Select(j => (Journey: j, Stop: j.At(position))).Where(j => j.Stop is not null)
                .Select(j => Row(j.Journey, j.Stop!, machine)),
        ];
        return _last = new PacketsView
        {
            IsNetwork = true, Rows = rows.SequenceEqual(_last.Rows) ? _last.Rows : rows,
            Vifs = [.. back.Vifs.Select((vif, i) => VifProjector.Of(machine, vif, i))],
            Card = new CardView(
                nic.Queue.Count(), nic.Sent.Length, nic.Incoming.Length, nic.Free.Count(), back.Arrived.Length,
                back.Wire.ToString()),
        };
    }

    /// <summary>One frame in full; null when there is none of this number at the position.</summary>
    /// <param name="position">0 to the branch's length.</param>
    /// <param name="number">From 1.</param>
    public PacketView? One(int position, ulong number)
    {
        var machine = branch.At(position);
        if (Find(machine, position, number) is not var (journey, stop))
        {
            return null;
        }

        var bytes = BytesOf(machine, journey, stop);
        return new PacketView(
            Row(journey, stop, machine), Convert.ToHexStringLower(bytes), PacketDecoder.Decode(bytes, stop.Hint).Layers,
            Pieces(machine, stop), journey.GsoBytes,
            journey.Sent is not null && !PacketSubject.IsInFlight(machine, journey));
    }

    /// <summary>A frame as an object that somebody asks about; null when there is none of this number.</summary>
    internal Subject? Subject(Machine machine, int position, ulong number)
    {
        var found = Find(machine, position, number);
        return found is null
            ? null
            : PacketSubject.Of(
                machine, found.Value.Journey, found.Value.Stop, Row(found.Value.Journey, found.Value.Stop, machine));
    }

    private (PacketJourney Journey, PacketStop Stop)? Find(Machine machine, int position, ulong number)
    {
        if (machine.Front is not NetfrontState || number < 1 || number > (ulong)Tracker.Journeys.Count)
        {
            return null;
        }

        var journey = Tracker.Journeys[(int)number - 1];
        return journey.At(position) is { } stop ? (journey, stop) : null;
    }

    private PacketRowView Row(PacketJourney journey, PacketStop stop, Machine machine)
    {
        if (_rows.TryGetValue(stop, out var known))
        {
            return known;
        }

        if (!_decoded.TryGetValue(journey, out var decoded))
        {
            _decoded[journey] = decoded = PacketDecoder.Decode(journey.Bytes.AsSpan(), stop.Hint);
        }

        var back = (NetbackState)machine.Back!;
        return _rows[stop] = new PacketRowView(
            journey.Number, journey.Direction, NameAt(journey, MacAddress.SizeBytes, back), NameAt(journey, 0, back),
            journey.Bytes.Length, decoded.Protocol, decoded.Info, WordOf(stop.Place), WhereOf(stop, back),
            stop.Reason.Length == 0 ? "" : PacketDecoder.Texts.Say(stop.Reason), stop.Position);
    }

    private static string NameAt(PacketJourney journey, int offset, NetbackState back)
    {
        if (journey.Bytes.Length < offset + MacAddress.SizeBytes)
        {
            return "";
        }

        var mac = MacAddress.From(journey.Bytes.AsSpan()[offset..]);
        return mac == back.Wire ? PacketDecoder.Texts.Say("Wire")
            : mac == MacAddress.Broadcast ? PacketDecoder.Texts.Say("Everybody")
            : back.Vifs.FirstOrDefault(v => v.Mac == mac) is { } vif ? PacketDecoder.Texts.Say("Guest", vif.Peer)
            : mac.ToString();
    }

    private static string WhereOf(PacketStop stop, NetbackState back)
    {
        var slots = stop.Pieces.Where(p => p.Index is not null)
            .Select(p => p.Index!.Value.SlotIn(NetfrontState.Size)).ToList();
        object? inside = stop.Key switch
        {
            "At_Queue" => VifProjector.NameOf(back.Vifs[stop.ToVif]),
            "At_WireCut" => stop.Frames,
            _ when slots.Count == 1 => PacketDecoder.Texts.Say("Slot", slots[0]),
            _ when slots.Count > 1 => PacketDecoder.Texts.Say("Slots", slots[0], slots[^1]),
            _ => null,
        };
        var where = PacketDecoder.Texts.Say(stop.Key, inside);
        return stop.Reason.Length == 0 ? where : $"{where}: {PacketDecoder.Texts.Say(stop.Reason)}";
    }

    private static byte[] BytesOf(Machine machine, PacketJourney journey, PacketStop stop)
    {
        if (stop.Pieces.IsEmpty)
        {
            return [.. stop.Bytes.IsEmpty ? journey.Bytes : stop.Bytes];
        }

        var bytes = new byte[stop.Pieces.Sum(p => p.Bytes)];
        var at = 0;
        foreach (var piece in stop.Pieces)
        {
            var here = Math.Clamp(PageSize.Bytes - piece.Offset, 0, piece.Bytes);
            if (here > 0 && machine.Frames.Find(piece.Mfn) is { } frame)
            {
                frame.Page.Read(piece.Offset, bytes.AsSpan(at, here));
            }

            at += piece.Bytes;
        }

        return bytes;
    }

    private static ImmutableArray<PacketPieceView> Pieces(Machine machine, PacketStop stop)
    {
        var pieces = ImmutableArray.CreateBuilder<PacketPieceView>(stop.Pieces.Length);
        var from = 0;
        foreach (var piece in stop.Pieces)
        {
            pieces.Add(new PacketPieceView(
                from, piece.Mfn.Value, piece.Offset, piece.Bytes, machine.Frames.Find(piece.Mfn)?.Owner.Value ?? 0,
                piece.Index?.SlotIn(NetfrontState.Size), piece.Index?.Value, piece.Ref?.Value));
            from += piece.Bytes;
        }

        return pieces.ToImmutable();
    }

    private static string WordOf(PacketPlace place) => place.ToString().ToLowerInvariant();
}
