using System.Collections.Immutable;
using XenViz.Client.Stage.Parts;
using XenViz.Core.Projection;

namespace XenViz.Client.Stage;

/// <summary>
/// The phone's arrangement, 390 wide: the same objects at the same sides (guest left, driver domain right, shared
/// memory between, Xen below, the device under it), each with the one value that matters most. The numbers stand in a
/// row.
/// </summary>
internal static class PhoneLayout
{
    /// <summary>Width of the phone's canvas.</summary>
    public const int Width = 390;

    /// <summary>Height of the phone's canvas.</summary>
    public const int Height = 556;

    /// <summary>Centres of the circles 1 to 7.</summary>
    public static readonly ImmutableArray<(double X, double Y)> Places =
        [(33, 524), (87, 524), (141, 524), (195, 524), (249, 524), (303, 524), (357, 524)];

    public static Scene Build(SceneContext c) => new()
    {
        Width = Width,
        Height = Height,
        Nodes =
        [
            Domain(c, "guest", SceneOwner.Guest, 12, c.Stage.Guest, "GuestShort"),
            Domain(c, "driver", SceneOwner.Driver, 260, c.Stage.Driver, "DriverShort"),
            Driver(c, "front", SceneOwner.Guest, 22, c.IsNetwork ? "netfront" : "blkfront"),
            Driver(c, "back", SceneOwner.Driver, 270, c.IsNetwork ? "netback" : "blkback"),
            .. Windows(c), .. OwnPagePart.Phone(c), .. Ring(c), .. Data(c), .. StorePart.Phone(c), .. Xen(c),
            .. Hardware(c), .. Rail(), .. ViolationPart.Phone(c),
        ],
        Carriers = PhoneLanes.Carriers(c),
        Circles = SceneLayout.Circles(c, Places),
        Twins = SceneTwins.Of(c),
        Label = StageText.Get("StageLabel", c.View.Narration.Number, c.View.Narration.Caption),
        MotionMs = c.Clock.TotalMs,
    };

    private static SceneNode Domain(
        SceneContext c, string id, SceneOwner owner, double x, DomainView domain, string title)
    {
        var inside = id == "guest" ? new[] { "app", "front" } : ["back", "disk-driver"];
        var acting = c.Stage.Acting is { } a && (a == id || inside.Contains(a));
        var look = acting ? SceneLook.Acting
            : c.Look(id) != SceneLook.Dim || inside.Any(c.Lit) ? SceneLook.Idle : SceneLook.Dim;
        return new NodeDraw(c, id, id, owner, look)
            .Rect(x, 6, 118, 208, 10, domain.Dead ? "zone dead" : "zone")
            .Path(Glyphs.Owner(owner, x + 18, 24, 6), "glyph")
            .Text(x + 31, 30, StageText.Get(title), TextRole.Title, TextAnchor.Start, "rt")
            .Fit(x + 12, 49, 100, TextAnchor.Start, "mute",
                (StageText.Get("DomState", domain.Id, DomainPart.State(domain)), TextRole.Plain),
                (StageText.Get("Dom", domain.Id), TextRole.Plain))
            .Node();
    }

    private static SceneNode Driver(SceneContext c, string id, SceneOwner owner, double x, string name)
    {
        var front = id == "front";
        var pairs = front
            ? new[] { ("req_prod_pvt", c.Stage.Front.ReqProdPvt), ("rsp_cons", c.Stage.Front.RspCons) }
            : [("rsp_prod_pvt", c.Stage.Back.RspProdPvt), ("req_cons", c.Stage.Back.ReqCons)];
        if (!front && c.Stage.Driver.Dead)
        {
            return new NodeDraw(c, id, id, owner, SceneLook.Idle).Rect(x, 58, 98, 72, 8, "box gone")
                .Rect(x + 6, 80, 86, 30, 4, "backing")
                .Text(x + 49, 100, StageText.Get("Dead"), TextRole.Strong, TextAnchor.Middle).Node();
        }

        var draw = new NodeDraw(c, id, id, owner).Box(x, 58, 98, 72, c.Changed(id))
            .Text(x + 49, 79, name, TextRole.Strong, TextAnchor.Middle);
        var y = 98;
        foreach (var (field, value) in pairs)
        {
            var change = c.Change(id + "." + field);
            var number = TextFit.Short(SceneContext.Dec(value));
            var @short = field.Replace("_prod_pvt", "_pvt", StringComparison.Ordinal);
            if (change is not null)
            {
                draw.Rect(x + 4, y - 13, 90, 18, 3, "chg effect");
            }

            draw.Fit(x + 49, y, 92, TextAnchor.Middle, change is null ? "" : "chgt",
                (@short + " " + number, TextRole.ValueSmall),
                (@short.Split('_')[^1] + " " + number, TextRole.ValueSmall));
            y += 22;
        }

        return draw.Node();
    }

    private static IEnumerable<SceneNode> Windows(SceneContext c)
    {
        if (c.Stage.Data is { } data && c.GuestSees)
        {
            var pfn = SceneContext.Hex(data.Pfn);
            yield return new NodeDraw(c, "guest-window", "guest-window", SceneOwner.Guest)
                .Text(24, 158, StageText.Get("ItsPage"), TextRole.Plain)
                .Fit(24, 178, 100, TextAnchor.Start, "", (pfn, TextRole.Strong), (pfn, TextRole.ValueSmall))
                .Path("M92 194 H142", "ln").Path(Glyphs.Head(155, 194, 'R', false), "hd").Node();
        }

        if (c.Stage.DriverWindow is { } window)
        {
            var (ring, low) = (c.Stage.Data is null, c.Stage.OwnPages);
            var top = low ? 134 : 140;
            var words = window.Stale ? c.Stage.Driver.Dead ? "DeadShort" : "StaleShort"
                : window.Writable ? "WritableShort" : "ReadOnlyShort";
            yield return new NodeDraw(c, "driver-window", "driver-window", SceneOwner.Driver)
                .Box(268, top, 102, low ? 33 : 42, c.Changed("driver-window"), window.Stale ? "box private" : "box")
                .Fit(319, low ? 148 : 157, 96, TextAnchor.Middle, window.Stale ? "gone" : "",
                    (TextFit.Short(window.Address), TextRole.ValueSmall))
                .Text(319, low ? 163 : 175, StageText.Get(words), TextRole.PlainSmall, TextAnchor.Middle).Node();
            yield return window.Stale
                ? new NodeDraw(c, "mapping", "driver-window", SceneOwner.Driver)
                    .Rect(252, low ? 144 : 188, low ? 16 : 44, 14, 0, "cell stale").Node()
                : new NodeDraw(c, "mapping", "driver-window", SceneOwner.Driver)
                    .Path(ring ? "M268 151 H254 V116" : low ? "M268 151 H262" : "M300 182 V194 H262", "ln")
                    .Path(
                        ring ? Glyphs.Head(254, 104, 'U', false) : Glyphs.Head(249, low ? 151 : 194, 'L', false), "hd")
                    .Node();
            if (!window.Stale)
            {
                yield return new NodeDraw(c, "padlock", "driver-window", SceneOwner.None, SceneLook.Idle)
                    .Add(Glyphs.Padlock(low ? 360 : 350, low ? 158 : 200, low ? 0.5 : 0.6, window.Writable)).Node();
            }
        }
    }

    private static IEnumerable<SceneNode> Ring(SceneContext c)
    {
        var ring = c.View.Ring;
        if (!ring.Exists || ring.Size <= 0)
        {
            foreach (var small in RingTabs.Phone(c))
            {
                yield return small;
            }

            yield break;
        }

        var draw = new NodeDraw(c, "ring", "ring", SceneOwner.Guest).Box(142, 10, 106, 114, c.Changed("ring"));
        if (c.Stage.Rings.IsEmpty)
        {
            draw.Text(153, 30, StageText.Get("RingShort"), TextRole.Label);
        }

        var (first, count) = RingPart.Shown(ring);
        var width = 88.0 / count;
        foreach (var slot in ring.Slots.Skip(first).Take(count))
        {
            var kind = slot.Kind == "free" ? (slot.OldBytes ? " stale" : "")
                : slot.State is "private" or "answer-private" ? " private"
                : slot.Kind == "response" || slot.State == "serving" ? " ownd" : " owng";
            var mark = c.Change("slot." + slot.Slot) is null ? "cell thin" + kind : "chg thin effect";
            draw.Rect(151 + ((slot.Slot - first) * width), 40, width, 22, 0, mark);
        }

        var y = 84;
        foreach (var (name, value) in new[] { ("req_prod", ring.ReqProd), ("rsp_prod", ring.RspProd) })
        {
            var change = c.Change("ring." + name);
            if (change is not null)
            {
                draw.Rect(146, y - 14, 98, 20, 3, "chg effect");
            }

            var number = TextFit.Short(SceneContext.Dec(value));
            draw.Fit(195, y, 96, TextAnchor.Middle, change is null ? "" : "chgt",
                (name + " " + number, TextRole.Value), (name + " " + number, TextRole.ValueSmall),
                (name[..3] + " " + number, TextRole.ValueSmall));
            y += 26;
        }

        yield return draw.Node();
        foreach (var small in RingTabs.Phone(c))
        {
            yield return small;
        }
    }

    private static IEnumerable<SceneNode> Data(SceneContext c)
    {
        if (c.Stage.Data is not { } data)
        {
            yield break;
        }

        var draw = new NodeDraw(c, "data", "data", c.PageOwner);
        if (c.Change("data") is not null)
        {
            draw.Path(Glyphs.Page(156, 136, 90, 76, 12), "halo effect");
        }

        var title = data.Ungranted ? StageText.Get("PageUngranted")
            : data.Count > 1 ? StageText.Get("PageShort", data.Ordinal, data.Count)
            : StageText.Get("DataShort");
        var frame = SceneContext.Hex(data.Mfn);
        var text = data.Text.Length == 0 ? SceneContext.NoTextShort(data) : "\"" + data.Text + "\"";
        var (first, rest) = TwoLines(text, 9);
        yield return draw.Path(Glyphs.Page(156, 136, 90, 76, 12), "box page")
            .Path(Glyphs.Fold(156, 136, 90, 12), "ln thin")
            .Text(164, 154, title, TextRole.Label)
            .Fit(164, 171, 78, TextAnchor.Start, "", (first, TextRole.ValueSmall))
            .Fit(164, 186, 78, TextAnchor.Start, "", (rest, TextRole.ValueSmall))
            .Fit(164, 203, 78, TextAnchor.Start, "", (frame, TextRole.Strong), (frame, TextRole.ValueSmall))
            .Node();
    }

    // At a blank where there is one, else where the first line is full.
    private static (string First, string Second) TwoLines(string text, int letters)
    {
        if (text.Length <= letters)
        {
            return (text, "");
        }

        var blank = text.LastIndexOf(' ', letters);
        return blank > 0 ? (text[..blank], text[(blank + 1)..]) : (text[..letters], text[letters..]);
    }

    private static IEnumerable<SceneNode> Xen(SceneContext c)
    {
        var acting = c.Stage.Acting is "xen" ? SceneLook.Acting : SceneLook.Idle;
        yield return new NodeDraw(c, "xen", "xen", SceneOwner.Xen, acting)
            .Rect(12, 228, 366, 198, 10, "zone")
            .Path(Glyphs.Owner(SceneOwner.Xen, 33, 247, 7), "glyph")
            .Text(47, 253, StageText.Get("Xen"), TextRole.Title, TextAnchor.Start, "rt").Node();
        if (c.Stage.Maptrack is not null || c.Changed("maptrack"))
        {
            var handle = c.Stage.Maptrack is { } track ? StageText.Get("Handle", track.Handle)
                : StageText.Get("NoHandle");
            yield return new NodeDraw(c, "maptrack", "maptrack", SceneOwner.Xen)
                .Fit(360, 253, 200, TextAnchor.End, c.Changed("maptrack") ? "changed" : "mute",
                    (StageText.Get("MaptrackIs", handle), TextRole.Plain)).Node();
        }

        if (c.Stage.Grant is { } grant)
        {
            yield return PhoneXen.Grant(c, grant);
        }

        foreach (var node in PhoneXen.Ports(c))
        {
            yield return node;
        }
    }

    private static IEnumerable<SceneNode> Hardware(SceneContext c)
    {
        var lit = c.Look("dma") != SceneLook.Dim || c.Lit("iommu") || c.Lit("disk");
        yield return new NodeDraw(c, "hardware", null, SceneOwner.Hardware, lit ? SceneLook.Idle : SceneLook.Dim)
            .Rect(12, 436, 366, 56, 10, "zone").Node();
        var entry = c.Stage.Iommu is { } iommu
            ? StageText.Get(iommu.Writable ? "IommuWrite" : "IommuRead", SceneContext.Hex(iommu.Mfn))
            : c.IommuWithoutEntry is "NoEntryHere" ? StageText.Get("NoEntryHereShort")
            : StageText.Get(c.IommuWithoutEntry);
        yield return PhoneXen.Box(c, "iommu", SceneOwner.Hardware, 20, 443, 134, StageText.Get("Iommu"), entry);
        yield return PhoneXen.Box(
            c, "dma", SceneOwner.Hardware, 162, 443, 104, StageText.Get("DmaShort"),
            StageText.Get("Dma." + c.Stage.Dma.State));
        yield return PhoneXen.Box(
            c, "disk", SceneOwner.Hardware, 274, 443, 96, c.Word("Disk"),
            c.Stage.Dma.BusAddress is null ? "" : c.Word("Sector", c.Stage.Dma.Sector));
    }

    private static IEnumerable<SceneNode> Rail() =>
        [new SceneNode("rail", null, SceneOwner.None, SceneLook.Idle, 0, [new PathMark("M33 524 H357", "rail")])];
}
