using System.Collections.Immutable;
using XenViz.Client.Panels;
using XenViz.Client.Resources;
using XenViz.Client.Stage.Parts;
using XenViz.Core.Abi.Io;
using XenViz.Core.Projection;
using XenViz.Core.Projection.Packets;

namespace XenViz.Client.TextView;

/// <summary>What only the network has, and Xenstore, as tables.</summary>
internal static class TextNetwork
{
    /// <summary>The frames, the interfaces with both rings of each, the card with the wire behind it.</summary>
    public static TextSection PacketsOf(SessionView view)
    {
        var packets = view.Packets;
        var since = view.Timeline.Stops.LastOrDefault(stop => stop < view.Run.Position);
        return new("packets", TextViewTexts.Packets,
        [
            new("packets", PacketTexts.List,
                [
                    TextViewTexts.Packets_Number, TextViewTexts.Packets_From, TextViewTexts.Packets_To,
                    TextViewTexts.Packets_Length, TextViewTexts.Packets_Info, TextViewTexts.Packets_Where,
                    TextViewTexts.Explain,
                ],
                [
                    .. packets.Rows.Select(row => TextRow.Of(
                        $"{row.Number}", row.From, row.To, $"{row.Bytes}", $"{row.Protocol}: {row.Info}", row.Where)
                        .Asking($"packet.{row.Number}", PacketTexts.Frame.With(row.Number)) with
                    {
                        Current = row.Moved > since,
                    }),
                ],
                PacketTexts.None),
            new("vifs", TextViewTexts.Vifs,
                [
                    TextViewTexts.Vifs_Name, TextViewTexts.Vifs_Guest, TextViewTexts.Vifs_Mac, TextViewTexts.Vifs_State,
                    TextViewTexts.Vifs_Queued, TextViewTexts.Vifs_Dropped,
                ],
                [
                    .. packets.Vifs.Select(vif => TextRow.Of(
                        vif.Name, $"{vif.Domain}", vif.Mac,
                        TextViewTexts.ResourceManager.GetString("Vif_" + vif.State) ?? vif.State, $"{vif.Queued}",
                        $"{vif.Dropped}")),
                ]),
            .. packets.Vifs.SelectMany((vif, i) => new[]
            {
                Ring(i * 2, vif.Name + "-tx", TextViewTexts.Vifs_Transmit.With(vif.Name), vif.Transmit),
                Ring((i * 2) + 1, vif.Name + "-rx", TextViewTexts.Vifs_Receive.With(vif.Name), vif.Receive),
            }),
            .. Card(packets),
        ]);
    }

    /// <summary>The states of both ends, the nodes with their rights, and the watches.</summary>
    public static TextSection StoreOf(SessionView view) => new("store", StoreTexts.Tab,
    [
        new("states", StoreTexts.States, [StoreTexts.Domain, StoreTexts.Value],
            [
                TextRow.Of(StoreTexts.Front, StateOf(view.Store.FrontState)),
                TextRow.Of(StoreTexts.Back, StateOf(view.Store.BackState)),
            ]),
        new("nodes", StoreTexts.Tree,
            [StoreTexts.Key, StoreTexts.Value, StoreTexts.Permissions, StoreTexts.Watched, TextViewTexts.Explain],
            [
                .. view.Store.Nodes.Where(node => node.Path.Count(c => c == '/') > 2).Select(node => TextRow.Of(
                    node.Path, node.Value, node.Permissions, string.Join(", ", node.Watchers))
                    .Asking("xenstore." + node.Path, node.Path) with
                {
                    Current = view.Changes.Any(change => change.Id == "xenstore." + node.Path),
                }),
            ],
            StoreTexts.Empty),
        new("watches", StoreTexts.Watches, [StoreTexts.Domain, StoreTexts.Path, StoreTexts.Unread],
            [
                .. view.Store.Watches.Select(watch => TextRow.Of($"{watch.Domain}", watch.Path, $"{watch.Unread}")),
            ],
            TextViewTexts.Watches_None),
    ]);

    private static string StateOf(int? state) => state is { } number && Enum.IsDefined((XenbusState)number)
        ? $"{number} {(XenbusState)number}"
        : $"{state ?? 0}";

    // Whichever ring is on stage, each slot can be asked about.
    private static TextTable Ring(int number, string id, string name, NetRingView ring) => new(
        "ring-" + id, TextViewTexts.Vifs_Ring.With(name, ring.ReqProd, ring.ReqCons, ring.RspProd, ring.RspCons),
        [
            TextViewTexts.Ring_Slot, TextViewTexts.Ring_Holds, TextViewTexts.Ring_State, TextViewTexts.Ring_Content,
            TextViewTexts.Explain,
        ],
        [
            .. ring.Slots.Select(slot => TextRow.Of(
                $"{slot.Slot}", $"{slot.Index}", Words.SlotState(slot), TextMachine.Content(slot))
                .Asking(
                    $"{RingTabs.IdOf(number)}.slot.{slot.Slot}",
                    $"{TextViewTexts.Ring_Slot} {slot.Slot}, {name}")),
        ],
        TextViewTexts.Vifs_NoSlots);

    private static TextTable[] Card(PacketsView packets) => packets.Card is not { } card ? [] :
    [
        new("card", TextViewTexts.Card, [TextViewTexts.Change_What, TextViewTexts.Memory_Count],
            [
                TextRow.Of(TextViewTexts.Card_Queued, $"{card.Queued}"),
                TextRow.Of(TextViewTexts.Card_Sent, $"{card.Sent}"),
                TextRow.Of(TextViewTexts.Card_Coming, $"{card.Coming}"),
                TextRow.Of(TextViewTexts.Card_Arrived, $"{card.Arrived}"),
                TextRow.Of(TextViewTexts.Card_Free, $"{card.FreePages}"),
                TextRow.Of(TextViewTexts.Card_Wire, card.WireMac),
            ]),
    ];
}
