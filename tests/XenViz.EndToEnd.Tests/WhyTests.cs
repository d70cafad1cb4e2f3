using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>Asking why a field has its value.</summary>
public sealed class WhyTests(XenVizApp app)
{
    [Theory]
    [InlineData("light", 1600, 1000)]
    [InlineData("dark", 390, 844)]
    public async Task A_field_tells_why_and_leads_there_by_keys_alone(string theme, int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(viewport: new() { Width = width, Height = height });
        await page.ChooseThemeAsync(theme);
        await page.KeyAsync("End");
        await page.ExpectAtAsync("7.10");
        await page.PressAsync("tab-bytes");
        await page.TestId("why-field").FocusAsync();
        await page.TestId("why-field").SelectOptionAsync("ring-header@8.rsp_prod");
        var chain = page.TestId("why-chain").GetByRole(AriaRole.Button);
        await Expect(chain.First).ToBeVisibleAsync();
        Assert.Empty(await page.AccessibilityViolationsAsync());
        var end = await page.PositionAsync();
        await page.KeyAsync("Tab");
        await Expect(chain.First).ToBeFocusedAsync();
        await page.KeyAsync("Enter");
        await Expect(page.TestId("scrubber")).Not.ToHaveAttributeAsync("aria-valuenow", $"{end}");
        await Expect(page.TestId("why-card")).ToContainTextAsync("rsp_prod");
        await Expect(page.TestId("why-card").GetByRole(AriaRole.Heading).First).ToBeFocusedAsync();
        Assert.Empty(page.Errors);
    }
}
