using System.Collections.Immutable;
using XenViz.Core.Projection;

namespace XenViz.Client.Stage.Parts;

/// <summary>
/// Where a run has several rings: a small ring for each, in a row over the ring on stage, which hangs on its own tab.
/// One that has work is tinted; a press on another puts that one on stage.
/// </summary>
internal static class RingTabs
{
    /// <summary>The top of the ring on stage under its tabs.</summary>
    public const double Foot = 78;

    private const double Left = 556;
    private const double Width = 488;
    private const double Head = 8;

    /// <summary>The id of a small ring, from its number.</summary>
    public static string IdOf(int ring) => "queue-" + SceneContext.Dec((ulong)ring);

    /// <summary>The number of the ring of an id, or null.</summary>
    public static int? RingOf(string id) =>
        id.StartsWith("queue-", StringComparison.Ordinal) && int.TryParse(id.AsSpan(6), out var ring) ? ring : null;

    /// <summary>The outline of the ring on stage with its tab.</summary>
    public static string Outline(ImmutableArray<RingLineView> rings)
    {
        var shown = rings.ToList().FindIndex(ring => ring.Shown);
        var (left, right) = (X(rings.Length, shown), X(rings.Length, shown) + TabWidth(rings.Length));
        var from = shown == 0 ? Glyphs.F($"M{Left} {Head + 8}")
            : Glyphs.F($"M{Left} {Foot + 8} a8 8 0 0 1 8 -8 H{left} V{Head + 8}");
        var to = shown == rings.Length - 1 ? "V298"
            : Glyphs.F($"V{Foot} H{Left + Width - 8} a8 8 0 0 1 8 8 V298");
        return from + Glyphs.F($" a8 8 0 0 1 8 -8 H{right - 8} a8 8 0 0 1 8 8 ") + to
            + Glyphs.F($" a8 8 0 0 1 -8 8 H{Left + 8} a8 8 0 0 1 -8 -8z");
    }

    public static IEnumerable<SceneNode> Nodes(SceneContext c)
    {
        var rings = c.Stage.Rings;
        for (var i = 0; i < rings.Length; i++)
        {
            yield return Tab(c, rings[i], X(rings.Length, i), TabWidth(rings.Length));
        }
    }

    /// <summary>The small rings of the phone, each with one letter or digit.</summary>
    public static IEnumerable<SceneNode> Phone(SceneContext c)
    {
        var rings = c.Stage.Rings;
        var pitch = rings.Length > 2 ? 23.0 : 32;
        for (var i = 0; i < rings.Length; i++)
        {
            var ring = rings[i];
            var x = 163 + (i * pitch);
            yield return new NodeDraw(c, IdOf(ring.Ring), IdOf(ring.Ring), SceneOwner.Guest, SceneLook.Idle)
                .Rect(x - (pitch / 2), 11, pitch, 28, 0, "touch")
                .Disc(x, 25, 10, ring.Shown ? "small shown" : ring.Busy ? "small busy" : "small")
                .Text(x, 30, Letter(ring), TextRole.ValueSmall, TextAnchor.Middle, ring.Shown ? "onnow" : "rt")
                .Node();
        }
    }

    /// <summary>What a ring is called among several.</summary>
    public static string Name(RingLineView ring, bool guests) => ring.Name.Length == 0
        ? StageText.Get("Queue", ring.Ring)
        : guests ? StageText.Get("RingOfGuest", ring.Guest, ring.Name)
        : StageText.Get(ring.Name == "tx" ? "RingTx" : "RingRx");

    /// <summary>A ring among several in words.</summary>
    public static string Words(RingLineView ring, bool guests) => StageText.Get(
        "Twin.RingLine", Name(ring, guests), ring.Guest, ring.Size,
        StageText.Get(
            !ring.Exists ? "Twin.RingNone" : ring.Busy ? "Twin.RingBusy" : "Twin.RingIdle",
            ring.ReqProd, ring.ReqCons, ring.RspProd, ring.RspCons));

    /// <summary>True where the rings are those of two guests.</summary>
    public static bool OfGuests(ImmutableArray<RingLineView> rings) =>
        rings.Select(ring => ring.Guest).Distinct().Count() > 1;

    private static string Letter(RingLineView ring) =>
        ring.Name.Length == 0 ? SceneContext.Dec((ulong)ring.Ring) : ring.Name[..1];

    private static double TabWidth(int count) => (Width - (6 * (count - 1))) / count;

    private static double X(int count, int index) => Left + (index * (TabWidth(count) + 6));

    private static SceneNode Tab(SceneContext c, RingLineView ring, double x, double width)
    {
        var small = width < 150;
        var (radius, from, room) = !small ? (20.0, 62, width - 66)
            : c.Low ? (7.0, 22, width - 24) : (11.0, 37, width - 39);
        var look = ring.Shown ? c.Look("ring") : ring.Busy ? SceneLook.Idle : SceneLook.Dim;
        var draw = new NodeDraw(c, IdOf(ring.Ring), IdOf(ring.Ring), SceneOwner.Guest, look);
        if (!ring.Shown)
        {
            draw.Rect(x, Head, width, Foot - Head - 6, 8, ring.Busy ? "box tint" : "box");
        }

        Circle(draw, ring, x + (!small ? 32 : c.Low ? 10 : 19), Head + (small && c.Low ? 17 : 33), radius);
        var left = x + from;
        var name = Name(ring, OfGuests(c.Stage.Rings));
        draw.Fit(left, Head + (c.Low ? 25 : 21), room, TextAnchor.Start, ring.Shown ? "" : "rt",
            (name, TextRole.Plain), (name, TextRole.PlainSmall),
            (ring.Name, TextRole.PlainSmall));
        if (!ring.Exists)
        {
            return draw.Fit(left, Head + (c.Low ? 51 : 46), room, TextAnchor.Start, "mute",
                (StageText.Get("NoRingYet"), TextRole.PlainSmall)).Node();
        }

        if (c.Low)
        {
            // Larger type leaves one line for the counts: of answers while only they wait, else of requests.
            var answers = ring.ReqProd == ring.ReqCons && ring.RspProd != ring.RspCons;
            Count(
                draw, small ? x + 8 : left, Head + 51, small ? width - 16 : room, answers ? "Rsp" : "Req",
                answers ? ring.RspProd : ring.ReqProd, answers ? ring.RspCons : ring.ReqCons);
            return draw.Node();
        }

        Count(draw, left, Head + 41, room, "Req", ring.ReqProd, ring.ReqCons);
        Count(draw, left, Head + 60, room, "Rsp", ring.RspProd, ring.RspCons);
        return draw.Node();
    }

    private static void Count(
        NodeDraw draw, double x, double y, double room, string key, uint made, uint taken)
    {
        var (prod, cons) = (SceneContext.Dec(made), SceneContext.Dec(taken));
        var (cut, short2) = (TextFit.Short(prod), TextFit.Short(cons));
        var waiting = SceneContext.Dec(unchecked(made - taken));
        draw.Fit(x, y, room, TextAnchor.Start, "",
            (StageText.Get(key + "Full", prod, cons), TextRole.PlainSmall),
            (StageText.Get(key + "Short", prod, cons), TextRole.PlainSmall),
            (StageText.Get(key + "Short", cut, short2), TextRole.PlainSmall),
            (StageText.Get(key + "Open", waiting), TextRole.PlainSmall));
    }

    // Free slots are a thin circle; over it what waits, what is served and what is answered, at least so long that one
    // sees it.
    private static void Circle(NodeDraw draw, RingLineView ring, double x, double y, double radius)
    {
        draw.Disc(x, y, radius, "small free");
        if (!ring.Exists)
        {
            return;
        }

        Arc("asked", ring.ReqCons, ring.ReqProd);
        Arc("served", ring.RspProd, ring.ReqCons);
        Arc("told", ring.RspCons, ring.RspProd);

        void Arc(string @class, uint from, uint to)
        {
            var count = unchecked(to - from);
            if (count is 0 || count > (uint)ring.Size)
            {
                return;
            }

            var begin = 2 * Math.PI * (from & (uint)(ring.Size - 1)) / ring.Size;
            var length = Math.Min(2 * Math.PI * 0.998, Math.Max(0.5, 2 * Math.PI * count / ring.Size));
            var end = begin + length;
            draw.Path(
                Glyphs.F($"M{x + (radius * Math.Sin(begin))} {y - (radius * Math.Cos(begin))} ")
                + Glyphs.F($"A{radius} {radius} 0 {(length > Math.PI ? 1 : 0)} 1 ")
                + Glyphs.F($"{x + (radius * Math.Sin(end))} {y - (radius * Math.Cos(end))}"),
                "arc " + @class);
        }
    }
}
