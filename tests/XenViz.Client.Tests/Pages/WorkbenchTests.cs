using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using XenViz.Client.Pages;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Pages;

public sealed class WorkbenchTests : ScreenTest
{
    private readonly FakeSessions sessions;

    public WorkbenchTests()
        : this(new FakeSessions())
    {
    }

    private WorkbenchTests(FakeSessions sessions)
        : base(sessions)
    {
        this.sessions = sessions;
        Popovers();
    }

    [Fact]
    public void The_start_makes_one_session_and_puts_it_into_the_address()
    {
        var page = Render<Workbench>();
        page.WaitForElement("[data-testid=scrubber]");
        Assert.Equal(1, sessions.Made);
        Assert.EndsWith("/s/made-1", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        page.Render(p => p.Add(x => x.SessionId, "made-1"));
        Assert.Equal(1, sessions.Made);
        Assert.Equal(1, sessions.Joined);
    }

    [Fact]
    public void The_first_paint_by_the_server_makes_no_session_and_is_not_blank()
    {
        SetRendererInfo(new RendererInfo("Static", isInteractive: false));
        var page = Render<Workbench>();
        Assert.Single(page.Ids("loading"));
        Assert.True(page.Id("next").HasAttribute("disabled"));
        Assert.Equal(0, sessions.Made);
    }

    [Theory]
    [InlineData("light", 776, "low")]
    [InlineData("light", 1100, "desk")]
    [InlineData("light", 540, "low")]
    [InlineData("light", 390, "phone")]
    [InlineData("projector", 776, "low")]
    [InlineData("projector", 888, "wall")]
    public void The_first_picture_of_the_stage_is_on_the_canvas_of_its_width(string theme, double width, string canvas)
    {
        var start = JSInterop.Setup<Workbench.BrowserSettings?>("xenviz.start", _ => true);
        var page = Render<Workbench>(p => p.Add(x => x.SessionId, "abc"));
        Assert.Single(page.Ids("loading"));
        start.SetResult(new(theme, false, 0, true, true, width));
        page.WaitForElement("[data-testid=scrubber]");
        Assert.Equal(
            canvas == "phone" ? "scene phone" : $"scene wide {canvas}",
            Assert.Single(page.FindAll("svg.scene")).ClassName);
    }

    [Fact]
    public void An_address_with_a_session_joins_it()
    {
        var page = Render<Workbench>(p => p.Add(x => x.SessionId, "abc"));
        page.WaitForElement("[data-testid=scrubber]");
        Assert.Equal(0, sessions.Made);
        Assert.Equal("4.12", page.Id("substep").TextContent);
    }

    [Fact]
    public void An_unknown_session_is_told_with_a_way_on()
    {
        sessions.Error = new CommandError("unknown_session", "", "There is no such session.");
        var page = Render<Workbench>(p => p.Add(x => x.SessionId, "abc"));
        Assert.Equal("There is no such session.", page.WaitForElement("[data-testid=problem-text]").TextContent);
        Assert.Single(page.Ids("problem-way-on"));
    }

    [Fact]
    public void A_button_moves_the_session_and_the_narration_speaks()
    {
        var page = Render<Workbench>(p => p.Add(x => x.SessionId, "abc"));
        page.WaitForElement("[data-testid=scrubber]");
        page.Id("next").Click();
        page.WaitForAssertion(() => Assert.Equal("4.13", page.Id("substep").TextContent));
        page.WaitForAssertion(() =>
            Assert.StartsWith("4.13", page.Id("narration").TextContent, StringComparison.Ordinal));
        Assert.Equal("polite", page.Id("narration").GetAttribute("aria-live"));
    }

    [Fact]
    public async Task Keys_and_the_timeline_move_it_too()
    {
        var page = Render<Workbench>(p => p.Add(x => x.SessionId, "abc"));
        page.WaitForElement("[data-testid=scrubber]");
        await page.InvokeAsync(() => page.Instance.OnKey("Home", false));
        page.WaitForAssertion(() => Assert.Equal("start", page.Id("substep").TextContent));
        await page.InvokeAsync(() => page.Instance.OnScrub("run", 1));
        page.WaitForAssertion(() =>
            Assert.Equal($"{Samples.Rows.Length}", page.Id("scrubber").GetAttribute("aria-valuenow")));
    }

    [Fact]
    public async Task Escape_closes_a_dialog_that_does_not_hold_the_focus_yet()
    {
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<Workbench>(p => p.Add(x => x.SessionId, "abc"));
        page.WaitForElement("[data-testid=scrubber]");
        await page.InvokeAsync(() => page.Instance.OnKey("?", false));
        dialogs.WaitForElement("[data-testid=help-dialog]");
        await page.InvokeAsync(() => page.Instance.OnKey("Escape", false));
        dialogs.WaitForAssertion(() => Assert.Empty(dialogs.Ids("help-dialog")));
    }

    [Fact]
    public async Task A_dialog_stays_when_a_new_session_gets_its_address()
    {
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<Workbench>(p => p.Add(x => x.SessionId, "abc"));
        page.WaitForElement("[data-testid=scrubber]");
        await page.InvokeAsync(() => page.Instance.OnKey("?", false));
        dialogs.WaitForElement("[data-testid=help-dialog]");
        var navigation = Services.GetRequiredService<NavigationManager>();
        await page.InvokeAsync(() => navigation.NavigateTo("/s/abc", replace: true));
        Assert.Single(dialogs.Ids("help-dialog"));
        page.Render(p => p.Add(x => x.SessionId, "def"));
        dialogs.WaitForAssertion(() => Assert.Empty(dialogs.Ids("help-dialog")));
    }

    [Fact]
    public void A_lost_connection_is_a_banner_and_the_view_stays()
    {
        var page = Render<Workbench>(p => p.Add(x => x.SessionId, "abc"));
        page.WaitForElement("[data-testid=scrubber]");
        sessions.Session.Lose();
        page.WaitForElement("[data-testid=banner]");
        Assert.Equal("4.12", page.Id("substep").TextContent);
    }
}
