using System.Collections.Immutable;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Network;

namespace XenViz.Core.Projection.Packets;

/// <summary>Follows the frames of guests, from the application's pages to the wire.</summary>
/// <param name="journeys">All frames; new ones are added here.</param>
internal sealed class SenderTracker(List<PacketJourney> journeys)
{
    private const int Interfaces = 2;
    private readonly List<PacketJourney> _card = [];

    /// <summary>The application fills its pages and hands the frame over; the frontend publishes its slots.</summary>
    public void Hand(PacketStep step)
    {
        for (var vif = 0; vif < Interfaces; vif++)
        {
            if (step.Before.AppOf(vif) is not { } app || step.FrontOf(vif) is not { } front)
            {
                continue;
            }

            if (step.Key == "net_application.fill" && app.Job is { } job
                && !journeys.Any(j => j.FromVif == vif && j.Sent is null))
            {
                Fill(step, vif, app, job);
            }

            if (step.Before.FrontOf(vif)!.Packets < front.Packets
                && journeys.Find(j => j.FromVif == vif && j.Sent is null) is { } filled)
            {
                filled.Sent = front.Tx.Slots.First(s => s?.Packet.Number == front.Packets - 1)!.Packet;
                filled.Go(filled.Last with
                {
                    Position = step.Position, Place = PacketPlace.Filled, Key = "At_Filled",
                    Pieces = PiecesOf(filled.Sent),
                });
            }

            Publish(step, vif, front);
        }
    }

    /// <summary>Netback takes slots, refuses them, or gives an interface up.</summary>
    public void Take(PacketStep step)
    {
        if (ReferenceEquals(step.Before.Back, step.After.Back))
        {
            return;
        }

        for (var vif = 0; vif < step.After.Back.Vifs.Length; vif++)
        {
            var (before, after) = (step.Before.Back.Vifs[vif], step.After.Back.Vifs[vif]);
            if (before.TxReqCons != after.TxReqCons
                && Of(vif, PacketPlace.Transmit) is { } taken && taken.Sent!.Pieces[0].Index == before.TxReqCons)
            {
                taken.Go(taken.Last with
                {
                    Position = step.Position, Place = PacketPlace.Backend, Key = "At_Backend",
                });
            }

            if (!before.Disabled && after.Disabled)
            {
                foreach (var lost in journeys.Where(j => j.FromVif == vif
                    && j.Stops.Count > 0 && j.Last.Place is PacketPlace.Backend or PacketPlace.Transmit))
                {
                    lost.Go(PacketTracker.Dropped(step, "Why_Disabled"));
                }
            }
        }

        if (step.Key != "xenvif_tx_action.bridge")
        {
            Refuse(step);
        }
    }

    /// <summary>The frame that the bridge has just got, or null.</summary>
    public PacketJourney? Bridged(PacketStep step)
    {
        var packet = New(step.Before.Back.Pending, step.After.Back.Pending)
            ?? New(step.Before.Back.Finished, step.After.Back.Finished);
        return packet is null ? null : Of(packet);
    }

    /// <summary>True when netback gave up a frame because of its slots.</summary>
    public bool Refused(PacketStep step, PacketJourney journey) => step.After.Back.Finished.Any(p =>
        p.Status == NetifStatus.Error && ReferenceEquals(Of(p), journey));

    /// <summary>The card puts a frame on the wire, whole or cut, or may not read it.</summary>
    public void OnWire(PacketStep step)
    {
        var (before, after) = (step.Before.Nic, step.After.Nic);
        if (ReferenceEquals(before, after) || _card is not [var journey, ..])
        {
            return;
        }

        var sent = after.Sent.Length - before.Sent.Length;
        if (sent > 0)
        {
            journey.Go(new(step.Position, PacketPlace.Wire, [], sent > 1 ? "At_WireCut" : "At_Wire")
            {
                Bytes = sent > 1 ? journey.Bytes : after.Sent[^1], Frames = sent > 1 ? sent : 0,
                Hint = sent > 1 ? ChecksumHint.Blank : ChecksumHint.None,
            });
            foreach (var segment in sent > 1 ? after.Sent.Skip(before.Sent.Length) : [])
            {
                var piece = new PacketJourney(journeys.Count + 1, "segment", segment);
                piece.Go(new(step.Position, PacketPlace.Wire, [], "At_Wire") { Bytes = segment });
                journeys.Add(piece);
            }
        }

        if (before.Queue.Count() > after.Queue.Count())
        {
            _card.RemoveAt(0);
            if (journey.Last.Place != PacketPlace.Wire)
            {
                journey.Go(PacketTracker.Dropped(step, "Why_Iommu"));
            }
        }
    }

    /// <summary>The bridge hands a frame to the card.</summary>
    public void ToCard(PacketStep step, PacketJourney journey)
    {
        journey.Go(new(
            step.Position, PacketPlace.Card, PacketTracker.Pieces(step.After.Nic.Queue.Last().Elements), "At_Card")
        {
            Hint = journey.Last.Hint,
        });
        _card.Add(journey);
    }

    private void Fill(PacketStep step, int vif, NetApplicationState app, NetJob job)
    {
        var journey = new PacketJourney(journeys.Count + 1, "out", job.Frame)
        {
            FromVif = vif, GsoBytes = job.SegmentBytes,
        };
        journey.Go(new(
            step.Position, PacketPlace.Application,
            [
                .. Enumerable.Range(0, job.Pages).Select(page =>
                {
                    var (_, offset, bytes) = job.PartOf(page);
                    return new PacketPiece(app.Pages[job.FirstPage + page], offset, bytes);
                }),
            ],
            "At_Application")
        {
            Hint = HintOf(job.Flags),
        });
        journeys.Add(journey);
    }

    private void Publish(PacketStep step, int vif, NetfrontState front)
    {
        while (Of(vif, PacketPlace.Filled) is { } filled
            && filled.Sent!.Pieces[^1].Index.Since(step.After.Shared(front.Tx.Ring, Ring.ReqProd)) > NetfrontState.Size)
        {
            filled.Go(filled.Last with
            {
                Position = step.Position, Place = PacketPlace.Transmit, Key = "At_Transmit",
            });
        }
    }

    private void Refuse(PacketStep step)
    {
        if (New(step.Before.Back.Finished, step.After.Back.Finished) is { Status: NetifStatus.Error } packet
            && Of(packet) is { Last.Place: PacketPlace.Backend } journey)
        {
            journey.Go(PacketTracker.Dropped(step, "Why_Error"));
        }
    }

    private static BackPacket? New(ImmutableArray<BackPacket> before, ImmutableArray<BackPacket> after) =>
        after.Length > before.Length ? after[^1] : null;

    // A key comes again after 2^32 packets, and within a run never: the newest one is meant.
    private PacketJourney? Of(BackPacket packet) => journeys.FindLast(j =>
        j.FromVif == packet.Vif && j.Sent?.Pieces[0].Index == packet.Key);

    private PacketJourney? Of(int vif, PacketPlace place) => journeys.Find(j =>
        j.FromVif == vif && j.Stops.Count > 0 && j.Last.Place == place);

    private static ImmutableArray<PacketPiece> PiecesOf(TxPacket packet) =>
    [
        .. packet.Pieces.Select(p => new PacketPiece(p.Page, p.Offset, p.Bytes) { Index = p.Index, Ref = p.Ref }),
    ];

    private static ChecksumHint HintOf(NetTxFlags flags) =>
        (flags & NetTxFlags.ChecksumBlank) != NetTxFlags.None ? ChecksumHint.Blank
        : (flags & NetTxFlags.DataValidated) != NetTxFlags.None ? ChecksumHint.Validated
        : ChecksumHint.None;
}
