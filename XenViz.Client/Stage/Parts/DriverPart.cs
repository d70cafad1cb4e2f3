using XenViz.Core.Projection;

namespace XenViz.Client.Stage.Parts;

/// <summary>The right side: the driver domain with its backend, its disk driver and its window on the page.</summary>
internal static class DriverPart
{
    public static IEnumerable<SceneNode> Nodes(SceneContext c)
    {
        var stage = c.Stage;
        yield return DomainPart.Zone(c, "driver", SceneOwner.Driver, 1104, stage.Driver, StageText.Get("DriverDomain"));
        if (stage.Driver.Dead)
        {
            yield return Gone(c, "back", 84, 178, StageText.Get("BackDead"));
            yield return Gone(c, "disk-driver", 278, 50, "");
            if (stage.DriverWindow is { } left)
            {
                yield return Window(c, left);
            }

            yield break;
        }

        yield return Back(c);

        var state = StageText.Get("DiskDriver." + stage.DiskDriver);
        var draw = new NodeDraw(c, "disk-driver", "disk-driver", SceneOwner.Driver)
            .Box(1124, 278, 280, 50, c.Changed("disk-driver"))
            .Text(1144, 310, c.Word("DiskDriver"), TextRole.Plain);
        var room = 280 - 40 - 16 - c.Width(c.Word("DiskDriver"), TextRole.Plain);
        yield return draw
            .Fit(1384, 310, room, TextAnchor.End, "", (state, TextRole.Plain), (state, TextRole.PlainSmall))
            .Node();

        if (stage.DriverWindow is { } window)
        {
            yield return Window(c, window);
        }
    }

    /// <summary>The arrow from the window to the page, and the padlock: drawn above the page.</summary>
    public static IEnumerable<SceneNode> Mapping(SceneContext c)
    {
        if (c.Stage.DriverWindow is not { } window)
        {
            yield break;
        }

        var look = c.Look("driver-window");
        var ring = c.Stage.Data is null;
        if (window.Stale)
        {
            yield return new NodeDraw(c, "mapping", "driver-window", SceneOwner.Driver, look)
                .Rect(1060, ring ? 354 : 397, 64, 24, 0, "cell stale keep").Node();
            yield break;
        }

        // While the carrier of the step draws the arrow itself, it is not drawn twice.
        if (!c.Carries("map"))
        {
            yield return new NodeDraw(c, "mapping", "driver-window", SceneOwner.Driver, look)
                .Path(ring ? "M1124 366 H1084 V282 H1057" : "M1124 409 H1003", "ln")
                .Path(ring ? Glyphs.Head(1044, 282, 'L', false) : Glyphs.Head(990, 409, 'L', false), "hd").Node();
        }

        var padlock = new NodeDraw(c, "padlock", "driver-window", SceneOwner.None, SceneLook.Idle)
            .Add(Glyphs.Padlock(ring ? 1020 : 1012, ring ? 276 : 455, ring ? 1 : 1.25, window.Writable));
        if (c.Clock.StartOf("map") is { } start)
        {
            padlock.From(start + 720);
        }

        yield return padlock.Node();
    }

    // What ran in a domain that died: hatched, with a word on it where there is room.
    private static SceneNode Gone(SceneContext c, string id, double y, double height, string words)
    {
        var draw = new NodeDraw(c, id, id, SceneOwner.Driver, SceneLook.Idle)
            .Rect(1124, y, id == "back" ? 440 : 280, height, 8, "box gone");
        if (words.Length == 0)
        {
            return draw.Node();
        }

        var name = c.IsNetwork ? "netback" : "blkback";
        return draw.Rect(1144, y + 20, 400, 84, 6, "backing")
            .Text(1160, y + 54, name, TextRole.Name, TextAnchor.Start, "gone")
            .Fit(1160, y + 88, 370, TextAnchor.Start, "", (words, TextRole.Plain), (words, TextRole.PlainSmall))
            .Node();
    }

    private static SceneNode Back(SceneContext c)
    {
        // Larger type needs more of the row for a number of three digits; the private producer has a shorter name.
        var (cons, pvt) = !c.Low ? (172, 222) : c.Stage.Back.ReqCons switch
        {
            < 100 => (172, 222), < 10_000 => (192, 202), _ => (205, 192),
        };
        var draw = new NodeDraw(c, "back", "back", SceneOwner.Driver)
            .Box(1124, 84, 440, 178, c.Changed("back"))
            .Text(1144, 120, c.IsNetwork ? "netback" : "blkback", TextRole.Name)
            .Text(1544, 119, StageText.Get("BackendDriver"), TextRole.Plain, TextAnchor.End)
            .NumberChip(1144, 136, cons, 34, "req_cons", c.Stage.Back.ReqCons, "back.req_cons")
            .NumberChip(1544 - pvt, 136, pvt, 34, "rsp_prod_pvt", c.Stage.Back.RspProdPvt, "back.rsp_prod_pvt")
            .Rect(1144, 184, 400, 60, 6, "pvt");
        if (c.Change("back.copy") is not null)
        {
            draw.Rect(1144, 184, 400, 60, 6, "chg effect");
        }

        if (c.Stage.BackendCopy is not { } copy)
        {
            return draw.Text(1158, 221, StageText.Get("NoCopy"), TextRole.Plain, TextAnchor.Start, "mute").Node();
        }

        var sector = SceneContext.Dec(copy.Sector);
        var room = copy.Refs.IsEmpty ? 376 : 310;
        draw.Fit(
            1158, 221, room, TextAnchor.Start, c.Change("back.copy") is null ? "" : "chgt",
            (c.Word("Copy", copy.Operation, sector), TextRole.Plain),
            (c.Word("CopyShort", copy.Operation, sector), TextRole.Plain),
            (c.Word("CopyShort", copy.Operation, sector), TextRole.PlainSmall));
        if (copy.Refs.IsEmpty)
        {
            return draw.Node();
        }

        // Of several pages the ticket is that of the page on stage, as everywhere else.
        var ticket = c.Stage.Grant is { } grant && copy.Refs.Contains(grant.Ref) ? grant.Ref : copy.Refs[0];
        return Tickets.Draw(draw, c, 1508, 214, 54, 38, ticket).Node();
    }

    private static SceneNode Window(SceneContext c, WindowView window)
    {
        if (c.Stage.OwnPages)
        {
            return Low(c, window);
        }

        var width = c.Wall ? 290 : c.Low ? 300 : 280;
        var draw = new NodeDraw(c, "driver-window", "driver-window", SceneOwner.Driver);
        draw.Box(1124, 352, width, 114, c.Changed("driver-window"), window.Stale ? "box private" : "box");
        var (title, right) = Words(c, window);
        if (c.Clock.StartOf("map") is { } start)
        {
            draw.From(start);
        }

        return draw
            .Fit(1141, 384, width - 28, TextAnchor.Start, "",
                (title, TextRole.Plain), (title, TextRole.PlainSmall))
            .Fit(1139, 418, width - 24, TextAnchor.Start, window.Stale ? "gone" : "",
                (window.Address, TextRole.Strong), (window.Address, TextRole.ValueSmall))
            .Fit(1141, 450, width - 28, TextAnchor.Start, "", (right, TextRole.Plain), (right, TextRole.PlainSmall))
            .Node();
    }

    // In a run with pages of the driver domain's own there is a place for one under the window.
    private static SceneNode Low(SceneContext c, WindowView window)
    {
        var draw = new NodeDraw(c, "driver-window", "driver-window", SceneOwner.Driver)
            .Box(1124, 336, 280, 80, c.Changed("driver-window"), window.Stale ? "box private" : "box");
        var (title, rights) = Words(c, window);
        if (c.Clock.StartOf("map") is { } start)
        {
            draw.From(start);
        }

        var role = c.Width(rights, TextRole.Plain) <= 120 ? TextRole.Plain : TextRole.PlainSmall;
        return draw.Text(1391, 376, rights, role, TextAnchor.End)
            .Fit(1141, 376, 250 - c.Width(rights, role) - 10, TextAnchor.Start, "",
                (title, TextRole.Plain), (title, TextRole.PlainSmall),
                (StageText.Get("SeesShort"), TextRole.PlainSmall))
            .Fit(1139, 405, 256, TextAnchor.Start, window.Stale ? "gone" : "",
                (window.Address, TextRole.Strong), (window.Address, TextRole.ValueSmall))
            .Node();
    }

    private static (string Title, string Rights) Words(SceneContext c, WindowView window) => window.Stale
        ? c.Stage.Driver.Dead
            ? (StageText.Get("DeadSees"), StageText.Get("DeadPin"))
            : (StageText.Get("StaleSees"), StageText.Get("StaleTlb"))
        : (c.Stage.Data is null
                ? StageText.Get("BackSeesRing", c.IsNetwork ? "netback" : "blkback")
                : c.Word("BackSees"),
            StageText.Get(window.Writable ? "ReadAndWrite" : "ReadOnly"));
}
