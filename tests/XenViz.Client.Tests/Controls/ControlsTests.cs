using System.Collections.Immutable;
using Bunit;
using XenViz.Client.Controls;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Controls;

public sealed class ControlsTests : ScreenTest
{
    private readonly List<Command> sent = [];

    [Fact]
    public void Speed_is_a_group_of_five()
    {
        var shown = Options();
        Assert.Equal("1", shown.Id("speed").GetAttribute("data-speed"));
        Assert.Equal(5, shown.Id("speed").QuerySelectorAll("input").Length);
        shown.Id("speed-4×").Change(true);
        Assert.Equal(new Command.SetSpeed(4), Assert.Single(sent));
    }

    [Fact]
    public void A_switch_leaves_the_other_as_it_is()
    {
        Options().Id("left-out").Change(true);
        Assert.Equal(new Command.SetDetail(true, true), Assert.Single(sent));
    }

    [Theory]
    [InlineData(false, false, "figure")]
    [InlineData(true, true, "truth")]
    [InlineData(true, false, "mixed")]
    [InlineData(false, true, "mixed")]
    public void Figure_and_truth_are_both_switches_at_once(bool insideXen, bool leftOut, string mode)
    {
        var view = Samples.At(5, v => v with { Run = v.Run with { InsideXen = insideXen, LeftOut = leftOut } });
        var shown = Render<RunOptions>(p => p.Add(x => x.View, view).Add(x => x.OnCommand, sent.Add));
        Assert.Equal(mode, shown.Id("mode").GetAttribute("data-mode"));
        Assert.Equal(mode == "figure", shown.Id("mode-figure").HasAttribute("checked"));
        Assert.Equal(mode == "truth", shown.Id("mode-truth").HasAttribute("checked"));
        shown.Id("mode-truth").Change(true);
        shown.Id("mode-figure").Change(true);
        Assert.Equal([new Command.SetDetail(true, true), new Command.SetDetail(false, false)], sent);
    }

    [Fact]
    public void The_inspector_s_button_says_whether_it_is_open()
    {
        bool? open = null;
        var shown = Render<InspectorButton>(p => p.Add(x => x.Open, false).Add(x => x.OpenChanged, o => open = o));
        Assert.Equal("false", shown.Id("inspector-open").GetAttribute("aria-expanded"));
        shown.Id("inspector-open").Click();
        Assert.True(open);
    }

    [Fact]
    public void The_end_is_one_press_away()
    {
        var shown = Options();
        shown.Id("run-to-end").Click();
        Assert.Equal([new Command.RunToEnd()], sent);
    }

    [Fact]
    public void Where_two_can_go_the_reader_chooses()
    {
        var shown = Render<NextChoices>(p => p
            .Add(x => x.Choices,
            [
                new ChoiceView(2, "blkback", Actor.Backend, "5.1", true),
                new ChoiceView(4, "disk", Actor.Device, "5.2", false),
            ])
            .Add(x => x.OnCommand, sent.Add));
        shown.Id("choice-4").Click();
        Assert.Equal(new Command.Choose(4), Assert.Single(sent));
        Assert.Contains("begins a branch", shown.Id("choice-4").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_theme_is_chosen_from_three()
    {
        var chosen = "";
        var shown = Render<ThemeSwitch>(p => p.Add(x => x.Theme, "dark").Add(x => x.ThemeChanged, t => chosen = t));
        Assert.True(shown.Id("theme-dark").HasAttribute("checked"));
        shown.Id("theme-projector").Change("projector");
        Assert.Equal("projector", chosen);
    }

    [Fact]
    public void The_top_bar_names_the_scenario_and_shares_the_number()
    {
        var shared = false;
        var shown = Render<TopBar>(p => p.Add(x => x.View, Samples.At(35)).Add(x => x.OnShare, () => shared = true));
        Assert.Contains("Block write, 4 KiB", shown.Id("scenario").TextContent, StringComparison.Ordinal);
        Assert.Equal(
            "Block write, 4 KiB, blkfront to blkback, mapped, ring of 8", shown.Id("scenario").GetAttribute("title"));
        Assert.Contains("4.12", shown.Id("share").TextContent, StringComparison.Ordinal);
        shown.Id("share").Click();
        Assert.True(shared);
    }

    [Fact]
    public void Before_there_is_a_view_nothing_can_be_pressed()
    {
        Assert.True(Render<TopBar>().Id("share").HasAttribute("disabled"));
        Assert.True(Render<Transport>().Id("next").HasAttribute("disabled"));
        Assert.True(Render<RunOptions>().Id("reset").HasAttribute("disabled"));
    }

    private IRenderedComponent<RunOptions> Options() => Render<RunOptions>(p => p
        .Add(x => x.View, Samples.At(20))
        .Add(x => x.OnCommand, sent.Add));
}
