using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>Event channels with the FIFO ABI: the Events tab with its queue, and the ports on stage.</summary>
public sealed class FifoTests(XenVizApp app)
{
    private const string Queue =
        "/?scenario=workload&queues=4&depth=4&segments=1&events=fifo&work=read:0/32&xen=on&at=107";

    [Theory]
    [InlineData("light", 1600, 1000)]
    [InlineData("dark", 1280, 720)]
    [InlineData("light", 390, 844)]
    public async Task The_tab_shows_the_queue_and_a_port_leads_to_its_word(string theme, int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(Queue, viewport: new() { Width = width, Height = height });
        await page.ChooseThemeAsync(theme);
        await page.PressAsync("tab-events");
        await page.ExpectTextAsync("events-abi", "FIFO ABI: queues");
        await Expect(page.TestId("queue-2-7").Locator("li")).ToHaveTextAsync(["70", "71", "72", "73"]);
        await page.ExpectAsync("port-71", "data-pending", "true");
        Assert.Empty(await page.AccessibilityViolationsAsync());

        await page.TestId("port-71").Locator(".explain").ClickAsync();
        await page.ExpectTextAsync("details-title", "Port 71 of domain 2");
        await page.PressAsync("part-LINKED");
        await Expect(page.TestId("because-chain").Locator("li").First).ToContainTextAsync("Xen sets LINKED");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.PressAsync("details-bytes");
        await Expect(page.TestId("bytes-words-driver")).ToContainTextAsync("word[71]");
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task The_stage_says_linked_where_bits_say_selector_and_nothing_moves(string theme)
    {
        await using var bits = await app.OpenWorkbenchAsync("/?xen=on&at=21");
        await using var fifo = await app.OpenWorkbenchAsync("/?events=fifo&xen=on&at=26");
        await fifo.ChooseThemeAsync(theme);
        var before = bits.Page.Locator(".wide [data-object=driver-port]").First;
        var after = fifo.Page.Locator(".wide [data-object=driver-port]").First;
        await Expect(before).ToContainTextAsync("selector");
        await Expect(after).ToContainTextAsync("linked");
        var (was, now) = (await before.BoundingBoxAsync(), await after.BoundingBoxAsync());
        Assert.Equal((was!.X, was.Y, was.Width, was.Height), (now!.X, now.Y, now.Width, now.Height));
        await Expect(fifo.TestId("caption")).ToContainTextAsync("events waiting");
        Assert.Empty(await fifo.AccessibilityViolationsAsync());

        // One row at a time to the handler, which takes the port off its queue.
        var at = "";
        for (var i = 0; i < 40 && at != "4.4.2"; i++)
        {
            at = (await fifo.TestId("substep").TextContentAsync())!.Trim();
            if (at != "4.4.2")
            {
                await fifo.PressAsync("next");
                await Expect(fifo.TestId("substep")).Not.ToHaveTextAsync(at);
            }
        }

        await Expect(fifo.TestId("caption")).ToContainTextAsync("It takes port 70 off queue 7");
        Assert.Empty(fifo.Errors);
    }
}
