using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Devices.Network;

/// <summary>A frame that the card is to send.</summary>
/// <param name="Tag">The driver's name for it.</param>
/// <param name="Elements">Where its bytes are, in order.</param>
/// <param name="FillChecksum">True when the card fills in the checksum (NETTXF_csum_blank).</param>
/// <param name="SegmentBytes">Payload of a segment when the card is to cut the frame, else 0.</param>
public sealed record NicCommand(
    uint Tag, ImmutableArray<SgElement> Elements, bool FillChecksum, int SegmentBytes);

/// <summary>A network card with the wire behind it: frames to send, frames that were sent, frames to come.</summary>
public sealed record Nic : PrivateState
{
    /// <summary>What stands between it and memory.</summary>
    public Iommu Iommu { get; init; } = new();

    /// <summary>Frames to send, the one at work first.</summary>
    public ImmutableQueue<NicCommand> Queue { get; init; } = ImmutableQueue<NicCommand>.Empty;

    /// <summary>Bytes of the frame at work that the card has read so far.</summary>
    public ImmutableArray<byte> Buffer { get; init; } = [];

    /// <summary>Frames on the wire, as they were sent.</summary>
    public ImmutableArray<ImmutableArray<byte>> Sent { get; init; } = [];

    /// <summary>Frames that will come from the wire, the next one first.</summary>
    public ImmutableArray<ImmutableArray<byte>> Incoming { get; init; } = [];

    /// <summary>Empty pages that the driver has given the card for frames to come, the next one first.</summary>
    public ImmutableQueue<Mfn> Free { get; init; } = ImmutableQueue<Mfn>.Empty;

    /// <summary>Pages of the incoming frame that are filled.</summary>
    public ImmutableArray<SgElement> Filled { get; init; } = [];

    /// <summary>What it does; only for people.</summary>
    public DiskActivity Activity { get; init; }

    /// <summary>The descriptor that it worked on last; only for people.</summary>
    public SgElement? Current { get; init; }

    /// <summary>The direction of that descriptor; only for people.</summary>
    public bool CurrentToMemory { get; init; }

    /// <inheritdoc/>
    public override void AddTo(ref Hasher hasher)
    {
        Iommu.AddTo(ref hasher);
        hasher.Add(Sent.Length);
        hasher.Add(Incoming.Length);
        hasher.Add(Buffer.Length);
        hasher.Add(Filled.Length);
        foreach (var command in Queue)
        {
            hasher.Add(command.Tag);
            foreach (var element in command.Elements)
            {
                hasher.Add(element.BusAddress);
                hasher.Add(element.Bytes);
            }
        }

        foreach (var frame in Sent)
        {
            foreach (var b in frame)
            {
                hasher.Add((ulong)b);
            }
        }

        foreach (var page in Free)
        {
            hasher.Add(page.Value);
        }
    }
}
