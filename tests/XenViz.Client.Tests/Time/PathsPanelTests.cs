using AngleSharp.Dom;
using Bunit;
using XenViz.Client.Time;
using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Time;

public sealed class PathsPanelTests : ScreenTest
{
    private static readonly BranchView Main = new(0, null, 0, 100, "Default order", "/?x=1");
    private static readonly BranchView Fork = new(1, 0, 30, 80, "disk first", "/?c=a3b&at=30");
    private static readonly BranchView Deep = new(2, 1, 40, 90, "Xen first", "/?c=a4b&at=40");

    private readonly List<Command> sent = [];

    [Fact]
    public async Task A_breakpoint_is_typed_switched_off_and_taken_away()
    {
        var panel = Show(View(new BreakpointView(4, "grant 9", true, true, 3, true)));
        Assert.Equal("changes of grant 9", panel.Find("[data-testid=break-4] .q").TextContent);
        Assert.Contains("3 rows, here", panel.Id("break-4").TextContent, StringComparison.Ordinal);
        await panel.Id("break-text").InputAsync(" port 27 pending ");
        await panel.Find("form.break-add").SubmitAsync();
        Assert.Equal("", panel.Id("break-text").GetAttribute("value"));
        await panel.Find("form.break-add").SubmitAsync();
        await panel.Id("break-on-4").ChangeAsync(false);
        await panel.Id("break-remove-4").ClickAsync();
        await panel.Id("run-on").ClickAsync();
        await panel.Id("run-back").ClickAsync();
        Assert.Equal(
            [
                new Command.AddBreakpoint("port 27 pending", true), new Command.SwitchBreakpoint(4, false),
                new Command.RemoveBreakpoint(4), new Command.RunOn(), new Command.RunBack(),
            ],
            sent);
    }

    [Fact]
    public void A_breakpoint_that_is_set_or_taken_away_is_told()
    {
        var panel = Show(View());
        Assert.Equal("", panel.Id("break-told").TextContent);
        panel.Render(p => p.Add(x => x.View, View(new BreakpointView(4, "map", false, true, 3, false))));
        Assert.Equal("Playing stops at map: 3 rows.", panel.Id("break-told").TextContent);
        panel.Render(p => p.Add(x => x.View, View()));
        Assert.Equal("Playing does not stop at map any more.", panel.Id("break-told").TextContent);
    }

    [Fact]
    public async Task Without_breakpoints_it_says_what_to_do_and_offers_some()
    {
        var panel = Show(View());
        Assert.Empty(panel.Ids("run-on"));
        var ideas = panel.Ids("break-idea");
        Assert.Contains("violation", ideas.Select(idea => idea.TextContent));
        await ideas[0].ClickAsync();
        Assert.Equal(new Command.AddBreakpoint("notification sent", false), Assert.Single(sent));
    }

    [Fact]
    public async Task A_branch_is_shown_named_and_deleted_and_brought_back()
    {
        var panel = Show(View());
        Assert.Equal("true", panel.Id("branch-show-0").GetAttribute("aria-current"));
        Assert.Contains("leaves after row 30, 80 rows", panel.Id("branch-1").TextContent, StringComparison.Ordinal);
        Assert.Empty(panel.Ids("branch-delete-0"));
        Assert.Empty(panel.Ids("branch-compare-0"));

        // Beside each other where the run stands, each with its name and with every row told.
        var compare = Uri.UnescapeDataString(panel.Id("branch-compare-1").GetAttribute("href")!);
        Assert.StartsWith("/compare?a=", compare, StringComparison.Ordinal);
        var at = View().Run.Position;
        Assert.Contains($"&b=c=a3b&at={at}&xen=on&leftout=on", compare, StringComparison.Ordinal);
        Assert.EndsWith("&an=Default order&bn=disk first", compare, StringComparison.Ordinal);
        await panel.Id("branch-show-1").ClickAsync();
        await panel.Id("branch-rename-1").ClickAsync();
        await panel.Id("branch-name").InputAsync("slow disk");
        await panel.Find("form.rename").SubmitAsync();
        Assert.Empty(panel.Ids("branch-name"));
        Assert.Equal("The branch is now called slow disk.", panel.Id("branch-told").TextContent);
        await panel.Id("branch-delete-1").ClickAsync();

        // The answer comes before the view: what is on screen still has the branch.
        panel.Render(p => p.Add(x => x.View, View()));
        Assert.NotEmpty(panel.Ids("branch-undo"));
        panel.Render(p => p.Add(x => x.View, View(branches: [Main])));
        Assert.Contains("disk first is deleted.", panel.Id("branch-gone").TextContent, StringComparison.Ordinal);
        await panel.Id("branch-undo").ClickAsync();
        Assert.Empty(panel.Ids("branch-gone"));
        Assert.Equal("disk first is back.", panel.Id("branch-told").TextContent);
        Assert.Equal(
            [
                new Command.SwitchBranch(1), new Command.NameBranch(1, "slow disk"), new Command.DeleteBranch(1),
                new Command.RestoreBranch(1),
            ],
            sent);
    }

    [Fact]
    public async Task A_name_says_when_it_is_full_and_without_one_a_branch_has_its_own_again()
    {
        var panel = Show(View());
        await panel.Id("branch-rename-1").ClickAsync();
        var most = panel.Id("branch-name").GetAttribute("maxlength");
        Assert.Equal("40", most);
        await panel.Id("branch-name").InputAsync(new string('x', 39));
        Assert.Empty(panel.Ids("branch-full"));
        await panel.Id("branch-name").InputAsync(new string('x', 40));
        Assert.Equal("A name has 40 characters at most.", panel.Id("branch-full").TextContent);
        Assert.Equal(panel.Id("branch-full").Id, panel.Id("branch-name").GetAttribute("aria-describedby"));
        await panel.Id("branch-name").InputAsync(" ");
        await panel.Find("form.rename").SubmitAsync();
        Assert.Equal(new Command.NameBranch(1, " "), Assert.Single(sent));
        Assert.Equal("The branch has the name again that it came with.", panel.Id("branch-told").TextContent);
    }

    [Fact]
    public async Task Escape_leaves_a_name_as_it_was_and_only_then_the_panel()
    {
        bool? open = null;
        var panel = Render<PathsPanel>(p => p.Add(x => x.View, View()).Add(x => x.Open, true)
            .Add(x => x.OpenChanged, now => open = now));
        await panel.Id("branch-rename-1").ClickAsync();
        await panel.Id("branch-name").KeyDownAsync("Escape");
        Assert.Empty(panel.Ids("branch-name"));
        Assert.Null(open);
        await panel.Id("paths-panel").KeyDownAsync("Escape");
        Assert.False(open);
    }

    [Fact]
    public void Lanes_hang_under_the_branch_that_they_left()
    {
        var lanes = BranchLanes.Of([Main, Fork, Deep, new BranchView(3, 0, 50, 100, "late")]);
        Assert.Equal([0, 1, 2, 3], lanes.Select(lane => lane.Branch.Id));
        Assert.Equal([30.0, 50.0], lanes[0].Starts);
        Assert.Equal([50.0], lanes[1].Through);
        Assert.Equal([40.0], lanes[1].Starts);
        Assert.Equal([50.0], lanes[2].Through);
        Assert.Empty(lanes[3].Through);
        Assert.Equal((40.0, 90.0), (lanes[2].Fork, lanes[2].End));
        Assert.Empty(BranchLanes.Of([]));
    }

    private static SessionView View(params BreakpointView[] breakpoints) => View([Main, Fork, Deep], breakpoints);

    private static SessionView View(BranchView[] branches, params BreakpointView[] breakpoints) =>
        Samples.At(35, v => v with
        {
            Timeline = v.Timeline with { Branches = [.. branches] }, Breakpoints = [.. breakpoints],
        });

    private IRenderedComponent<PathsPanel> Show(SessionView view) => Render<PathsPanel>(p => p
        .Add(x => x.View, view).Add(x => x.Open, true).Add(x => x.OnCommand, sent.Add));
}
