namespace XenViz.Core.Simulation;

/// <summary>What belongs to one party each, together: most steps change none of it, and then share this.</summary>
internal sealed record PrivateStates
{
    /// <summary>Nothing.</summary>
    public static PrivateStates None { get; } = new();

    /// <summary>The frontend driver's variables.</summary>
    public PrivateState? Front { get; init; }

    /// <summary>The backend driver's variables.</summary>
    public PrivateState? Back { get; init; }

    /// <summary>The application's variables.</summary>
    public PrivateState? Application { get; init; }

    /// <summary>The device: a disk with its queue and its bytes, or a network card.</summary>
    public PrivateState? Disk { get; init; }

    /// <summary>The frontend driver's variables in a second guest, when there is one.</summary>
    public PrivateState? PeerFront { get; init; }

    /// <summary>The application's variables in a second guest, when there is one.</summary>
    public PrivateState? PeerApplication { get; init; }

    /// <summary>Xenstore.</summary>
    public PrivateState? Store { get; init; }
}
