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

    [Theory]
    [InlineData(844)]
    [InlineData(700)]
    public async Task On_a_phone_the_caption_is_read_without_scrolling(int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?xen=on&leftout=on&at=30", viewport: new() { Width = 390, Height = height });
        for (var step = 0; step < 12; step++)
        {
            Assert.Equal(0, await page.Page.EvaluateAsync<double>("scrollY"));
            var caption = (await page.TestId("caption").BoundingBoxAsync())!;
            var text = await page.TestId("caption").EvaluateAsync<double[]>(
                "element => { const range = document.createRange(); range.selectNodeContents(element);"
                + " const box = range.getBoundingClientRect(); return [box.top, box.bottom]; }");
            var stage = (await page.TestId("stage").BoundingBoxAsync())!;
            var controls = (await page.Page.Locator(".transport").BoundingBoxAsync())!;
            Assert.True(text[0] >= caption.Y - 1 && text[1] <= stage.Y + 1, "The stage covers nothing of the words.");
            Assert.True(text[1] <= controls.Y, "The controls cover nothing of the words.");
            await ExpectHitAsync(page, "caption");
            await page.KeyAsync("ArrowRight");
            await page.WaitForAsync(Past, 30 + step);
        }
    }

    [Theory]
    [InlineData(1600, 1000)]
    [InlineData(1280, 720)]
    public async Task On_a_wall_a_lost_connection_leaves_the_stage_as_it_is(int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?at=41", viewport: new() { Width = width, Height = height });
        await page.ChooseThemeAsync("projector");
        await Expect(page.Page.Locator(".insp")).ToBeHiddenAsync();
        var before = (await page.TestId("stage").BoundingBoxAsync())!;
        await page.Page.EvaluateAsync(
            "() => { const box = document.getElementById('components-reconnect-modal');"
            + " box.querySelector('span').textContent = box.dataset.lost; box.hidden = false; }");
        var banner = (await page.Page.Locator("#components-reconnect-modal").BoundingBoxAsync())!;
        var after = (await page.TestId("stage").BoundingBoxAsync())!;
        Assert.Equal((before.X, before.Y, before.Width, before.Height), (after.X, after.Y, after.Width, after.Height));
        Assert.True(banner.Y + banner.Height <= after.Y + 1, "It lies over the bar, not over the stage.");
        foreach (var id in new[] { "share", "inspector-open", "help", "theme-light", "next", "caption" })
        {
            var box = (await page.TestId(id).BoundingBoxAsync())!;
            Assert.True(box.X >= banner.X + banner.Width || box.Y >= banner.Y + banner.Height, $"{id} is not covered.");
        }
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
