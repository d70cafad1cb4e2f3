namespace XenViz.Client.Stage.Parts;

/// <summary>A property that does not hold: an octagon at the object that it is about, and a frame around the scene.
/// </summary>
internal static class ViolationPart
{
    private static readonly Dictionary<string, (double X, double Y)> corners = new()
    {
        ["app"] = (472, 84), ["front"] = (472, 222), ["guest"] = (496, 16), ["guest-window"] = (472, 352),
        ["back"] = (1564, 84), ["driver"] = (1584, 16), ["disk-driver"] = (1404, 278), ["driver-window"] = (1404, 352),
        ["own-page"] = (1388, 422),
        ["ring"] = (1044, 30), ["data"] = (610, 336), ["grant"] = (900, 518), ["maptrack"] = (1400, 518),
        ["guest-port"] = (528, 616), ["driver-port"] = (1400, 616), ["disk-port"] = (1400, 616),
        ["iommu"] = (826, 700), ["dma"] = (1450, 710), ["disk"] = (1570, 710),
    };

    public static IEnumerable<SceneNode> Nodes(SceneContext c)
    {
        if (c.View.Narration.Violations.IsEmpty)
        {
            yield break;
        }

        var (x, y) = corners.GetValueOrDefault(c.View.Narration.BrokenAt ?? c.Stage.Acting ?? "", (300, 544));
        x = Math.Min(x, 1572);
        y = Math.Max(y, 30);
        yield return new NodeDraw(c, "violation", null, SceneOwner.None)
            .Rect(5, 5, 1590, 790, 18, "broken")
            .Path(Glyphs.F($"M{x - 9} {y - 22} h18 l13 13 v18 l-13 13 h-18 l-13 -13 v-18z"), "octagon")
            .Text(x, y + 11, "!", TextRole.Title, TextAnchor.Middle, "onnow")
            .Node();
    }
}
