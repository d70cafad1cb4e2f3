using System.Globalization;
using XenViz.Core.Projection;

namespace XenViz.Client.Stage;

/// <summary>The hypervisor's objects on a phone.</summary>
internal static class PhoneXen
{
    public static SceneNode Grant(SceneContext c, GrantEntryView grant)
    {
        var draw = new NodeDraw(c, "grant", "grant", SceneOwner.Xen)
            .Rect(24, 262, 342, 96, 8, "box")
            .Text(36, 283, StageText.Get("GrantEntry", grant.Ref), TextRole.Label);
        if (grant.FlagNames.IsEmpty)
        {
            draw.Text(356, 283, StageText.Get("NotAGrant"), TextRole.Plain, TextAnchor.End, "mute");
        }
        else
        {
            var names = string.Join(", ", grant.FlagNames.Where(n => n != "permit_access"));
            draw.Fit(356, 283, 190, TextAnchor.End, "mute", (names, TextRole.Plain), (names, TextRole.PlainSmall));
        }

        Field(c, draw, grant, "flags", 36, 96, "0x" + grant.Flags.ToString("X4", CultureInfo.InvariantCulture));
        Field(c, draw, grant, "domid", 142, 84, SceneContext.Dec(grant.DomId));
        Field(c, draw, grant, "frame", 236, 120, SceneContext.Hex(grant.Frame));
        return draw.Node();
    }

    public static IEnumerable<SceneNode> Ports(SceneContext c)
    {
        var disk = c.Stage.DiskPort is not null && c.Lit("disk-port") && !c.Lit("driver-port");
        var right = disk ? ("disk-port", c.Stage.DiskPort) : ("driver-port", c.Stage.DriverPort);
        foreach (var (id, port, x) in new[]
        {
            ("guest-port", c.Stage.GuestPort, 24.0), (right.Item1, right.Item2, 200.0),
        })
        {
            if (port is null)
            {
                continue;
            }

            var draw = new NodeDraw(c, id, id, SceneOwner.Xen).Rect(x, 368, 166, 48, 8, "box")
                .Text(x + 9, 388, StageText.Get("PortIs", port.Number), TextRole.Label)
                .Text(x + 9, 407, StageText.Get("Pending"), TextRole.Plain);
            Bit(c, draw, port, "pending", x + 64, 394, port.Pending);
            draw.Text(x + 94, 407, StageText.Get("Mask"), TextRole.Plain);
            Bit(c, draw, port, "mask", x + 132, 394, port.Masked);
            if (port.Fifo is null)
            {
                draw.Text(x + 126, 388, StageText.Get("Selector"), TextRole.Plain, TextAnchor.End);
                Bit(c, draw, port, "selector", x + 132, 373, port.Selector);
            }

            yield return draw.Node();
        }
    }

    public static SceneNode Box(
        SceneContext c, string id, SceneOwner owner, double x, double y, double width, string name, string value)
    {
        var changed = c.Changed(id);
        return new NodeDraw(c, id, id, owner)
            .Rect(x, y, width, 42, 6, changed ? "chg effect" : "box")
            .Text(x + (width / 2), y + 17, name, TextRole.Label, TextAnchor.Middle, changed ? "chgt" : "")
            .Fit(x + (width / 2), y + 35, width - 6, TextAnchor.Middle, changed ? "chgt" : "",
                (value, TextRole.ValueSmall))
            .Node();
    }

    private static void Bit(SceneContext c, NodeDraw draw, PortView port, string field, double x, double y, bool value)
    {
        var changed = c.Change(SceneContext.PortPrefix(port) + field) is not null;
        draw.Rect(x, y, 22, 18, 3, changed ? "chg effect" : "cell")
            .Text(x + 11, y + 14, value ? "1" : "0", TextRole.ValueSmall, TextAnchor.Middle, changed ? "chgt" : "");
    }

    private static void Field(
        SceneContext c, NodeDraw draw, GrantEntryView grant, string name, double x, double width, string value)
    {
        var change = c.Change(string.Create(CultureInfo.InvariantCulture, $"grant.{grant.Ref}.{name}"));
        var mark = change is not null ? "chg effect" : grant.FlagNames.IsEmpty && name != "flags" ? "pvt" : "field";
        draw.Rect(x, 294, width, 54, 5, mark)
            .Text(x + 10, 313, name, TextRole.Plain, TextAnchor.Start, change is null ? "mute" : "chgt")
            .Fit(x + 10, 336, width - 14, TextAnchor.Start, change is null ? "" : "chgt",
                (value, TextRole.Name), (value, TextRole.ValueSmall));
    }
}
