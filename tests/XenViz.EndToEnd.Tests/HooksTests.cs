using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>The names of docs/ui-testing.md that no other test needs, each with what it promises.</summary>
public sealed class HooksTests(XenVizApp app)
{
    private const string EightWrites = "/?scenario=workload&depth=8&work=write:64:a&work=write:128:b&work=write:256:c"
        + "&work=write:512:d&work=write:1024:e&work=write:2048:f&work=write:4096:g&work=write:32:h";

    [Fact]
    public async Task The_inspector_tells_what_the_last_row_did()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.KeyAsync("2");
        await page.ExpectAtAsync("2.11");
        await page.PressAsync("tab-bytes");
        await Expect(page.TestId("bytes-ring-header").Locator(".chgt")).ToHaveTextAsync("2e");
        await page.PressAsync("tab-code");
        await Expect(page.TestId("access")).ToContainTextAsync("ring");
        await Expect(page.Page.Locator("[data-testid^=listing-] [data-current=true]"))
            .ToHaveAttributeAsync("aria-current", "step");
        await page.KeyAsync("3");
        await page.PressAsync("tab-ring");
        await page.ExpectAsync("notify-interval", "data-notify", "true");
        await page.ExpectAsync("ring-slot-5", "data-state", "pending");
        await page.PressAsync("tab-events");
        await page.ExpectAsync("port-70", "data-domain", "2");
        await page.ExpectAsync("port-6", "data-domain", "5");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_cost_tab_books_what_each_step_costs_and_all_tabs_fit()
    {
        await using var page = await app.OpenWorkbenchAsync(viewport: new() { Width = 1280, Height = 720 });
        await page.PressAsync("tab-cost");
        await page.ExpectTextAsync("cost-so-far", "0");
        await page.ExpectTextAsync("cost-to-end", "33,800");
        await page.KeyAsync("3");
        await page.ExpectAtAsync("3.4–3.10");
        await page.KeyAsync("ArrowLeft");
        await page.ExpectAtAsync("3.3");
        await Expect(page.TestId("cost-hypercalls")).ToContainTextAsync("0 → 1");
        await page.ExpectAsync("cost-row-3.3", "data-current", "true");
        await page.KeyAsync("End");
        await page.ExpectTextAsync("cost-so-far", "33,800");
        await Expect(page.TestId("cost-estimate")).ToContainTextAsync("estimates");
        await page.TestId("cost-sources").Locator("summary").ClickAsync();
        await Expect(page.TestId("cost-sources")).ToContainTextAsync("ISCA 2016");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.True(await page.Page.EvaluateAsync<bool>(
            "(() => { const bar = document.querySelector('.insp .mud-tabs-tabbar').getBoundingClientRect();"
            + "return [...document.querySelectorAll('.insp .mud-tab')].map(e => e.getBoundingClientRect())"
            + ".every(tab => tab.left >= bar.left && tab.right <= bar.right); })()"));
        Assert.Empty(page.Errors);
    }

    // What stands in a list has its path beside its name.
    [Fact]
    public async Task A_name_is_one_part_of_the_workbench_whatever_tab_is_open()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.KeyAsync("4");
        await page.ExpectAtAsync("4.11–4.16");
        var tabs = await page.Page.Locator(".insp [role=tab] [data-testid]").EvaluateAllAsync<string[]>(
            "tabs => tabs.map(tab => tab.dataset.testid)");
        Assert.Equal(8, tabs.Length);
        foreach (var tab in tabs)
        {
            await page.PressAsync(tab);
            await Expect(page.Page.GetByRole(AriaRole.Tab).Filter(new() { Has = page.TestId(tab) }))
                .ToHaveAttributeAsync("aria-selected", "true");
            Assert.Equal("", await page.Page.EvaluateAsync<string>(
                "[...document.querySelectorAll('[data-testid]')].map(e => e.dataset.testid)"
                + ".filter(id => !/^store-(node|open|watch)$/.test(id))"
                + ".filter((id, i, all) => all.indexOf(id) !== i).join()"));
        }
    }

    [Fact]
    public async Task The_frame_comes_before_the_first_view_with_its_controls_disabled()
    {
        await using var page = await app.NewPageAsync();
        var answer = await page.Context.APIRequest.GetAsync(app.Address.ToString());
        var html = await answer.TextAsync();
        Assert.Contains("data-testid=\"loading\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("data-testid=\"scrubber\"", html, StringComparison.Ordinal);
        Assert.Matches("data-testid=\"next\" disabled", html);
    }

    [Fact]
    public async Task A_field_that_is_no_number_and_an_image_that_is_none_are_told_where_they_are()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.OpenScenarioAsync();
        await page.Field("param-start").FillAsync("minus one");
        await page.PressAsync("scenario-run");
        await Expect(page.TestId("scenario-dialog")).ToContainTextAsync("A whole number from 0 to 4294967295");
        await page.TestId("pick-workload").CheckAsync(new() { Force = true });
        await Expect(page.TestId("param-depth").First).ToBeAttachedAsync();
        await Expect(page.TestId("param-segments").First).ToBeAttachedAsync();
        await page.TestId("image-own").CheckAsync();
        await page.TestId("image-file").SetInputFilesAsync(new FilePayload
        {
            Name = "odd.img", MimeType = "application/octet-stream", Buffer = new byte[100],
        });
        await Expect(page.TestId("image-error")).ToContainTextAsync("512");
        await page.TestId("image-embedded").CheckAsync();
        await page.PressAsync("scenario-cancel");
        await Expect(page.TestId("scenario-dialog")).ToHaveCountAsync(0);
        await page.ExpectAtAsync("start");
    }

    [Fact]
    public async Task Another_run_of_the_figure_is_picked_in_the_dialog()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.OpenScenarioAsync();
        await page.TestId("pick-read").CheckAsync(new() { Force = true });
        await page.RunScenarioAsync();
        await Expect(page.TestId("scenario")).ToContainTextAsync("read");
        await page.OpenScenarioAsync();
        await page.TestId("pick-write").CheckAsync(new() { Force = true });
        await page.RunScenarioAsync();
        await Expect(page.TestId("scenario")).ToContainTextAsync("write");
    }

    [Theory]
    [InlineData("dark")]
    [InlineData("projector")]
    public async Task A_theme_stays_chosen_after_a_reload(string theme)
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.TestId("theme-light").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.ChooseThemeAsync(theme);
        var html = page.Page.Locator("html");
        await Expect(html).ToHaveAttributeAsync("data-theme", theme);
        await page.Page.ReloadAsync();
        await page.TestId("scrubber").WaitForAsync();
        await Expect(html).ToHaveAttributeAsync("data-theme", theme);
        await Expect(page.TestId("theme-" + theme)).ToBeCheckedAsync();
    }

    [Fact]
    public async Task A_price_is_changed_and_the_clock_follows()
    {
        await using var page = await app.OpenWorkbenchAsync("/?at=99");
        await page.PressAsync("tab-cost");
        var before = await page.TestId("cost-so-far").InnerTextAsync();
        await page.PressAsync("clock-play");
        var fast = await page.TestId("clock-1").InnerTextAsync();
        await page.TestId("cost-sources").Locator("summary").ClickAsync();
        await page.TestId("price-disk").FillAsync("300000");
        await page.KeyAsync("Tab");
        await Expect(page.TestId("clock-1")).Not.ToHaveTextAsync(fast);
        await page.TestId("price-wake").FillAsync("7000");
        await page.KeyAsync("Tab");
        await Expect(page.TestId("cost-so-far")).Not.ToHaveTextAsync(before);
        await page.TestId("price-wake").FillAsync("7");
        await page.KeyAsync("Tab");
        await Expect(page.Page.GetByText("This price may be 3000 to 20000.")).ToBeVisibleAsync();
        await page.PressAsync("prices-reset");
        await Expect(page.TestId("cost-so-far")).ToHaveTextAsync(before);
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Dragging_on_the_timeline_goes_along_and_its_text_says_where()
    {
        await using var page = await app.OpenWorkbenchAsync();
        var box = (await page.TestId("scrubber").BoundingBoxAsync())!;
        var y = box.Y + (box.Height / 2);
        await page.Page.Mouse.MoveAsync(box.X + (box.Width * 0.2f), y);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(box.X + (box.Width * 0.5f), y, new() { Steps = 4 });
        await page.Page.Mouse.MoveAsync(box.X + box.Width - 2, y, new() { Steps = 4 });
        await page.Page.Mouse.UpAsync();
        await page.ExpectAtAsync("7.10");
        await Expect(page.TestId("scrubber")).ToHaveAttributeAsync("aria-valuetext", new Regex("7\\.10"));
    }

    [Fact]
    public async Task A_click_on_the_strip_of_a_long_run_leads_to_a_row_that_is_told()
    {
        await using var page = await app.OpenWorkbenchAsync(EightWrites);
        var box = (await page.TestId("overview").BoundingBoxAsync())!;
        var before = "0";
        foreach (var part in new[] { 0.2f, 0.5f, 0.83f })
        {
            await page.Page.Mouse.ClickAsync(box.X + (box.Width * part), box.Y + (box.Height / 2));
            await Expect(page.TestId("scrubber")).Not.ToHaveAttributeAsync("aria-valuenow", before);
            before = (await page.TestId("scrubber").GetAttributeAsync("aria-valuenow"))!;
            await Expect(page.TestId("left-out-badge")).ToHaveCountAsync(0);
        }

        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData("speed-¼", "0.25")]
    [InlineData("speed-½", "0.5")]
    [InlineData("speed-4×", "4")]
    public async Task A_speed_is_chosen_by_its_name(string id, string value)
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.ExpectAsync("speed", "data-speed", "1");
        await page.TestId(id).CheckAsync(new() { Force = true });
        await page.ExpectAsync("speed", "data-speed", value);
    }

    [Fact]
    public async Task A_session_that_is_not_there_says_so_by_its_code()
    {
        await using var page = await app.OpenAsync("/s/there-is-no-such-session");
        await page.TestId("problem").WaitForAsync();
        await Expect(page.TestId("problem")).ToHaveAttributeAsync("data-code", new Regex("^[a-z_]*session[a-z_]*$"));
        await Expect(page.TestId("problem-way-on")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(1280, 720)]
    [InlineData(1600, 1000)]
    public async Task A_long_run_shows_every_lane_and_both_switches_in_a_low_window(int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            EightWrites, viewport: new ViewportSize { Width = width, Height = height });
        await Expect(page.Page.Locator("[data-scrub=run]")).ToBeVisibleAsync();
        var below = await page.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('.tl-names span, .tl-pic .lane, .switch')]
              .filter(e => e.getBoundingClientRect().bottom > innerHeight).map(e => e.outerHTML)
            """);
        Assert.Empty(below);
    }
}
