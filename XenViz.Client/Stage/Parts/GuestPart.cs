using XenViz.Core.Projection;

namespace XenViz.Client.Stage.Parts;

/// <summary>The left side: the guest domain with its application, its frontend and its view of the page.</summary>
internal static class GuestPart
{
    public static IEnumerable<SceneNode> Nodes(SceneContext c)
    {
        var stage = c.Stage;
        yield return DomainPart.Zone(c, "guest", SceneOwner.Guest, 16, stage.Guest, StageText.Get("GuestDomain"));

        yield return new NodeDraw(c, "app", "app", SceneOwner.Guest)
            .Box(40, 84, 432, 72, c.Changed("app"))
            .Text(60, 115, StageText.Get("Application"), TextRole.Label)
            .Fit(60, 143, 396, TextAnchor.Start, "",
                (stage.ApplicationCall, TextRole.Value), (stage.ApplicationCall, TextRole.ValueSmall))
            .Node();

        var between = c.Look("app") == SceneLook.Dim || c.Look("front") == SceneLook.Dim
            ? SceneLook.Dim : SceneLook.Idle;
        yield return new NodeDraw(c, "lanes-1-7", null, SceneOwner.Guest, between)
            .Path("M128 156 V212", "ln").Path(Glyphs.Head(128, 221, 'D', false), "hd")
            .Path("M384 222 V166", "ln").Path(Glyphs.Head(384, 157, 'U', false), "hd")
            .Text(148, 196, StageText.Get("LanePage"), TextRole.Plain)
            .Text(366, 196, StageText.Get("LaneDone"), TextRole.Plain, TextAnchor.End)
            .Node();

        yield return Front(c);
        if (stage.Data is { } data && c.GuestSees)
        {
            yield return Window(c, data);
        }
    }

    private static SceneNode Front(SceneContext c) =>
        new NodeDraw(c, "front", "front", SceneOwner.Guest)
            .Box(40, 222, 432, 96, c.Changed("front"))
            .Text(60, 258, c.IsNetwork ? "netfront" : "blkfront", TextRole.Name)
            .Text(60, c.Wall ? 286 : 290, StageText.Get("FrontendDriver"), TextRole.Plain)
            .NumberChip(244, 232, 222, 34, "req_prod_pvt", c.Stage.Front.ReqProdPvt, "front.req_prod_pvt")
            .NumberChip(244, 274, 222, 34, "rsp_cons", c.Stage.Front.RspCons, "front.rsp_cons")
            .Node();

    private static SceneNode Window(SceneContext c, DataPageView data)
    {
        var pfn = StageText.Get("Pfn", SceneContext.Hex(data.Pfn));
        return new NodeDraw(c, "guest-window", "guest-window", SceneOwner.Guest)
            .Box(100, 352, 372, 114, c.Changed("guest-window"))
            .Text(120, 384, StageText.Get("GuestSees"), TextRole.Plain)
            .Fit(120, 418, 336, TextAnchor.Start, "", (pfn, TextRole.Name), (pfn, TextRole.Value))
            .Text(120, 450, StageText.Get("GuestOwns"), TextRole.Plain)
            .Path("M472 409 H600", "ln").Path(Glyphs.Head(610, 409, 'R', false), "hd")
            .Node();
    }
}
