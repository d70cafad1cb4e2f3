using System.Collections.Immutable;
using XenViz.Client.Panels;
using XenViz.Client.Resources;
using XenViz.Core.Abi;
using XenViz.Core.Projection;

namespace XenViz.Client.TextView;

/// <summary>Ring, grants, page map and event channels as tables.</summary>
internal static class TextMachine
{
    /// <summary>The ring's indices, its slots, and whether the last push notified.</summary>
    public static TextSection RingOf(RingView ring)
    {
        if (!ring.Exists)
        {
            return new("ring", TextViewTexts.Ring, [new("ring-none", "", [], [], TextViewTexts.Ring_None)]);
        }

        var indices = RingGeometry.Shared(ring).Concat(RingGeometry.Private(ring));
        var tables = new List<TextTable>
        {
            new("indices", PanelTexts.Ring_Indices,
                [PanelTexts.Ring_Index, PanelTexts.Ring_Value, PanelTexts.Ring_SlotOf, PanelTexts.Ring_Writer,
                    TextViewTexts.Explain],
                [.. indices.Select(each => TextRow.Of(
                    each.Name, $"{each.Value}", $"{each.Value & (uint)(ring.Size - 1)}", Writer(each))
                    .Asking(IdOf(each), each.Name))]),
            new("slots", TextViewTexts.Ring_Slots,
                [
                    TextViewTexts.Ring_Slot, TextViewTexts.Ring_Holds, TextViewTexts.Ring_State,
                    TextViewTexts.Ring_Content, TextViewTexts.Explain,
                ],
                [.. ring.Slots.Select(slot => TextRow.Of(
                    $"{slot.Slot}", $"{slot.Index}", Words.SlotState(slot), Content(slot))
                    .Asking($"slot.{slot.Slot}", $"{TextViewTexts.Ring_Slot} {slot.Slot}") with
                {
                    Current = ring.FocusSlot == slot.Slot,
                })]),
        };
        if (ring.Notify is { } notify)
        {
            var sentence = (notify.ByFront ? TextViewTexts.Ring_NotifyFront : TextViewTexts.Ring_NotifyBack).With(
                notify.Number, notify.Old, notify.New, notify.Event,
                notify.Notify ? TextViewTexts.Yes : TextViewTexts.No);
            tables.Add(new("notify", TextViewTexts.Ring_Notify, [], [], sentence));
        }

        return new("ring", TextViewTexts.Ring, [.. tables]);
    }

    /// <summary>The grant table in use, and what the driver domain maps.</summary>
    public static TextSection GrantsOf(SessionView view)
    {
        var grants = view.Grants;
        return new("grants", TextViewTexts.Grants,
        [
            new("entries", TextViewTexts.Grants_Caption.With(grants.Domain, grants.Version),
                [
                    TextViewTexts.Grants_Ref, TextViewTexts.Grants_Flags, TextViewTexts.Grants_Domain,
                    TextViewTexts.Grants_Frame, TextViewTexts.Grants_Use, TextViewTexts.Grants_Pins,
                    TextViewTexts.Explain,
                ],
                [.. grants.Entries.Select(entry => Entry(entry) with { Current = entry.Ref == grants.FocusRef })],
                TextViewTexts.Grants_None),
            new("mappings", TextViewTexts.Maps,
                [PanelTexts.Map_Handle, PanelTexts.Map_RefOf, PanelTexts.Map_Address, TextViewTexts.Grants_Flags,
                    TextViewTexts.Explain],
                [.. grants.Mappings.Select(map => TextRow.Of(
                    $"{map.Handle}", PanelTexts.Map_RefOfDom.With(map.Ref, map.Granter), map.Address,
                    string.Join(", ", map.FlagNames))
                    .Asking($"mapping.{map.Handle}", $"{PanelTexts.Map_Handle} {map.Handle}"))],
                TextViewTexts.Maps_None),
        ]);
    }

    /// <summary>Every way to the frame of the lens, and what holds it.</summary>
    public static TextSection MemoryOf(PageMapView map)
    {
        if (map.Mfn == 0)
        {
            return new("memory", TextViewTexts.Memory, [new("memory-none", "", [], [], TextViewTexts.Memory_None)]);
        }

        return new("memory", TextViewTexts.Memory,
        [
            new("ways", TextViewTexts.Memory_Ways.With(Svg.Hex(map.Mfn)),
                [TextViewTexts.Memory_Who, TextViewTexts.Memory_Address, TextViewTexts.Memory_May],
                [
                    TextRow.Of(TextViewTexts.Owner_g, TextViewTexts.Memory_Page.With(Svg.Hex(map.GuestPfn)),
                        TextViewTexts.Memory_Write),
                    TextRow.Of(TextViewTexts.Owner_d, map.Backend?.Address ?? TextViewTexts.Memory_NoWay,
                        map.Backend is { Stale: true } ? TextViewTexts.Memory_Stale : May(map.Backend?.Writable)),
                    TextRow.Of(TextViewTexts.Owner_h,
                        map.Device is { } device ? Svg.Hex(device.Dfn) : TextViewTexts.Memory_NoWay,
                        May(map.Device?.Writable)),
                ]),
            new("holds", TextViewTexts.Memory_Counts, [TextViewTexts.Change_What, TextViewTexts.Memory_Count],
                [
                    TextRow.Of(PanelTexts.Map_References, $"{map.References}"),
                    TextRow.Of(PanelTexts.Map_Writable, $"{map.WritableUses}"),
                    TextRow.Of(PanelTexts.Map_Stale, $"{map.StaleTranslations}"),
                ]),
            new("frames", PanelTexts.Map_Frames,
                [
                    PanelTexts.Grants_Frame, PanelTexts.Map_FrameUse, PanelTexts.Map_FrameOwner,
                    PanelTexts.Map_FrameRefs, PanelTexts.Map_FrameMapped, TextViewTexts.Explain,
                ],
                [.. map.Frames.Select(frame => TextRow.Of(
                    Svg.Hex(frame.Mfn), frame.Use, $"{frame.Owner}", $"{frame.References}",
                    string.Join(", ", frame.MappedBy))
                    .Asking($"frame.{frame.Mfn}", $"{PanelTexts.Grants_Frame} {Svg.Hex(frame.Mfn)}"))]),
        ]);
    }

    private static TextRow Entry(GrantEntryView entry) => TextRow.Of(
        $"{entry.Ref}",
        entry.FlagNames.IsEmpty
            ? TextViewTexts.Grants_NoFlags
            : $"{Svg.Hex(entry.Flags, 4)}: {string.Join(", ", entry.FlagNames)}",
        $"{entry.DomId}", Svg.Hex(entry.Frame), entry.Use,
        TextViewTexts.Grants_PinWords.With(
            GrantFlags.Pin(entry.Pins, 1), GrantFlags.Pin(entry.Pins, 0),
            GrantFlags.Pin(entry.Pins, 3), GrantFlags.Pin(entry.Pins, 2)))
        .Asking($"grant.{entry.Ref}", $"{TextViewTexts.Grants_Ref} {entry.Ref}");

    /// <summary>What a slot holds, in words.</summary>
    public static string Content(SlotView slot) => slot.Kind switch
    {
        "request" => TextViewTexts.Ring_Request.With(slot.Operation, slot.Id, slot.FirstRef),
        "response" => TextViewTexts.Ring_Response.With(slot.Id, slot.Status),
        _ => "",
    };

    private static string IdOf(RingGeometry.Index index) =>
        (index.Hook is not null ? "ring." : index.Owner == Palette.Guest ? "front." : "back.") + index.Name;

    private static string Writer(RingGeometry.Index index)
    {
        var side = index.Owner == Palette.Guest ? PanelTexts.Ring_Front : PanelTexts.Ring_Back;
        return index.Hook is null ? PanelTexts.Ring_WriterPrivate.With(side) : side;
    }

    private static string May(bool? writable) => writable switch
    {
        true => TextViewTexts.Memory_Write,
        false => TextViewTexts.Memory_Read,
        _ => "",
    };
}
