using XenViz.Core.Projection;

namespace XenViz.Client.Stage.Parts;

/// <summary>The ring page between its two owners: the slots and the index flags.</summary>
internal static class RingPart
{
    private const double Left = 584;
    private const double Top = 140;
    private const double Span = 432;
    private const double CellHeight = 64;

    /// <summary>The width of a slot: 54 for 8 slots, less for more.</summary>
    public static double CellWidth(int slots) => Span / slots;

    public static IEnumerable<SceneNode> Nodes(SceneContext c)
    {
        var ring = c.View.Ring;
        if (!ring.Exists || ring.Size <= 0)
        {
            yield break;
        }

        var draw = new NodeDraw(c, "ring", "ring", SceneOwner.Guest)
            .Box(556, 30, 488, 276, c.Changed("ring"))
            .Text(580, 66, StageText.Get("RingPage"), TextRole.Label)
            .Text(1020, 66, StageText.Get("BothWrite"), TextRole.Plain, TextAnchor.End);
        draw.Fit(580, 290, ring.Size > 8 ? 370 : 440, TextAnchor.Start, "", Status(ring, c.Stage.Focus));
        yield return draw.Node();

        foreach (var slot in ring.Slots)
        {
            yield return Slot(c, ring, slot);
        }

        if (ring.Size > 8 && c.Lit("ring") && FocusOf(ring, c.Stage.Focus) is { } focus)
        {
            var width = CellWidth(ring.Size);
            yield return new NodeDraw(c, "slot-focus", "ring", SceneOwner.None)
                .Rect(Left + (width * focus.Slot), Top - 3, width, CellHeight + 6, 2, "focus").Node();
        }

        if (ring.Size > 8 && FocusOf(ring, c.Stage.Focus) is { FirstRef: { } reference, Kind: "request" })
        {
            yield return Tickets.Draw(
                new NodeDraw(c, "slot-ticket", "ring", SceneOwner.Guest), c, 989, 282, 54, 34, reference).Node();
        }

        foreach (var node in RingFlags.Nodes(c, ring))
        {
            yield return node;
        }
    }

    /// <summary>Where the flag of an index stands: the left edge of the slot it points at.</summary>
    public static double PoleX(RingView ring, uint index) =>
        Left + (CellWidth(ring.Size) * (index & (uint)(ring.Size - 1)));

    private static SceneNode Slot(SceneContext c, RingView ring, SlotView slot)
    {
        var width = CellWidth(ring.Size);
        var x = Left + (width * slot.Slot);
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

        var word = response ? StageText.Get(slot.Status == 0 ? "StatusOkay" : "StatusError") : slot.Operation;
        return draw
            .Path(Glyphs.Owner(owner, middle, Top + 17, 8), "glyph")
            .Fit(middle, Top + 53, width - 6, TextAnchor.Middle, changed ? "chgt" : "rt",
                (word, TextRole.Strong), (word, TextRole.ValueSmall), (word[..1], TextRole.ValueSmall))
            .Node();
    }

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
        return [(full, TextRole.Plain), (full, TextRole.PlainSmall), (cut, TextRole.Plain), (cut, TextRole.PlainSmall)];
    }
}
