using System.Collections.Immutable;
using XenViz.Client.Panels;
using XenViz.Client.Resources;
using XenViz.Core.Projection;

namespace XenViz.Client.TextView;

/// <summary>The event channels in words: ports, what the domains share with Xen for them, and the queues of FIFO.
/// </summary>
internal static class TextEvents
{
    /// <summary>The section.</summary>
    public static TextSection Of(SessionView view)
    {
        var fifo = view.Events.Domains.Any(domain => domain.Abi == "fifo");
        return new("events", TextViewTexts.Events,
        [
            Ports(view, fifo),
            new("event-words", TextViewTexts.Events_Words,
                [
                    TextViewTexts.Events_Domain, TextViewTexts.Events_Abi, TextViewTexts.Events_Name,
                    TextViewTexts.Events_Value, TextViewTexts.Events_Place,
                ],
                [.. view.Events.Domains.SelectMany(Words)], TextViewTexts.Events_None),
            .. fifo ? [Queues(view)] : Array.Empty<TextTable>(),
            new("way", TextViewTexts.Events_Way,
                [TextViewTexts.Now_Number, TextViewTexts.Change_What, TextViewTexts.Events_Bit],
                [.. view.Events.Way.Select(step => TextRow.Of(
                    step.Number, step.Text, step.Bit.Length > 0 ? step.Bit : PanelTexts.Events_NoChange) with
                {
                    Current = step.Current,
                })],
                PanelTexts.Events_WayEmpty),
        ]);
    }

    private static TextTable Ports(SessionView view, bool fifo) => new("ports", TextViewTexts.Events_Caption,
        [
            TextViewTexts.Events_Port, TextViewTexts.Events_Leads, PanelTexts.Events_Pending, PanelTexts.Events_Mask,
            .. fifo
                ? [
                    PanelTexts.Events_Linked, PanelTexts.Events_Busy, TextViewTexts.Events_Next,
                    TextViewTexts.Events_Priority,
                ]
                : new[] { PanelTexts.Events_Selector },
            PanelTexts.Events_Upcall,
        ],
        [.. view.Events.Ports.Select(port => TextRow.Of([.. Cells(port)]) with
        {
            Current = view.Changes.Any(each => each.Id.StartsWith(
                $"port.{port.Domain}.{port.Number}.", StringComparison.Ordinal)),
        })],
        TextViewTexts.Events_None);

    private static IEnumerable<string> Cells(PortView port) =>
    [
        PanelTexts.Events_Port.With(port.Domain, port.Number), Leads(port), Bit(port.Pending), Bit(port.Masked),
        .. port.Fifo is { } word
            ? [Bit(word.Linked), Bit(word.Busy), $"{word.Link}", $"{word.Priority}"]
            : new[] { Bit(port.Selector) },
        Bit(port.UpcallPending),
    ];

    private static IEnumerable<TextRow> Words(EventDomainView domain) => domain.Fields.Select(field => TextRow.Of(
        $"dom {domain.Domain}",
        domain.Abi == "fifo" ? PanelTexts.Events_Abi_fifo : PanelTexts.Events_Abi_2l, field.Name, field.Value,
        $"{Svg.Hex(field.Mfn)} + {Svg.Hex((ulong)field.Offset)}") with
    {
        Current = field.Before is not null,
    });

    private static TextTable Queues(SessionView view) => new("queues", TextViewTexts.Events_Queues,
        [
            TextViewTexts.Events_Domain, TextViewTexts.Events_Priority, TextViewTexts.Events_Ready,
            TextViewTexts.Events_Order, TextViewTexts.Events_Tail,
        ],
        [.. view.Events.Domains.SelectMany(domain => domain.Queues.Select(queue => TextRow.Of(
            $"dom {domain.Domain}", $"{queue.Priority}", Bit(queue.Ready),
            string.Join(", ", queue.Ports.Select(port => port.Number)), $"{queue.Tail}")))],
        TextViewTexts.Events_QueuesNone);

    private static string Leads(PortView port) => port is { PeerDomain: { } domain, PeerNumber: { } number }
        ? PanelTexts.Events_To.With(domain, number)
        : PanelTexts.ResourceManager.GetString("Port_" + port.State) ?? port.State;

    private static string Bit(bool set) => set ? "1" : "0";
}
