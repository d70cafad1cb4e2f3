using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Network;
using XenViz.Core.History;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection.Packets;

/// <summary>
/// Follows every frame of a branch. It compares each state with the next one: rings and queues are in order, so what
/// leaves one place and appears in another is the same frame. No row has to tell of it.
/// </summary>
internal sealed class PacketTracker
{
    private readonly List<PacketJourney> _journeys = [];
    private readonly List<PacketJourney>[] _queues;
    private readonly List<PacketJourney>[] _received;
    private readonly List<PacketJourney> _arrived = [];
    private readonly SenderTracker _senders;
    private PacketJourney? _coming;

    /// <summary>Follows the frames of a branch to its end.</summary>
    /// <param name="branch">A branch of a network run.</param>
    public PacketTracker(Branch branch)
    {
        var interfaces = ((NetbackState)branch.At(0).Back!).Vifs.Length;
        _queues = [.. Enumerable.Range(0, interfaces).Select(_ => new List<PacketJourney>())];
        _received = [.. Enumerable.Range(0, interfaces).Select(_ => new List<PacketJourney>())];
        _senders = new SenderTracker(_journeys);
        for (var row = 0; row < branch.Length; row++)
        {
            Follow(new PacketStep(branch.At(row), branch.At(row + 1), row + 1, branch.Rows[row].Row.Key));
        }
    }

    /// <summary>The frames, in the order in which they came into being.</summary>
    public IReadOnlyList<PacketJourney> Journeys => _journeys;

    private void Follow(PacketStep step)
    {
        _senders.Hand(step);
        _senders.Take(step);
        FromGuest(step);
        _senders.OnWire(step);
        FromWire(step);
        for (var vif = 0; vif < _queues.Length; vif++)
        {
            ToGuest(step, vif);
            Look(step, vif);
        }
    }

    // The bridge got a frame of a guest: it is with the card, or queued for other guests, or both.
    private void FromGuest(PacketStep step)
    {
        if (step.Key != "xenvif_tx_action.bridge" || _senders.Bridged(step) is not { } journey)
        {
            return;
        }

        var toCard = step.Before.Nic.Queue.Count() < step.After.Nic.Queue.Count();
        if (toCard)
        {
            _senders.ToCard(step, journey);
        }

        Queued(step, journey, toCard);
        if (journey.Last.Place == PacketPlace.Backend)
        {
            journey.Go(Dropped(step, _senders.Refused(step, journey) ? "Why_Error" : "Why_Full"));
        }
    }

    // A frame of the wire: the card fills pages with it, the driver domain has it, the bridge queues it.
    private void FromWire(PacketStep step)
    {
        if (step.Key == "nic.rx_check" && _coming is null)
        {
            _coming = Begin("in", step.Before.Nic.Incoming[0]);
            _coming.Go(new(step.Position, PacketPlace.Card, [], "At_CardIn") { Bytes = _coming.Bytes });
        }

        if (_coming is { } coming && step.Before.Nic.Incoming.Length > step.After.Nic.Incoming.Length)
        {
            _coming = null;
            if (step.Before.Back.Arrived.Length < step.After.Back.Arrived.Length)
            {
                coming.Go(new(
                    step.Position, PacketPlace.Bridge,
                    [.. step.After.Back.Arrived[^1].Parts.Select(PacketPiece.Of)], "At_Arrived"));
                _arrived.Add(coming);
            }
            else
            {
                coming.Go(Dropped(step, "Why_Iommu"));
            }
        }

        if (step.Before.Back.Arrived.Length > step.After.Back.Arrived.Length && _arrived is [var first, ..])
        {
            _arrived.RemoveAt(0);
            var dropped = step.Before.Back.Vifs.Zip(step.After.Back.Vifs).Any(v => v.First.Dropped < v.Second.Dropped);
            Queued(step, first, false);
            if (first.Last.Position < step.Position)
            {
                first.Go(Dropped(step, dropped ? "Why_Full" : "Why_Nobody"));
            }
        }
    }

    // The first queue that a frame is in is its own way on; in any other one it is a copy.
    private void Queued(PacketStep step, PacketJourney journey, bool isElsewhere)
    {
        for (var vif = 0; vif < _queues.Length; vif++)
        {
            var (before, after) = (step.Before.Back.Vifs[vif].Queue, step.After.Back.Vifs[vif].Queue);
            if (after.Length <= before.Length)
            {
                continue;
            }

            var here = isElsewhere ? Begin("copy", journey.Bytes) : journey;
            isElsewhere = true;
            here.Go(new(
                step.Position, PacketPlace.Bridge, [.. after[^1].Parts.Select(PacketPiece.Of)], "At_Queue")
            {
                ToVif = vif, Hint = HintOf(after[^1].Flags),
            });
            _queues[vif].Add(here);
        }
    }

    private void ToGuest(PacketStep step, int vif)
    {
        var (before, after) = (step.Before.Back.Vifs[vif], step.After.Back.Vifs[vif]);
        if (before.RxReqCons != after.RxReqCons && _queues[vif] is [var next, ..])
        {
            Describe(step, vif, next, before.RxReqCons);
        }

        if (step.Key is "xenvif_rx_action.recycle" or "xenvif_rx_action.replace")
        {
            foreach (var journey in _received[vif].Where(j => j.Last.Key == "At_Receive"))
            {
                journey.Go(journey.Last with
                {
                    Position = step.Position, Key = "At_Copied",
                    Pieces = step.After.Back.Flips ? journey.Last.Pieces : InGuest(step, vif, journey.Last.Pieces),
                });
            }
        }
    }

    // Netback took one more slot for the frame at the head of the queue.
    private void Describe(PacketStep step, int vif, PacketJourney journey, RingIndex index)
    {
        var piece = journey.Last.Pieces.TakeWhile(p => p.Index is not null).Count();
        if (piece >= journey.Last.Pieces.Length)
        {
            return;
        }

        var reference = step.FrontOf(vif)?.Rx.Buffers.FirstOrDefault(b => b?.Index == index)?.Ref;
        var pieces = journey.Last.Pieces.SetItem(
            piece, journey.Last.Pieces[piece] with { Index = index, Ref = reference });
        journey.Go(journey.Last with
        {
            Position = step.Position, Place = PacketPlace.Receive, Key = "At_Receive", Pieces = pieces,
        });
        if (piece + 1 == pieces.Length)
        {
            _queues[vif].Remove(journey);
            _received[vif].Add(journey);
        }
    }

    private static ImmutableArray<PacketPiece> InGuest(PacketStep step, int vif, ImmutableArray<PacketPiece> pieces) =>
    [
        .. pieces.Select(piece =>
            step.FrontOf(vif)?.Rx.Buffers.FirstOrDefault(b => b?.Index == piece.Index) is { } buffer
                ? piece with { Mfn = buffer.Page, Offset = 0 }
                : piece),
    ];

    // The guest's own end: its frontend gathers the pages, its application looks at them.
    private void Look(PacketStep step, int vif)
    {
        if (step.AppsOf(vif) is not { } apps)
        {
            return;
        }

        if (apps.Before.Dropped < apps.After.Dropped && Waiting(vif, PacketPlace.Receive) is { } damaged)
        {
            damaged.Go(Dropped(step, "Why_Damaged"));
            _received[vif].Remove(damaged);
        }
        else if (apps.Before.Inbox.Length < apps.After.Inbox.Length
            && Waiting(vif, PacketPlace.Receive) is { } gathered)
        {
            gathered.Go(gathered.Last with
            {
                Position = step.Position, Place = PacketPlace.Inbox, Key = "At_Inbox",
                Pieces = [.. apps.After.Inbox[^1].Select(PacketPiece.Of)],
            });
        }

        if (apps.Before.Received.Length < apps.After.Received.Length && Waiting(vif, PacketPlace.Inbox) is { } got)
        {
            got.Go(got.Last with
            {
                Position = step.Position, Place = PacketPlace.Delivered, Key = "At_Delivered", Pieces = [],
                Bytes = apps.After.Received[^1],
            });
            _received[vif].Remove(got);
        }
    }

    private PacketJourney? Waiting(int vif, PacketPlace place) =>
        _received[vif].FirstOrDefault(journey => journey.Last.Place == place);

    private PacketJourney Begin(string direction, ImmutableArray<byte> bytes)
    {
        var journey = new PacketJourney(_journeys.Count + 1, direction, bytes);
        _journeys.Add(journey);
        return journey;
    }

    internal static PacketStop Dropped(PacketStep step, string reason) =>
        new(step.Position, PacketPlace.Dropped, [], "At_Dropped") { Reason = reason };

    internal static ImmutableArray<PacketPiece> Pieces(ImmutableArray<Devices.SgElement> elements) =>
    [
        .. elements.Select(e => new PacketPiece(
            new Mfn(e.BusAddress >> PageSize.Shift), (int)(e.BusAddress % PageSize.Bytes), e.Bytes)),
    ];

    private static ChecksumHint HintOf(NetRxFlags flags) =>
        (flags & NetRxFlags.ChecksumBlank) != NetRxFlags.None ? ChecksumHint.Blank
        : (flags & NetRxFlags.DataValidated) != NetRxFlags.None ? ChecksumHint.Validated
        : ChecksumHint.None;
}
