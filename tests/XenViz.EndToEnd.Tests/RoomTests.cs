using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>Nothing that is needed leaves the screen or lies under something else, on phones and in low
/// windows.</summary>
public sealed class RoomTests(XenVizApp app)
{
    private const string Hit =
        "id => { const e = document.querySelector(`[data-testid=\"${id}\"]`); const b = e.getBoundingClientRect();"
        + " const at = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);"
        + " return at === e || e.contains(at); }";

    private const string Past = "at => document.querySelector('[data-testid=scrubber]').ariaValueNow > at";

    private static readonly ViewportSize phone = new() { Width = 390, Height = 844 };

    [Fact]
    public async Task On_a_phone_the_page_is_as_wide_as_the_screen_and_the_stage_stays_where_it_is()
    {
        await using var page = await app.OpenWorkbenchAsync("/?at=1", viewport: phone);
        var top = await TopAsync(page);
        for (var step = 0; step < 20; step++)
        {
            await page.PressAsync("next");
            await page.WaitForAsync(Past, step + 1);
            Assert.Equal(390, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            Assert.Equal(top, await TopAsync(page));
        }

        await ExpectHitAsync(page, "next");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task On_a_phone_the_prepared_scenarios_are_seen_and_the_way_to_run_them_too()
    {
        await using var page = await app.OpenWorkbenchAsync("/", viewport: phone);
        await page.OpenScenarioAsync();
        await Expect(page.TestId("card-write")).ToBeInViewportAsync();
        await Expect(page.TestId("scenario-run")).ToBeInViewportAsync();
        await ExpectHitAsync(page, "card-write");
    }

    [Theory]
    [InlineData(1600, 1000)]
    [InlineData(1280, 720)]
    public async Task Who_goes_next_and_the_reason_are_in_sight(int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?scenario=workload&depth=4&work=write:2048:One;write:2056:Two;read:8:8&at=45",
            viewport: new() { Width = width, Height = height });
        await Expect(page.Page.Locator(".why h3")).ToBeVisibleAsync();
        var choices = page.TestId("choices").Locator("button");
        await Expect(choices.First).ToBeVisibleAsync();
        for (var i = 0; i < await choices.CountAsync(); i++)
        {
            await ExpectHitAsync(page, (await choices.Nth(i).GetAttributeAsync("data-testid"))!);
        }
    }

    private static Task<double> TopAsync(AppPage page) => page.Page.EvaluateAsync<double>(
        "document.querySelector('[data-testid=stage]').getBoundingClientRect().top + scrollY");

    private static Task ExpectHitAsync(AppPage page, string id) => page.WaitForAsync(Hit, id);
}
