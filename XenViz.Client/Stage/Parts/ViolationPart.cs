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

    private static readonly Dictionary<string, (double X, double Y)> phoneCorners = new()
    {
        ["app"] = (120, 18), ["guest"] = (120, 18), ["front"] = (116, 62), ["guest-window"] = (116, 146),
        ["driver"] = (368, 18), ["disk-driver"] = (368, 18), ["back"] = (364, 62), ["driver-window"] = (366, 144),
        ["ring"] = (242, 18), ["data"] = (224, 140), ["grant"] = (358, 268), ["maptrack"] = (366, 236),
        ["guest-port"] = (188, 374), ["driver-port"] = (364, 374), ["disk-port"] = (364, 374),
        ["iommu"] = (122, 448), ["dma"] = (242, 448), ["disk"] = (362, 448),
    };

    public static IEnumerable<SceneNode> Nodes(SceneContext c)
    {
        if (c.View.Narration.Violations.IsEmpty)
        {
            yield break;
        }

        var (x, y) = corners.GetValueOrDefault(Place(c), (300, 544));
        x = Math.Min(x, 1572);
        y = Math.Max(y, 30);
        yield return new NodeDraw(c, "violation", null, SceneOwner.None)
            .Rect(5, 5, 1590, 790, 18, "broken")
            .Path(Glyphs.F($"M{x - 9} {y - 22} h18 l13 13 v18 l-13 13 h-18 l-13 -13 v-18z"), "octagon")
            .Text(x, y + 11, "!", TextRole.Title, TextAnchor.Middle, "onnow")
            .Node();
    }

    /// <summary>The same on a phone's canvas, smaller; the circles stay outside of the frame.</summary>
    /// <param name="c">What is drawn.</param>
    public static IEnumerable<SceneNode> Phone(SceneContext c)
    {
        if (c.View.Narration.Violations.IsEmpty)
        {
            yield break;
        }

        var (x, y) = phoneCorners.GetValueOrDefault(Place(c), (120, 240));
        yield return new NodeDraw(c, "violation", null, SceneOwner.None)
            .Rect(4, 1, 382, 500, 12, "broken thin")
            .Path(Glyphs.F($"M{x - 5.5} {y - 13} h11 l8 8 v11 l-8 8 h-11 l-8 -8 v-11z"), "octagon thin")
            .Text(x, y + 6, "!", TextRole.Strong, TextAnchor.Middle, "onnow")
            .Node();
    }

    private static string Place(SceneContext c) => c.View.Narration.BrokenAt ?? c.Stage.Acting ?? "";
}
