using System.Globalization;

namespace XenViz.Client.Stage.Parts;

/// <summary>A grant reference, wherever it stands: the guest's colour and one number.</summary>
internal static class Tickets
{
    /// <summary>Draws a ticket around a centre.</summary>
    public static NodeDraw Draw(
        NodeDraw draw, SceneContext c, double x, double y, double width, double height, uint reference,
        bool valid = true)
    {
        var number = reference.ToString(CultureInfo.InvariantCulture);
        var (text, role) = c.Pick(
            width - 8, (number, TextRole.Name), (number, TextRole.ValueSmall),
            ("…" + number[^Math.Min(2, number.Length)..], TextRole.ValueSmall));
        var baseline = y + (TextFit.Size(role, c.Size) * 0.36);
        return draw.Path(Glyphs.Ticket(x, y, width, height), valid ? "ticket" : "ticket hollow")
            .Text(x, baseline, text, role, TextAnchor.Middle, valid ? "onticket" : "rg");
    }
}
