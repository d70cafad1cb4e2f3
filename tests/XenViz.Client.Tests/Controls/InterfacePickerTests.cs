using Bunit;
using XenViz.Client.Controls;
using XenViz.Client.Tests.Stage;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Controls;

/// <summary>Which of two interfaces is on stage.</summary>
public sealed class InterfacePickerTests : ScreenTest
{
    private readonly List<Command> sent = [];

    [Fact]
    public async Task Both_interfaces_can_be_chosen_and_followed_again()
    {
        var engine = Engine("scenario=net-guests");
        var shown = Show(engine.View());
        Assert.Equal("5", shown.Id("interfaces").GetAttribute("data-shown"));
        Assert.True(shown.Id("interface-follow").HasAttribute("checked"));
        await shown.Id("interface-7").ChangeAsync(true);
        Assert.Equal(new Command.ShowGuest(7), Assert.Single(sent));
        Assert.Null(engine.Apply(sent[0]));
        var chosen = Show(engine.View());
        Assert.Equal("7", chosen.Id("interfaces").GetAttribute("data-shown"));
        Assert.True(chosen.Id("interface-7").HasAttribute("checked"));
        await chosen.Id("interface-follow").ChangeAsync(true);
        Assert.Equal(new Command.ShowGuest(0), sent[^1]);
    }

    [Fact]
    public void It_is_told_which_one_is_shown_and_which_one_the_last_row_was_about()
    {
        var engine = Engine("scenario=net-guests&at=20");
        Assert.Null(engine.Apply(new Command.ShowGuest(7)));
        var shown = Show(engine.View());
        var (five, seven) = (shown.Id("interface-5").GetAttribute("aria-label"), shown.Id("interface-7").GetAttribute(
            "aria-label"));
        Assert.Contains("The last row was about it.", five, StringComparison.Ordinal);
        Assert.Contains("It is on stage now.", seven, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_with_one_interface_has_no_choice() =>
        Assert.Empty(Show(Engine("scenario=net-tx").View()).FindAll("[data-testid=interfaces]"));

    [Fact]
    public async Task The_queues_of_a_disk_can_be_chosen_and_followed_again()
    {
        var engine = Engine(Runs.TwoQueues);
        var shown = Show(engine.View());
        Assert.Equal("0", shown.Id("rings").GetAttribute("data-shown"));
        Assert.True(shown.Id("show-ring-follow").HasAttribute("checked"));
        Assert.Equal("Queue", shown.Find("#ifc-label").TextContent);
        Assert.Equal("1", shown.Id("show-ring-1").ParentElement!.TextContent.Trim());
        await shown.Id("show-ring-1").ChangeAsync(true);
        Assert.Equal(new Command.ShowRing(1), Assert.Single(sent));
        Assert.Null(engine.Apply(sent[0]));
        var chosen = Show(engine.View());
        Assert.True(chosen.Id("show-ring-1").HasAttribute("checked"));
        Assert.Equal(
            "Put this ring on stage: queue 1. It is on stage now.",
            chosen.Id("show-ring-1").GetAttribute("aria-label"));
        await chosen.Id("show-ring-follow").ChangeAsync(true);
        Assert.Equal(new Command.ShowRing(-1), sent[^1]);
    }

    [Fact]
    public void Both_rings_of_a_network_interface_can_be_chosen_where_there_is_no_stage()
    {
        var view = Engine("scenario=net-tx").View();
        Assert.Empty(Show(view).FindAll("[data-testid=rings]"));
        var all = Render<InterfacePicker>(p => p.Add(x => x.Stage, view.Stage).Add(x => x.AllRings, true));
        Assert.Equal("0", all.Id("rings").GetAttribute("data-shown"));
        Assert.NotEmpty(all.Ids("show-ring-1"));
    }

    private static SessionEngine Engine(string link) => SessionEngine.Create(RunLink.Parse(link).Link!, null).Engine!;

    private IRenderedComponent<InterfacePicker> Show(SessionView view) => Render<InterfacePicker>(p => p
        .Add(x => x.Stage, view.Stage)
        .Add(x => x.OnCommand, sent.Add));
}
