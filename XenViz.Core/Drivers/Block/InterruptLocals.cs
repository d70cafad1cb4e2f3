using XenViz.Core.Abi;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>The locals of blkfront's event handler.</summary>
public struct InterruptLocals : ILocals
{
    /// <summary>The queue whose event it was.</summary>
    public int Queue;

    /// <summary>The producer index, read once.</summary>
    public RingIndex Prod;

    /// <summary>The request whose grants are being ended.</summary>
    public Shadow? Request;

    /// <summary>The status of its response.</summary>
    public short Status;

    /// <summary>The segment at work.</summary>
    public int Segment;

    /// <summary>The flags of its grant as last read.</summary>
    public ushort Flags;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Complete;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Queue);
        hasher.Add(Prod.Value);
        hasher.Add(Request is null ? ulong.MaxValue : Request.Id);
        hasher.Add((int)Status);
        hasher.Add(Segment);
        hasher.Add((int)Flags);
    }
}
