using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Network;

namespace XenViz.Core.Scenarios;

/// <summary>What a network run starts from.</summary>
internal sealed record NetShape
{
    /// <summary>What the guest sends.</summary>
    public ImmutableArray<NetJob> Sends { get; init; } = [];

    /// <summary>What comes from the wire.</summary>
    public ImmutableArray<ImmutableArray<byte>> Incoming { get; init; } = [];

    /// <summary>Frames that the guest waits for.</summary>
    public int Expected { get; init; }

    /// <summary>Most packets in flight.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Empty pages that a guest offers at once.</summary>
    public int Buffers { get; init; } = 8;

    /// <summary>Pages of the guest that its packets lie in.</summary>
    public int Pages { get; init; }

    /// <summary>The value of all ring indices at the start.</summary>
    public uint Start { get; init; }

    /// <summary>How netback reaches what a guest sends.</summary>
    public TxPath Path { get; init; }

    /// <summary>True for the historic receive path.</summary>
    public bool Flips { get; init; }

    /// <summary>True for a second guest, which waits for the packets of the first.</summary>
    public bool HasPeer { get; init; }

    /// <summary>True for a frontend whose packets never end.</summary>
    public bool Endless { get; init; }

    /// <summary>True when the run begins before anything is connected, and has no packets.</summary>
    public bool Connecting { get; init; }

    /// <summary>The response index from which on the driver domain may die; null when it lives.</summary>
    public RingIndex? CrashFrom { get; init; }

    /// <summary>True when the interface is unplugged when all is sent.</summary>
    public bool Unplugs { get; init; }

    /// <summary>True when time passes for packets that wait, and the guest is the last to get a CPU.</summary>
    public bool Stalls { get; init; }

    /// <summary>What netfront can do.</summary>
    public NetOffer FrontOffer { get; init; } = new();

    /// <summary>What netback offers.</summary>
    public NetOffer BackOffer { get; init; } = new();

    /// <summary>True when the run begins before the guest has offered any page.</summary>
    public bool BeginsWithOffer { get; init; }
}
