using XenViz.Core.Abi;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>The locals of the ring threads, which take turns on one vCPU.</summary>
public struct ThreadLocals : ILocals
{
    /// <summary>The queue at work.</summary>
    public int Queue;

    /// <summary>The producer index, read once.</summary>
    public RingIndex Prod;

    /// <summary>The request at work.</summary>
    public RingIndex Key;

    /// <summary>The page of segments at work.</summary>
    public int Page;

    /// <summary>What is to be answered without any I/O.</summary>
    public BlkifResponse Refusal;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Serve;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Queue);
        hasher.Add(Prod.Value);
        hasher.Add(Key.Value);
        hasher.Add(Page);
        hasher.Add(Refusal.Id);
        hasher.Add((int)Refusal.Status);
    }
}
