using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using XenViz.Client.Pages;
using XenViz.Core.Commands;
using XenViz.Core.Feed;

namespace XenViz.Client.Tests.Pages;

public sealed class TextPageTests : ScreenTest
{
    private readonly FakeSessions sessions;

    public TextPageTests()
        : this(new FakeSessions())
    {
    }

    private TextPageTests(FakeSessions sessions)
        : base(sessions) => this.sessions = sessions;

    [Fact]
    public void It_makes_one_session_and_puts_it_into_the_address()
    {
        var page = Render<TextPage>();
        page.WaitForElement("[data-testid=caption]");
        Assert.EndsWith(
            "/a11y-view/made-1", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        page.Render(p => p.Add(x => x.SessionId, "made-1"));
        Assert.Equal((1, 1), (sessions.Made, sessions.Joined));
    }

    [Fact]
    public void It_shows_headings_tables_and_buttons_and_no_picture_but_on_buttons()
    {
        var page = Open();
        Assert.Equal("Text view: Block write, 4 KiB", page.Find("h1").TextContent);
        Assert.Equal(13, page.FindAll("main h2").Count);
        Assert.All(page.FindAll("main svg"), svg => Assert.NotNull(svg.Closest("button")));
        Assert.All(page.FindAll("table"), table => Assert.NotEmpty(table.QuerySelector("caption")!.TextContent));
        Assert.All(page.FindAll("thead th"), head => Assert.Equal("col", head.GetAttribute("scope")));
    }

    [Fact]
    public void The_transport_the_steps_the_timeline_and_a_row_move_the_session()
    {
        var page = Open();
        page.Id("next").Click();
        page.WaitForAssertion(() => Assert.Equal("4.13", page.Id("substep").TextContent));
        page.WaitForAssertion(() =>
            Assert.StartsWith("4.13", page.Id("narration").TextContent, StringComparison.Ordinal));
        page.Id("goto-row").Change("3");
        page.Id("goto-go").Click();
        page.WaitForAssertion(() => Assert.Equal("2.1", page.Id("substep").TextContent));
        page.Find("[aria-label='Go to 2.2, row 4']").Click();
        page.WaitForAssertion(() => Assert.Equal("2.2", page.Id("substep").TextContent));
    }

    [Fact]
    public async Task Any_object_is_explained_here_and_again_at_another_row()
    {
        var page = Open();
        await page.Id("explain-grant.9").ClickAsync(new Microsoft.AspNetCore.Components.Web.MouseEventArgs());
        page.WaitForElement("[data-testid=text-details-parts], [data-testid=text-details]");
        Assert.Equal("grant.9", page.Id("text-details").GetAttribute("data-about"));
        Assert.StartsWith("Explained: Grant entry 9", page.Find("#h-details").TextContent, StringComparison.Ordinal);
        var before = sessions.Session.Explained.Count;
        page.Id("next").Click();
        page.WaitForAssertion(() => Assert.Equal(before + 1, sessions.Session.Explained.Count));
        var why = page.FindAll("[data-testid=text-details] [aria-label^='Why is']")[0];
        await why.ClickAsync(new Microsoft.AspNetCore.Components.Web.MouseEventArgs());
        Assert.Contains("=", page.Id("text-details-why").TextContent, StringComparison.Ordinal);
        await page.Id("text-details-close").ClickAsync(new Microsoft.AspNetCore.Components.Web.MouseEventArgs());
        Assert.Empty(page.Ids("text-details"));
    }

    [Fact]
    public void A_refused_row_is_told_at_its_field()
    {
        var page = Open();
        page.Id("goto-row").Change("5000");
        page.Id("goto-go").Click();
        page.WaitForAssertion(() =>
            Assert.Contains("There is no such row.", page.Find("#field-goto-row-help").TextContent,
                StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_session_is_told_with_a_way_on()
    {
        sessions.Error = new CommandError("unknown_session", "", "There is no such session.");
        var page = Render<TextPage>(p => p.Add(x => x.SessionId, "abc"));
        Assert.Equal("There is no such session.", page.WaitForElement("[data-testid=problem-text]").TextContent);
    }

    [Fact]
    public void A_lost_connection_is_said_and_the_text_stays()
    {
        var page = Open();
        sessions.Session.Lose();
        page.WaitForElement("[data-testid=banner]");
        Assert.Equal("4.12", page.Id("substep").TextContent);
    }

    private IRenderedComponent<TextPage> Open()
    {
        var page = Render<TextPage>(p => p.Add(x => x.SessionId, "abc"));
        page.WaitForElement("[data-testid=caption]");
        return page;
    }
}
