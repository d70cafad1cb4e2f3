using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>The wall view, which has no inspector until it is asked for, and figure and truth.</summary>
public sealed class WallTests(XenVizApp app)
{
    private const string Sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

    [Theory]
    [InlineData(1600, 1000)]
    [InlineData(1280, 720)]
    public async Task On_a_wall_the_stage_is_as_large_at_every_step(int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(viewport: new() { Width = width, Height = height });
        await page.ChooseThemeAsync("projector");
        await Expect(page.Page.Locator(".insp")).ToBeHiddenAsync();
        var sizes = new HashSet<(float, float)>();
        foreach (var key in "1234567")
        {
            await page.KeyAsync(key.ToString());
            await Expect(page.TestId($"step-{key}")).ToHaveAttributeAsync("data-state", "current");
            var box = (await page.TestId("stage").BoundingBoxAsync())!;
            sizes.Add((box.Width, box.Height));
        }

        Assert.Single(sizes);
    }

    [Theory]
    [InlineData(1600, 1000)]
    [InlineData(1280, 720)]
    public async Task On_a_wall_the_steps_have_the_width_and_their_names_and_no_word_of_the_caption_is_cut(
        int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?scenario=net-guests", viewport: new() { Width = width, Height = height });
        await page.ChooseThemeAsync("projector");
        await Expect(page.Page.Locator(".insp")).ToBeHiddenAsync();
        Assert.True((await page.TestId("scrubber").BoundingBoxAsync())!.Width > width * 0.8);
        Assert.InRange(await page.Page.Locator(".tl-pic .stp text.word:visible").CountAsync(), 5, 20);
        for (var i = 0; i < 12; i++)
        {
            await page.KeyAsync("Shift+ArrowRight");
            await page.SettledAsync();

            // Neither the whole nor a part of it scrolls, and no part lies on another.
            Assert.Equal("", await page.Page.EvaluateAsync<string>("""
                () => {
                  const [cap, told, why] =
                    ['.cap', '.cap .told', '.cap .why'].map(each => document.querySelector(each));
                  const cut = [cap, told, why].filter(each => each.scrollHeight > each.clientHeight + 1);
                  const over = told.getBoundingClientRect().bottom > why.getBoundingClientRect().top + 1;
                  return cut.map(each => each.className).join(' ') + (over ? ' over' : '');
                }
                """));

            // Each change is seen, or counted as one more.
            Assert.Equal(0, await page.Page.EvaluateAsync<int>("""
                () => {
                  const seen = query => [...document.querySelectorAll(query)].filter(each => each.checkVisibility());
                  const more = seen('.cap .meta .link').map(each => +each.innerText.match(/[0-9]+/)[0]);
                  const all = document.querySelectorAll('#all-changes li').length || seen('.cap .chg').length;
                  return seen('.cap .chg').length + more.reduce((sum, each) => sum + each, 0) - all;
                }
                """));
        }
    }

    // Three arrows have names and somebody is to go next; then something is wrong, once and twice.
    [Theory]
    [InlineData("/?scenario=workload&depth=4&segments=1&work=read:0/64&leftout=on&at=", 95, 174)]
    [InlineData("/?scenario=dma-attack&iommu=off&work=write:2048/8:Stolen&leftout=on&at=", 49, 99)]
    public async Task On_a_wall_of_1280_pixels_the_reason_has_room_whatever_else_is_told(
        string link, int first, int second)
    {
        await using var page = await app.OpenWorkbenchAsync(viewport: new() { Width = 1280, Height = 720 });
        await page.ChooseThemeAsync("projector");
        foreach (var at in new[] { first, second })
        {
            await page.Page.GotoAsync(link + at);
            await page.TestId("scrubber").WaitForAsync();
            await Expect(page.Page.Locator(".cap").Locator(".beats, .bad").First).ToBeVisibleAsync();
            await Expect(page.Page.Locator(".insp")).ToBeHiddenAsync();
            await page.SettledAsync();
            Assert.Equal(0, await page.Page.EvaluateAsync<int>(
                "(() => { const cap = document.querySelector('.cap'), why = document.querySelector('.why p');"
                + " return Math.max(0, cap.scrollHeight - cap.clientHeight,"
                + " Math.ceil(why.getBoundingClientRect().bottom - cap.getBoundingClientRect().bottom)); })()"));
        }
    }

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task On_a_wall_the_stage_has_the_width_and_the_inspector_comes_back(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?at=41", mode, new() { Width = 1600, Height = 1000 });
        var stage = page.Page.Locator(".xv-stage");
        var inspector = page.Page.Locator(".insp");
        var before = (await stage.BoundingBoxAsync())!.Width;
        await page.ChooseThemeAsync("projector");
        await Expect(inspector).ToBeHiddenAsync();
        await Expect(page.TestId("inspector-open")).ToHaveAttributeAsync("aria-expanded", "false");
        await page.Page.WaitForFunctionAsync(
            "least => document.querySelector('.xv-stage').getBoundingClientRect().width >= least", before * 1.15);
        Assert.InRange((await stage.BoundingBoxAsync())!.Width, before * 1.15, 1600);
        Assert.InRange(await SizeAsync(page, "caption"), 30, 40);
        Assert.InRange(await SizeAsync(page, "why"), 21, 30);
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.KeyAsync("i");
        await Expect(inspector).ToBeVisibleAsync();
        await page.Page.ReloadAsync();
        await page.TestId("scrubber").WaitForAsync();
        await Expect(inspector).ToBeVisibleAsync();
        await page.PressAsync("inspector-open");
        await Expect(inspector).ToBeHiddenAsync();
        await page.ChooseThemeAsync("light");
        await Expect(inspector).ToBeVisibleAsync();
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(1600, 1000)]
    [InlineData(1280, 720)]
    public async Task Everything_can_be_reached_by_the_keyboard_without_the_inspector(int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?at=41", viewport: new() { Width = width, Height = height });
        await page.ChooseThemeAsync("projector");
        var seen = new HashSet<string>();
        for (var i = 0; i < 60; i++)
        {
            await page.KeyAsync("Tab");
            seen.Add(await page.Page.EvaluateAsync<string>(
                "document.activeElement.dataset?.testid ?? document.activeElement.tagName"));
        }

        Assert.Superset(
            new HashSet<string>
            {
                "scenario", "share", "inspector-open", "theme-projector", "help", "substep", "next", "play", "reset",
                "run-to-end", "mode-figure", "inside-xen", "left-out", "paths", "find", "scrubber",
            },
            seen);
        await page.Page.Locator("[data-pick=grant]").First.FocusAsync();
        await page.KeyAsync("Enter");
        await page.ExpectTextAsync("details-title", "Grant entry 9");
        var card = (await page.TestId("details").BoundingBoxAsync())!;
        var stage = (await page.TestId("stage").BoundingBoxAsync())!;
        Assert.True(stage.X + stage.Width <= card.X + 1, "The card covers nothing of the stage.");
        Assert.Equal(0, await page.Page.EvaluateAsync<int>(Sideways));
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.PressAsync("details-tab");
        await Expect(page.TestId("grant-9")).ToBeVisibleAsync();
        await page.TestId("grant-9").GetByRole(AriaRole.Button).FocusAsync();
        await page.KeyAsync("i");
        await Expect(page.TestId("inspector-open")).ToBeFocusedAsync();
        await page.KeyAsync("/");
        await Expect(page.TestId("find-text")).ToBeFocusedAsync();
        await page.KeyAsync("Escape");
        await Expect(page.TestId("inspector-open")).ToBeFocusedAsync();
        await page.KeyAsync("b");
        await Expect(page.TestId("paths-panel")).ToBeVisibleAsync();
        Assert.Empty(await page.AccessibilityViolationsAsync());
    }

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task The_chosen_theme_outlives_that_a_new_session_gets_its_address(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync("/", mode);
        await page.ChooseThemeAsync("projector");
        var html = page.Page.Locator("html");
        for (var i = 0; i < 3; i++)
        {
            await page.Page.GotoAsync("/?at=13");
            await page.Page.WaitForURLAsync("**/s/*");
            await page.ExpectAtAsync("2.11");
            await Expect(html).ToHaveAttributeAsync("data-theme", "projector");
            await Expect(html).ToHaveAttributeAsync("data-inspector", "hidden");
        }

        await html.EvaluateAsync("html => { delete html.dataset.theme; delete html.dataset.inspector; }");
        await Expect(html).ToHaveAttributeAsync("data-theme", "projector");
        await Expect(html).ToHaveAttributeAsync("data-inspector", "hidden");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task On_a_phone_the_inspector_stands_below_in_any_theme()
    {
        await using var page = await app.OpenWorkbenchAsync(viewport: new() { Width = 390, Height = 844 });
        await page.ChooseThemeAsync("projector");
        await Expect(page.Page.Locator(".insp")).ToBeVisibleAsync();
        await Expect(page.TestId("inspector-open")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task Truth_and_figure_set_both_switches_and_are_kept_in_the_link(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync("/", mode);
        await page.ExpectAsync("mode", "data-mode", "figure");
        await page.KeyAsync("t");
        await page.ExpectAsync("mode", "data-mode", "truth");
        await Expect(page.TestId("inside-xen")).ToBeCheckedAsync();
        await Expect(page.TestId("left-out")).ToBeCheckedAsync();
        await page.TestId("left-out").UncheckAsync();
        await page.ExpectAsync("mode", "data-mode", "mixed");
        await Expect(page.TestId("mode-figure")).Not.ToBeCheckedAsync();
        await page.TestId("mode-truth").CheckAsync(new() { Force = true });
        await page.ExpectAsync("mode", "data-mode", "truth");
        await page.Page.GotoAsync("/?xen=on&leftout=on");
        await page.TestId("scrubber").WaitForAsync();
        await page.ExpectAsync("mode", "data-mode", "truth");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.TestId("to-text").FocusAsync();
        await page.KeyAsync("Enter");
        await page.TestId("a11y-view").WaitForAsync();
        await page.ExpectAsync("mode", "data-mode", "truth");
        await page.TestId("mode-figure").CheckAsync(new() { Force = true });
        await page.ExpectAsync("mode", "data-mode", "figure");
        Assert.Empty(page.Errors);
    }

    private static Task<double> SizeAsync(AppPage page, string id) => page.TestId(id).EvaluateAsync<double>(
        "element => parseFloat(getComputedStyle(element).fontSize)");
}
