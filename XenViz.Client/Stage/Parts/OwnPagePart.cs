using XenViz.Core.Projection;

namespace XenViz.Client.Stage.Parts;

/// <summary>The driver domain's own page under its window, while bytes are copied between it and the data page or the
/// device works on it in that page's place.</summary>
internal static class OwnPagePart
{
    public static IEnumerable<SceneNode> Nodes(SceneContext c)
    {
        if (c.Stage.OwnPage is not { } own)
        {
            yield break;
        }

        var draw = new NodeDraw(c, "own-page", "own-page", SceneOwner.Driver);
        var changed = c.Change("own-page") is not null;
        if (changed)
        {
            draw.Path(Glyphs.Page(1124, 422, 264, 58, 14), "halo effect");
        }

        draw.Path(Glyphs.Page(1124, 422, 264, 58, 14), "box page").Path(Glyphs.Fold(1124, 422, 264, 14), "ln thin");
        var frame = SceneContext.Hex(own.Mfn);
        var (title, role) = c.Pick(
            214 - c.Width(frame, TextRole.ValueSmall), (StageText.Get("OwnPage"), TextRole.Plain),
            (StageText.Get("OwnPage"), TextRole.PlainSmall), (StageText.Get("OwnPageShort"), TextRole.PlainSmall));
        var (shown, form) = Contents(c, own);
        draw.Text(1136, 445, title, role)
            .Fit(1370, 445, 222 - c.Width(title, role), TextAnchor.End, "",
                (frame, TextRole.Strong), (frame, TextRole.ValueSmall))
            .Text(1136, 471, shown, form, TextAnchor.Start, changed ? "light changed" : "light");
        if (changed)
        {
            draw.Path(Glyphs.F($"M1136 475 h{c.Width(shown, form)}"), "underline effect");
        }

        yield return draw.Node();
    }

    /// <summary>The page on a phone.</summary>
    public static IEnumerable<SceneNode> Phone(SceneContext c)
    {
        if (c.Stage.OwnPage is not { } own)
        {
            yield break;
        }

        var draw = new NodeDraw(c, "own-page", "own-page", SceneOwner.Driver);
        if (c.Change("own-page") is not null)
        {
            draw.Path(Glyphs.Page(268, 170, 102, 40, 8), "halo effect");
        }

        var frame = SceneContext.Hex(own.Mfn);
        yield return draw.Path(Glyphs.Page(268, 170, 102, 40, 8), "box page")
            .Path(Glyphs.Fold(268, 170, 102, 8), "ln thin")
            .Fit(316, 186, 84, TextAnchor.Middle, "",
                (StageText.Get("OwnPage"), TextRole.PlainSmall), (StageText.Get("OwnPageShort"), TextRole.PlainSmall))
            .Fit(319, 203, 96, TextAnchor.Middle, "", (frame, TextRole.Strong), (frame, TextRole.ValueSmall))
            .Node();
    }

    /// <summary>The device's way to it over Xen: its own pages a domain's device always reaches.</summary>
    public static IEnumerable<SceneNode> Lane(SceneContext c)
    {
        if (c.Stage.OwnPage is null || c.Carries("own-dma-out", "own-dma-in"))
        {
            yield break;
        }

        var look = c.Look("own-page") == SceneLook.Dim ? SceneLook.Dim : SceneLook.Idle;
        yield return new NodeDraw(c, "own-lane", "iommu", SceneOwner.Hardware, look)
            .Path("M1417 710 V466", "case keep").Path("M1417 710 V466 H1404", "ln thin")
            .Path("M1388 466 l16 -9 v18 z", "hollow").Node();
    }

    private static (string Text, TextRole Role) Contents(SceneContext c, DataPageView own)
    {
        if (own.Text.Length == 0)
        {
            var words = SceneContext.NoText(own);
            return c.Pick(238, (words, TextRole.Plain), (words, TextRole.PlainSmall),
                (SceneContext.NoTextShort(own), TextRole.PlainSmall));
        }

        var text = own.Text;
        while (text.Length > 4 && c.Width("\"" + text + "\"", TextRole.ValueSmall) > 238)
        {
            text = text[..^2] + "…";
        }

        return c.Pick(238, ("\"" + own.Text + "\"", TextRole.Value), ("\"" + text + "\"", TextRole.ValueSmall));
    }
}
