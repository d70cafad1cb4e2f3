using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>The Events and the Packets tab by the keyboard alone: one stop of Tab, arrow keys walk, Enter explains.
/// </summary>
public sealed class WalkTests(XenVizApp app)
{
    private const string Queue =
        "/?scenario=workload&queues=4&depth=4&segments=1&events=fifo&work=read:0/32&xen=on&at=107";

    private const string Focused = "document.activeElement.dataset.testid ?? document.activeElement.textContent.trim()";

    private const string HasOutline =
        "(() => { const style = getComputedStyle(document.activeElement);"
        + " return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 3; })()";

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task Every_word_bit_and_port_of_the_events_is_reached_and_explained(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync(Queue, mode);
        await TabToAsync(page, "tab-events");
        await page.KeyAsync("Enter");
        await page.TestId("queue-2-7").WaitForAsync();
        await page.KeyAsync("Tab");
        await page.KeyAsync("Tab");
        var all = await page.TestId("events").Locator("button").CountAsync();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < all; i++)
        {
            await page.WaitForAsync(HasOutline);
            Assert.True(seen.Add($"{i} " + await page.Page.EvaluateAsync<string>(Focused)));
            await page.KeyAsync("ArrowDown");
        }

        foreach (var id in new[] { "event-open-2-ready", "port-71-pending", "port-71-linked", "port-71-link" })
        {
            Assert.Contains(seen, one => one.EndsWith(' ' + id, StringComparison.Ordinal));
        }

        // The run has stood still, and the next stop of Tab is behind the panel.
        await page.ExpectAsync("scrubber", "aria-valuenow", "107");
        await page.KeyAsync("Home");
        await WalkToAsync(page, "port-71-linked");
        await page.KeyAsync("Enter");
        await page.ExpectTextAsync("details-title", "Port 71 of domain 2");
        await page.ExpectAsync("part-LINKED", "aria-pressed", "true");
        await page.KeyAsync("Escape");
        await Expect(page.TestId("port-71-linked")).ToBeFocusedAsync();
        await page.KeyAsync("Tab");
        Assert.False(await page.Page.EvaluateAsync<bool>("document.activeElement.closest('[data-roves]') !== null"));
        await page.KeyAsync("Shift+Tab");
        await Expect(page.TestId("port-71-linked")).ToBeFocusedAsync();
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task A_frame_is_chosen_by_arrows_and_explained_by_Enter(RenderModes mode)
    {
        var work = string.Join('&', Enumerable.Range(0, 32).Select(_ => "work=send:60:a"));
        await using var page = await app.OpenWorkbenchAsync($"/?scenario=net-tx&depth=8&{work}", mode);
        await page.KeyAsync("End");
        await Expect(page.TestId("next")).ToBeDisabledAsync();
        await TabToAsync(page, "tab-packets");
        await page.KeyAsync("Enter");
        await page.TestId("packet-tree").WaitForAsync();
        await page.TestId("packet-32").WaitForAsync();
        var before = await page.PositionAsync();
        await TabToAsync(page, "packet-32");
        await page.WaitForAsync(HasOutline);
        foreach (var number in new[] { 31, 30, 29 })
        {
            await page.KeyAsync("ArrowDown");
            await Expect(page.TestId($"packet-{number}")).ToBeFocusedAsync();
            await page.ExpectAsync("packet", "data-number", $"{number}");
        }

        // The list is not all drawn: its last frame is reached all the same.
        await ReachAsync(page, "End", "packet-1");
        await page.ExpectAsync("packet", "data-number", "1");
        await ReachAsync(page, "Home", "packet-32");
        await page.ExpectAsync("packet", "data-number", "32");
        await page.KeyAsync("Enter");
        await page.ExpectTextAsync("details-title", "Frame 32");
        await page.KeyAsync("Escape");
        await Expect(page.TestId("packet-32")).ToBeFocusedAsync();

        // On to its card, and the fields.
        await TabToAsync(page, "packet-details");
        await TabToAsync(page, "layer-Ethernet");
        await page.KeyAsync("End");
        await page.KeyAsync("Enter");
        await Expect(page.Page.Locator("[role=treeitem]:focus")).ToHaveAttributeAsync("aria-selected", "true");
        await page.WaitForAsync(HasOutline);
        Assert.Equal(before, await page.PositionAsync());
        Assert.Empty(page.Errors);
    }

    // Each press goes to the end of what is drawn, and more is drawn there.
    private static async Task ReachAsync(AppPage page, string key, string id)
    {
        for (var presses = 0; presses < 8; presses++)
        {
            await page.KeyAsync(key);
            if (await page.Page.EvaluateAsync<bool>(
                "id => new Promise(done => setTimeout(() => done(document.activeElement.dataset.testid === id), 400))",
                id))
            {
                return;
            }
        }

        Assert.Fail($"{key} does not lead to {id}.");
    }

    private static async Task TabToAsync(AppPage page, string id)
    {
        for (var i = 0; i < 90; i++)
        {
            await page.KeyAsync("Tab");
            var there = await page.Page.EvaluateAsync<bool>(
                "id => document.activeElement.dataset.testid === id"
                + " || document.activeElement.querySelector(`:scope [data-testid=\"${id}\"]`) !== null"
                + " && document.activeElement.getAttribute('role') === 'tab'", id);
            if (there)
            {
                return;
            }

            // Tabs are one stop: arrows lead from one to the next.
            if (id.StartsWith("tab-", StringComparison.Ordinal)
                && await page.Page.EvaluateAsync<bool>("document.activeElement.getAttribute('role') === 'tab'"))
            {
                await WalkTabsAsync(page, id);
                return;
            }
        }

        Assert.Fail($"Tab never comes to {id}.");
    }

    private static async Task WalkTabsAsync(AppPage page, string id)
    {
        var tab = page.Page.Locator($"[role=tab]:focus [data-testid={id}]");
        for (var i = 0; i < 9 && await tab.CountAsync() == 0; i++)
        {
            // Over the server the focus comes a moment later.
            var before = await page.Page.EvaluateAsync<string>("document.activeElement.textContent");
            await page.KeyAsync("ArrowRight");
            await page.WaitForAsync("before => document.activeElement.textContent !== before", before);
        }

        await Expect(tab).ToBeVisibleAsync();
    }

    private static async Task WalkToAsync(AppPage page, string id)
    {
        for (var i = 0; i < 90; i++)
        {
            if (await page.Page.EvaluateAsync<string>(Focused) == id)
            {
                return;
            }

            await page.KeyAsync("ArrowDown");
        }

        Assert.Fail($"The arrow keys never come to {id}.");
    }
}
