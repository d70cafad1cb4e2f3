using System.Collections.Immutable;
using XenViz.Client.Stage.Parts;
using XenViz.Core.Projection;

namespace XenViz.Client.Stage;

/// <summary>
/// Lays out one step: a pure function from the view to a picture. Places are fixed for the whole course; objects
/// appear, dim or change, they never move but along a ring or a lane.
/// </summary>
public static class SceneLayout
{
    /// <summary>Width of the desk's and the wall's canvas.</summary>
    public const int Width = 1600;

    /// <summary>Height of the scene on it; the caption has the rest of 900.</summary>
    public const int Height = 800;

    /// <summary>Centres of the circles 1 to 7.</summary>
    internal static readonly ImmutableArray<(double X, double Y)> Places =
        [(84, 189), (514, 244), (56, 430), (1064, 409), (1066, 741), (1546, 430), (428, 189)];

    /// <summary>The picture of a view on one kind of canvas.</summary>
    public static Scene Build(SessionView view, SceneSize size)
    {
        var c = new SceneContext(view, size);
        if (size == SceneSize.Phone)
        {
            return PhoneLayout.Build(c);
        }

        return new Scene
        {
            Width = Width,
            Height = Height,
            Nodes =
            [
                .. GuestPart.Nodes(c), .. DriverPart.Nodes(c), .. XenPart.Nodes(c), .. HardwarePart.Nodes(c),
                .. Between(c), .. RingPart.Nodes(c), .. PagePart.Nodes(c), .. StorePart.Nodes(c),
                .. OwnPagePart.Nodes(c), .. HardwarePart.Lane(c), .. DriverPart.Mapping(c), .. KeyPart.Nodes(c),
                .. ViolationPart.Nodes(c),
            ],
            Carriers = Lanes.Carriers(c),
            Circles = Circles(c, Places),
            Twins = SceneTwins.Of(c),
            Label = StageText.Get("StageLabel", view.Narration.Number, view.Narration.Caption),
            MotionMs = c.Clock.TotalMs,
        };
    }

    /// <summary>The circles at their places, with their states from the projection.</summary>
    internal static ImmutableArray<SceneCircle> Circles(SceneContext c, ImmutableArray<(double X, double Y)> places)
    {
        var states = c.View.Narration.StepStates;
        return
        [
            .. places.Select((place, i) =>
            {
                var state = i < states.Length ? states[i] : "future";
                var name = StageText.Get("Step." + (i + 1));
                return new SceneCircle(
                    i + 1, place.X, place.Y, state,
                    StageText.Get("StepName", i + 1, name, StageText.Get("StepState." + state)));
            }),
        ];
    }

    // The two lanes between the ring page and its owners, always there once the ring is.
    private static IEnumerable<SceneNode> Between(SceneContext c)
    {
        if (!c.View.Ring.Exists)
        {
            yield break;
        }

        // Where something travels in this step its own arrow takes the lane's place.
        if (!c.Carries("put", "publish", "consume"))
        {
            yield return new NodeDraw(c, "lane-2", null, SceneOwner.Guest, Pair(c, "front"))
                .Path("M472 244 H548", "ln").Path(Glyphs.Head(556, 244, 'R', false), "hd").Node();
        }

        if (!c.Carries("fetch", "respond"))
        {
            yield return new NodeDraw(c, "lane-fetch", null, SceneOwner.Driver, Pair(c, "back"))
                .Path("M1044 244 H1116", "ln thin").Path(Glyphs.Head(1124, 244, 'R', false), "hd").Node();
        }
    }

    private static SceneLook Pair(SceneContext c, string driver) =>
        c.Look("ring") == SceneLook.Dim || c.Look(driver) == SceneLook.Dim ? SceneLook.Dim : SceneLook.Idle;
}
