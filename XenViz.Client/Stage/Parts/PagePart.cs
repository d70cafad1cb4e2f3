using XenViz.Core.Projection;

namespace XenViz.Client.Stage.Parts;

/// <summary>The data page, drawn once for everybody who reaches it.</summary>
internal static class PagePart
{
    public static IEnumerable<SceneNode> Nodes(SceneContext c)
    {
        if (c.Stage.Data is not { } data)
        {
            yield break;
        }

        var draw = new NodeDraw(c, "data", "data", c.PageOwner);
        if (c.Change("data") is not null)
        {
            draw.Path(Glyphs.Page(610, 336, 380, 142, 28), "halo effect");
        }

        draw.Path(Glyphs.Page(610, 336, 380, 142, 28), "box page").Path(Glyphs.Fold(610, 336, 380, 28), "ln thin");
        var title = StageText.Get(data.Ungranted ? "PageUngranted" : data.Count > 1 ? "DataPageShort" : "DataPage");
        var kind = data.Ungranted ? StageText.Get("PageUngrantedKind")
            : data.Count > 1 ? StageText.Get("PageOf", data.Ordinal, data.Count)
            : c.PageOwner == SceneOwner.Driver ? StageText.Get("PageOwnerDriver")
            : c.PageOwner == SceneOwner.None ? StageText.Get("PageOwnerNobody")
            : StageText.Get(c.Wall || c.Low ? "PageSize" : "PageOwner");
        draw.Text(634, 374, title, TextRole.Label)
            .Fit(946, 374, 946 - 634 - c.Width(title, TextRole.Label) - 16, TextAnchor.End, "",
                (kind, TextRole.Plain), (kind, TextRole.PlainSmall));
        Contents(c, draw, data);
        Counts(c, draw, data);
        yield return draw.Node();
    }

    private static void Contents(SceneContext c, NodeDraw draw, DataPageView data)
    {
        var change = c.Change("data");
        var text = data.Text.Length == 0 ? "" : "\"" + data.Text + "\"";
        var (shown, role) = text.Length == 0
            ? c.Pick(330, (SceneContext.NoText(data), TextRole.Plain))
            : c.Pick(330, (text, TextRole.Name), (text, TextRole.Value), (text, TextRole.ValueSmall));
        var mark = change is null ? "light" : "light changed";
        draw.Text(634, 416, shown, role, TextAnchor.Start, mark);
        if (change is not null)
        {
            var width = c.Width(shown, role);
            draw.Path(Glyphs.F($"M634 423 h{width}"), "underline effect");
        }
    }

    private static (string Text, TextRole Role) Uses(SceneContext c, string count) => c.Pick(
        130, (StageText.Get("References", count), TextRole.PlainSmall),
        (StageText.Get("ReferencesShort", count), TextRole.PlainSmall));

    private static void Counts(SceneContext c, NodeDraw draw, DataPageView data)
    {
        var frame = StageText.Get("Frame", SceneContext.Hex(data.Mfn));
        var change = c.Change("refs." + SceneContext.Hex(data.Mfn)) ?? c.Change("refs." + SceneContext.Dec(data.Mfn));
        var count = SceneContext.Dec((ulong)Math.Max(0, data.References));
        if (change is null && data.References <= 1)
        {
            draw.Fit(634, 459, 330, TextAnchor.Start, "", (frame, TextRole.Name), (frame, TextRole.Strong));
            return;
        }

        var (uses, role) = Uses(c, SceneContext.Was(change) is { } was ? was + "→" + count : count);
        var width = c.Width(uses, role);
        if (change is not null)
        {
            draw.Rect(966 - width - 6, 438, width + 12, 28, 4, "chg effect");
        }

        draw.Text(966, 458, uses, role, TextAnchor.End, change is null ? "" : "chgt")
            .Fit(634, 459, 966 - width - 18 - 634, TextAnchor.Start, "",
                (frame, TextRole.Name), (frame, TextRole.Strong), (frame, TextRole.ValueSmall));
    }
}
