using XenViz.Core.Projection;

namespace XenViz.Client.Stage.Parts;

/// <summary>The band of the hypervisor: the grant entry, the maptrack and the ends of the event channel.</summary>
internal static class XenPart
{
    public static IEnumerable<SceneNode> Nodes(SceneContext c)
    {
        yield return Zone(c);
        if (Wire(c) is { } wire)
        {
            yield return wire;
        }

        if (c.Stage.Grant is { } grant)
        {
            yield return GrantPart.Entry(c, grant);
            if (c.Stage is { Maptrack: { } held, Data: { } data } && held.Mfn == data.Mfn)
            {
                yield return new NodeDraw(c, "chain-page", null, SceneOwner.Xen, Chain(c))
                    .Path("M760 518 V492", "ln").Path(Glyphs.Head(760, 479, 'U', false), "hd").Node();
            }
        }

        if (c.Stage.Maptrack is not null || c.Changed("maptrack"))
        {
            yield return Maptrack(c);
        }

        foreach (var node in PortPart.Nodes(c))
        {
            yield return node;
        }
    }

    private static SceneNode Zone(SceneContext c)
    {
        string[] inside = ["xen", "grant", "maptrack", "guest-port", "driver-port", "disk-port"];
        var acting = c.Stage.Acting is { } id && inside.Contains(id);
        var look = acting ? SceneLook.Acting
            : c.Look("xen") != SceneLook.Dim || inside.Any(c.Lit) ? SceneLook.Idle : SceneLook.Dim;
        var draw = new NodeDraw(c, "xen", "xen", SceneOwner.Xen, look).Rect(16, 506, 1568, 166, 14, "zone");
        if (c.Wall)
        {
            draw.Rect(92, 518, 188, 84, 8, "bar keep");
        }

        var x = c.Wall ? 14 : 0;
        return draw.Path(Glyphs.Owner(SceneOwner.Xen, 102 + x, 544), "glyph")
            .Text(122 + x, 554, StageText.Get("Xen"), TextRole.Title, TextAnchor.Start, "onbar rt")
            .Text(92 + x, c.Wall ? 587 : 584, StageText.Get("Hypervisor"), TextRole.Plain, TextAnchor.Start, "onbar")
            .Node();
    }

    // Each part of the wire is there once its port is.
    private static SceneNode? Wire(SceneContext c)
    {
        var (left, right) = (c.Stage.GuestPort is not null, PortPart.Right(c) is not null);
        if (!left && !right)
        {
            return null;
        }

        var look = c.Look("guest-port") == SceneLook.Dim && c.Look("driver-port") == SceneLook.Dim
            ? SceneLook.Dim : SceneLook.Idle;
        var joined = c.Stage.GuestPort is not null && c.Stage.DriverPort is not null;
        var parts = (left ? "M56 318 V544 M56 606 V640 H92" : "") + (joined ? " M528 640 H964" : "")
            + (right ? " M1400 640 H1546 V606 M1546 544 V262" : "");
        return new NodeDraw(c, "wire", null, SceneOwner.Xen, look)
            .Path(parts.TrimStart(), joined ? "ln" : "ln private")
            .Node();
    }

    private static SceneNode Maptrack(SceneContext c)
    {
        if (c.Stage.Maptrack is not { } track)
        {
            return new NodeDraw(c, "maptrack", "maptrack", SceneOwner.Xen, SceneLook.Idle)
                .Box(970, 518, 430, 84, false)
                .Text(988, 550, StageText.Get("Maptrack"), TextRole.Label)
                .EndChip(1384, 550, 230, StageText.Get("NoHandle"), true)
                .Node();
        }

        var handle = StageText.Get("Handle", track.Handle);
        var access = StageText.Get(track.FlagNames.Contains("readonly") ? "ReadOnly" : "ReadAndWrite");
        var record = StageText.Get("Record", track.Granter, track.Ref, access);
        var room = 1384 - 988 - c.Width(StageText.Get("Maptrack"), TextRole.Label) - 16;
        return new NodeDraw(c, "maptrack", "maptrack", SceneOwner.Xen)
            .Box(970, 518, 430, 84, false)
            .Text(988, 550, StageText.Get("Maptrack"), TextRole.Label)
            .EndChip(1384, 550, room, handle, c.Changed("maptrack"))
            .Fit(988, 586, 396, TextAnchor.Start, "", (record, TextRole.Value), (record, TextRole.ValueSmall),
                (StageText.Get("RecordShort", track.Granter, track.Ref), TextRole.ValueSmall))
            .Path("M970 560 H914", "ln").Path(Glyphs.Head(902, 560, 'L', false), "hd")
            .Node();
    }

    private static SceneLook Chain(SceneContext c) =>
        c.Look("grant") == SceneLook.Dim ? SceneLook.Dim : SceneLook.Idle;
}
