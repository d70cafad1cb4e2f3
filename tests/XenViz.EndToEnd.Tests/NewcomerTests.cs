using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>Somebody comes by the keyboard alone, with less motion: the focus is never lost, and what is
/// done is said.</summary>
public sealed class NewcomerTests(XenVizApp app)
{
    private const string Fork =
        "/?scenario=workload&depth=4&work=write:2048:One&work=write:2056:Two&work=read:8/8&at=45";

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task Branches_and_breakpoints_keep_the_focus_and_are_told(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync(Fork, mode, new() { Width = 1280, Height = 720 });
        await TabToAsync(page, "[data-testid^=choice-]:not(.on)");
        await page.KeyAsync("Enter");
        await Expect(page.TestId("narration")).ToContainTextAsync("On the branch");
        await ExpectFocusAsync(page);
        await page.KeyAsync("b");
        await TabToAsync(page, "[data-testid=branch-rename-1]");
        await page.KeyAsync("Enter");
        await Expect(page.TestId("branch-name")).ToBeFocusedAsync();
        await page.KeyAsync("Control+a");
        await page.Page.Keyboard.TypeAsync("disk first");
        await page.KeyAsync("Enter");
        await Expect(page.TestId("branch-rename-1")).ToBeFocusedAsync();
        await Expect(page.TestId("branch-told")).ToHaveTextAsync("The branch is now called disk first.");
        await TabToAsync(page, "[data-testid=branch-delete-1]");
        await page.KeyAsync("Enter");
        await Expect(page.TestId("branch-undo")).ToBeFocusedAsync();
        await page.KeyAsync("Enter");
        await Expect(page.TestId("branch-show-1")).ToBeFocusedAsync();
        await TabToAsync(page, "[data-testid=break-text]");
        await page.Page.Keyboard.TypeAsync("map");
        await page.KeyAsync("Enter");
        await Expect(page.TestId("break-told")).ToContainTextAsync("Playing stops at");
        await TabToAsync(page, "[data-testid^=break-remove-]");
        await page.KeyAsync("Enter");
        await Expect(page.TestId("break-told")).ToContainTextAsync("does not stop");
        await ExpectFocusAsync(page);
        await page.KeyAsync("Escape");
        await Expect(page.TestId("paths")).ToBeFocusedAsync();
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task A_cause_is_jumped_to_and_the_comparison_begins_at_its_heading(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync(Fork, mode, new() { Width = 1280, Height = 720 });
        await TabToAsync(page, "[data-pick]");
        await page.KeyAsync("ArrowRight");
        await page.KeyAsync("Enter");
        await Expect(page.TestId("details-title")).ToBeFocusedAsync();
        await TabToAsync(page, "[data-testid^=because-]");
        await page.KeyAsync("Enter");
        await Expect(page.TestId("scrubber")).Not.ToHaveAttributeAsync("aria-valuenow", "45");
        await Expect(page.TestId("details-title")).ToBeFocusedAsync();
        await page.KeyAsync("Escape");
        await Expect(page.Page.Locator("[data-pick]:focus")).ToHaveCountAsync(1);
        await page.KeyAsync("b");
        await TabToAsync(page, "[data-testid=to-compare]");
        await page.KeyAsync("Enter");
        await page.TestId("compare-scrubber").WaitForAsync(new() { Timeout = 30_000 });
        await Expect(page.Page.Locator("h1")).ToBeFocusedAsync();
        await page.KeyAsync("ArrowRight");
        await Expect(page.TestId("number-a")).ToHaveTextAsync("1.1");
        await TabToAsync(page, "[data-testid=compare-scrubber]");
        Assert.Empty(page.Errors);
    }

    private static async Task TabToAsync(AppPage page, string selector)
    {
        for (var i = 0; i < 90; i++)
        {
            await page.KeyAsync("Tab");
            if (await page.Page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
            {
                return;
            }
        }

        Assert.Fail($"Tab never comes to {selector}.");
    }

    private static Task ExpectFocusAsync(AppPage page) =>
        page.WaitForAsync("document.activeElement !== null && document.activeElement !== document.body");
}
