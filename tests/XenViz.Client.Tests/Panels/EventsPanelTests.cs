using Bunit;
using XenViz.Client.Pages;
using XenViz.Client.Panels;
using XenViz.Client.TextView;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Panels;

/// <summary>The Events tab in both ABIs, with the views of real runs.</summary>
public sealed class EventsPanelTests : ScreenTest
{
    private const string Queue = "scenario=workload&queues=4&depth=4&segments=1&events=fifo&work=read:0/32&xen=on&at=";

    private readonly List<string> opened = [];

    private static SessionView Run(string link) => GalleryStates.ViewOf(new GalleryState("run", link))!;

    private IRenderedComponent<EventsPanel> Show(SessionView view) => Render<EventsPanel>(p => p
        .Add(e => e.Events, view.Events).Add(e => e.GuestDomain, (ushort)5).Add(e => e.Changes, view.Changes)
        .Add(e => e.OnOpen, (string id) => opened.Add(id)));

    [Fact]
    public void It_says_which_ABI_the_domains_have()
    {
        Assert.Equal("2-level ABI: bits", Show(Run("")).Id("events-abi").TextContent);
        var fifo = Show(Run("events=fifo"));
        Assert.Equal("FIFO ABI: queues", fifo.Id("events-abi").TextContent);
        Assert.Equal("fifo", fifo.Id("events-2").GetAttribute("data-abi"));
        Assert.Empty(fifo.FindAll(".word64"));
        Assert.Equal(3, fifo.FindAll(".word32").Count);
    }

    [Fact]
    public async Task Bitmaps_and_selector_are_shown_with_their_values_and_can_be_asked_about()
    {
        var panel = Show(Run("xen=on&at=22"));
        Assert.Contains("0x2", panel.Id("event-field-2-evtchn_pending_sel").TextContent, StringComparison.Ordinal);
        Assert.Contains("0x40", panel.Id("event-field-2-evtchn_pending[1]").TextContent, StringComparison.Ordinal);
        Assert.Contains("0x0", panel.Id("event-field-5-evtchn_mask[0]").TextContent, StringComparison.Ordinal);
        Assert.Empty(panel.FindAll(".queue"));
        await panel.Id("events-2").QuerySelector(".explain")!.ClickAsync(new());
        Assert.Equal(["events.2"], opened);
    }

    [Fact]
    public async Task Every_word_bit_and_queued_port_is_a_button_that_asks_for_its_part()
    {
        var panel = Show(Run(Queue + "107"));
        await panel.Id("event-open-2-ready").ClickAsync(new());
        await panel.Id("queued-2-72").QuerySelector("button")!.ClickAsync(new());
        await panel.Id("port-71-linked").ClickAsync(new());
        await panel.Id("port-71-link").ClickAsync(new());
        Assert.Equal(["events.2#ready", "port.2.72", "port.2.71#LINKED", "port.2.71#link"], opened);
        Assert.Equal("linked 1", panel.Id("port-71-linked").TextContent);
        Assert.All(panel.FindAll("button"), button => Assert.NotNull(button.Closest("[data-roves]")));
    }

    [Fact]
    public async Task Four_ports_stand_in_their_queue_in_order()
    {
        var panel = Show(Run(Queue + "107"));
        var queue = panel.Id("queue-2-7");
        Assert.Equal("true", queue.GetAttribute("data-ready"));
        Assert.Equal(["70", "71", "72", "73"], queue.QuerySelectorAll("li").Select(
            li => li.TextContent.Trim()));
        Assert.Contains("tail 73", queue.TextContent, StringComparison.Ordinal);
        Assert.Contains("0x0080", panel.Id("event-field-2-ready").TextContent, StringComparison.Ordinal);
        Assert.Contains("No port stands in a queue.", panel.Id("events-5").TextContent, StringComparison.Ordinal);
        await panel.Id("events-2").QuerySelector(".explain")!.ClickAsync(new());
        await panel.Id("port-71").QuerySelector(".explain")!.ClickAsync(new());
        Assert.Equal(["events.2", "port.2.71"], opened);
    }

    [Fact]
    public void An_event_word_is_drawn_bit_by_bit()
    {
        var card = Show(Run(Queue + "107")).Id("port-70");
        Assert.Equal("true", card.GetAttribute("data-pending"));
        var bits = card.QuerySelectorAll(".word32 .bitbox").Select(b => b.ClassList.Contains("set") ? 1u : 0).ToList();
        Assert.Equal(0xA0000047, bits.Aggregate(0u, (word, bit) => (word << 1) | bit));
        Assert.Contains("0xa0000047: priority 7, next port 71", card.TextContent, StringComparison.Ordinal);
        Assert.Contains("LINKED 1", card.QuerySelector("svg")!.GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_step_changed_is_marked_with_both_values()
    {
        var view = Run("events=fifo&xen=on&at=25");
        Assert.Equal("3.7.8", view.Narration.Number);
        var field = Show(view).Id("event-field-2-ready");
        Assert.Contains("cur", field.ClassList);
        Assert.Contains("0x0000 → 0x0080", field.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_is_not_linked_yet_is_dashed()
    {
        var panel = Show(Run(Queue + "51"));
        Assert.Equal(["70", "71"], panel.Id("queue-2-7").QuerySelectorAll("li").Select(li => li.TextContent));
        Assert.DoesNotContain("loose", panel.Id("queued-2-70").ClassList);
        Assert.Contains("loose", panel.Id("queued-2-71").ClassList);
    }

    [Fact]
    public void The_text_view_has_words_and_queues_as_tables()
    {
        var tables = TextEvents.Of(Run(Queue + "107")).Tables.ToDictionary(t => t.Id);
        Assert.Equal(["dom 2", "7", "1", "70, 71, 72, 73", "73"], Assert.Single(tables["queues"].Rows).Cells);
        Assert.Contains(tables["event-words"].Rows, r => r.Cells is ["dom 2", _, "ready", "0x0080", _]);
        Assert.All(tables.Values, t => Assert.All(t.Rows, r => Assert.Equal(t.Heads.Length, r.Cells.Length)));
        Assert.Contains("linked", tables["ports"].Heads);
        var bits = TextEvents.Of(Run("at=20")).Tables.Select(t => t.Id);
        Assert.Equal(["ports", "event-words", "way"], bits);
    }
}
