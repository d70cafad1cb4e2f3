using System.Collections.Immutable;
using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>A row that was run, with what it did.</summary>
/// <param name="Number">Its number: <c>2.4</c>.</param>
/// <param name="Record">What it was.</param>
/// <param name="Before">The machine before.</param>
/// <param name="After">The machine after.</param>
/// <param name="Events">What happened, in order.</param>
public sealed record PlayedRow(
    string Number, StepRecord Record, Machine Before, Machine After, ImmutableArray<MachineEvent> Events)
{
    /// <summary>How the row came out when not as usual: <c>coalesced</c>, <c>no</c>, ...; empty as usual.</summary>
    public string Outcome => Events.OfType<MachineEvent.Outcome>().LastOrDefault()?.Word ?? "";

    /// <summary>The locals of a listing that its agent runs after it, or null when it runs none of that kind.</summary>
    /// <typeparam name="T">The locals of that kind.</typeparam>
    public T? Locals<T>()
        where T : struct => After.Agents[Record.Choice.Agent].Top.Find<T>();
}

/// <summary>What all views of one position are made from.</summary>
public sealed record Moment
{
    /// <summary>The machine now.</summary>
    public required Machine Machine { get; init; }

    /// <summary>The machine at the stop before this one (the same as now at the start of the run).</summary>
    public required Machine Before { get; init; }

    /// <summary>The rows of the last visible micro-step, oldest first; empty at the start.</summary>
    public required ImmutableArray<PlayedRow> Rows { get; init; }

    /// <summary>Those of them that the caption is about: the others are not told with the present detail.</summary>
    public required ImmutableArray<PlayedRow> Told { get; init; }

    /// <summary>The request that the run is about at this moment, or null before there is one.</summary>
    public required Focus? Focus { get; init; }

    /// <summary>The data page on stage, or null while there is none.</summary>
    public Abi.Mfn? DataPage { get; init; }

    /// <summary>The driver domain's own page that takes part in the transfer of the data page, or null.</summary>
    public Abi.Mfn? OwnPage { get; init; }

    /// <summary>The page that the driver domain's window on stage leads to: the data page; the ring page while the ends
    /// meet or part.</summary>
    public Abi.Mfn? Windowed => DataPage ?? (Meets ? this.Sides().Ring : null);

    private bool Meets => Machine.Store is Devices.XenStore { Nodes.IsEmpty: false } && this.Sides().RingRef.Value != 0;

    /// <summary>The grant that the row is about when it is none of the request that is followed: of a ring page, of a
    /// page of segments, of a page that was kept; else null.</summary>
    public Abi.GrantRef? Grant { get; init; }

    /// <summary>The last push that computed "notify?" so far and its number, or null.</summary>
    public required (MachineEvent.Pushed Push, string Number)? LastPush { get; init; }

    /// <summary>The rows of the last notification so far (from the send or the interrupt to the handler's return),
    /// oldest first; the rows of the present micro-step are the last of them when it goes on.</summary>
    public required ImmutableArray<PlayedRow> LastNotification { get; init; }

    /// <summary>The ring on stage: for a disk the queue; for the network 0 is the transmit ring and 1 the receive ring.
    /// </summary>
    public required int Ring { get; init; }

    /// <summary>The rings, when there are several.</summary>
    public ImmutableArray<RingLineView> Rings { get; init; } = [];

    /// <summary>The ring index of the slot that the story is about.</summary>
    public Abi.RingIndex? FocusIndex => Focus is not { } focus ? null
        : focus.Request.Name == "TX" ? focus.Request.Segments[focus.Segment].Index
        : focus.Request.Index;

    /// <summary>The id of the slot that the story is about.</summary>
    public ulong? FocusId => Focus is not { } focus ? null
        : focus.Request.Name == "TX" ? focus.Request.Segments[focus.Segment].Id
        : focus.Request.Id;

    /// <summary>The interfaces, when two guests have one each.</summary>
    public ImmutableArray<InterfaceView> Interfaces { get; init; } = [];

    /// <summary>True when neither an interface nor a ring was chosen.</summary>
    public bool Follows { get; init; } = true;

    /// <summary>The last row run, or null at the start.</summary>
    public PlayedRow? Last => Rows.IsEmpty ? null : Rows[^1];
}

/// <summary>The request that is followed.</summary>
/// <param name="Request">The frontend's record of it; kept here after the frontend has dropped its own.</param>
/// <param name="Segment">The segment (page) that the last row was about, from 0.</param>
public sealed record Focus(FocusRequest Request, int Segment)
{
    /// <summary>The grant reference on stage; none for a request without pages.</summary>
    public Abi.GrantRef? Ref => Request.Segments.IsEmpty ? null : Request.Segments[Segment].Ref;

    /// <summary>The data page on stage; none for a request without pages.</summary>
    public Abi.Mfn? Page => Request.Segments.IsEmpty ? null : Request.Segments[Segment].Page;

    /// <summary>The application's page when another one is granted in its place; else none.</summary>
    public Abi.Mfn? Source => Request.Segments.IsEmpty ? null : Request.Segments[Segment].Source;
}
