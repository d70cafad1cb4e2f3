using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>Breakpoints, and branches that are named, deleted and brought back.</summary>
public sealed class PathsTests(XenVizApp app)
{
    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task A_breakpoint_stops_the_run_by_keyboard_alone(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync("/", mode);
        await page.KeyAsync("b");
        await page.TestId("paths-panel").WaitForAsync();
        await page.TestId("break-text").FocusAsync();
        await page.Page.Keyboard.TypeAsync("grant 9 pins");
        await page.KeyAsync("Enter");
        await Expect(page.TestId("breaks")).ToContainTextAsync("2 rows");
        await page.KeyAsync("Escape");
        await Expect(page.TestId("paths-panel")).ToHaveCountAsync(0);
        await Expect(page.TestId("paths")).ToBeFocusedAsync();
        await page.KeyAsync("c");
        await page.ExpectAtAsync("4.13");
        await page.KeyAsync("c");
        await page.ExpectAtAsync("U.5");
        await page.KeyAsync("Shift+C");
        await page.ExpectAtAsync("4.13");
        await page.KeyAsync("Home");
        await page.ExpectAtAsync("start");
        await page.PressAsync("speed-4×");
        await page.KeyAsync(".");
        await page.ExpectAtAsync("4.13");
        await page.ExpectAsync("play", "aria-pressed", "false");
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task A_panel_that_opens_has_the_focus_with_its_first_picture(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync("/", mode);
        foreach (var (button, key, opening) in new[] { ("paths", "b", "h2"), ("find", "/", "#find-text") })
        {
            foreach (var byKey in new[] { true, false })
            {
                await page.Page.EvaluateAsync("""
                    wanted => {
                      window.first = new Promise(resolve => {
                        const seen = new MutationObserver(() => {
                          if (document.querySelector(`.wb > .find ${wanted}`)) {
                            seen.disconnect();
                            requestAnimationFrame(() => resolve(document.activeElement.matches(`.find ${wanted}`)));
                          }
                        });
                        seen.observe(document.body, { childList: true, subtree: true });
                      });
                    }
                    """, opening);
                await (byKey ? page.KeyAsync(key) : page.PressAsync(button));
                Assert.True(await page.Page.EvaluateAsync<bool>("() => window.first"), $"{button}, by key: {byKey}");
                await page.KeyAsync("Escape");
                await Expect(page.TestId($"{button}-panel")).ToHaveCountAsync(0);
                if (!byKey)
                {
                    await Expect(page.TestId(button)).ToBeFocusedAsync();
                }
            }
        }

        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task To_start_again_drops_branches_and_gives_them_back()
    {
        await using var page = await app.OpenWorkbenchAsync("/?at=42");
        await page.TestId("choices").Locator("button:not(.on)").First.ClickAsync();
        await page.KeyAsync("b");
        await page.TestId("branch-1").WaitForAsync();
        await page.PressAsync("reset");
        await page.ExpectAtAsync("start");
        await Expect(page.TestId("branch-1")).ToHaveCountAsync(0);
        var said = page.Page.Locator(".mud-snackbar");
        await Expect(said).ToContainTextAsync("Its branch is gone.");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        // By keyboard alone: what was said lies behind the controls.
        var back = said.GetByRole(AriaRole.Button, new() { Name = "Bring it back" });
        for (var stop = 0; stop < 12 && !await back.EvaluateAsync<bool>("button => button.matches(':focus')"); stop++)
        {
            await page.KeyAsync("Tab");
        }

        await Expect(back).ToBeFocusedAsync();
        await page.KeyAsync("Enter");
        await page.TestId("branch-1").WaitForAsync();
        await Expect(page.TestId("scrubber")).ToHaveAttributeAsync("aria-valuenow", "43");
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData("light", 1600, 1000)]
    [InlineData("dark", 1280, 720)]
    [InlineData("projector", 390, 844)]
    [InlineData("light", 320, 640)]
    public async Task Branches_are_named_deleted_and_brought_back(string theme, int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?xen=on&leftout=on", viewport: new() { Width = width, Height = height });
        await page.ChooseThemeAsync(theme);
        while (await page.TestId("choices").CountAsync() == 0)
        {
            var at = await page.PositionAsync();
            await page.KeyAsync("ArrowRight");
            await Expect(page.TestId("scrubber")).Not.ToHaveAttributeAsync("aria-valuenow", $"{at}");
        }

        await page.TestId("choices").Locator("button:not(.on)").First.ClickAsync();
        await page.TestId("branch").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.KeyAsync("b");
        await page.TestId("branch-1").WaitForAsync();
        await page.PressAsync("branch-rename-1");
        await Expect(page.TestId("branch-name")).ToBeFocusedAsync();

        // The name that it had is selected: what is typed takes its place.
        await page.Page.Keyboard.TypeAsync("the disk is slow");
        await Expect(page.TestId("branch-name")).ToHaveValueAsync("the disk is slow");
        await page.KeyAsync("Enter");
        await Expect(page.TestId("branch-1")).ToContainTextAsync("the disk is slow");
        await page.TestId("break-idea").First.ClickAsync();
        await page.TestId("break-0").WaitForAsync();
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Equal(0, await page.Page.EvaluateAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        await page.PressAsync("branch-delete-1");
        await Expect(page.TestId("branch-1")).ToHaveCountAsync(0);
        await page.PressAsync("branch-undo");
        await Expect(page.TestId("branch-1")).ToContainTextAsync("the disk is slow");
        await Expect(page.TestId("branch-1")).ToContainTextAsync("on screen");

        // Both branches come beside each other by name, where the run stands, with every row told.
        var here = await page.PositionAsync();
        await page.PressAsync("branch-compare-0");
        await Expect(page.TestId("side-a")).ToContainTextAsync("the disk is slow");
        await Expect(page.TestId("side-b")).ToContainTextAsync("Default order");
        await Expect(page.TestId("side-a")).ToContainTextAsync($"row {here} of");
        await Expect(page.TestId("side-b")).ToContainTextAsync($"row {here} of");
        await Expect(page.TestId("compare-partings")).ToContainTextAsync("only one run has");
        Assert.Empty(page.Errors);
    }
}
