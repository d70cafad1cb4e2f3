using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>Several rings, lanes and arrows in the browser.</summary>
public sealed class RingsTests(XenVizApp app)
{
    private const string Queues = "/?scenario=workload&queues=2&depth=4&segments=1&work=read:0/64&at=120";

    private const string Crash =
        "/?scenario=reconnect&depth=4&segments=1&crash=1&work=write:2048:One&work=write:2056:Two";

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task A_small_ring_is_put_on_stage_by_a_click_and_the_row_s_own_comes_back(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync(Queues, mode);
        var position = await page.PositionAsync();
        await Expect(page.TestId("rings")).ToHaveAttributeAsync("data-shown", "1");
        await page.Page.Locator(".wide [data-object=queue-0]").ClickAsync();
        await Expect(page.TestId("rings")).ToHaveAttributeAsync("data-shown", "0");
        await Expect(page.TestId("show-ring-0")).ToBeCheckedAsync();
        Assert.Equal(position, await page.PositionAsync());
        await page.Page.Locator(".wide [data-object=queue-0]").ClickAsync();
        await Expect(page.TestId("rings")).ToHaveAttributeAsync("data-shown", "1");
        await Expect(page.TestId("show-ring-follow")).ToBeCheckedAsync();
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task A_link_with_a_chosen_ring_opens_with_that_ring_on_stage(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync(Queues + "&ring=0", mode);
        await Expect(page.TestId("rings")).ToHaveAttributeAsync("data-shown", "0");
        await Expect(page.TestId("show-ring-0")).ToBeCheckedAsync();
        await Expect(page.Page.Locator(".twins [data-pick=queue-0]")).ToContainTextAsync("On stage by choice.");
        await page.ExpectAsync("scrubber", "aria-valuenow", "120");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_scenario_file_with_a_chosen_ring_opens_with_it_and_a_ring_that_there_is_not_is_named()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.OpenScenarioAsync();
        await page.TestId("scenario-file").SetInputFilesAsync(new FilePayload
        {
            Name = "ring.json", MimeType = "application/json",
            Buffer = """
                { "version": 1, "run": "workload", "ring": { "queues": 2 },
                  "workload": { "depth": 4, "items": [{ "do": "read", "sector": 0, "count": 64 }] },
                  "schedule": { "position": 90 }, "show": { "ring": 1 } }
                """u8.ToArray(),
        });
        await Expect(page.TestId("scenario-which")).ToContainTextAsync("Opens at row 90");
        await page.RunScenarioAsync();
        await Expect(page.TestId("rings")).ToHaveAttributeAsync("data-shown", "1");
        await Expect(page.TestId("show-ring-1")).ToBeCheckedAsync();
        await page.ExpectAsync("scrubber", "aria-valuenow", "90");

        await using var none = await app.OpenAsync("/?op=read&ring=0");
        await Expect(none.Page.Locator("main")).ToContainTextAsync("There is no ring 0 to put on stage");
    }

    [Fact]
    public async Task A_small_ring_is_chosen_with_the_keyboard_by_its_name_and_state()
    {
        await using var page = await app.OpenWorkbenchAsync(Queues);
        var twin = page.Page.Locator(".twins [data-pick=queue-0]");
        await Expect(twin).ToContainTextAsync("queue 0, ring of domain 5, 8 slots: at work");
        await twin.FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.TestId("rings")).ToHaveAttributeAsync("data-shown", "0");
        await Expect(twin).ToContainTextAsync("On stage by choice.");
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    public async Task Axe_accepts_several_rings_lanes_and_letters(ColorScheme scheme, int width)
    {
        foreach (var path in new[] { Queues, "/?scenario=net-guests&at=60" })
        {
            await using var page = await app.OpenWorkbenchAsync(
                path, viewport: new() { Width = width, Height = 844 }, colorScheme: scheme);
            Assert.Empty(await page.AccessibilityViolationsAsync());
        }
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    [InlineData("projector")]
    public async Task A_driver_domain_that_crashed_looks_dead_and_axe_accepts_it(string theme)
    {
        await using var page = await app.OpenWorkbenchAsync(Crash + "&at=100");
        await page.ChooseThemeAsync(theme);
        var dead = page.Page.Locator(".wide [data-object=driver] .zone.dead");
        for (var step = 0; step < 80 && await dead.CountAsync() == 0; step++)
        {
            var at = await page.PositionAsync();
            await page.PressAsync("next");
            await page.WaitForAsync(
                "at => +document.querySelector('[data-testid=scrubber]').ariaValueNow > at", at);
        }

        await Expect(page.Page.Locator(".wide [data-object=driver]")).ToContainTextAsync("crashed");
        await Expect(page.Page.Locator(".wide [data-object=back] rect.gone")).ToHaveCountAsync(1);
        await Expect(page.Page.Locator(".twins [data-pick=back]")).ToContainTextAsync("nothing of it is left");
        Assert.Empty(await page.AccessibilityViolationsAsync());
    }

    [Fact]
    public async Task Letters_are_named_under_the_caption_and_nothing_else_moves()
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?at=41", viewport: new() { Width = 1600, Height = 1000 });
        await Expect(page.TestId("beats")).ToContainTextAsync("page mapped");
        var letters = await page.Page.Locator(".wide .beat text").AllTextContentsAsync();
        Assert.Equal(letters, await page.Page.Locator("[data-testid=beats] b").AllTextContentsAsync());
        var before = await PlacesAsync(page);
        await page.PressAsync("back");
        await page.ExpectAtAsync("4.10");
        await Expect(page.TestId("beats")).ToHaveCountAsync(0);
        Assert.Equal(before, await PlacesAsync(page));
    }

    private static Task<double[]> PlacesAsync(AppPage page) => page.Page.EvaluateAsync<double[]>("""
        () => ['.xv-stage', '.cap', '.why', '.foot', '.insp']
          .map(name => document.querySelector(name).getBoundingClientRect())
          .flatMap(box => [box.top, box.right])
        """);
}
