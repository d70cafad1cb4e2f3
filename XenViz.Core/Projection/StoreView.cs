using System.Collections.Immutable;

namespace XenViz.Core.Projection;

/// <summary>The Xenstore tab: the tree by which the two ends meet.</summary>
public sealed record StoreView
{
    /// <summary>The frontend's XenbusState, or null while it has none.</summary>
    public int? FrontState { get; init; }

    /// <summary>The backend's XenbusState, or null while it has none.</summary>
    public int? BackState { get; init; }

    /// <summary>True when neither end has a directory of the device any more: there were some, and they are removed.
    /// </summary>
    public bool Removed { get; init; }

    /// <summary>All nodes in the order of their paths; children follow their parent.</summary>
    public ImmutableArray<StoreNodeView> Nodes { get; init; } = [];

    /// <summary>All watches, in the order in which they were set.</summary>
    public ImmutableArray<StoreWatchView> Watches { get; init; } = [];
}

/// <summary>A node.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Value">Its value, empty for most directories.</param>
/// <param name="Owner">The domain that may do everything with it.</param>
/// <param name="Permissions">As the protocol writes them: <c>n5 r2</c>.</param>
/// <param name="Watchers">Domains that are told of a change.</param>
public sealed record StoreNodeView(
    string Path, string Value, ushort Owner, string Permissions, ImmutableArray<ushort> Watchers);

/// <summary>A watch.</summary>
/// <param name="Domain">Who wants to know.</param>
/// <param name="Path">Of what.</param>
/// <param name="Token">What comes back with an event.</param>
/// <param name="Unread">Events of it that the domain has not read yet.</param>
public sealed record StoreWatchView(ushort Domain, string Path, string Token, int Unread);
