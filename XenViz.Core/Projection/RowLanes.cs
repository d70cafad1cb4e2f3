using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.History;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>The lanes of the timeline where a run has several agents of a kind: queues, two guests, a clock.</summary>
internal sealed class RowLanes
{
    private const int ClockPart = 1;

    // So many lanes can be told apart in the room of the timeline.
    private const int Most = 8;

    private readonly Branch _branch;
    private readonly RowIndex _index;
    private readonly int _queues;
    private readonly bool _twoGuests;
    private readonly bool _frontQueues;

    /// <summary>Looks at a branch.</summary>
    public RowLanes(Branch branch, RowIndex index)
    {
        (_branch, _index) = (branch, index);
        var start = branch.At(0);
        _queues = start.Front is BlkfrontState front ? front.Queues.Length : 1;
        _twoGuests = SeenFrom.Sides(start) > 1;

        // Application, Xen and the device have a lane each. A queue has a thread in the backend, in the frontend not.
        _frontQueues = _queues > 1 && 3 + (2 * _queues) <= Most;
        var clock = Enumerable.Range(0, branch.Length).Any(IsClock);
        All = _queues == 1 && !_twoGuests && !clock ? [] : [.. Lanes(start, clock)];
    }

    /// <summary>The lanes, from the top; none where there is one of each.</summary>
    public ImmutableArray<LaneView> All { get; }

    /// <summary>A row with its lane, and with that of whom it notifies.</summary>
    public TimelineRow Place(TimelineRow row, int number) => All.IsEmpty ? row : row with
    {
        Part = row.Lane == Actor.Backend && IsClock(number) ? ClockPart : PartOf(row.Lane, number, null),
        TargetPart = row.Target is { } target ? PartOf(target, number, Woken(number)) : null,
    };

    private IEnumerable<LaneView> Lanes(Machine start, bool clock)
    {
        foreach (var side in Enumerable.Range(0, _twoGuests ? 2 : 1))
        {
            int? guest = _twoGuests ? SeenFrom.GuestOf(start, side).Value : null;
            yield return new LaneView(Actor.Application, _twoGuests ? side : null, Guest: guest);
            foreach (var queue in Enumerable.Range(0, _frontQueues ? _queues : 1))
            {
                int? ours = _frontQueues ? queue : null;
                yield return new LaneView(Actor.Frontend, _twoGuests ? side : ours, ours, guest);
            }
        }

        yield return new LaneView(Actor.Xen);
        foreach (var queue in Enumerable.Range(0, _queues))
        {
            yield return new LaneView(Actor.Backend, _queues > 1 ? queue : null, _queues > 1 ? queue : null);
        }

        if (clock)
        {
            yield return new LaneView(Actor.Backend, ClockPart, Clock: true);
        }

        yield return new LaneView(Actor.Device);
    }

    private int? PartOf(Actor lane, int number, DomId? woken) => lane switch
    {
        Actor.Application or Actor.Frontend when _twoGuests =>
            (woken is { } domain ? SeenFrom.SideOf(_branch.At(0), domain) : null) ?? _index.Rows[number].Side,
        Actor.Frontend when _frontQueues => _index.Rows[number].Ring,
        Actor.Backend when _queues > 1 => _index.Rows[number].Ring,
        _ => null,
    };

    private bool IsClock(int number) =>
        _branch.At(0).Agents[_branch.Rows[number].Choice.Agent].Kind.Name == "clock";

    private DomId? Woken(int number) =>
        _twoGuests ? _branch.EventsOf(number).OfType<MachineEvent.Woken>().FirstOrDefault()?.Domain : null;
}
