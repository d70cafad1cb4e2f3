using System.Collections.Immutable;

namespace XenViz.Client.Stage.Parts;

/// <summary>
/// The key: whose colour and shape, and which pattern means what. It explains; only its ticket and its lock follow the
/// run.
/// </summary>
internal static class KeyPart
{
    public static IEnumerable<SceneNode> Nodes(SceneContext c)
    {
        const double Top = 700;
        var gap = c.Wall ? 34 : c.Low ? 12 : 22;
        var x = Row(c, "Whose", Top + 24, out var head);
        yield return head;
        foreach (var owner in ImmutableArray.Create(
            SceneOwner.Guest, SceneOwner.Driver, SceneOwner.Xen, SceneOwner.Hardware))
        {
            var text = StageText.Get("Key." + owner);
            yield return new NodeDraw(c, "key-" + owner, null, owner)
                .Path(Glyphs.Owner(owner, x + 11, Top + 17), "glyph")
                .Text(x + 30, Top + 24, text, TextRole.Plain).Node();
            x += 30 + c.Width(text, TextRole.Plain) + gap;
        }

        if (!c.Wall)
        {
            yield return new NodeDraw(c, "key-ticket", null, SceneOwner.Guest)
                .Path(Glyphs.Ticket(x + 22, Top + 17, 44, 28), "ticket")
                .Text(x + 22, Top + 24, TicketNumber(c), TextRole.Strong, TextAnchor.Middle, "onticket")
                .Text(x + 54, Top + 24, StageText.Get("Key.Ticket"), TextRole.Plain).Node();
        }

        x = Row(c, "State", Top + 72, out var state);
        yield return state;
        foreach (var (name, look) in ImmutableArray.Create(
            ("Shared", "swatch"), ("Private", "swatch private"), ("OldBytes", "swatch stale"),
            (c.Compares ? "Differs" : "Changed", "chg")))
        {
            var text = StageText.Get("Key." + name);
            yield return new NodeDraw(c, "key-" + name, null, SceneOwner.None)
                .Rect(x, Top + 53, 34, 24, 5, look).Text(x + 42, Top + 72, text, TextRole.Plain).Node();
            x += 42 + c.Width(text, TextRole.Plain) + gap;
        }

        if (!c.Wall)
        {
            var open = c.Stage.DriverWindow is { Writable: true };
            yield return new NodeDraw(c, "key-lock", null, SceneOwner.None)
                .Add(Glyphs.Padlock(x + 13, Top + 62, 0.95, open))
                .Text(x + 34, Top + 72, StageText.Get(open ? "Key.Open" : "Key.Locked"), TextRole.Plain).Node();
        }
    }

    // The ticket in the key shows the number in play, so that the key and the picture speak of the same thing.
    private static string TicketNumber(SceneContext c) =>
        c.Stage.Grant is { Use: "data" } grant && grant.Ref < 1000 ? SceneContext.Dec(grant.Ref) : "n";

    private static double Row(SceneContext c, string name, double y, out SceneNode node)
    {
        node = new NodeDraw(c, "key-row-" + name, null, SceneOwner.None)
            .Text(16, y, StageText.Get("Key." + name), TextRole.Plain).Node();
        return c.Wall ? 106 : 92;
    }
}
