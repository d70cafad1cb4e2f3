using System.Collections.Immutable;
using XenViz.Core.Commands;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.History;
using XenViz.Core.Projection;
using XenViz.Core.Projection.Details;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Feed;

/// <summary>
/// One session: a run with all its branches, a position in it, and what is told. Not thread-safe: its owner (a grain)
/// has one mailbox. Never throws for anything that a person sends: refusals are returned.
/// </summary>
public sealed partial class SessionEngine
{
    /// <summary>Milliseconds from one visible micro-step to the next at speed 1.</summary>
    public const int StepMillisecondsAtSpeed1 = 1000;

    private static readonly double[] Speeds = [0.25, 0.5, 1, 2, 4];

    private Scenario _scenario;
    private string? _title;
    private Timeline _timeline;
    private Branch _branch;
    private SessionProjector _projector;
    private Stops _stops;
    private TimelineView _view;
    private int _position;
    private bool _insideXen;
    private bool _leftOut;
    private OnStage _wanted;
    private bool _atBreakpoint;
    private bool _pastBreakpoints;

    private SessionEngine(Scenario scenario)
    {
        _scenario = scenario;
        _timeline = new Timeline(scenario.Start);
        _branch = _timeline.Branches[0];
        _projector = new SessionProjector(_branch, Connecting, _prices);
        _stops = Stops.Of(_branch, _projector.Index, false, false);
        _view = TimelineNow();
    }

    /// <summary>Playing: its owner calls <see cref="Advance"/> in time while this is true.</summary>
    public bool Playing { get; private set; }

    /// <summary>0.25, 0.5, 1, 2 or 4.</summary>
    public double Speed { get; private set; } = 1;

    /// <summary>Milliseconds from one visible micro-step to the next while playing, at the present speed.</summary>
    public int StepMilliseconds => (int)(StepMillisecondsAtSpeed1 / Speed);

    /// <summary>Bytes of what <see cref="WriteImage"/> writes: a disk image, or a capture of the wire.</summary>
    public long ImageBytes => Now.Disk is Devices.Disk disk ? disk.Image.Length : NetCapture.Of(Now).Length;

    private Machine Now => _branch.At(_position);

    private bool IsDone =>
        Now.Application is ApplicationState { Done: true } or NetApplicationState { Done: true };

    private bool Connecting => RunLimits.IsConnecting(_scenario.Parameters.Scenario);

    /// <summary>Makes a session at the start of a run.</summary>
    /// <param name="parameters">What to run; checked here.</param>
    /// <param name="image">The raw disk image when <see cref="RunParameters.Image"/> names one, else null.</param>
    public static (SessionEngine? Engine, CommandError? Error) Create(RunParameters parameters, byte[]? image) =>
        Create(new RunLink { Parameters = parameters }, image);

    /// <summary>Makes a session from a link: the run with its choices, at its position.</summary>
    public static (SessionEngine? Engine, CommandError? Error) Create(RunLink link, byte[]? image)
    {
        var (scenario, error) = Scenario.Create(link.Parameters, image);
        if (scenario is null)
        {
            return (null, error);
        }

        var engine = new SessionEngine(scenario);
        var choices = (link.Choices.IsDefault ? [] : link.Choices).Select(a => new Choice(a)).ToList();
        if (choices.Count > 0)
        {
            var (branch, badAt) = engine._timeline.Follow(choices);
            if (branch is null)
            {
                return (null, Bad("c", "BadChoices", badAt + 1));
            }

            engine.Show(branch);
        }

        engine.SetDetail(link.InsideXen, link.LeftOut);
        var bad = engine.Seek(link.Position, "at") ?? link.Check()
            ?? (link.Guest == 0 ? null : engine.ShowGuest(link.Guest))
            ?? (link.Ring is { } ring ? engine.ShowRing(ring) : null);
        return bad is null ? (engine, null) : (null, bad);
    }

    /// <summary>Carries a command out. <see cref="Command.Load"/> with another image needs the image's bytes.</summary>
    /// <returns>Null, or why nothing was done.</returns>
    public CommandError? Apply(Command command, byte[]? image = null)
    {
        (_atBreakpoint, _pastBreakpoints) = (false, false);
        switch (command)
        {
            case Command.Next:
                Pause();
                _position = _stops.After(_position);
                return null;
            case Command.Back:
                Pause();
                _position = _stops.Before(_position);
                return null;
            case Command.NextNumbered:
                Pause();
                _position = NumberedAfter();
                return null;
            case Command.BackNumbered:
                Pause();
                _position = NumberedBefore();
                return null;
            case Command.RunToEnd:
                Pause();
                _position = _branch.Length;
                return null;
            case Command.Play:
                Playing = _position < _branch.Length;
                return null;
            case Command.Pause:
                Pause();
                return null;
            case Command.SetDetail detail:
                SetDetail(detail.InsideXen, detail.LeftOut);
                return null;
            case Command.RunOn:
                Pause();
                StopAt(_breakpoints.After(_position, Hits), _branch.Length);
                _pastBreakpoints = !_atBreakpoint;
                return null;
            case Command.RunBack:
                Pause();
                StopAt(_breakpoints.Before(_position, Hits), 0);
                _pastBreakpoints = !_atBreakpoint;
                return null;
            default:
                return ApplyWithArguments(command, image);
        }
    }

    /// <summary>One visible micro-step of playing.</summary>
    /// <returns>False, and <see cref="Playing"/> is off, at the end and at a breakpoint.</returns>
    public bool Advance()
    {
        if (!Playing)
        {
            return false;
        }

        var next = _stops.After(_position);
        var stop = _breakpoints.After(_position, Hits) is { } at && at <= next ? at : (int?)null;
        StopAt(stop, next);
        Playing = stop is null && _position < _branch.Length;
        return Playing;
    }

    /// <summary>What there is to see. The sequence number is the caller's to set.</summary>
    public SessionView View()
    {
        var stops = _stops.With(_position);
        var timeline = stops == _stops ? _view : _view with { Stops = stops.All };
        var view = _projector.View(stops, _position, Run(), timeline, _wanted);
        return view with { Breakpoints = _breakpoints.View(_position, Hits), Cost = WithPrices(view.Cost) };
    }

    /// <summary>Finds rows of the branch on screen: by words, numbers, labels and objects.</summary>
    public FindAnswer Find(FindRequest request) => _projector.Search.Find(request, _branch.Id);

    /// <summary>Explains one object of the screen at this position.</summary>
    /// <param name="id">One of the ids of <see cref="DetailView"/>.</param>
    public DetailAnswer Details(string id) =>
        id.Length <= DetailAnswer.MostCharacters && _projector.Details(_stops, _position, id, _wanted) is { } view
            ? DetailAnswer.Of(view)
            : DetailAnswer.Refused(CommandErrors.Bad("id", "DetailNone"));

    /// <summary>Writes the disk image as it is at this position; in a network run the frames that were sent onto the
    /// wire, as a capture that Wireshark opens.</summary>
    public void WriteImage(Stream to)
    {
        if (Now.Disk is not Devices.Disk disk)
        {
            to.Write(NetCapture.Of(Now));
            return;
        }

        var buffer = new byte[64 * 1024];
        for (long at = 0; at < disk.Image.Length; at += buffer.Length)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, disk.Image.Length - at));
            disk.Read(at, part);
            to.Write(part);
        }
    }

    private static CommandError Bad(string field, string key, params object[] arguments) =>
        new("bad_argument", field, SessionProjector.Text(key, arguments));

    private void Pause() => Playing = false;

    private void StopAt(int? breakpoint, int otherwise) =>
        (_position, _atBreakpoint) = (breakpoint ?? otherwise, breakpoint is not null);

    private void SetDetail(bool insideXen, bool leftOut)
    {
        (_insideXen, _leftOut) = (insideXen, leftOut);
        Show(_branch);
    }

    private void Show(Branch branch)
    {
        if (branch != _branch)
        {
            _branch = branch;
            _projector = new SessionProjector(branch, Connecting, _prices);
            _breakpoints.Forget();
        }

        _stops = Stops.Of(branch, _projector.Index, _insideXen, _leftOut);
        _view = TimelineNow();
    }

    // The end of the run of stops that tell the same step; then that of the next step.
    private int NumberedAfter()
    {
        var at = _stops.After(_position);
        while (_stops.After(at) is var next && next != at
            && _projector.StepAt(_stops, next) == _projector.StepAt(_stops, at))
        {
            at = next;
        }

        return at;
    }

    private int NumberedBefore()
    {
        var step = _projector.StepAt(_stops, _position);
        var at = _position;
        while (at > 0 && _projector.StepAt(_stops, at) == step)
        {
            at = _stops.Before(at);
        }

        return at;
    }

    private TimelineView TimelineNow() => _projector.Timeline(
        _stops,
        [
            .. _timeline.Branches.Where(b => !b.Deleted).Select(ViewOf),
        ]);

    private BranchView ViewOf(Branch branch)
    {
        var (parent, forkAt) = _timeline.ForkOf(branch);
        return new BranchView(
            branch.Id, parent, forkAt, branch.Length, branch.Name ?? LabelOf(branch),
            "/?" + Link(branch, forkAt).Format());
    }

    private static string LabelOf(Branch branch)
    {
        if (branch.Parent is null)
        {
            return SessionProjector.Text("BranchMain");
        }

        var machine = branch.At(branch.ForkAt);
        var agent = branch.Rows[branch.ForkAt].Choice.Agent;
        var after = branch.ForkAt == 0
            ? "start"
            : StepNumbers.Of(
                branch.Rows[branch.ForkAt - 1].Row, branch.Rows[branch.ForkAt - 1].Phase, branch.At(branch.ForkAt - 1));
        return SessionProjector.Text(
            "BranchFork", SessionProjector.Text("Agent_" + machine.Agents[agent].Kind.Name), after);
    }

    private RunView Run()
    {
        var run = _scenario.Parameters;
        return new RunView
        {
            Parameters = run,
            Title = _title ??= RunTitles.Title(run),
            Subtitle = RunTitles.Subtitle(run),
            Branch = _branch.Id, Position = _position, Length = _branch.Length, Playing = Playing, Speed = Speed,
            InsideXen = _insideXen, LeftOut = _leftOut, Link = "/?" + Link(_branch, _position).Format(),
            Fingerprint = Now.Fingerprint().ToString("x16"), Stopped = Stopped(),
            AtBreakpoint = _atBreakpoint, PastBreakpoints = _pastBreakpoints,
        };
    }

    private string? Stopped()
    {
        if (_position < _branch.Length || Connecting || IsDone)
        {
            return null;
        }

        return _branch.Length >= Timeline.MaxRows
            ? SessionProjector.Text("StoppedLong", Timeline.MaxRows)
            : SessionProjector.Text("Stopped");
    }

    private RunLink Link(Branch branch, int position) => new()
    {
        Parameters = _scenario.Parameters, Position = position, InsideXen = _insideXen, LeftOut = _leftOut,
        Guest = _wanted.Guest ?? 0, Ring = _wanted.Ring,
        Choices = [.. branch.Rows.Take(branch.Given).Select(r => r.Choice.Agent)],
    };
}
