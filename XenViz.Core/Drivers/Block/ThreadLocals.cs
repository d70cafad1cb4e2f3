using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Rings;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Block;

/// <summary>The locals of the ring thread.</summary>
public struct ThreadLocals : ILocals
{
    /// <summary>The producer index, read once.</summary>
    public RingIndex Prod;

    /// <summary>The request at work.</summary>
    public RingIndex Key;

    /// <summary>What is to be answered without any I/O.</summary>
    public BlkifResponse Refusal;

    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Serve;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher)
    {
        hasher.Add(Prod.Value);
        hasher.Add(Key.Value);
        hasher.Add(Refusal.Id);
        hasher.Add((int)Refusal.Status);
    }
}
