using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Commands;

namespace XenViz.Core.Projection;

/// <summary>
/// Everything that a screen shows of one session at one position: facts decoded from the machine's bytes, with no
/// coordinates and no colours. Ids of objects are those of <see cref="ChangeView.Id"/>.
/// </summary>
public sealed record SessionView
{
    /// <summary>The frame's number in the session's feed, counted from 1.</summary>
    public long Sequence { get; init; }

    /// <summary>The run and where it stands.</summary>
    public required RunView Run { get; init; }

    /// <summary>All rows of the branch on screen, past and to come.</summary>
    public required TimelineView Timeline { get; init; }

    /// <summary>What just happened, in words.</summary>
    public required NarrationView Narration { get; init; }

    /// <summary>The stage.</summary>
    public required StageView Stage { get; init; }

    /// <summary>The Ring tab.</summary>
    public required RingView Ring { get; init; }

    /// <summary>The Grants tab.</summary>
    public required GrantTableView Grants { get; init; }

    /// <summary>The Page map tab.</summary>
    public required PageMapView PageMap { get; init; }

    /// <summary>The Events tab.</summary>
    public required EventChannelView Events { get; init; }

    /// <summary>The Code tab.</summary>
    public required CodeView Code { get; init; }

    /// <summary>The Bytes tab.</summary>
    public required HexView Bytes { get; init; }

    /// <summary>The Cost tab.</summary>
    public CostView Cost { get; init; } = new();

    /// <summary>The Xenstore tab.</summary>
    public StoreView Store { get; init; } = new();

    /// <summary>The Packets tab.</summary>
    public Packets.PacketsView Packets { get; init; } = new();

    /// <summary>Where the run stops by itself.</summary>
    public ImmutableArray<BreakpointView> Breakpoints { get; init; } = [];

    /// <summary>What the last visible micro-step changed (several rows when rows are folded).</summary>
    public ImmutableArray<ChangeView> Changes { get; init; } = [];
}

/// <summary>One change of one thing that a person can see.</summary>
/// <param name="Id">
/// The thing: <c>front.req_prod_pvt</c>, <c>front.rsp_cons</c>, <c>back.req_cons</c>, <c>back.rsp_prod_pvt</c>,
/// <c>back.copy</c>, <c>ring.req_prod</c> (or <c>req_event</c>, <c>rsp_prod</c>, <c>rsp_event</c>), <c>slot.K</c>,
/// <c>grant.REF.flags</c> (or <c>domid</c>, <c>frame</c>), <c>pin.REF</c>, <c>refs.MFN</c>, <c>mapping.HANDLE</c>,
/// <c>pte</c>, <c>tlb</c>, <c>iommu</c>, <c>data</c>, <c>disk</c>, <c>dma</c>, <c>port.DOM.N.pending</c> (or
/// <c>mask</c>, <c>selector</c>, <c>upcall</c>; with the FIFO ABI <c>linked</c>, <c>busy</c>, <c>link</c>,
/// <c>ready</c> for the selector), <c>vcpu.DOM</c>, <c>xenstore.PATH</c>. REF, HANDLE, DOM, N and K are decimal, PATH
/// begins with a slash.
/// </param>
/// <param name="Before">The value before, as shown (<c>45</c>, <c>0x0005</c>, <c>asleep</c>); empty when there was
/// none, and for <c>data</c>, <c>disk</c> and <c>slot.K</c>, of which <paramref name="After"/> says all. Of lists,
/// which are <c>iommu</c> and <c>back.copy</c>, what the other does not have.</param>
/// <param name="After">The value now; empty when there is none. For a page its text, for the disk the sectors written,
/// for a slot the fields written.</param>
public sealed record ChangeView(string Id, string Before, string After);

/// <summary>The run and where it stands.</summary>
public sealed record RunView
{
    /// <summary>What defines the run.</summary>
    public required RunParameters Parameters { get; init; }

    /// <summary>The scenario's title in the reader's language.</summary>
    public required string Title { get; init; }

    /// <summary>One line about the scenario: <c>blkfront to blkback, mapped, ring of 8</c>.</summary>
    public required string Subtitle { get; init; }

    /// <summary>The branch on screen, 0 for the first.</summary>
    public int Branch { get; init; }

    /// <summary>Rows run since the start, 0 to <see cref="Length"/>.</summary>
    public int Position { get; init; }

    /// <summary>Rows of the branch on screen.</summary>
    public int Length { get; init; }

    /// <summary>True while the session plays by itself.</summary>
    public bool Playing { get; init; }

    /// <summary>0.25, 0.5, 1, 2 or 4.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>True when Xen's rows are told one by one.</summary>
    public bool InsideXen { get; init; }

    /// <summary>True when the rows that the figure leaves out are told too.</summary>
    public bool LeftOut { get; init; }

    /// <summary>The link (path and query) that opens this run at this position with all its choices.</summary>
    public required string Link { get; init; }

    /// <summary>The machine's fingerprint at this position: 16 hexadecimal digits.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Why the run stands still before its work is done, or null.</summary>
    public string? Stopped { get; init; }

    /// <summary>True when a breakpoint has just stopped the run here; which one says
    /// <see cref="BreakpointView.Here"/>.</summary>
    public bool AtBreakpoint { get; init; }

    /// <summary>True when the run was just sent to the next breakpoint, or to the one before, and there was none: it
    /// stands at its end or its start.</summary>
    public bool PastBreakpoints { get; init; }
}

/// <summary>The rows of the branch on screen and the branches there are.</summary>
public sealed record TimelineView
{
    /// <summary>
    /// Every row of the path, past and (by the default order) to come. Row i leads to position i + 1.
    /// </summary>
    public ImmutableArray<TimelineRow> Rows { get; init; } = [];

    /// <summary>
    /// The positions at which Next and Back stop with the present detail, ascending; the last is the end.
    /// </summary>
    public ImmutableArray<int> Stops { get; init; } = [];

    /// <summary>The lanes, from the top, where a run has several agents of a kind; else empty: one of each.</summary>
    public ImmutableArray<LaneView> Lanes { get; init; } = [];

    /// <summary>All branches; the first has no fork.</summary>
    public ImmutableArray<BranchView> Branches { get; init; } = [];
}

/// <summary>One row of the timeline.</summary>
/// <param name="Number">Such as <c>2.4</c>, <c>W.1</c>, <c>5.4.2</c>.</param>
/// <param name="Step">1 to 7 for the step of the figure that this row belongs to, also for rows left out of it;
/// 0 for connecting.</param>
/// <param name="Lane">Whose row it is.</param>
/// <param name="Kind">What kind of access the row makes.</param>
/// <param name="InFigure">False for the groups C, W, H, U, R, E.</param>
/// <param name="Target">The lane that a notification or interrupt of this row goes to, or null.</param>
public sealed record TimelineRow(string Number, int Step, Actor Lane, AccessKind Kind, bool InFigure, Actor? Target)
{
    /// <summary>Which of several lanes of this actor, as in <see cref="LaneView.Part"/>; null where there is one.
    /// </summary>
    public int? Part { get; init; }

    /// <summary>Likewise of the target.</summary>
    public int? TargetPart { get; init; }
}

/// <summary>A lane of a timeline with several agents of a kind.</summary>
/// <param name="Lane">Whose rows it has.</param>
/// <param name="Part">Which of several lanes of this actor, or null where there is one.</param>
/// <param name="Queue">The queue that it serves, or null.</param>
/// <param name="Guest">The guest that it is in, where there are two; else null.</param>
/// <param name="Clock">True for the clock that lets time pass for the backend.</param>
public sealed record LaneView(Actor Lane, int? Part = null, int? Queue = null, int? Guest = null, bool Clock = false);

/// <summary>A branch of the run.</summary>
/// <param name="Id">Its number, from 0.</param>
/// <param name="Parent">The branch it forked from, or null.</param>
/// <param name="ForkAt">The position at which it forked.</param>
/// <param name="Length">Its rows from the start of the run.</param>
/// <param name="Label">Its name, or what was chosen differently.</param>
/// <param name="Link">The link (path and query) that opens it where it forked.</param>
public sealed record BranchView(int Id, int? Parent, int ForkAt, int Length, string Label, string Link = "");

/// <summary>A breakpoint.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Text">What it stops at, as in <see cref="FindRequest.Text"/>.</param>
/// <param name="ChangesOnly">True when it stops only at rows that change the objects.</param>
/// <param name="On">False while it is switched off.</param>
/// <param name="Count">At how many rows of the branch on screen it stops.</param>
/// <param name="Here">True when the last row is one of them.</param>
public sealed record BreakpointView(int Id, string Text, bool ChangesOnly, bool On, int Count, bool Here);

/// <summary>What just happened, in words.</summary>
public sealed record NarrationView
{
    /// <summary>
    /// The micro-step, such as <c>4.2</c>, or <c>3.4–3.10</c> when rows are folded; <c>start</c> at 0.
    /// </summary>
    public required string Number { get; init; }

    /// <summary>1 to 7: the step of the figure that is current; 0 before the first.</summary>
    public int Step { get; init; }

    /// <summary><c>future</c>, <c>current</c> or <c>past</c> for the steps 1 to 7 (index 0 is step 1).</summary>
    public ImmutableArray<string> StepStates { get; init; } = [];

    /// <summary>At most 90 characters.</summary>
    public required string Caption { get; init; }

    /// <summary>At most 240 characters.</summary>
    public required string Why { get; init; }

    /// <summary>False when the row is one that the figure leaves out.</summary>
    public bool InFigure { get; init; } = true;

    /// <summary>Who acted.</summary>
    public Actor Actor { get; init; }

    /// <summary>The sentence for a screen reader: number, actor, caption and what changed.</summary>
    public required string Spoken { get; init; }

    /// <summary>Who can take the next row.</summary>
    public ImmutableArray<ChoiceView> Choices { get; init; } = [];

    /// <summary>Sentences of properties that do not hold here; empty when all is well.</summary>
    public ImmutableArray<string> Violations { get; init; } = [];

    /// <summary>The object of the stage that the first of them is about, an id of <see cref="StageView.Lights"/>, or
    /// null.</summary>
    public string? BrokenAt { get; init; }
}

/// <summary>One agent that can take the next row.</summary>
/// <param name="Agent">What <see cref="Command.Choose"/> takes.</param>
/// <param name="Name">The agent's name for people.</param>
/// <param name="Actor">Whose row it is.</param>
/// <param name="Number">The number of the row it would take.</param>
/// <param name="IsDefault">True for the agent that Next lets go.</param>
public sealed record ChoiceView(int Agent, string Name, Actor Actor, string Number, bool IsDefault);
