using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using XenViz.Client.Compare;
using XenViz.Client.Pages;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Pages;

public sealed class ComparePageTests : ScreenTest
{
    private readonly FakeSessions sessions;

    public ComparePageTests()
        : this(new FakeSessions())
    {
    }

    private ComparePageTests(FakeSessions sessions)
        : base(sessions) => this.sessions = sessions;

    [Fact]
    public void Two_sessions_are_made_and_equal_ones_differ_in_nothing()
    {
        var page = Render<ComparePage>();
        page.WaitForElement("[data-testid=no-differences]");
        Assert.Equal((2, 2), (sessions.Made, sessions.Joined));
        Assert.Equal("4.12", page.Id("number-a").TextContent);
        Assert.Equal("paths", page.Find("[data-testid=pair] option[selected]").GetAttribute("value"));
    }

    [Fact]
    public async Task One_side_moved_alone_differs_and_both_move_together()
    {
        var page = Render<ComparePage>();
        page.WaitForElement("[data-testid=no-differences]");
        await page.Id("next-b").ClickAsync();
        page.WaitForAssertion(() => Assert.Equal("4.13", page.Id("number-b").TextContent));
        Assert.Equal("4.12", page.Id("number-a").TextContent);
        await page.Id("both-start").ClickAsync();
        page.WaitForAssertion(() => Assert.Equal("start", page.Id("number-a").TextContent));
        page.WaitForAssertion(() => Assert.Equal("start", page.Id("number-b").TextContent));
    }

    [Fact]
    public async Task A_key_and_a_place_on_the_timeline_move_both_and_bring_them_in_line()
    {
        var page = Render<ComparePage>();
        page.WaitForElement("[data-testid=no-differences]");
        await page.Id("next-b").ClickAsync();
        page.WaitForAssertion(() => Assert.Equal("4.13", page.Id("number-b").TextContent));
        await page.InvokeAsync(() => page.Instance.OnKey("ArrowRight", shift: false));
        page.WaitForAssertion(() => Assert.Equal("4.14", page.Id("number-a").TextContent));
        page.WaitForAssertion(() => Assert.Equal("4.14", page.Id("number-b").TextContent));
        await page.InvokeAsync(() => page.Instance.OnScrub("page", 0));
        page.WaitForAssertion(() => Assert.Equal("start", page.Id("number-a").TextContent));
        await page.InvokeAsync(() => page.Instance.OnKey("7", shift: false));
        page.WaitForAssertion(() => Assert.Equal("7.10", page.Id("number-b").TextContent));
        await page.InvokeAsync(() => page.Instance.OnKey("ArrowLeft", shift: false));
        page.WaitForAssertion(() => Assert.Equal("7.9", page.Id("number-a").TextContent));
    }

    [Fact]
    public void A_run_that_cannot_be_made_is_a_problem_with_a_way_on()
    {
        sessions.Error = new CommandError("bad_argument", "slots", "Slots are 8, 16 or 32.");
        var page = Render<ComparePage>();
        Assert.Equal("Slots are 8, 16 or 32.", page.WaitForElement("[data-testid=problem-text]").TextContent);
    }

    [Fact]
    public void A_pair_is_chosen_by_its_address()
    {
        var navigation = Services.GetRequiredService<NavigationManager>();
        var page = Render<ComparePage>();
        page.WaitForElement("[data-testid=no-differences]");
        page.Id("pair").Change("direction");
        Assert.EndsWith("/compare?a=&b=op%3Dread", navigation.Uri, StringComparison.Ordinal);
        page.Id("pair").Change("nonsense");
        Assert.EndsWith("/compare?a=&b=op%3Dread", navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_pair_has_a_title_and_runs()
    {
        foreach (var pair in ComparePairs.All)
        {
            Assert.NotEqual(pair.Key, pair.Title);
            foreach (var query in new[] { pair.Left, pair.Right })
            {
                var (link, error) = RunLink.Parse(query);
                Assert.Null(error);
                var (engine, refused) = SessionEngine.Create(link!, null);
                Assert.Null(refused);
                Assert.NotNull(engine);
            }
        }
    }

    [Fact]
    public void Costs_stand_on_one_scale_and_say_their_numbers()
    {
        var left = new CostView { SoFar = 100, Counters = [new CounterView("maps", "mappings", 0, 2, 2, false)] };
        var right = new CostView { SoFar = 50, Counters = [new CounterView("maps", "mappings", 0, 0, 0, false)] };
        var costs = Render<CompareCosts>(p => p.Add(x => x.Left, left).Add(x => x.Right, right));
        Assert.Equal(
            ["--share: 1", "--share: 0.5", "--share: 1", "--share: 0"],
            costs.FindAll(".bar").Select(bar => bar.GetAttribute("style")));
        Assert.Equal(2, costs.FindAll("tr.differs").Count);
        var none = Render<CompareCosts>(p => p.Add(x => x.Left, new CostView()).Add(x => x.Right, new CostView()));
        Assert.Empty(none.FindAll("tr"));
        Assert.Contains("Nothing has been counted", none.Id("no-costs").TextContent, StringComparison.Ordinal);
    }
}
