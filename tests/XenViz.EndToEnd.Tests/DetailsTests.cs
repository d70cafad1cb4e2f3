using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>Click anything: the card that explains it, and the lens on a page.</summary>
public sealed class DetailsTests(XenVizApp app)
{
    private const string Mapped = "/?at=41";

    private const string Sideways =
        "document.documentElement.scrollWidth - document.documentElement.clientWidth";

    private const string Outside =
        "card => [...card.querySelectorAll('*')]"
        + ".filter(each => each.getBoundingClientRect().right > innerWidth + 1).length";

    private static readonly string[] Themes = ["light", "dark", "projector"];

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task The_keyboard_alone_opens_follows_the_chain_and_comes_back(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync(Mapped, mode);
        var first = page.Page.Locator("[data-pick=guest]").First;
        for (var i = 0; i < 40 && !await first.EvaluateAsync<bool>("button => button === document.activeElement"); i++)
        {
            await page.KeyAsync("Tab");
        }

        await Expect(first).ToBeFocusedAsync();
        var grant = page.Page.Locator("[data-pick=grant]");
        for (var i = 0; i < 20 && !await grant.EvaluateAsync<bool>("button => button === document.activeElement"); i++)
        {
            await page.KeyAsync("ArrowRight");
        }

        await Expect(grant).ToBeFocusedAsync();
        Assert.True((await grant.BoundingBoxAsync())!.Width > 100, "The focus is seen where the object is.");
        await page.KeyAsync("Enter");
        await page.ExpectTextAsync("details-title", "Grant entry 9");
        await Expect(page.TestId("details-title")).ToBeFocusedAsync();
        await Expect(page.TestId("part-flags")).ToHaveAttributeAsync("aria-pressed", "true");
        var jump = page.TestId("because-chain").GetByRole(AriaRole.Button).First;
        await jump.FocusAsync();
        await page.KeyAsync("Enter");
        await Expect(page.TestId("scrubber")).Not.ToHaveAttributeAsync("aria-valuenow", "41");
        await Expect(page.TestId("details-title")).ToBeFocusedAsync();
        await page.KeyAsync("ArrowLeft");
        await page.ExpectTextAsync("details-title", "Grant entry 9");
        await page.KeyAsync("Escape");
        await Expect(page.TestId("details")).ToHaveCountAsync(0);
        await Expect(grant).ToBeFocusedAsync();
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task The_mouse_opens_the_tab_and_the_card_and_nothing_moves(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync(Mapped, mode);
        var before = await PlacesAsync(page);
        await page.Page.Locator(".wide [data-object=maptrack] text").First.ClickAsync();
        await page.ExpectTextAsync("details-title", "Maptrack record of handle 17");
        Assert.Equal(before, await PlacesAsync(page));
        await Expect(page.TestId("details-name")).ToHaveTextAsync("struct grant_mapping");
        await page.PressAsync("details-tab");
        await Expect(page.TestId("details")).ToHaveCountAsync(0);
        await page.TestId("grant-9").ClickAsync();
        await page.ExpectTextAsync("details-where", "frame 0x5F00 @0x048, 8 bytes");
        await page.PressAsync("details-bytes");
        await Expect(page.TestId("bytes-grants")).ToBeVisibleAsync();
        await page.PressAsync("tab-events");
        await page.TestId("port-70").First.ClickAsync();
        await page.ExpectTextAsync("details-title", "Port 70 of domain 2");
        await page.PressAsync("details-close");
        await page.PressAsync("tab-ring");
        await page.TestId("ring-slot-5").ClickAsync(new() { Position = new() { X = 12, Y = 40 }, Force = true });
        await page.ExpectTextAsync("details-title", "Slot 5");
        Assert.Equal(before, await PlacesAsync(page));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_byte_lights_under_all_three_addresses_by_mouse_and_by_keys()
    {
        await using var page = await app.OpenWorkbenchAsync(Mapped);
        await page.PressAsync("tab-pagemap");
        await page.PressAsync("lens-open");
        var third = page.TestId("lens").Locator("[data-b$=':2']");
        await Expect(third).ToHaveCountAsync(3);
        await third.Nth(1).HoverAsync();
        Assert.Equal(3, await LitAsync(third));
        await Expect(page.TestId("lens").Locator("tfoot")).ToContainTextAsync("0x1A4002");
        await Expect(page.TestId("lens").Locator("tfoot")).ToContainTextAsync("0xFFFF8880003F1002");
        await Expect(page.TestId("lens").Locator("tfoot")).ToContainTextAsync("0x5A21002");
        await page.TestId("lens-pick").FocusAsync();
        await page.KeyAsync("ArrowRight");
        Assert.Equal(0, await LitAsync(third));
        await Expect(page.TestId("lens").Locator("tfoot")).ToContainTextAsync("0x1A4003");
        await Expect(page.TestId("lens-pick")).ToHaveAttributeAsync(
            "aria-valuetext", "byte 0x003: 0x1A4003, 0xFFFF8880003F1003, 0x5A21003");
        Assert.Equal(41, await page.PositionAsync());
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(1600, 1000)]
    [InlineData(1280, 720)]
    [InlineData(390, 844)]
    public async Task Axe_accepts_the_card_in_each_theme_and_nothing_scrolls_sideways(int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            Mapped, viewport: new() { Width = width, Height = height });
        foreach (var theme in Themes)
        {
            await page.ChooseThemeAsync(theme);
            foreach (var id in new[] { "grant", "data", "xen" })
            {
                await page.Page.Locator($"[data-pick={id}]").First.FocusAsync();
                await page.KeyAsync("Enter");
                await page.ExpectAsync("details", "data-about", id);
                await Expect(page.TestId("details-value")).ToBeVisibleAsync();
                var found = await page.AccessibilityViolationsAsync();
                Assert.True(found.Count == 0, $"{id} in {theme}: {string.Join('\n', found)}");
                Assert.Equal(0, await page.Page.EvaluateAsync<int>(Sideways));
                Assert.Equal(0, await page.TestId("details").EvaluateAsync<int>(Outside));
                await page.KeyAsync("Escape");
                await Expect(page.TestId("details")).ToHaveCountAsync(0);
            }
        }
    }

    private static Task<int> LitAsync(ILocator bytes) => bytes.EvaluateAllAsync<int>(
        "all => all.filter(each => getComputedStyle(each).getPropertyValue('--lit-fill').trim() !== '').length");

    private static Task<string> PlacesAsync(AppPage page) => page.Page.EvaluateAsync<string>("""
        JSON.stringify(['.top', '.stagebox', '.xv-stage', '.cap', '.foot', '.insp'].map(part => {
          const box = document.querySelector(part).getBoundingClientRect();
          return [box.x, box.y, box.width, box.height];
        }))
        """);
}
