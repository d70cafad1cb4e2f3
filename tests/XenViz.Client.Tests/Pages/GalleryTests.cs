using Bunit;
using XenViz.Client.Pages;

namespace XenViz.Client.Tests.Pages;

public sealed class GalleryTests : ScreenTest
{
    public static TheoryData<string> Names => [.. GalleryStates.All.Select(state => state.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_state_is_a_run_that_opens(string name)
    {
        var state = GalleryStates.All.Single(each => each.Name == name);
        var view = GalleryStates.ViewOf(state);
        Assert.NotNull(view);
        Assert.Equal(name == "start", view.Run.Position == 0);
    }

    [Fact]
    public void Without_a_choice_it_shows_the_stage_of_each_state()
    {
        Popovers();
        var page = Render<DevGallery>();
        Assert.Equal(GalleryStates.All.Length, page.FindAll("[data-testid=stage]").Count);
        Assert.Equal(GalleryStates.All.Length + 3, page.FindAll("section[data-part]").Count);
    }

    [Fact]
    public void The_form_shows_every_kind_of_work_and_an_error_at_its_field()
    {
        Popovers();
        var page = Render<DevGallery>();
        Assert.Equal(14, page.FindAll("[data-testid=work-item]").Count);
        Assert.Contains("From 1 to 4, not 9.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_is_there_with_and_without_a_session_and_opens_as_a_dialog()
    {
        Popovers();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var page = Render<DevGallery>();
        var help = page.FindAll("section[data-part=help] figure[data-case]");
        Assert.Equal(
            ["help without a session", "help of a session", "help as a dialog"],
            help.Select(each => each.GetAttribute("data-case")));
        Assert.Equal(
            [0, 1, 0], help.Select(each => each.QuerySelectorAll("[data-testid=help-text-view]").Length));
        Assert.Empty(dialogs.FindAll("[data-testid=help-dialog]"));
        foreach (var (name, links) in new[] { ("gallery-help", 0), ("gallery-help-session", 1) })
        {
            await page.Id(name).ClickAsync();
            Assert.Single(dialogs.FindAll("[data-testid=help-dialog]"));
            Assert.Equal(links, dialogs.FindAll("[data-testid=help-text-view]").Count);
            await dialogs.Id("help-close").ClickAsync();
            dialogs.WaitForAssertion(() => Assert.Empty(dialogs.FindAll("[data-testid=help-dialog]")));
        }
    }

    [Fact]
    public void What_finds_waits_forks_and_compares_is_shown_with_a_run_that_has_a_history()
    {
        Popovers();
        var page = Render<GalleryTime>();
        page.WaitForAssertion(() => Assert.Matches("[1-9]", page.Find("[data-testid=find-count]").TextContent));
        Assert.All(page.FindAll("select[data-testid=branch]"), list => Assert.Equal(2, list.Children.Length));
        Assert.Equal(2, page.FindAll("[data-testid=breaks] li").Count);
        Assert.NotNull(page.Find("[data-testid=stopped]"));
        Assert.NotNull(page.Find("[data-testid=only]"));
        Assert.NotNull(page.Find("[data-testid=interfaces]"));
        Assert.NotEmpty(page.FindAll("[data-testid=compare-costs] tr.differs"));

        // The symbols of the two stages are the same in both.
        Assert.Empty(page.FindAll("[id]").Where(e => e.Closest("defs") is null).GroupBy(e => e.Id)
            .Where(same => same.Count() > 1).Select(same => same.Key));
    }
}
