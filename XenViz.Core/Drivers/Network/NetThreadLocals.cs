using System.Collections.Immutable;
using XenViz.Core.Abi.Io;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Network;

/// <summary>The locals of netback's thread.</summary>
public struct NetThreadLocals : IConsumerLocals
{
    /// <summary>The interface at work.</summary>
    public int Vif;

    /// <inheritdoc/>
    public RingIndex Prod { get; set; }

    /// <summary>The ring index of the first slot of the packet at work.</summary>
    public RingIndex Key;

    /// <summary>The packet at work: copies of its slots.</summary>
    public ImmutableArray<BackPiece> Pieces;

    /// <summary>Bytes of the whole that no slot has taken yet.</summary>
    public int Left;

    /// <summary>Payload of a segment, when an extra info asked to cut the packet.</summary>
    public int Gso;

    /// <summary>A group to join or to leave, when an extra info said so.</summary>
    public ExtraInfo Group;

    /// <summary>True when the packet is refused, though the interface stays.</summary>
    public bool Drop;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Serve;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Vif);
        hasher.Add(Prod.Value);
        hasher.Add(Key.Value);
        hasher.Add(Left);
        hasher.Add(Gso);
        hasher.Add(Group.Bytes);
        hasher.Add(Drop);
        foreach (var piece in Pieces.IsDefault ? [] : Pieces)
        {
            hasher.Add(piece.Request.Ref.Value);
            hasher.Add((int)piece.Request.Size);
            hasher.Add(piece.Slot);
            hasher.Add(piece.Own?.Value ?? 0);
        }
    }
}
