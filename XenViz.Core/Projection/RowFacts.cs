using System.Collections.Immutable;
using XenViz.Core.Abi;

namespace XenViz.Core.Projection;

/// <summary>What is known of a row of a branch besides its machine: found once, row by row, when it is first needed.
/// </summary>
/// <param name="Number">Its number.</param>
/// <param name="Focus">The request that the story follows after the row.</param>
/// <param name="DataPage">The data page on stage after the row.</param>
/// <param name="LastPush">The row of the last push so far, or -1.</param>
/// <param name="Notification">The first row of the last notification so far, or -1.</param>
/// <param name="Target">The lane that a notification of the row goes to, or null.</param>
/// <param name="Violations">Sentences of the properties that broke in the row or before it.</param>
public sealed record RowFacts(
    string Number, Focus? Focus, Mfn? DataPage, int LastPush, int Notification, Actor? Target,
    ImmutableArray<string> Violations)
{
    /// <summary>The step of the figure that the row belongs to, 1 to 7; 0 for none.</summary>
    public int Step { get; init; }

    /// <summary>True from when the device was first given something to do.</summary>
    public bool DeviceUsed { get; init; }

    /// <summary>The interface that the row is about: 0, or 1 for that of a second guest.</summary>
    public int Side { get; init; }

    /// <summary>The ring that the row is about: the queue of a disk, or of a network interface 0 to send, 1 to receive.
    /// </summary>
    public int Ring { get; init; }

    /// <summary>The object of the stage that the first broken property is about, or null.</summary>
    public string? BrokenAt { get; init; }

    /// <summary>The driver domain's own page that takes part in the transfer after the row, or null.</summary>
    public Mfn? OwnPage { get; init; }

    /// <summary>The grant that the row is about when it is none of the request that is followed, else null.</summary>
    public GrantRef? Grant { get; init; }

    /// <summary>True when the device was aimed at another page than the request names: its answer may lie.</summary>
    public bool Astray { get; init; }

    /// <summary>The request that each ring was last about.</summary>
    public ImmutableArray<Focus?> Rings { get; init; } = [];

    /// <summary>True when the page on stage is one that nobody granted: the device is aimed at it.</summary>
    public bool Aimed { get; init; }

    /// <summary>True from when the frontend gives its rings up until something new is asked: nothing of what was
    /// followed is left.</summary>
    public bool Forgotten { get; init; }

    /// <summary>What the story follows on the other interface.</summary>
    public Focus? Away { get; init; }

    /// <summary>The ring on stage of the other interface.</summary>
    public int AwayRing { get; init; }

    /// <summary>The data page of the other interface.</summary>
    public Mfn? AwayPage { get; init; }
}
