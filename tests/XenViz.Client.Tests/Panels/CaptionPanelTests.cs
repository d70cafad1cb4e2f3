using Bunit;
using XenViz.Client.Panels;
using XenViz.Client.Sessions;
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

    private IEnumerable<string> Chips(params ChangeView[] changes) =>
        Panel(Samples.At(35) with { Changes = [.. changes] }).FindAll(".chg").Select(chip => chip.TextContent.Trim());

    private IRenderedComponent<CaptionPanel> Panel(SessionView view) =>
        Render<CaptionPanel>(parameters => parameters.Add(x => x.View, view));
}
