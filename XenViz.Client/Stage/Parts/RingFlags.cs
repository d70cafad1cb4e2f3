using XenViz.Core.Projection;

namespace XenViz.Client.Stage.Parts;

/// <summary>
/// The shared indices as flags on the strip: the frontend's above, the backend's below. The event indices join only in
/// the steps that are about them. Where two flags share a side, the rows are chosen so that no pole crosses a label.
/// </summary>
internal static class RingFlags
{
    private sealed record Flag(
        string Name, SceneOwner Owner, double X, uint Value, string? Was, string Text, TextRole Role, bool Changed,
        double TextWidth)
    {
        public bool IsEvent => Name.EndsWith("event", StringComparison.Ordinal);
    }

    public static IEnumerable<SceneNode> Nodes(SceneContext c, RingView ring)
    {
        var above = new List<Flag> { Make(c, ring, "req_prod", ring.ReqProd, SceneOwner.Guest) };
        var below = new List<Flag> { Make(c, ring, "rsp_prod", ring.RspProd, SceneOwner.Driver) };
        if (About(c, ring, "rsp_event", front: false))
        {
            above.Add(Make(c, ring, "rsp_event", ring.RspEvent, SceneOwner.Guest));
        }

        if (About(c, ring, "req_event", front: true))
        {
            below.Add(Make(c, ring, "req_event", ring.ReqEvent, SceneOwner.Driver));
        }

        return c.Low ? LowSide(c, above, up: true).Concat(LowSide(c, below, up: false))
            : Side(c, above, up: true).Concat(Side(c, below, up: false));
    }

    private static bool About(SceneContext c, RingView ring, string name, bool front) =>
        c.Change("ring." + name) is not null
        || (ring.Notify is { } notify && notify.ByFront == front && notify.Number == c.View.Narration.Number);

    private static Flag Make(SceneContext c, RingView ring, string name, uint value, SceneOwner owner)
    {
        var change = c.Change("ring." + name);
        var (text, role) = c.Pick(
            190, NodeDraw.NumberForms(name, SceneContext.Dec(value), SceneContext.Was(change)));
        return new Flag(
            name, owner, RingPart.PoleX(ring, value), value, SceneContext.Was(change), text, role, change is not null,
            c.Width(text, role));
    }

    private static IEnumerable<SceneNode> Side(SceneContext c, List<Flag> flags, bool up)
    {
        const double Gap = 22;
        var right = flags.TrueForAll(f => f.X + Gap + f.TextWidth <= 1036);
        // Labels to the right: the leftmost flag is the farthest from the strip; to the left: the rightmost is.
        var ordered = right
            ? flags.OrderBy(f => f.X).ThenBy(f => f.IsEvent).ToList()
            : flags.OrderByDescending(f => f.X).ThenBy(f => f.IsEvent).ToList();
        for (var row = 0; row < ordered.Count; row++)
        {
            var flag = ordered[row];
            var toRight = right || flag.X - Gap - flag.TextWidth < 564;
            yield return Draw(c, flag, up, row, toRight ? Gap : -Gap - flag.TextWidth);
        }
    }

    private static IEnumerable<SceneNode> LowSide(SceneContext c, List<Flag> flags, bool up)
    {
        var places = LowFlags.Of([.. flags.Select(f => new LowFlags.Flag(f.X, Forms(f)))]);
        for (var row = 0; row < places.Length; row++)
        {
            var at = places[row];
            var flag = flags[at.Index] with { Text = at.Text, Role = at.Role, TextWidth = at.Width };
            yield return Draw(c, flag, up, row, at.Shift, at.Across);
        }
    }

    // A number is whole whatever it takes; what it was is told where there is room.
    private static (string Text, TextRole Role)[] Forms(Flag flag)
    {
        var plain = flag.Name + " " + SceneContext.Dec(flag.Value);
        var both = flag.Was is { } was ? $"{flag.Name} {was}→{SceneContext.Dec(flag.Value)}" : plain;
        return [(both, TextRole.Value), (plain, TextRole.Value), (plain, TextRole.PlainSmall)];
    }

    private static SceneNode Draw(SceneContext c, Flag flag, bool up, int row, double left, bool across = false)
    {
        // The far row is that of the design (88 and 254); a second flag stands one line nearer to the strip.
        var head = up ? 90 + (row * 26) : 234 - (row * 26);
        var draw = new NodeDraw(c, "flag-" + flag.Name, "ring", flag.Owner, Look(c, flag));
        // Drawn around its pole and shifted as a whole, so that a flag slides when its index moves.
        draw.Path(
            up ? Glyphs.F($"M0 204 V{head + 2}") : Glyphs.F($"M0 140 V{head + 20}"), "ln thin");
        if (across)
        {
            draw.Rect(left - 26, head - 3, flag.TextWidth + 32, 25, 4, "cell");
        }

        // Its mark hangs on the pole, or stands before a label that lies across it.
        var (from, side) = across ? (left - 20, 1) : (0, left > 0 ? 1 : -1);
        draw.Path(
            flag.Owner == SceneOwner.Guest
                ? Glyphs.F($"M{from} {head} h{12.0 * side} v18 h{-12.0 * side}z")
                : Glyphs.F($"M{from} {head} l{14.0 * side} 10 l{-14.0 * side} 10z"),
            "hd");
        if (flag.Changed)
        {
            draw.Rect(left - 6, head - 3, flag.TextWidth + 12, 25, 4, "chg effect");
        }

        return draw.Text(left, head + 17, flag.Text, flag.Role, TextAnchor.Start, flag.Changed ? "chgt" : "")
            .Node(flag.X);
    }

    private static SceneLook Look(SceneContext c, Flag flag) => flag.Changed ? SceneLook.Idle : c.Look("ring") switch
    {
        SceneLook.Dim => SceneLook.Dim,
        _ => SceneLook.Idle,
    };
}
