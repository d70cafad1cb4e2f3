using System.Globalization;
using XenViz.Core.Projection;

namespace XenViz.Client.Stage.Parts;

/// <summary>
/// The ends of the event channel with their bits, and the upcall flag of each domain's virtual CPU on the wire. The
/// port of the disk's interrupt takes the driver domain's place in the steps that are about it.
/// </summary>
internal static class PortPart
{
    public static IEnumerable<SceneNode> Nodes(SceneContext c)
    {
        var stage = c.Stage;
        if (stage.GuestPort is { } guest)
        {
            yield return Port(c, "guest-port", guest, 92);
            yield return Upcall(c, "guest-port", guest, 56);
        }

        if (Right(c) is { } right)
        {
            var id = right == stage.DiskPort ? "disk-port" : "driver-port";
            yield return Port(c, id, right, 964);
            yield return Upcall(c, id, right, 1546);
        }
    }

    /// <summary>The port at the right: the driver domain's end, or that of the disk's interrupt; null for none.
    /// </summary>
    public static PortView? Right(SceneContext c) =>
        c.Stage.DiskPort is { } disk && c.Lit("disk-port") && !c.Lit("driver-port") ? disk : c.Stage.DriverPort;

    private static SceneNode Port(SceneContext c, string id, PortView port, double x)
    {
        var draw = new NodeDraw(c, id, id, SceneOwner.Xen).Box(x, 616, 436, 48, c.Changed(id));
        var number = SceneContext.Dec(port.Number);
        var space = c.Wall ? 12 : 7;
        var (label, role) = (
            id == "disk-port" ? c.Word(c.Low ? "DiskPortShort" : "DiskPort") : StageText.Get("Port"), TextRole.Plain);
        draw.Text(x + 12, 648, label, role);
        var at = x + 12 + c.Width(label, role) + space;
        draw.Text(at, 648, number, TextRole.Strong);
        at += c.Width(number, TextRole.Strong);

        (string Name, string Field, bool Value)[] cells =
        [
            ("Pending", "pending", port.Pending), ("Mask", "mask", port.Masked),
            port.Fifo is { } word ? ("Linked", "linked", word.Linked) : ("Selector", "selector", port.Selector),
        ];
        var shown = c.Wall ? cells.AsSpan(0, 2) : cells;
        var width = c.Wall ? 31.0 : c.Low ? 24.0 : 26.0;
        var (near, far) = c.Low ? (6, 8) : (9, 16);
        var rest = x + 428;
        for (var i = shown.Length - 1; i >= 0; i--)
        {
            rest -= width + near + c.Width(StageText.Get(shown[i].Name), TextRole.Plain);
            rest -= i > 0 ? far : 0;
        }

        // Right-aligned, so that a long port number never pushes the bits.
        var words = rest - at < 8 ? TextRole.PlainSmall : TextRole.Plain;
        var right = x + 428;
        for (var i = shown.Length - 1; i >= 0; i--)
        {
            var (name, field, value) = shown[i];
            var change = c.Change(SceneContext.PortPrefix(port) + field);
            Bit(draw, right - width, 624, width, value, change);
            right -= width + near;
            draw.Text(right, 648, StageText.Get(name), words, TextAnchor.End);
            right -= c.Width(StageText.Get(name), words) + (words == TextRole.Plain ? far : Math.Min(far, 12));
        }

        return draw.Node();
    }

    private static SceneNode Upcall(SceneContext c, string id, PortView port, double x)
    {
        var change = c.Change(SceneContext.PortPrefix(port) + "upcall");
        var look = change is null ? c.Look(id) == SceneLook.Acting ? SceneLook.Idle : c.Look(id) : SceneLook.Idle;

        // Larger type leaves no room for a frame between the word and what stands beside it.
        var half = c.Low ? 33 : 29;
        var draw = new NodeDraw(c, id == "guest-port" ? "upcall-guest" : "upcall-driver", id, SceneOwner.Xen, look)
            .Rect(x - half, 544, 2 * half, 62, 6, c.Low ? "cell frameless" : "cell");
        draw.Text(x, 563, StageText.Get("Upcall"), TextRole.PlainSmall, TextAnchor.Middle);
        Bit(draw, x - 13, 569, 26, port.UpcallPending, change);
        return draw.Node();
    }

    private static void Bit(
        NodeDraw draw, double x, double y, double width, bool value, ChangeView? change)
    {
        draw.Rect(x, y, width, 32, 4, change is null ? "cell" : "chg effect");
        draw.Text(
            x + (width / 2), y + 24, value ? "1" : "0", TextRole.Value, TextAnchor.Middle, change is null ? "" : "chgt",
            SceneContext.Was(change) is { Length: 1 } was ? was : null);
    }
}
