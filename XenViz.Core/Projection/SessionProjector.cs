using System.Collections.Immutable;
using System.Globalization;
using System.Resources;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Events;
using XenViz.Core.History;
using XenViz.Core.Projection.Details;
using XenViz.Core.Projection.Packets;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Makes everything that a screen shows of one branch at one position.</summary>
public sealed class SessionProjector
{
    private static readonly ResourceManager Texts =
        new("XenViz.Core.Projection.ViewText", typeof(SessionProjector).Assembly);

    private static readonly ImmutableArray<ListingView> Usual = ListingProjector.All(World.Listings(false));
    private static readonly ImmutableArray<ListingView> Network = ListingProjector.All(NetWorld.Listings(false));
    private static readonly ImmutableArray<ListingView> UsualFifo = ListingProjector.All(World.Listings(true));
    private static readonly ImmutableArray<ListingView> NetworkFifo = ListingProjector.All(NetWorld.Listings(true));

    private readonly Branch _branch;
    private readonly bool _connecting;
    private CostProjector _costs;
    private readonly StoreProjector _stores;
    private readonly PacketProjector _packets;
    private readonly CauseFinder _causes;
    private readonly ImmutableArray<TimelineRow> _rows;
    private readonly RowLanes _lanes;
    private readonly StepStates _steps;
    private readonly ImmutableArray<ListingView> _listings;
    private RowSearch? _search;

    /// <summary>Reads a branch.</summary>
    /// <param name="branch">The branch.</param>
    /// <param name="connecting">True for the scenario that connects.</param>
    /// <param name="prices">What things cost.</param>
    public SessionProjector(Branch branch, bool connecting, Costs.PriceList prices)
    {
        _branch = branch;
        _connecting = connecting;
        Index = new RowIndex(branch);
        _causes = new CauseFinder(branch, Index);
        _packets = new PacketProjector(branch);
        _stores = new StoreProjector(branch);
        _listings = ListingProjector.AsRun(ListingsOf(branch), branch.Rows);
        _costs = CostsOf(prices);
        _lanes = new RowLanes(branch, Index);
        _rows =
        [
            .. Index.Rows.Select((facts, i) => _lanes.Place(
                new TimelineRow(
                    facts.Number, facts.Step, StageCarriers.LaneOf(branch.Rows[i], branch.At(i)),
                    branch.Rows[i].Row.Kind, StepNumbers.InFigure(facts.Number), facts.Target),
                i)),
        ];
        _steps = new StepStates(_rows);
    }

    /// <summary>From now on things cost this.</summary>
    public void UsePrices(Costs.PriceList prices) => _costs = CostsOf(prices);

    /// <summary>The facts of the rows.</summary>
    public RowIndex Index { get; }

    /// <summary>Finds rows; made when it is first needed.</summary>
    public RowSearch Search => _search ??= new RowSearch(_branch, Index);

    /// <summary>An actor in words.</summary>
    /// <param name="lane">The actor.</param>
    /// <param name="machine">A machine of the run, which says what device there is.</param>
    public static string ActorName(Actor lane, Machine machine) =>
        Text(lane == Actor.Device && machine.Disk is Devices.Network.Nic ? "ActorCard" : "Actor" + lane);

    /// <summary>A text of <c>ViewText.resx</c>, filled.</summary>
    public static string Text(string key, params object[] arguments) =>
        string.Format(CultureInfo.InvariantCulture, Texts.GetString(key, CultureInfo.InvariantCulture) ?? key,
            arguments);

    /// <summary>The number told at a position; <c>start</c> at 0.</summary>
    public string NumberAt(Stops stops, int position)
    {
        var (first, last) = stops.ToldAt(position);
        return last < 0 ? "start" : Narrator.NumberOf([.. Range(first, last)]);
    }

    /// <summary>The step of the figure told at a position: 0 before the first.</summary>
    public int StepAt(Stops stops, int position)
    {
        var (_, last) = stops.ToldAt(position);
        return last < 0 ? 0 : Index.Rows[last].Step;
    }

    /// <summary>The timeline.</summary>
    public TimelineView Timeline(Stops stops, ImmutableArray<BranchView> branches) =>
        new() { Rows = _rows, Stops = stops.All, Lanes = _lanes.All, Branches = branches };

    /// <summary>Everything but run and timeline, which their owner makes.</summary>
    /// <param name="stops">Where Next and Back stop.</param>
    /// <param name="position">The position.</param>
    /// <param name="run">What is told of the run.</param>
    /// <param name="timeline">The timeline.</param>
    /// <param name="wanted">What is wanted on stage.</param>
    public SessionView View(Stops stops, int position, RunView run, TimelineView timeline, OnStage wanted = default)
    {
        var from = stops.Since(position);
        var (first, last) = stops.ToldAt(position);
        var moment = MomentAt(stops, position, wanted);
        var now = _branch.At(position);
        var ring = RingProjector.Of(moment);
        return new SessionView
        {
            Run = run,
            Timeline = timeline,
            Narration = Narration(stops, position, first, last, moment),
            Stage = StageProjector.Of(moment),
            Ring = ring,
            Grants = GrantProjector.Of(moment),
            PageMap = PageMapProjector.Of(moment),
            Events = EventProjector.Of(moment),
            Code = new CodeView
            {
                Listings = _listings,
                Cursors =
                    [.. Enumerable.Range(0, now.Agents.Length).Select(a => AgentViews.Cursor(now, a, moment.Last))],
                Access = last < 0 ? null : ListingProjector.AccessOf(Index.Play(last)),
            },
            Bytes = _causes.Date(HexProjector.Of(moment), position),
            Cost = _costs.Of(from, position),
            Store = _stores.Of(position, RingSides.Of(moment.Machine).Guest),
            Packets = _packets.Of(position),
            Changes = ChangeProjector.Between(moment, ring),
        };
    }

    /// <summary>Explains one object at a position; null when there is none of this id there.</summary>
    public DetailView? Details(Stops stops, int position, string id, OnStage wanted = default)
    {
        // A ring among several is looked at as if it were on stage.
        wanted = RingLines.NumberOf(id.Split('.')[0]) is { } line && line < RingLines.Count(_branch.At(0))
            ? new(null, line)
            : wanted;
        var since = stops.Since(position);
        var moment = MomentAt(stops, position, wanted);
        var side = SideAt(stops.ToldAt(position).Last, wanted);
        var packet = id.Split('.') is ["packet", var asked] ? Subjects.Number(asked) : null;
        var found = packet is { } frame ? _packets.Subject(moment.Machine, position, frame) : Subjects.Of(moment, id);
        return found is not { } subject ? null : _causes.Explain(id, subject, position, side) with
        {
            Since = since,
            Page = subject.Page is { } page ? PageMapProjector.Of(moment, page) : null,
            Packet = packet is { } number ? _packets.One(position, number) : null,
        };
    }

    private CostProjector CostsOf(Costs.PriceList prices) =>
        new(Index, [.. _branch.At(0).Agents.Select(a => a.Kind.Lane)], prices);

    private static ImmutableArray<ListingView> ListingsOf(Branch branch) =>
        (IsNetwork(branch), FifoWords.Speaks(branch.At(0))) switch
        {
            (false, false) => Usual,
            (false, true) => UsualFifo,
            (true, false) => Network,
            _ => NetworkFifo,
        };

    private static bool IsNetwork(Branch branch) => branch.At(0).Front is Drivers.Network.NetfrontState;

    // The interface on stage: the one that was chosen, with a ring or by itself, else that of the row that is told.
    private int SideAt(int told, OnStage wanted)
    {
        if (wanted.Ring is { } ring)
        {
            return IsNetwork(_branch) ? ring / 2 : 0;
        }

        var chosen = wanted.Guest is { } id ? SeenFrom.SideOf(_branch.At(0), new DomId((ushort)id)) : null;
        return chosen ?? (told >= 0 ? Index.Rows[told].Side : 0);
    }

    private ImmutableArray<InterfaceView> Interfaces(int shown, int ran) => SeenFrom.Sides(_branch.At(0)) == 1
        ? []
        :
        [
            .. Enumerable.Range(0, 2).Select(side => new InterfaceView(
                SeenFrom.GuestOf(_branch.At(0), side).Value, side == shown, side == ran)),
        ];

    // What is on stage is what the caption is about: rows behind it that are not told do not change the subject.
    private Moment MomentAt(Stops stops, int position, OnStage wanted = default)
    {
        var from = stops.Since(position);
        var (first, last) = stops.ToldAt(position);
        var facts = last >= 0 ? Index.Rows[last] : null;
        var ran = position > 0 ? Index.Rows[position - 1] : null;
        var side = SideAt(last, wanted);
        var net = IsNetwork(_branch);
        var (focus, page) = StoryAt(facts, side, wanted.Ring);
        var ring = (net ? wanted.Ring % 2 : wanted.Ring) ?? RingAt(facts, side);
        var moment = new Moment
        {
            Machine = _branch.At(position).From(side), Before = _branch.At(from).From(side),
            Rows = Range(from, position - 1).ToImmutableArray().From(side),
            Told = Range(first, last).ToImmutableArray().From(side),
            Grant = facts?.Side == side && wanted.Ring is null ? facts.Grant : null,
            Focus = focus, Interfaces = Interfaces(side, facts?.Side ?? 0), Follows = wanted == default,
            DataPage = _connecting ? null : page, Ring = ring,
            OwnPage = facts?.Side == side && Equals(focus, facts.Focus) ? facts.OwnPage : null,
            LastPush = Pushes.Last(Index, ran, side, ring),
            LastNotification = NotificationAt(ran, position),
        };
        var runs = ran is null ? -1 : net ? (2 * ran.Side) + ran.Ring : ran.Ring;
        return moment with { Rings = RingLines.Of(_branch.At(position), net ? (2 * side) + ring : ring, runs) };
    }

    private int RingAt(RowFacts? facts, int side) =>
        facts is null ? NetPages.FirstRing(_branch.At(0).From(side)) : facts.Side == side ? facts.Ring : facts.AwayRing;

    // What is followed where another interface or ring than that of the row is on stage is what it was last about.
    private (Focus? Focus, Mfn? Page) StoryAt(RowFacts? facts, int side, int? ring)
    {
        if (facts is null)
        {
            return (null, RowIndex.FirstPage(_branch.At(0).From(side)));
        }

        var (focus, page) = facts.Side == side ? (facts.Focus, facts.DataPage) : (facts.Away, facts.AwayPage);
        return ring is not { } number || focus?.Request.Queue == number ? (focus, page)
            : (facts.Rings[number], facts.Rings[number]?.Page ?? page);
    }

    private ImmutableArray<PlayedRow> NotificationAt(RowFacts? facts, int position)
    {
        if (facts is not { Notification: >= 0 })
        {
            return [];
        }

        var rows = ImmutableArray.CreateBuilder<PlayedRow>();
        for (var i = facts.Notification; i < position && rows.Count < 40; i++)
        {
            var listing = _branch.Rows[i].Row.Listing;
            var belongs = i == facts.Notification || listing is "evtchn_send" or "evtchn_raise" or "fifo_raise"
                || listing.EndsWith("_unmask", StringComparison.Ordinal)
                || listing.EndsWith("_upcall", StringComparison.Ordinal);
            if (belongs)
            {
                rows.Add(Index.Play(i));
                if (_branch.Rows[i].Row.Label == "return" && listing.EndsWith("_upcall", StringComparison.Ordinal))
                {
                    break;
                }
            }
        }

        return rows.ToImmutable();
    }

    private IEnumerable<PlayedRow> Range(int first, int last)
    {
        for (var i = Math.Max(0, first); i <= last; i++)
        {
            yield return Index.Play(i);
        }
    }

    private NarrationView Narration(Stops stops, int position, int first, int last, Moment moment)
    {
        var choices = AgentViews.Choices(_branch.At(position));
        ImmutableArray<string> violations =
            position > 0 ? [.. Index.Rows[position - 1].Violations.Distinct(StringComparer.Ordinal)] : [];
        if (last < 0)
        {
            var (title, reason) = Narrator.Start(moment.Machine, _connecting);
            return new NarrationView
            {
                Number = "start", Step = 0, StepStates = _steps.At(0, position),
                Caption = title, Why = reason,
                Actor = Actor.Application, Spoken = title, Choices = choices,
            };
        }

        // The words are about the interface of the row, whichever is on stage.
        var told = Range(first, last).ToImmutableArray().From(Index.Rows[last].Side);
        var earlier = first > 0 && _branch.Rows[first - 1].Choice == _branch.Rows[first].Choice
            ? Index.Play(first - 1)
            : null;
        var number = NumberAt(stops, position);
        var step = Index.Rows[last].Step;
        var (caption, why) = Narrator.Tell(told, earlier, Index.Rows[last]);
        var actor = StageCarriers.LaneOf(told[^1]);
        return new NarrationView
        {
            Number = number, Step = step, StepStates = _steps.At(step, position),
            Caption = caption, Why = why,
            InFigure = StepNumbers.InFigure(told[0].Number), Actor = actor,
            Spoken = Text("Spoken", number, ActorName(actor, moment.Machine), caption), Choices = choices,
            Violations = violations,
            BrokenAt = violations.IsEmpty ? null : Index.Rows[position - 1].BrokenAt,
        };
    }
}
