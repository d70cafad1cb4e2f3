using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>What a screen reader gets of the workbench: names, roles and states.</summary>
public sealed class ScreenReaderTests(XenVizApp app)
{
    [Fact]
    public async Task The_top_bar_says_what_each_button_does_and_which_theme_is_chosen()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await Expect(page.Page.GetByRole(AriaRole.Banner)).ToMatchAriaSnapshotAsync("""
            - banner:
              - link "XenViz"
              - button /Choose a scenario. Now. Block write, 4 KiB/
              - button /Share start. copy a link that opens this run here/
              - button "Less motion" [pressed]
              - radiogroup "Theme":
                - radio "Light" [checked]
                - radio "Dark"
                - radio "Projector, high contrast"
              - button "Help"
            """);
    }

    [Fact]
    public async Task The_transport_says_where_it_leads_and_what_cannot_be_pressed()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await Expect(page.Page.GetByRole(AriaRole.Contentinfo)).ToMatchAriaSnapshotAsync("""
            - contentinfo:
              - group "Controls":
                - button "Back to the start" [disabled]
                - button "One micro-step back, to start" [disabled]
                - button "Play"
                - button "One micro-step forward, to 1.1"
                - button "Forward to 1, the end of that step"
              - radiogroup "Speed":
                - radio "¼ times"
                - radio "½ times"
                - radio "1 times" [checked]
              - button "Start again, drop all branches"
              - button "Run to the end"
              - switch "Inside Xen"
              - switch "What the figure leaves out"
              - region "Timeline":
                - slider "Position in the run"
            """);
        await page.KeyAsync("4");
        await page.ExpectAtAsync("4.11–4.16");
        await page.ExpectAsync("scrubber", "aria-valuetext",
            "4.11–4.16, row 41 of 99. Xen checks the entry and maps the page into domain 2, read-only.");
        await page.TestId("inside-xen").CheckAsync();
        await Expect(page.Page.GetByRole(AriaRole.Contentinfo)).ToMatchAriaSnapshotAsync("""
            - contentinfo:
              - group "Controls":
                - button "Back to 3, the end of that step"
              - switch "Inside Xen" [checked]
            """);
    }

    [Fact]
    public async Task The_stage_is_seven_steps_and_a_list_of_its_objects_with_owner_and_state()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.KeyAsync("4");
        await page.ExpectAtAsync("4.11–4.16");
        await Expect(page.Page.GetByRole(AriaRole.Main)).ToMatchAriaSnapshotAsync("""
            - main "Stage":
              - group /Stage at 4\.11–4\.16/:
                - list "The seven steps of the figure":
                  - listitem:
                    - button /Step 1. the guest hands over a page, done/
                  - listitem:
                    - button /Step 2. .* done/
                  - listitem:
                    - button /Step 3. .* done/
                  - listitem:
                    - button /Step 4. the backend wakes and maps the page, current/
                - list "Objects on the stage":
                  - listitem:
                    - button /Guest domain, domain 5, its virtual CPU is waiting/
                  - listitem:
                    - button /Application, in the guest/
                  - listitem:
                    - button /Frontend driver blkfront, in the guest. private req_prod_pvt 46, rsp_cons 45/
                  - listitem:
                    - button /Ring page of the guest, shared, 8 slots/
            """);
        await Expect(page.TestId("step-4")).ToHaveAttributeAsync("aria-current", "step");
    }

    [Fact]
    public async Task The_inspector_is_a_list_of_tabs_with_one_selected()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.PressAsync("tab-grants");
        await Expect(page.Page.GetByRole(AriaRole.Tablist)).ToMatchAriaSnapshotAsync("""
            - tablist:
              - tab "Ring"
              - tab "Grants" [selected]
              - tab "Page map"
            """);
        await Expect(page.Page.GetByRole(AriaRole.Tabpanel)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_dialog_is_a_dialog_with_a_name_groups_and_a_way_out()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.OpenScenarioAsync();
        await Expect(page.Page.GetByRole(AriaRole.Dialog)).ToMatchAriaSnapshotAsync("""
            - dialog:
              - heading "What shall run?" [level=2]
              - region "Prepared scenarios":
                - searchbox "Search the scenarios"
                - status: 25 scenarios
                - radiogroup "Prepared scenarios":
                  - group "The figure":
                    - radio "Block write, 4 KiB" [checked]
                    - radio "Block read, 4 KiB"
              - region "Open a scenario file"
              - button "Cancel"
              - button "Run"
            """.Replace("25 scenarios", "/\\d+ scenarios/"));
        await page.KeyAsync("Escape");
        await Expect(page.TestId("scenario-dialog")).ToHaveCountAsync(0);
        await Expect(page.TestId("scenario")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Playing_fast_speaks_without_flooding()
    {
        await using var page = await app.OpenWorkbenchAsync();
        var narration = page.TestId("narration");
        await Expect(page.Page.Locator("[aria-live=polite][data-testid=narration]")).ToHaveCountAsync(1);
        await page.KeyAsync("ArrowRight");
        await Expect(narration).ToContainTextAsync("1.1");
        Assert.Equal("status", await narration.GetAttributeAsync("role"));
        await page.Page.EvaluateAsync("""
            () => {
              window.said = 0;
              window.shown = 0;
              const count = (name, id) => new MutationObserver(() => window[name]++).observe(
                document.querySelector(`[data-testid=${id}]`), { childList: true, characterData: true, subtree: true });
              count('said', 'narration');
              count('shown', 'caption');
            }
            """);
        await page.TestId("speed-4×").CheckAsync(new() { Force = true });
        await page.TestId("play").ClickAsync();
        await page.Page.WaitForFunctionAsync("() => window.shown >= 16");
        await page.TestId("play").ClickAsync();
        await Expect(page.TestId("play")).ToHaveAttributeAsync("aria-pressed", "false");

        // Where it stopped is said.
        await Expect(narration).ToContainTextAsync(await page.TestId("caption").InnerTextAsync());
        var said = await page.Page.EvaluateAsync<int>("window.said");
        Assert.InRange(said, 1, 9);
    }
}
