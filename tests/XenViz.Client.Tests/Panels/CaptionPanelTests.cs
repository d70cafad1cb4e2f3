using Bunit;
using XenViz.Client.Panels;
using XenViz.Client.Sessions;
using XenViz.Core.Abi;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Panels;

public sealed class CaptionPanelTests : ScreenTest
{
    [Fact]
    public void Changes_are_words_and_what_is_gone_says_none()
    {
        var said = Chips(
            new ChangeView("data", "", "now \"Hello, disk!\""), new ChangeView("back.copy", "47", ""),
            new ChangeView("mapping.17", "", "domain 5, grant 9"));
        Assert.Equal(
            ["data page: now \"Hello, disk!\"", "requests taken 47 → none", "handle 17: domain 5, grant 9"], said);
    }

    [Theory]
    [InlineData("disk", "disk: sector 2048")]
    [InlineData("network", "wire: sector 2048")]
    public void Behind_a_network_card_there_is_no_disk(string device, string said)
    {
        var view = Samples.At(35);
        var panel = Panel(view with
        {
            Stage = view.Stage with { Device = device }, Changes = [new ChangeView("disk", "", "sector 2048")],
        });
        Assert.Equal(said, panel.Find(".chg").TextContent);
    }

    [Fact]
    public void The_upcall_flag_of_a_vcpu_is_told_once_however_many_ports_there_are()
    {
        var said = Chips(
            new ChangeView("port.2.70.upcall", "0", "1"), new ChangeView("port.2.12.upcall", "0", "1"),
            new ChangeView("port.5.6.upcall", "0", "1"));
        Assert.Equal(["dom 2 vCPU 0 upcall 0 → 1", "dom 5 vCPU 0 upcall 0 → 1"], said);
    }

    [Fact]
    public void A_long_value_is_cut_and_told_whole_to_who_points_at_it()
    {
        var whole = new string('x', 200);
        var chip = Panel(Samples.At(35) with { Changes = [new ChangeView("data", "", whole)] }).Find(".chg");
        Assert.InRange(chip.TextContent.Length, 10, 60);
        Assert.Contains(whole, chip.GetAttribute("title"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_breakpoint_that_stopped_the_run_is_named_and_said()
    {
        var view = Samples.At(35);
        view = view with
        {
            Run = view.Run with { AtBreakpoint = true },
            Breakpoints =
            [
                new BreakpointView(0, "req_prod", true, true, 2, true),
                new BreakpointView(1, "grant 9", false, true, 9, false),
            ],
        };
        Assert.Equal("Stopped: req_prod changed", Panel(view).Id("stopped").TextContent.Trim());
        Assert.StartsWith("Stopped: req_prod changed. ", new Speech().Of(view), StringComparison.Ordinal);
        Assert.Empty(Panel(view with { Run = view.Run with { AtBreakpoint = false } }).Ids("stopped"));
    }

    [Theory]
    [InlineData(35, true, "No breakpoint on the way: this is the end.")]
    [InlineData(35, false, "No breakpoint is switched on: this is the end.")]
    [InlineData(0, true, "No breakpoint on the way: this is the start.")]
    [InlineData(0, false, "No breakpoint is switched on: this is the start.")]
    public void A_run_that_met_no_breakpoint_says_so(int at, bool on, string said)
    {
        var view = Samples.At(at);
        view = view with
        {
            Run = view.Run with { PastBreakpoints = true },
            Breakpoints = [new BreakpointView(0, "req_prod", true, on, 2, false)],
        };
        Assert.Equal(said, Panel(view).Id("stopped").TextContent.Trim());
        Assert.StartsWith(said + " ", new Speech().Of(view), StringComparison.Ordinal);
        Assert.Empty(Panel(view with { Run = view.Run with { PastBreakpoints = false } }).Ids("stopped"));
    }

    [Fact]
    public void The_words_of_a_step_are_explained_on_demand()
    {
        var view = Samples.At(35);
        view = view with
        {
            Narration = view.Narration with { Caption = "Xen marks word 1 in the selector.", Why = "" },
        };
        var panel = Panel(view);
        var list = panel.Id("words-list");
        Assert.Equal(list.Id, panel.Id("words").GetAttribute("popovertarget"));
        Assert.False(panel.Id("words").HasAttribute("disabled"));
        Assert.Equal("selector", list.QuerySelector("dt")!.TextContent);
        Assert.Contains("which words to look at", list.QuerySelector("dd")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_without_such_words_keeps_the_place_of_the_button()
    {
        var view = Samples.At(35);
        view = view with { Narration = view.Narration with { Caption = "Nothing moves yet.", Why = "" } };
        Assert.True(Panel(view).Id("words").HasAttribute("disabled"));
    }

    [Fact]
    public void What_needs_a_third_line_of_a_low_window_is_told_shorter()
    {
        var brief = new ChangeView("ring.req_prod", "45", "46");
        var access = new ChangeView("iommu", "0x5A10:rw 0x5A21:r", "0x5A10:rw");
        var handle = new ChangeView("mapping.17", "domain 5, grant 9", "");
        Assert.False(IsCrowded(brief, brief with { Id = "ring.rsp_prod" }));
        Assert.False(IsCrowded(access));
        Assert.True(IsCrowded(access, handle));

        bool IsCrowded(params ChangeView[] changes)
        {
            var view = Samples.At(35) with { Changes = [.. changes] };
            view = view with { Narration = view.Narration with { InFigure = false } };
            return Panel(view).Find(".meta").ClassList.Contains("crowded");
        }
    }

    [Fact]
    public void What_the_caption_holds_beside_its_words_is_in_its_names()
    {
        var bare = Samples.At(35) with { Changes = [] };
        bare = bare with { Narration = bare.Narration with { Choices = [], Violations = [] } };
        Assert.Empty(Names(bare));
        var (one, other) = (new ChoiceView(1, "Frontend", Actor.Frontend, "5.1", true),
            new ChoiceView(2, "Backend", Actor.Backend, "5.2", false));
        Assert.Empty(Names(bare with { Narration = bare.Narration with { Choices = [one] } }));
        Assert.Equal(["with-who"], Names(bare with { Narration = bare.Narration with { Choices = [one, other] } }));
        Assert.Equal(
            ["with-bad", "with-broken"], Names(bare with { Narration = bare.Narration with { Violations = ["x"] } }));
        Assert.Equal(["with-bad"], Names(bare with { Run = bare.Run with { Stopped = "x" } }));
        Assert.Equal(["with-many"], Names(bare with
        {
            Changes = [.. Enumerable.Range(1, 3).Select(i => new ChangeView($"slot.{i}", "a", "b"))],
        }));

        string[] Names(SessionView view)
        {
            var panel = Panel(view);
            var names = panel.Find(".cap").ClassList.Where(name => name.StartsWith("with-", StringComparison.Ordinal));
            Assert.Equal(names, panel.Find(".told").ClassList.Skip(1));
            return [.. names];
        }
    }

    [Fact]
    public void How_many_more_changed_opens_all_of_them_in_full()
    {
        var whole = new string('x', 200);
        var panel = Panel(Samples.At(35) with
        {
            Changes = [.. Enumerable.Range(1, 5).Select(i => new ChangeView($"slot.{i}", "a", i + whole))],
        });
        Assert.Equal("and 2 more", panel.Id("changes-more").TextContent);
        Assert.Equal("and 4 more", panel.Id("changes-rest").TextContent);
        var list = panel.Id("changes-list");
        Assert.Equal(list.Id, panel.Id("changes-more").GetAttribute("popovertarget"));
        Assert.Equal(list.Id, panel.Id("changes-rest").GetAttribute("popovertarget"));
        Assert.Equal(5, list.QuerySelectorAll("li").Length);
        Assert.EndsWith(whole, list.QuerySelector("li:last-child")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(Panel(Samples.At(35) with { Changes = [new("slot.1", "a", "b")] }).Ids("changes-list"));
    }

    private IEnumerable<string> Chips(params ChangeView[] changes) =>
        Panel(Samples.At(35) with { Changes = [.. changes] }).FindAll(".chg").Select(chip => chip.TextContent.Trim());

    private IRenderedComponent<CaptionPanel> Panel(SessionView view) =>
        Render<CaptionPanel>(parameters => parameters.Add(x => x.View, view));
}
