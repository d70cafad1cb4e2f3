using XenViz.Core.Projection;

namespace XenViz.Client.Stage.Parts;

/// <summary>The ring page between its two owners: the slots and the index flags.</summary>
internal static class RingPart
{
    private const double Left = 584;
    private const double Top = 140;
    private const double Span = 432;
    private const double CellHeight = 64;

    private const int MostSlots = 32;
    private const int Window = 8;

    /// <summary>The slots on stage: all of a short ring; of a longer one the eight among which the story is.</summary>
    public static (int First, int Count) Shown(RingView ring) => ring.Size <= MostSlots
        ? (0, ring.Size)
        : ((ring.FocusSlot ?? (int)(ring.RspCons & (uint)(ring.Size - 1))) / Window * Window, Window);

    /// <summary>The width of a slot: 54 for 8 slots, less for more.</summary>
    public static double CellWidth(RingView ring) => Span / Shown(ring).Count;

    public static IEnumerable<SceneNode> Nodes(SceneContext c)
    {
        var ring = c.View.Ring;
        if (!ring.Exists || ring.Size <= 0)
        {
            foreach (var tab in RingTabs.Nodes(c))
            {
                yield return tab;
            }

            yield break;
        }

        var draw = Frame(c, ring);
        var (first, count) = Shown(ring);
        var room = count > 8 ? 370 : c.Stage.Rings.IsEmpty || count == ring.Size ? 440
            : (c.Low ? 434 : 428) - c.Width(Which(c, ring), TextRole.PlainSmall);
        draw.Fit(580, 290, room, TextAnchor.Start, "", Status(ring, c.Stage.Focus));
        yield return draw.Node();

        foreach (var slot in ring.Slots.Skip(first).Take(count))
        {
            yield return Slot(c, ring, slot);
        }

        if (count > 8 && c.Lit("ring") && FocusOf(ring, c.Stage.Focus) is { } focus)
        {
            var width = CellWidth(ring);
            yield return new NodeDraw(c, "slot-focus", "ring", SceneOwner.None)
                .Rect(Left + (width * (focus.Slot - first)), Top - 3, width, CellHeight + 6, 2, "focus").Node();
        }

        if (count > 8 && FocusOf(ring, c.Stage.Focus) is { FirstRef: { } reference, Kind: "request" })
        {
            yield return Tickets.Draw(
                new NodeDraw(c, "slot-ticket", "ring", SceneOwner.Guest), c, 989, 282, 54, 34, reference).Node();
        }

        foreach (var node in RingFlags.Nodes(c, ring).Concat(RingTabs.Nodes(c)))
        {
            yield return node;
        }
    }

    private static NodeDraw Frame(SceneContext c, RingView ring)
    {
        var draw = new NodeDraw(c, "ring", "ring", SceneOwner.Guest);
        if (c.Stage.Rings.IsEmpty)
        {
            return draw.Box(556, 30, 488, 276, c.Changed("ring"))
                .Text(580, 66, Title(ring), TextRole.Label)
                .Text(1020, 66, Which(c, ring), TextRole.Plain, TextAnchor.End);
        }

        var outline = RingTabs.Outline(c.Stage.Rings);
        if (c.Changed("ring"))
        {
            draw.Path(outline, "halo effect");
        }

        draw.Path(outline, "box");
        return ring.Size == Shown(ring).Count ? draw
            : draw.Text(1020, 290, Which(c, ring), TextRole.PlainSmall, TextAnchor.End);
    }

    /// <summary>Where the flag of an index stands: the left edge of the slot it points at.</summary>
    /// <remarks>An index outside of the slots on stage stands at the nearer edge.</remarks>
    public static double PoleX(RingView ring, uint index)
    {
        var (first, count) = Shown(ring);
        return Left + (CellWidth(ring) * Math.Clamp((int)(index & (uint)(ring.Size - 1)) - first, 0, count));
    }

    private static string Title(RingView ring) =>
        StageText.Get(ring.Name switch { "tx" => "RingTx", "rx" => "RingRx", _ => "RingPage" });

    private static string Which(SceneContext c, RingView ring)
    {
        var (first, count) = Shown(ring);
        return count == ring.Size
            ? StageText.Get("BothWrite")
            : StageText.Get(c.Low ? "SlotsOfShort" : "SlotsOf", first, first + count - 1, ring.Size);
    }

    private static SceneNode Slot(SceneContext c, RingView ring, SlotView slot)
    {
        var width = CellWidth(ring);
        var x = Left + (width * (slot.Slot - Shown(ring).First));
        var response = slot.Kind == "response";
        var owner = response || slot.State == "serving" ? SceneOwner.Driver : SceneOwner.Guest;
        var draw = new NodeDraw(c, "slot-" + slot.Slot, "ring", slot.Kind == "free" ? SceneOwner.Guest : owner);
        var changed = c.Change("slot." + slot.Slot) is not null;
        var fill = slot.Kind == "free" ? (slot.OldBytes ? " stale" : "")
            : slot.State is "private" or "answer-private" ? " private" : " tint";
        draw.Rect(x, Top, width, CellHeight, 0, "cell" + fill);
        if (changed)
        {
            draw.Rect(x + 1, Top + 1, width - 2, CellHeight - 2, 0, "chg effect");
        }

        if (slot.Kind == "free")
        {
            return draw.Node();
        }

        var middle = x + (width / 2);
        if (width < 50)
        {
            // Too narrow for words: the owner's shape says whose bytes these are.
            return draw.Path(Glyphs.Owner(owner, middle, Top + 32, Math.Min(8, (width / 2) - 2)), "glyph").Node();
        }

        if (!response && slot.FirstRef is { } reference)
        {
            return Tickets.Draw(draw, c, middle, Top + 32, 48, 36, reference).Node();
        }

        var word = response ? Answer(slot) : slot.Operation;
        return draw
            .Path(Glyphs.Owner(owner, middle, Top + 17, 8), "glyph")
            .Fit(middle, Top + 53, width - 6, TextAnchor.Middle, changed ? "chgt" : "rt",
                (word, TextRole.Strong), (word, TextRole.ValueSmall),
                (word[..Math.Min(1, word.Length)], TextRole.ValueSmall))
            .Node();
    }

    // A receive answer above 0 is a number of bytes; a transmit answer of 1 says that the slot was none.
    private static string Answer(SlotView slot) => (slot.Operation, slot.Status) switch
    {
        (_, 0) => StageText.Get("StatusOkay"),
        ("RX", > 0) => StageText.Get("StatusBytes", slot.Status),
        ("TX", 1) => StageText.Get("StatusNull"),
        (_, null) => "",
        _ => StageText.Get("StatusError"),
    };

    private static SlotView? FocusOf(RingView ring, RequestView? focus)
    {
        var slot = focus?.Slot ?? ring.FocusSlot;
        return slot is { } number && number >= 0 && number < ring.Slots.Length ? ring.Slots[number] : null;
    }

    private static (string Text, TextRole Role)[] Status(RingView ring, RequestView? focus)
    {
        if (focus is null)
        {
            var free = StageText.Get("SlotsFree", ring.Free, ring.Size);
            return [(free, TextRole.Plain), (free, TextRole.PlainSmall)];
        }

        var state = StageText.Get("Request." + focus.State);
        var full = StageText.Get("SlotIs", focus.Slot, focus.Index, state);
        var cut = StageText.Get("SlotIs", focus.Slot, TextFit.Short(SceneContext.Dec(focus.Index)), state);
        var least = StageText.Get("SlotIsShort", focus.Slot, state);
        return
        [
            (full, TextRole.Plain), (full, TextRole.PlainSmall), (cut, TextRole.Plain), (cut, TextRole.PlainSmall),
            (least, TextRole.PlainSmall),
        ];
    }
}
