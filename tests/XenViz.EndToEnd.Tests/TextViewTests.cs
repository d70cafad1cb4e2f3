using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>The text view: the whole of a run for somebody who sees no picture.</summary>
public sealed class TextViewTests(XenVizApp app)
{
    private static readonly LocatorAssertionsToHaveTextOptions Patient = new() { Timeout = 15_000 };

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task The_write_is_followed_from_start_to_end_by_keyboard_alone(RenderModes mode)
    {
        await using var page = await OpenAsync("/a11y-view", mode);
        await Expect(page.TestId("substep")).ToHaveTextAsync("start");
        await page.TestId("next-numbered").FocusAsync();
        foreach (var number in new[] { "1.2", "2.11", "3.4–3.10", "4.11–4.16", "5.4", "6.4–6.10", "7.10" })
        {
            await page.KeyAsync("Enter");
            await Expect(page.TestId("substep")).ToHaveTextAsync(number, Patient);
            await Expect(page.TestId("narration")).ToContainTextAsync(number.Split('–')[0]);
        }

        await Expect(page.TestId("text-entries")).ToContainTextAsync("none: no grant");
        await page.TestId("goto-row").FocusAsync();
        await page.KeyAsync("Control+a");
        await page.Page.Keyboard.TypeAsync("0");
        await page.KeyAsync("Tab");
        await page.KeyAsync("Enter");
        await Expect(page.TestId("substep")).ToHaveTextAsync("start", Patient);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Its_names_roles_and_states_are_what_a_screen_reader_gets()
    {
        await using var page = await OpenAsync("/a11y-view");
        await page.PressAsync("step-4");
        await Expect(page.TestId("substep")).ToHaveTextAsync("4.11–4.16", Patient);
        await Expect(page.Page.GetByRole(AriaRole.Main)).ToMatchAriaSnapshotAsync("""
            - heading /^Text view. Block write, 4 KiB$/ [level=1]
            - navigation "On this page"
            - region "What just happened":
              - heading "What just happened" [level=2]
              - table "Where the run stands":
                - rowgroup:
                  - row "micro-step 4.11–4.16"
                  - row /row \d+ of 99/
              - table "What changed"
            - region "Controls":
              - heading "Controls" [level=2]
              - group "Controls":
                - button "Back to 3, the end of that step"
                - button /One micro-step back/
                - button "Play"
                - button "One micro-step forward, to 5.1"
                - button "Forward to 5, the end of that step"
              - radiogroup "Speed"
            - region "The seven steps":
              - list:
                - listitem:
                  - button "Go to the end of step 1, page"
            """);
        await Expect(page.TestId("text-entries")).ToMatchAriaSnapshotAsync("""
            - table "Grant table of domain 5, version 1":
              - rowgroup:
                - row "reference flags for domain frame use pins what and why":
                  - columnheader "reference"
              - rowgroup:
                - row /9 \(now\) 0x000d. permit_access, readonly, reading 2 0x5A21 data/:
                  - rowheader "9 (now)"
            """);
        await Expect(page.TestId("text-ports")).ToMatchAriaSnapshotAsync("""
            - table "Ports with their bits":
              - rowgroup
              - rowgroup:
                - row /dom 5, port 6/
                - row /dom 2, port 70/
            """);
    }

    [Theory]
    [InlineData("light", 1280, 800, "/a11y-view")]
    [InlineData("dark", 390, 844, "/a11y-view")]
    [InlineData("projector", 320, 640, "/a11y-view")]
    [InlineData("light", 640, 400, "/a11y-view?scenario=connect&at=20")]
    [InlineData("dark", 1280, 800, "/a11y-view?scenario=overflow")]
    public async Task Axe_accepts_it_and_it_never_scrolls_sideways(string theme, int width, int height, string path)
    {
        await using var page = await app.OpenAsync(
            path, viewport: new ViewportSize { Width = width, Height = height });
        await page.Page.EvaluateAsync("theme => document.documentElement.dataset.theme = theme", theme);
        await page.TestId("caption").WaitForAsync();
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Equal(0, await page.Page.EvaluateAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        await page.PressAsync("run-to-end");
        await Expect(page.TestId("next")).ToBeDisabledAsync();
        Assert.Empty(await page.AccessibilityViolationsAsync());
    }

    [Fact]
    public async Task Each_of_several_rings_and_the_words_of_the_step_are_explained()
    {
        await using var page = await OpenAsync(
            "/a11y-view?scenario=workload&queues=2&depth=4&segments=1&work=read:0/64&at=120");
        foreach (var ring in new[] { 0, 1 })
        {
            await page.TestId($"explain-queue-{ring}").FocusAsync();
            await page.KeyAsync("Enter");
            await Expect(page.Page.Locator("#h-details")).ToHaveTextAsync($"Explained: Ring page of queue {ring}");
            await Expect(page.TestId("text-details-parts")).ToContainTextAsync("req_prod");
        }

        Assert.NotEqual(0, await page.TestId("text-words").Locator("tbody tr").CountAsync());
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_contents_and_the_objects_move_the_focus_to_a_heading()
    {
        await using var page = await OpenAsync("/a11y-view");
        await page.PressAsync("goto-grants");
        await Expect(page.Page.Locator("#h-grants")).ToBeFocusedAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "More about ring: Ring" }).ClickAsync();
        await Expect(page.Page.Locator("#h-ring")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_workbench_leads_to_it_and_it_leads_back_with_the_same_session_at_the_same_place()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.KeyAsync("2");
        await page.ExpectAtAsync("2.11");
        var session = new Uri(page.Page.Url).Segments[^1];
        await page.TestId("to-text").FocusAsync();
        await page.KeyAsync("Enter");
        await page.TestId("a11y-view").WaitForAsync();
        await Expect(page.TestId("substep")).ToHaveTextAsync("2.11");
        Assert.EndsWith("/a11y-view/" + session, page.Page.Url, StringComparison.Ordinal);
        await page.PressAsync("next");
        await Expect(page.TestId("substep")).ToHaveTextAsync("3.1", Patient);
        await page.PressAsync("to-workbench");
        await page.TestId("scrubber").WaitForAsync();
        await page.ExpectAtAsync("3.1");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_first_stop_of_tab_skips_to_the_controls_of_the_same_session()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.KeyAsync("Tab");
        await Expect(page.TestId("skip-controls")).ToBeFocusedAsync();
        var address = page.Page.Url;
        await page.KeyAsync("Enter");
        await Expect(page.Page.Locator("#controls")).ToBeFocusedAsync();
        Assert.Equal(address, page.Page.Url);
        await page.KeyAsync("Tab");
        await Expect(page.TestId("back-numbered")).ToBeFocusedAsync();
    }

    private async Task<AppPage> OpenAsync(string path, RenderModes mode = RenderModes.Server)
    {
        var page = await app.OpenAsync(path, mode);
        await page.TestId("caption").WaitForAsync();
        return page;
    }
}
