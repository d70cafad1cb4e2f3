using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

public sealed class SmokeTests(XenVizApp app)
{
    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task Help_opens_in_either_mode(RenderModes mode)
    {
        await using var page = await app.OpenAsync("/", mode);
        await page.TestId("help").ClickAsync();
        await Expect(page.TestId("help-dialog")).ToContainTextAsync("sequentially consistent");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_first_visit_runs_on_the_server_and_the_second_in_the_browser()
    {
        await using var page = await app.NewPageAsync();
        await page.GotoAsync("/", RenderModes.Server);
        await page.WaitForWebAssemblyFilesAsync();
        await page.GotoAsync("/", RenderModes.WebAssembly);
        await page.TestId("help").ClickAsync();
        await Expect(page.TestId("help-dialog")).ToContainTextAsync("sequentially consistent");
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_nothing_to_complain_about(ColorScheme scheme)
    {
        await using var page = await app.OpenAsync("/", colorScheme: scheme);
        Assert.Empty(await page.AccessibilityViolationsAsync());
    }

    [Fact]
    public async Task The_longest_share_link_is_read()
    {
        // Choices of many changes of turn make a link long; what follows decides whether they fit the run, not here.
        using var client = new HttpClient { BaseAddress = app.Address };
        var link = "/api/scenario-file?c=" + string.Concat(Enumerable.Repeat("a1b1", 8000));
        using var answer = await client.GetAsync(
            new Uri(link, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
    }
}
