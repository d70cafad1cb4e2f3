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
}
