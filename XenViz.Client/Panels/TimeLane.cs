using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Projection;

namespace XenViz.Client.Panels;

/// <summary>A lane of the timeline: whose, and which of several of his.</summary>
/// <param name="Actor">Whose rows it has.</param>
/// <param name="Part">As in <see cref="LaneView.Part"/>.</param>
public readonly record struct TimeLane(Actor Actor, int? Part)
{
    private static readonly Actor[] Usual =
        [Actor.Application, Actor.Frontend, Actor.Xen, Actor.Backend, Actor.Device];

    private static readonly ImmutableArray<LaneView> Five = [.. Usual.Select(actor => new LaneView(actor))];

    /// <summary>The lane of one who is there once.</summary>
    /// <param name="actor">Whose rows it has.</param>
    public static implicit operator TimeLane(Actor actor) => new(actor, null);

    /// <summary>The lane of a row.</summary>
    /// <param name="row">The row.</param>
    public static TimeLane Of(TimelineRow row) => new(row.Lane, row.Part);

    /// <summary>All lanes of a run, from the top.</summary>
    /// <param name="lanes">Those that the view names.</param>
    /// <param name="toolstack">True when the toolstack takes part.</param>
    public static ImmutableArray<LaneView> All(ImmutableArray<LaneView> lanes, bool toolstack)
    {
        var all = lanes.IsEmpty ? Five : lanes;
        return toolstack ? all.Insert(0, new LaneView(Actor.Toolstack)) : all;
    }
}
