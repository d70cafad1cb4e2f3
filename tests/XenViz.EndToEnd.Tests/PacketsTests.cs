using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>The Packets tab in the browser.</summary>
public sealed class PacketsTests(XenVizApp app)
{
    private static readonly string[] Themes = ["light", "dark", "projector"];
    private static readonly string ManyFrames =
        "/?scenario=net-tx&depth=8&" + string.Join('&', Enumerable.Repeat("work=send:60:a", 32));

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task A_frame_is_followed_from_the_first_page_to_the_wire(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync("/?scenario=net-tx", mode);
        await page.PressAsync("tab-packets");
        await Expect(page.TestId("packets-none")).ToContainTextAsync("Step forward");
        await page.PressAsync("next");
        await page.ExpectAsync("packet-1", "data-place", "application");
        await page.PressAsync("run-to-end");
        await page.ExpectAsync("packet-1", "data-place", "wire");
        await page.ExpectTextAsync("packet-where", "on the wire");
        await page.ExpectTextAsync("packet-answered", "given back: answered");
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.PressAsync("packets-pcap"));
        Assert.EndsWith(".pcap", download.SuggestedFilename, StringComparison.Ordinal);
        await page.PressAsync("packet-details");
        await page.ExpectTextAsync("details-title", "Frame 1");
        await page.PressAsync("details-tab");
        await Expect(page.TestId("packet-tree")).ToBeVisibleAsync();
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Pointing_lights_the_field_and_its_bytes_both_ways()
    {
        await using var page = await app.OpenWorkbenchAsync("/?scenario=net-tx&at=30");
        await page.PressAsync("tab-packets");
        var source = page.TestId("field-IPv4-Source");
        var bytes = page.Page.Locator("[data-b='p1:26'], [data-b='p1:29']");
        await source.HoverAsync();
        foreach (var each in await bytes.AllAsync())
        {
            Assert.True(await IsLitAsync(each, "--lit-fill"));
        }

        Assert.False(await IsLitAsync(page.Page.Locator("[data-b='p1:30']"), "--lit-fill"));
        await page.Page.Locator("[data-b='p1:16']").HoverAsync();
        Assert.True(await IsLitAsync(page.TestId("field-IPv4-Total length"), "--lit-line"));
        Assert.False(await IsLitAsync(source, "--lit-line"));
        await page.TestId("field-Data-Bytes").HoverAsync();
        Assert.True(await IsLitAsync(page.Page.Locator("[data-b='p1:180']"), "--lit-fill"));
    }

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task The_tree_is_walked_by_keys_and_chooses_a_field(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync("/?scenario=net-tx&at=30", mode);
        await page.PressAsync("tab-packets");
        await page.TestId("packet-details").FocusAsync();
        await page.KeyAsync("Tab");
        await Expect(page.TestId("layer-Ethernet")).ToBeFocusedAsync();
        await page.KeyAsync("ArrowDown");
        await page.KeyAsync("ArrowDown");
        await Expect(page.TestId("field-Ethernet-Source")).ToBeFocusedAsync();
        Assert.True(await IsLitAsync(page.Page.Locator("[data-b='p1:6']"), "--lit-fill"));
        await page.KeyAsync("Enter");
        await Expect(page.TestId("field-Ethernet-Source")).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(page.Page.Locator(".phex .on")).ToHaveCountAsync(6);
        await page.KeyAsync("Home");
        await page.KeyAsync("ArrowLeft");
        await Expect(page.TestId("layer-Ethernet")).ToHaveAttributeAsync("aria-expanded", "false");
        await page.ExpectAsync("scrubber", "aria-valuenow", "30");
    }

    [Fact]
    public async Task A_long_list_is_virtual_and_a_frame_can_be_chosen()
    {
        await using var page = await app.OpenWorkbenchAsync(ManyFrames);
        await page.PressAsync("run-to-end");
        await page.PressAsync("tab-packets");
        await Expect(page.TestId("packets-count")).ToContainTextAsync("32 in all, 32 at their end");
        await page.TestId("packet-30").WaitForAsync();
        Assert.InRange(await page.Page.Locator(".packet").CountAsync(), 4, 30);
        await page.PressAsync("packet-30");
        await page.ExpectAsync("packet", "data-number", "30");
        await page.PressAsync("packet-follow");
        await page.ExpectAsync("packet", "data-number", "32");
    }

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task End_and_Home_lead_to_the_last_and_first_frame_of_a_list_that_is_not_all_drawn(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync(ManyFrames, mode);
        await page.PressAsync("run-to-end");
        await page.PressAsync("tab-packets");
        await Expect(page.TestId("packets-count")).ToContainTextAsync("32 in all");
        await Expect(page.TestId("packet-2")).ToHaveCountAsync(0);
        var position = await page.PositionAsync();
        await page.TestId("packet-32").FocusAsync();
        (string Key, string Number, string Near)[] keys =
            [("End", "1", "2"), ("Home", "32", "31"), ("End", "1", "2"), ("ArrowUp", "2", "3")];
        foreach (var (key, number, near) in keys)
        {
            await page.KeyAsync(key);
            await Expect(page.TestId("packet-" + number)).ToBeFocusedAsync();

            // What is near is drawn, also when the list was asked for both ends before it had drawn one.
            await Expect(page.TestId("packet-" + near)).ToBeAttachedAsync();
            await Expect(page.TestId("packet-" + number)).ToBeInViewportAsync();
            await page.ExpectAsync("packet", "data-number", number);
        }

        // The last of two keys counts, however late the list is drawn for the first one.
        await page.TestId("packet-2").FocusAsync();
        await page.Page.Keyboard.PressAsync("Home");
        await page.Page.Keyboard.PressAsync("End");
        await Expect(page.TestId("packet-1")).ToBeFocusedAsync();
        await page.ExpectAsync("packet", "data-number", "1");

        // Each arrow leads one further, however far behind the drawing is.
        await page.Page.Keyboard.PressAsync("Home");
        await page.Page.Keyboard.PressAsync("End");
        await page.Page.Keyboard.PressAsync("ArrowUp");
        await page.Page.Keyboard.PressAsync("ArrowUp");
        await page.Page.Keyboard.PressAsync("ArrowUp");
        await Expect(page.TestId("packet-4")).ToBeFocusedAsync();
        await page.ExpectAsync("packet", "data-number", "4");
        Assert.Equal(position, await page.PositionAsync());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task It_is_accessible_in_every_theme_and_fits_a_phone()
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?scenario=net-tx&work=send:5054/256/1448/0:large&at=60");
        await page.PressAsync("tab-packets");
        await page.TestId("packet-tree").WaitForAsync();
        foreach (var theme in Themes)
        {
            await page.ChooseThemeAsync(theme);
            if (theme == "projector")
            {
                await page.PressAsync("inspector-open");
            }

            var found = await page.AccessibilityViolationsAsync();
            Assert.True(found.Count == 0, $"{theme}: {string.Join('\n', found)}");
        }

        await page.ChooseThemeAsync("light");
        await page.Page.SetViewportSizeAsync(390, 844);
        await page.WaitForAsync(
            "() => document.documentElement.scrollWidth === document.documentElement.clientWidth", "");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Empty(page.Errors);
    }

    private static Task<bool> IsLitAsync(ILocator element, string property) => element.First.EvaluateAsync<bool>(
        "(element, name) => getComputedStyle(element).getPropertyValue(name).trim() !== ''", property);
}
