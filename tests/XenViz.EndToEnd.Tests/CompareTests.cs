using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>Two runs beside each other.</summary>
public sealed class CompareTests(XenVizApp app)
{
    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task Map_and_copy_differ_in_the_mapping_and_in_what_they_cost(RenderModes mode)
    {
        await using var page = await app.OpenAsync("/compare", mode);
        await page.TestId("no-differences").WaitForAsync(new() { Timeout = 60_000 });
        for (var step = 1; step <= 4; step++)
        {
            await page.PressAsync("both-next-numbered");
            await Expect(page.TestId("side-a").GetByTestId($"step-{step}"))
                .ToHaveAttributeAsync("data-state", "current");
            await Expect(page.TestId("side-b").GetByTestId($"step-{step}"))
                .ToHaveAttributeAsync("data-state", "current");
        }

        await Expect(page.TestId("differences")).ToContainTextAsync("grant 9 flags");
        await Expect(page.TestId("differences").Locator("tr", new() { HasTextString = "backend's window" }))
            .ToContainTextAsync("not there");
        await page.PressAsync("both-end");
        await Expect(page.TestId("compare-costs")).ToContainTextAsync("bytes");
        await page.TestId("pair").SelectOptionAsync("direction");
        await Expect(page.TestId("side-b")).ToContainTextAsync("read");
        await page.PressAsync("next-b");
        await Expect(page.TestId("number-b")).Not.ToHaveTextAsync("start");
        await Expect(page.TestId("number-a")).ToHaveTextAsync("start");
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(1600, 1000, ColorScheme.Light)]
    [InlineData(1280, 720, ColorScheme.Dark)]
    [InlineData(390, 844, ColorScheme.Dark)]
    [InlineData(320, 640, ColorScheme.Light)]
    public async Task Axe_accepts_it_and_nothing_scrolls_sideways(int width, int height, ColorScheme scheme)
    {
        await using var page = await app.OpenAsync(
            "/compare", viewport: new() { Width = width, Height = height }, colorScheme: scheme);
        await page.TestId("no-differences").WaitForAsync();
        for (var step = 0; step < 4; step++)
        {
            await page.PressAsync("both-next-numbered");
        }

        await page.TestId("differences").WaitForAsync();
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Equal(0, await page.Page.EvaluateAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"));
    }

    [Fact]
    public async Task A_wrong_run_says_what_is_wrong_and_leads_on()
    {
        await using var page = await app.OpenAsync("/compare?a=slots%3D9&b=");
        await Expect(page.TestId("problem-text")).ToContainTextAsync("8, 16");
        Assert.Empty(await page.AccessibilityViolationsAsync());
    }
}
