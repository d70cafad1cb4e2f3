using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>Finding any row of a run, and a timeline that shows only some.</summary>
public sealed class FindTests(XenVizApp app)
{
    private const string Long = "/?scenario=workload&slots=8&depth=8&segments=1&work=read:0/2000";

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task The_keyboard_alone_finds_a_row_and_follows_an_object(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync("/", mode);
        await page.KeyAsync("/");
        await Expect(page.TestId("find-text")).ToBeFocusedAsync();
        await page.Page.Keyboard.TypeAsync("grant 9 pins");
        await Expect(page.TestId("find-count")).ToContainTextAsync("2 of ");
        await page.KeyAsync("Enter");
        await page.ExpectAtAsync("4.13");
        await page.KeyAsync("Enter");
        await page.ExpectAtAsync("U.5");
        await page.KeyAsync("Shift+Enter");
        await page.ExpectAtAsync("4.13");
        await page.KeyAsync("Tab");
        await page.KeyAsync("Tab");
        await Expect(page.TestId("find-only")).ToBeFocusedAsync();
        await page.KeyAsync("Space");
        await page.ExpectTextAsync("only-count", "1 of 2");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.KeyAsync("Escape");
        await Expect(page.TestId("find-panel")).ToHaveCountAsync(0);
        await Expect(page.TestId("find")).ToBeFocusedAsync();
        await page.KeyAsync("n");
        await page.ExpectAtAsync("U.5");
        await page.ExpectTextAsync("only-count", "2 of 2");
        await page.KeyAsync("Shift+N");
        await page.ExpectAtAsync("4.13");
        await page.PressAsync("only-all");
        await Expect(page.TestId("only")).ToHaveCountAsync(0);
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(1600, 1000)]
    [InlineData(1280, 720)]
    [InlineData(390, 844)]
    [InlineData(320, 640)]
    public async Task The_two_ways_from_row_to_row_stay_together(int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(viewport: new() { Width = width, Height = height });
        await page.PressAsync("find");
        await page.TestId("find-text").FillAsync("grant");
        await Expect(page.TestId("find-count")).ToContainTextAsync(" of ");
        var stop = (await page.TestId("find-stop").BoundingBoxAsync())!;
        var previous = (await page.TestId("find-previous").BoundingBoxAsync())!;
        var next = (await page.TestId("find-next").BoundingBoxAsync())!;
        Assert.Equal(previous.Y, next.Y, 0.5);
        Assert.True(width < 1600 || Math.Abs(stop.Y - next.Y) < 0.5, $"{stop.Y} {next.Y}");
    }

    [Theory]
    [InlineData(1600, 1000)]
    [InlineData(390, 844)]
    public async Task A_circle_opens_into_its_micro_steps(int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(viewport: new() { Width = width, Height = height });
        await page.KeyAsync("4");
        await page.ExpectAtAsync("4.11–4.16");
        await page.PressAsync("substep");
        await Expect(page.TestId("find-text")).ToHaveValueAsync("step 4");
        await Expect(page.TestId("find-hits")).ToContainTextAsync("4.1");
        await Expect(page.TestId("find-hits")).Not.ToContainTextAsync("3.10");

        // The list opens where the run stands.
        await Expect(page.TestId("find-hits").Locator("[aria-current=step]")).ToBeInViewportAsync();
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.TestId("find-hits").EvaluateAsync("list => list.scrollTop = 0");
        await page.TestId("find-hits").Locator("button", new() { HasTextString = "4.1" }).First.ClickAsync();
        await page.ExpectAtAsync("4.1");
        await page.KeyAsync("Escape");
        await page.KeyAsync("4");
        await page.ExpectAtAsync("4.11–4.16");
        await page.TestId("step-4").FocusAsync();
        await page.KeyAsync("Enter");
        await Expect(page.TestId("find-text")).ToHaveValueAsync("step 4");

        // What the circle asked for is there still, and typing replaces it: at once, and after a look at the old words.
        // Who was at the circle is there again.
        await Expect(page.TestId("find-text")).ToBeFocusedAsync();
        await page.KeyAsync("Escape");
        await Expect(page.TestId("find-panel")).ToHaveCountAsync(0);
        await Expect(page.TestId("step-4")).ToBeFocusedAsync();
        await page.KeyAsync("/");
        await page.Page.Keyboard.TypeAsync("grant 9");
        await Expect(page.TestId("find-text")).ToHaveValueAsync("grant 9");
        await page.KeyAsync("Escape");
        await Expect(page.TestId("find-panel")).ToHaveCountAsync(0);
        await page.KeyAsync("/");
        await Expect(page.TestId("find-text")).ToBeFocusedAsync();
        Assert.Equal("grant 9", await page.Page.EvaluateAsync<string>("getSelection().toString()"));
        await page.Page.Keyboard.TypeAsync("page");
        await Expect(page.TestId("find-text")).ToHaveValueAsync("page");

        // Esc closes it from elsewhere too, and the focus stays there.
        await page.TestId("step-4").FocusAsync();
        await page.KeyAsync("Escape");
        await Expect(page.TestId("find-panel")).ToHaveCountAsync(0);
        await Expect(page.TestId("step-4")).ToBeFocusedAsync();
        await page.KeyAsync("b");
        await Expect(page.TestId("paths-panel")).ToBeVisibleAsync();
        await page.TestId("step-4").FocusAsync();
        await page.KeyAsync("Escape");
        await Expect(page.TestId("paths-panel")).ToHaveCountAsync(0);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Ten_thousand_rows_are_searched_and_only_those_in_sight_are_drawn()
    {
        await using var page = await app.OpenWorkbenchAsync(Long);
        var length = int.Parse((await page.TestId("scrubber").GetAttributeAsync("aria-valuemax"))!);
        Assert.True(length >= 10_000, $"{length} rows");
        await page.KeyAsync("/");
        await page.TestId("find-text").FillAsync("grant");
        await Expect(page.TestId("find-count")).ToContainTextAsync($"of {length} rows", new() { Timeout = 20_000 });
        var hits = page.TestId("find-hits").Locator("button");
        await Expect(hits.First).ToBeVisibleAsync();
        Assert.InRange(await hits.CountAsync(), 5, 120);
        await page.TestId("find-hits").EvaluateAsync("list => { list.scrollTop = list.scrollHeight; }");
        await Expect(page.TestId($"hit-{await LastAsync(page)}")).ToBeVisibleAsync();
        await page.TestId($"hit-{await LastAsync(page)}").ClickAsync();
        await Expect(page.TestId("find-next")).ToBeDisabledAsync();
        Assert.True(await page.PositionAsync() > length * 3 / 4);
        Assert.InRange(await hits.CountAsync(), 5, 120);
    }

    [Fact]
    public async Task Who_walks_through_rows_far_from_the_start_has_them_in_sight()
    {
        await using var page = await app.OpenWorkbenchAsync(Long + "&at=5000");
        await page.KeyAsync("/");
        await page.TestId("find-text").FillAsync("grant");
        await Expect(page.TestId("find-hits").Locator("button").First).ToBeVisibleAsync();
        var current = page.TestId("find-hits").Locator("[aria-current=step]");
        foreach (var key in new[] { "Enter", "Enter", "Shift+Enter" })
        {
            await page.KeyAsync(key);
            await Expect(current).ToBeInViewportAsync(new() { Ratio = 1 });
        }

        Assert.True(await page.PositionAsync() > 5000);
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(1600, 1000, ColorScheme.Light)]
    [InlineData(1280, 720, ColorScheme.Dark)]
    [InlineData(390, 844, ColorScheme.Light)]
    [InlineData(320, 640, ColorScheme.Dark)]
    public async Task Axe_accepts_the_search_and_nothing_scrolls_sideways(int width, int height, ColorScheme scheme)
    {
        await using var page = await app.OpenWorkbenchAsync(
            viewport: new() { Width = width, Height = height }, colorScheme: scheme);
        await page.PressAsync("find");
        await page.TestId("find-panel").WaitForAsync();
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.TestId("find-idea").First.ClickAsync();
        await Expect(page.TestId("find-only")).ToBeEnabledAsync();
        await page.TestId("find-only").CheckAsync();
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.PressAsync("find-close");
        await page.TestId("only").WaitForAsync();
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Equal(0, await page.Page.EvaluateAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"));
    }

    private static async Task<int> LastAsync(AppPage page)
    {
        await page.WaitForAsync("document.querySelector('[data-testid=find-hits]').lastElementChild.offsetHeight < 5");
        var id = await page.TestId("find-hits").Locator("button").Last.GetAttributeAsync("data-testid");
        return int.Parse(id!["hit-".Length..]);
    }
}
