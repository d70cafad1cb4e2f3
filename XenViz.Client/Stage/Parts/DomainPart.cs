using XenViz.Core.Projection;

namespace XenViz.Client.Stage.Parts;

/// <summary>The tall box of a domain with its title.</summary>
internal static class DomainPart
{
    public static SceneNode Zone(
        SceneContext c, string id, SceneOwner owner, double x, DomainView domain, string title)
    {
        // A domain is lit by what happens in it: its own light, or its virtual CPU changing state.
        var look = c.Stage.Acting is null && c.Stage.Lights.IsEmpty ? SceneLook.Idle
            : Acts(c, id) ? SceneLook.Acting
            : c.Lit(id) || Inside(id).Any(c.Lit) ? SceneLook.Idle
            : SceneLook.Dim;
        var draw = new NodeDraw(c, id, id, owner, look);
        draw.Rect(x, 16, 480, 470, 14, domain.Dead ? "zone dead" : "zone");
        if (c.Wall)
        {
            draw.Path(Glyphs.F($"M{x} 74 V30 a14 14 0 0 1 14 -14 h452 a14 14 0 0 1 14 14 V74z"), "bar keep");
        }

        var state = State(domain);
        var right = x + (c.Wall ? 460 : 456);
        var disc = right - c.Width(state, TextRole.Plain) - 17;
        var dom = StageText.Get("Dom", domain.Id);
        var left = x + (c.Wall ? 44 : 50);
        if (c.Changed(id))
        {
            draw.Rect(disc - 13, 34, right - disc + 20, 33, 6, "chg effect");
        }

        draw.Path(Glyphs.Owner(owner, x + (c.Wall ? 27 : 30), 48, 9.5), "glyph")
            .Text(left, 58, title, TextRole.Title, TextAnchor.Start, "onbar rt")
            .Text(right, 57, state, TextRole.Plain, TextAnchor.End, c.Changed(id) ? "chgt" : "onbar")
            .Disc(disc, 50, 8, (domain.Running ? "vcpu running" : "vcpu") + (c.Changed(id) ? " onchip" : ""));
        return draw.Fit(
                disc - 22, 57, disc - 22 - left - c.Width(title, TextRole.Title) - 10, TextAnchor.End, "onbar",
                (dom, TextRole.Value), (dom, TextRole.ValueSmall), (SceneContext.Dec(domain.Id), TextRole.ValueSmall))
            .Node();
    }

    /// <summary>What a domain does, in a word.</summary>
    public static string State(DomainView domain) =>
        StageText.Get(domain.Dead ? "Dead" : domain.Running ? "Running" : "Waiting");

    private static bool Acts(SceneContext c, string id) =>
        c.Stage.Acting is { } acting && (acting == id || Inside(id).Contains(acting));

    private static string[] Inside(string id) => id == "guest"
        ? ["app", "front"]
        : ["back", "disk-driver"];
}
