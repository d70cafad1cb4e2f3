using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>The Xenstore tab in the browser.</summary>
public sealed class StoreTests(XenVizApp app)
{
    [Fact]
    public async Task The_handshake_can_be_followed_key_by_key()
    {
        await using var page = await app.OpenWorkbenchAsync("/?scenario=connect");
        await page.PressAsync("tab-store");
        await page.ExpectAsync("xenbus-back", "data-state", "0");
        await page.PressAsync("next");
        await page.ExpectAsync("xenbus-back", "data-state", "1");
        var changed = page.Page.Locator("tr.changed[data-path='/local/domain/5/device/vbd/51712/state']");
        await Expect(changed).ToContainTextAsync("1");
        await page.PressAsync("run-to-end");
        await page.ExpectAsync("xenbus-front", "data-state", "4");
        await page.ExpectAsync("xenbus-back", "data-state", "4");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_key_says_whose_it_is_and_leads_to_the_step_that_wrote_it()
    {
        await using var page = await app.OpenWorkbenchAsync("/?scenario=connect");
        await page.PressAsync("run-to-end");
        await page.PressAsync("tab-store");
        var row = page.Page.Locator("tr[data-path$='/vbd/51712/ring-ref']");
        await row.GetByRole(Microsoft.Playwright.AriaRole.Button).FocusAsync();
        await page.KeyAsync("Enter");
        await page.ExpectTextAsync("details-title", "ring-ref");
        await page.ExpectTextAsync("details-writes", "domain 5; domain 0, which may do everything");
        await page.ExpectTextAsync("details-name", "/local/domain/5/device/vbd/51712/ring-ref");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.TestId("because-chain").GetByRole(Microsoft.Playwright.AriaRole.Button).First.ClickAsync();
        await Expect(page.TestId("substep")).ToContainTextAsync("C.");
        await page.KeyAsync("Escape");
        await Expect(row.GetByRole(Microsoft.Playwright.AriaRole.Button)).ToBeFocusedAsync();
        Assert.Empty(page.Errors);
    }
}
