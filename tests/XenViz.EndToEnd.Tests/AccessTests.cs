using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>Every way of access: axe in each theme and state, small screens, large zoom, less motion.</summary>
public sealed class AccessTests(XenVizApp app)
{
    private const string SideScroll =
        "document.documentElement.scrollWidth - document.documentElement.clientWidth";

    private static readonly string[] Tabs =
        ["tab-ring", "tab-grants", "tab-pagemap", "tab-events", "tab-code", "tab-bytes", "tab-cost", "tab-store"];

    [Theory]
    [InlineData("light", 1600, 1000)]
    [InlineData("dark", 1280, 720)]
    [InlineData("projector", 1600, 1000)]
    [InlineData("light", 390, 844)]
    [InlineData("dark", 390, 844)]
    public async Task Axe_accepts_every_tab_of_the_workbench(string theme, int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(viewport: new() { Width = width, Height = height });
        await page.ChooseThemeAsync(theme);
        if (theme == "projector")
        {
            await page.PressAsync("inspector-open");
        }

        await page.KeyAsync("4");
        await page.ExpectAtAsync("4.11–4.16");
        foreach (var tab in Tabs)
        {
            await page.PressAsync(tab);
            Assert.Empty(await page.AccessibilityViolationsAsync());
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_accepts_the_dialogs_and_other_pages(ColorScheme scheme)
    {
        await using var page = await app.OpenWorkbenchAsync(colorScheme: scheme);
        await page.PressAsync("help");
        await page.TestId("help-dialog").WaitForAsync();
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.PressAsync("help-close");
        await Expect(page.TestId("help-dialog")).ToHaveCountAsync(0);
        await page.OpenScenarioAsync();
        await page.TestId("pick-workload").CheckAsync(new() { Force = true });
        foreach (var add in new[] { "work-add-write", "work-add-read", "work-add-copy", "work-add-file" })
        {
            await page.PressAsync(add);
        }

        await page.TestId("image-own").CheckAsync();
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.Page.GotoAsync("/there-is-no-such-page");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.Page.GotoAsync("/?slots=9");
        await page.TestId("problem").WaitForAsync();
        Assert.Empty(await page.AccessibilityViolationsAsync());
    }

    [Theory]
    [InlineData(390, 844)]
    [InlineData(320, 640)]
    [InlineData(640, 360)]
    public async Task A_small_window_loses_nothing_and_never_scrolls_sideways(int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(viewport: new() { Width = width, Height = height });
        await page.KeyAsync("4");
        await page.ExpectAtAsync("4.11–4.16");
        foreach (var tab in Tabs)
        {
            await page.PressAsync(tab);
            Assert.Equal(0, await page.Page.EvaluateAsync<int>(SideScroll));
        }

        foreach (var id in new[] { "caption", "why", "step-4", "scrubber", "left-out", "next", "play", "help" })
        {
            await page.TestId(id).ScrollIntoViewIfNeededAsync();
            await Expect(page.TestId(id)).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task Targets_on_a_phone_are_44_pixels()
    {
        await using var page = await app.OpenWorkbenchAsync(viewport: new() { Width = 390, Height = 844 });
        foreach (var id in new[]
        {
            "next", "back", "play", "next-numbered", "back-numbered", "help", "share", "scenario", "step-3",
        })
        {
            var box = (await page.TestId(id).BoundingBoxAsync())!;
            Assert.True(box is { Width: >= 43.5f, Height: >= 43.5f }, $"{id}: {box.Width} x {box.Height}");
        }
    }

    [Fact]
    public async Task Stepping_moves_nothing_of_the_layout()
    {
        await using var page = await app.OpenWorkbenchAsync(viewport: new() { Width = 1600, Height = 1000 });
        async Task<string> Boxes() => await page.Page.EvaluateAsync<string>(
            "JSON.stringify(['.top', '.stagebox', '.cap', '.insp', '.foot']"
            + ".map(name => document.querySelector(name).getBoundingClientRect()))");
        var before = await Boxes();
        for (var step = 1; step <= 7; step++)
        {
            await page.KeyAsync($"{step}");
            await page.ExpectAsync($"step-{step}", "data-state", "current");
            Assert.Equal(before, await Boxes());
        }
    }

    [Fact]
    public async Task Less_motion_is_a_switch_and_a_key()
    {
        await using var page = await app.OpenWorkbenchAsync(reducedMotion: ReducedMotion.NoPreference);
        await page.ExpectAsync("motion", "aria-pressed", "false");
        await page.KeyAsync("r");
        await page.ExpectAsync("motion", "aria-pressed", "true");
        await page.PressAsync("motion");
        await page.ExpectAsync("motion", "aria-pressed", "false");
        await using var reduced = await app.OpenWorkbenchAsync(reducedMotion: ReducedMotion.Reduce);
        await reduced.ExpectAsync("motion", "aria-pressed", "true");
    }
}
