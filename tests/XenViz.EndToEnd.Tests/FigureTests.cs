using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>The figure, played as a person plays it; every value is one of the course's tables.</summary>
public sealed class FigureTests(XenVizApp app)
{
    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task The_write_plays_to_its_end_and_back_to_the_start(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync("/", mode);
        await page.ExpectAtAsync("start");
        await Expect(page.TestId("back")).ToBeDisabledAsync();
        Assert.Equal("45 46 45 46", await page.IndicesAsync());
        await page.ExpectAsync("step-1", "data-state", "future");

        await page.PressAsync("next");
        await page.ExpectAtAsync("1.1");
        await page.ExpectTextAsync("caption", "The application writes its data into a page of its own memory.");
        await page.ExpectAsync("step-1", "data-state", "current");
        await NumberedAsync(page, "1.2");
        await NumberedAsync(page, "2.11");
        await page.ExpectTextAsync("caption", "The request is published: req_prod goes from 45 to 46.");
        await page.ExpectTextAsync("req-prod", "46");
        await page.ExpectAsync("ring-slot-5", "data-kind", "request");
        await page.ExpectAsync("ring-slot-6", "data-kind", "free");
        await page.ExpectAsync("step-1", "data-state", "past");
        await page.ExpectAsync("step-2", "data-state", "current");
        await page.ExpectAsync("step-3", "data-state", "future");
        await page.PressAsync("tab-grants");
        await page.ExpectAsync("grant-9", "data-flags", "0x0005");
        await NumberedAsync(page, "3.4–3.10");
        await page.PressAsync("tab-events");
        await page.ExpectAsync("port-70", "data-pending", "true");
        await page.ExpectAsync("port-70", "data-masked", "false");
        await page.ExpectAsync("port-6", "data-pending", "false");
        await NumberedAsync(page, "4.11–4.16");
        await page.ExpectAsync("port-70", "data-pending", "false");
        await page.PressAsync("tab-pagemap");
        await Expect(page.TestId("mapping-17")).ToContainTextAsync("0xFFFF8880003F1000");
        await page.PressAsync("tab-grants");
        await page.ExpectAsync("grant-9", "data-flags", "0x000d");
        await NumberedAsync(page, "5.4");
        await NumberedAsync(page, "6.4–6.10");
        await page.ExpectAsync("grant-9", "data-flags", "0x0005");
        await page.PressAsync("tab-pagemap");
        await Expect(page.TestId("mapping-17")).ToHaveCountAsync(0);
        await page.PressAsync("tab-ring");
        await page.ExpectAsync("ring-slot-5", "data-kind", "response");
        await page.ExpectTextAsync("rsp-prod", "46");
        await NumberedAsync(page, "7.10");
        await Expect(page.TestId("next")).ToBeDisabledAsync();
        Assert.Equal("46 47 46 47", await page.IndicesAsync());
        await page.PressAsync("tab-grants");
        await page.ExpectAsync("grant-9", "data-flags", "0x0000");

        await BackToStartAsync(page);
        await page.PressAsync("tab-ring");
        Assert.Equal("45 46 45 46", await page.IndicesAsync());
        await page.ExpectAsync("ring-slot-5", "data-kind", "free");
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task The_read_plays_to_its_end(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync("/?op=read&slots=32", mode);
        await NumberedAsync(page, "1.2");
        await NumberedAsync(page, "2.11");
        await page.ExpectAsync("ring-slot-13", "data-kind", "request");
        await page.PressAsync("tab-grants");
        await page.ExpectAsync("grant-9", "data-flags", "0x0001");
        await NumberedAsync(page, "3.4–3.10");
        await NumberedAsync(page, "4.11–4.16");
        await page.ExpectAsync("grant-9", "data-flags", "0x0019");
        await NumberedAsync(page, "5.4");
        await page.PressAsync("tab-bytes");
        await Expect(page.TestId("stage").GetByText("\"Hello, guest!\"").First).ToBeAttachedAsync();
        await NumberedAsync(page, "6.4–6.10");
        await NumberedAsync(page, "7.11");
        await page.ExpectTextAsync("caption", "The application reads its page: \"Hello, guest!\"");
        await Expect(page.TestId("next-numbered")).ToBeDisabledAsync();
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Every_micro_step_of_the_whole_truth_has_its_number_caption_and_why()
    {
        await using var page = await app.OpenWorkbenchAsync("/?xen=on&leftout=on&slots=32");
        var numbers = new List<string>();
        for (var last = "start"; await page.TestId("next").IsEnabledAsync();)
        {
            await page.PressAsync("next");
            await Expect(page.TestId("substep")).Not.ToHaveTextAsync(last);
            numbers.Add(last = await page.TestId("substep").InnerTextAsync());
            Assert.NotEqual("", await page.TestId("caption").InnerTextAsync());
            Assert.NotEqual("", await page.TestId("why").InnerTextAsync());
        }

        Assert.Equal(63, numbers.Count(number => char.IsAsciiDigit(number[0]) && number.Count(c => c == '.') == 1));
        foreach (var group in new[] { "W.1", "H.1", "H.5", "U.1", "U.6", "R.1", "R.6", "E.1", "E.2", "W.5" })
        {
            Assert.Contains(group, numbers);
        }

        Assert.True(numbers.IndexOf("U.6") < numbers.IndexOf("R.1"), "the answer comes after the unmap");
        Assert.True(numbers.IndexOf("R.6") < numbers.IndexOf("6.1"), "the bell comes after the answer");
    }

    [Fact]
    public async Task Playing_runs_by_itself_at_the_chosen_speed_and_pauses()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.PressAsync("speed-4×");
        await page.ExpectAsync("speed", "data-speed", "4");
        await page.PressAsync("play");
        await page.ExpectAsync("play", "aria-pressed", "true");
        await page.WaitForAsync(
            "+document.querySelector('[data-testid=scrubber]').getAttribute('aria-valuenow') >= 5");
        await page.PressAsync("play");
        await page.ExpectAsync("play", "aria-pressed", "false");
        var at = await page.PositionAsync();
        Assert.InRange(at, 5, 90);
        await page.PressAsync("run-to-end");
        await page.ExpectAtAsync("7.10");
        await page.PressAsync("reset");
        await page.ExpectAtAsync("start");
        Assert.Empty(page.Errors);
    }

    private static async Task NumberedAsync(AppPage page, string number)
    {
        await page.PressAsync("next-numbered");
        await page.ExpectAtAsync(number);
    }

    private static async Task BackToStartAsync(AppPage page)
    {
        for (var at = await page.PositionAsync(); at > 0;)
        {
            await page.PressAsync("back-numbered");
            await Expect(page.TestId("scrubber")).Not.ToHaveAttributeAsync("aria-valuenow", $"{at}");
            var now = await page.PositionAsync();
            Assert.True(now < at);
            at = now;
        }

        await page.ExpectAtAsync("start");
    }
}
