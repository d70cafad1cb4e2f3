using XenViz.Core.Projection;

namespace XenViz.Client.Stage.Parts;

/// <summary>The machine below Xen: the IOMMU, the DMA engine and the disk.</summary>
internal static class HardwarePart
{
    public static IEnumerable<SceneNode> Nodes(SceneContext c)
    {
        string[] inside = ["dma", "disk"];
        var acting = c.Stage.Acting is { } id && inside.Contains(id);
        var quiet = c.Stage.Acting is null && c.Stage.Lights.IsEmpty;
        var look = acting ? SceneLook.Acting : quiet || inside.Any(c.Lit) ? SceneLook.Idle : SceneLook.Dim;
        yield return new NodeDraw(c, "hardware", null, SceneOwner.Hardware, look)
            .Rect(1104, 692, 480, 98, 14, "zone").Node();
        yield return new NodeDraw(c, "lane-5", null, SceneOwner.Hardware, c.Look("iommu") == SceneLook.Dim
                || c.Look("dma") == SceneLook.Dim ? SceneLook.Dim : SceneLook.Idle)
            .Path("M1124 741 H1026", "ln thin").Node();
        yield return Iommu(c);
        yield return Engine(c, c.Stage.Dma);
        yield return Disk(c);
    }

    /// <summary>The device's way to the page over Xen, there while the IOMMU has an entry.</summary>
    public static IEnumerable<SceneNode> Lane(SceneContext c)
    {
        foreach (var node in OwnPagePart.Lane(c))
        {
            yield return node;
        }

        if (c.Stage.Iommu is null || c.Stage.Data is null
            || c.Carries("dma-out", "dma-in"))
        {
            yield break;
        }

        var look = c.Look("iommu") == SceneLook.Dim ? SceneLook.Dim : SceneLook.Idle;
        yield return new NodeDraw(c, "dma-lane", "iommu", SceneOwner.Hardware, look)
            .Path("M936 700 V500", "case keep").Path("M936 700 V496", "ln thin")
            .Path("M936 480 l-9 16 h18 z", "hollow").Node();
    }

    private static SceneNode Iommu(SceneContext c)
    {
        var draw = new NodeDraw(c, "iommu", "iommu", SceneOwner.Hardware)
            .Box(826, 700, 200, 82, false)
            .Text(842, 732, StageText.Get("Iommu"), TextRole.Label);
        var changed = c.Change("iommu") is not null;
        if (c.Stage.Iommu is not { } entry)
        {
            if (changed)
            {
                draw.Rect(836, 742, 180, 32, 4, "chg effect");
            }

            var words = StageText.Get(c.IommuWithoutEntry);
            return draw.Fit(926, 765, 174, TextAnchor.Middle, changed ? "chgt" : "",
                (words, TextRole.Plain), (words, TextRole.PlainSmall),
                (StageText.Get(c.IommuWithoutEntry + "Short"), TextRole.PlainSmall)).Node();
        }

        var frame = SceneContext.Hex(entry.Mfn);
        var access = StageText.Get(entry.Writable ? "IommuWrite" : "IommuRead", frame);
        return draw.Rect(836, 742, 180, 32, 4, changed ? "chg effect" : "cell tint")
            .Fit(926, 765, 172, TextAnchor.Middle, changed ? "chgt" : "",
                (access, TextRole.Value), (access, TextRole.ValueSmall), (frame, TextRole.ValueSmall))
            .Node();
    }

    private static SceneNode Engine(SceneContext c, DmaView dma)
    {
        var state = StageText.Get("Dma." + dma.State);
        var draw = new NodeDraw(c, "dma", "dma", SceneOwner.Hardware)
            .Box(1124, 710, 326, 62, c.Changed("dma"))
            .Text(1142, 738, c.Word("DmaEngine"), TextRole.Label);
        var room = 1434 - 1142 - 12 - c.Width(c.Word("DmaEngine"), TextRole.Label);
        draw.Fit(1434, 737, room, TextAnchor.End, "", (state, TextRole.Plain), (state, TextRole.PlainSmall));
        if (dma.BusAddress is not { } address)
        {
            return draw.Text(1142, 763, StageText.Get("NoDescriptor"), TextRole.PlainSmall).Node();
        }

        var bus = SceneContext.Hex(address);
        var (way, number) = (Way(c.Word("Sector", dma.Sector)), SceneContext.Dec(dma.Sector));

        // Narrow letters come before the word is left out, and the word before the number.
        return draw.Fit(1142, 763, 296, TextAnchor.Start, "", (way, TextRole.Value), (way, TextRole.ValueSmall),
            (way, TextRole.PlainSmall), (c.IsNetwork ? bus : Way(number), TextRole.PlainSmall),
            (c.IsNetwork ? bus : Way(TextFit.Short(number)), TextRole.PlainSmall), (bus, TextRole.ValueSmall)).Node();

        string Way(string end) => dma.ToMemory ? end + " → " + bus : bus + " → " + end;
    }

    private static SceneNode Disk(SceneContext c)
    {
        var draw = new NodeDraw(c, "disk", "disk", SceneOwner.Hardware);
        if (c.IsNetwork)
        {
            return Wire(c, draw);
        }

        const string Body = "M1472 722 v48 a45 11 0 0 0 90 0 v-48 a45 11 0 0 0 -90 0z";
        if (c.Changed("disk"))
        {
            draw.Path(Body, "halo effect");
        }

        return draw.Path(Body, "box").Path("M1472 722 a45 11 0 0 0 90 0 a45 11 0 0 0 -90 0z", "box")
            .Text(1517, 764, StageText.Get("Disk"), TextRole.Label, TextAnchor.Middle).Node();
    }

    // A cable with its plug, where a disk would stand.
    private static SceneNode Wire(SceneContext c, NodeDraw draw)
    {
        if (c.Changed("disk"))
        {
            draw.Rect(1466, 714, 104, 62, 6, "halo effect");
        }

        return draw.Rect(1472, 720, 46, 50, 4, "box").Path("M1480 732 h20 M1480 745 h20 M1480 758 h20", "ln thin")
            .Path("M1518 745 h44", "ln")
            .Text(1545, 733, c.Word("Disk"), TextRole.PlainSmall, TextAnchor.Middle).Node();
    }
}
