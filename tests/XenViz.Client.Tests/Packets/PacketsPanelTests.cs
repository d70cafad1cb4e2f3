using Bunit;
using Microsoft.AspNetCore.Components.Web;
using XenViz.Client.Packets;
using XenViz.Client.Panels;
using XenViz.Core.Commands;
using XenViz.Core.Feed;

namespace XenViz.Client.Tests.Packets;

/// <summary>The frames of real runs: the list, and the chosen one taken apart.</summary>
public sealed class PacketsPanelTests : ScreenTest
{
    private readonly List<string> asked = [];
    private readonly List<string> opened = [];

    private static SessionEngine Engine(string link) => SessionEngine.Create(RunLink.Parse(link).Link!, null).Engine!;

    private IRenderedComponent<PacketsPanel> Show(string link, string? session = "abc")
    {
        var engine = Engine(link);
        return Render<PacketsPanel>(p => p.Add(x => x.View, engine.View()).Add(x => x.Ask, Ask(engine))
            .Add(x => x.SessionId, session).Add(x => x.OnOpen, opened.Add));
    }

    private Func<string, Task<DetailAnswer?>> Ask(SessionEngine engine) => id =>
    {
        asked.Add(id);
        return Task.FromResult<DetailAnswer?>(engine.Details(id));
    };

    [Fact]
    public void Before_the_first_frame_it_says_what_to_do()
    {
        var panel = Show("scenario=net-tx");
        Assert.StartsWith("No frame yet. Step forward", panel.Id("packets-none").TextContent, StringComparison.Ordinal);
        Assert.Empty(panel.Ids("packet"));
        Assert.Empty(panel.Ids("packets-pcap"));
        Assert.Empty(asked);
    }

    [Fact]
    public void The_frame_that_moved_last_is_taken_apart_without_being_asked_for()
    {
        var panel = Show("scenario=net-tx&at=30");
        Assert.Equal(["packet.1"], asked);
        Assert.Equal("1", panel.Id("packet").GetAttribute("data-number"));
        Assert.Equal("UDP 7 → 7 Len=1458", panel.Id("packet-said").TextContent.Trim());
        Assert.Equal("right", panel.Id("field-IPv4-Header checksum").GetAttribute("data-state"));
        Assert.Equal("✓ right", panel.Id("field-IPv4-Header checksum").QuerySelector(".mean")!.TextContent);
        Assert.Equal("0 to 1499", panel.Id("packet-pieces").QuerySelector("tbody th")!.TextContent);
        Assert.Equal("not given back yet", panel.Id("packet-answered").TextContent);
    }

    [Fact]
    public async Task A_field_and_its_bytes_are_chosen_together()
    {
        var panel = Show("scenario=net-tx&at=30");
        await panel.Id("field-Ethernet-Source").ClickAsync(new MouseEventArgs());
        Assert.Equal("true", panel.Id("field-Ethernet-Source").GetAttribute("aria-selected"));
        Assert.Equal("00163e000005", string.Concat(panel.FindAll(".phex .on").Select(b => b.TextContent)));
        await panel.Find("[data-b='p1:26']").ClickAsync(new MouseEventArgs());
        Assert.Equal("true", panel.Id("field-IPv4-Source").GetAttribute("aria-selected"));
        Assert.Equal("0a000005", string.Concat(panel.FindAll(".phex .on").Select(b => b.TextContent)));
        Assert.Equal("p1:26:4", panel.Id("field-IPv4-Source").GetAttribute("data-f"));
        Assert.Equal("p1:26:4", panel.Find("[data-b='p1:29']").GetAttribute("data-of"));
    }

    [Fact]
    public async Task A_layer_folds_by_a_click_and_by_keys()
    {
        var panel = Show("scenario=net-tx&at=30");
        await panel.Id("layer-UDP").ClickAsync(new MouseEventArgs());
        Assert.Equal("false", panel.Id("layer-UDP").GetAttribute("aria-expanded"));
        Assert.Empty(panel.Ids("field-UDP-Checksum"));
        await panel.Id("layer-UDP").KeyDownAsync(new KeyboardEventArgs { Key = "ArrowRight" });
        Assert.Single(panel.Ids("field-UDP-Checksum"));
        await panel.Id("field-UDP-Checksum").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" });
        Assert.Equal("true", panel.Id("field-UDP-Checksum").GetAttribute("aria-selected"));
        Assert.Single(panel.FindAll("[role=treeitem][tabindex='0']"));
    }

    [Fact]
    public async Task A_large_packet_shows_where_its_pieces_begin_and_all_its_bytes_on_demand()
    {
        var panel = Show("scenario=net-tx&work=send:5054/256/1448/0:large&at=40");
        Assert.Equal("the card cuts it: 1448 bytes of payload a segment", panel.Id("packet-gso").TextContent);
        Assert.Equal(12, panel.FindAll(".phex li").Count);
        await panel.Id("piece-page-3840").ClickAsync(new MouseEventArgs());
        await panel.Id("packet-details").ClickAsync(new MouseEventArgs());
        Assert.Equal(["frame.24577", "packet.1"], opened);
        await panel.Id("packet-hex-more").ClickAsync(new MouseEventArgs());
        Assert.Equal("Show fewer bytes", panel.Id("packet-hex-more").TextContent);
    }

    [Fact]
    public void The_frames_are_counted_and_the_last_one_to_move_is_shown()
    {
        var engine = Engine("scenario=net-tx&work=send:60:a&work=send:60:b&depth=2");
        engine.Apply(new Command.RunToEnd());
        var panel = Render<PacketsPanel>(p => p.Add(x => x.View, engine.View()).Add(x => x.Ask, Ask(engine)));
        Assert.Equal("2 in all, 2 at their end, 0 dropped", panel.Id("packets-count").TextContent);
        Assert.Equal("2", panel.Id("packet").GetAttribute("data-number"));
        Assert.Empty(panel.Ids("packet-follow"));
    }

    [Fact]
    public void Frames_on_the_wire_can_be_saved()
    {
        var length = Engine("scenario=net-tx").View().Run.Length;
        Assert.Equal(
            "/api/sessions/abc/image", Show($"scenario=net-tx&at={length}").Id("packets-pcap").GetAttribute("href"));
        Assert.Empty(Show("scenario=net-tx&at=30").Ids("packets-pcap"));
    }

    [Fact]
    public void Whose_hands_a_frame_is_in_has_its_colour()
    {
        foreach (var (place, owner) in new[] { ("transmit", "g"), ("receive", "d"), ("card", "h"), ("dropped", "n") })
        {
            var row = new Core.Projection.Packets.PacketRowView(1, "out", "a", "b", 60, "UDP", "", place, "", "", 1);
            Assert.Equal(owner, PacketsPanel.Owner(row));
        }
    }

    [Fact]
    public async Task Runs_of_the_disk_have_no_such_tab_and_it_is_no_dead_end()
    {
        var net = Engine("scenario=net-tx&at=30");
        var inspector = Render<Inspector>(p => p
            .Add(x => x.View, net.View()).Add(x => x.Ask, Ask(net)).Add(x => x.Tab, 8));
        inspector.WaitForElement("[data-testid=packet]");
        var disk = Engine("at=30");
        await inspector.InvokeAsync(() => inspector.Render(p => p.Add(x => x.View, disk.View())));
        Assert.Empty(inspector.Ids("tab-packets"));
        inspector.WaitForElement("[data-testid=ring-slot-0]");
        Assert.Equal(8, Inspector.TabOf("packet.3"));
    }
}
