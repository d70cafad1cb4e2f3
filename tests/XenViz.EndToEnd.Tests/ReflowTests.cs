using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>WCAG 1.4.10: at 200 % zoom and at a width of 320 pixels nothing is lost and nothing scrolls
/// sideways.</summary>
public sealed class ReflowTests(XenVizApp app)
{
    // A control is lost when it sticks out of the window or of a box that cuts it off, or when its words are cut short.
    private const string Lost = """
        () => {
          const lost = [];
          const wide = document.documentElement;
          if (wide.scrollWidth > wide.clientWidth) {
            lost.push(`the page is ${wide.scrollWidth} wide`);
          }
          const all = 'a[href], button, input, select, summary, [role=tab], [role=slider], [role=treeitem]';
          for (const element of document.querySelectorAll(all)) {
            const target = element.closest('label') ?? element;
            const box = target.getBoundingClientRect();
            const name = element.dataset.testid ?? element.getAttribute('aria-label') ?? element.textContent.trim();
            const hidden = box.width === 0 || getComputedStyle(element).visibility === 'hidden'
              || element.closest('.visually-hidden, .skip, [aria-hidden=true], .mud-tab-panel-hidden');
            if (hidden || document.querySelector('.mud-dialog') && !element.closest('.mud-dialog')) {
              continue;
            }
            // Tables and drawings may scroll by themselves (WCAG 1.4.10).
            let scrolls = null;
            for (let outer = target.parentElement; outer && !scrolls; outer = outer.parentElement) {
              const own = ['auto', 'scroll'].includes(getComputedStyle(outer).overflowX);
              scrolls = outer.matches('body') ? 'body' : own ? outer : null;
            }
            scrolls = scrolls === 'body' ? null : scrolls;
            if (!scrolls && (box.left < -1 || box.right > innerWidth + 1)) {
              lost.push(`${name} from ${box.left} to ${box.right}`);
            }
            for (let outer = target.parentElement; outer && outer !== document.body; outer = outer.parentElement) {
              const style = getComputedStyle(outer);
              const edge = outer.getBoundingClientRect();
              const cuts = style.overflowX === 'hidden' && style.display !== 'contents';
              if (cuts && (box.left < edge.left - 2 || box.right > edge.right + 2)) {
                lost.push(`${name} is cut off by ${outer.className}`);
              }
            }
            const cut = element.matches('button, [role=tab], a') && getComputedStyle(element).overflowX !== 'visible'
              && element.scrollWidth > element.clientWidth + 1;
            if (cut) {
              lost.push(`the words of ${name} are cut`);
            }
          }
          return lost;
        }
        """;

    // What the pointer would meet at the middle of an element that was scrolled to.
    private const string Covered = """
        id => {
          const element = document.querySelector(`[data-testid="${id}"]`);
          const target = element.closest('label') ?? element;
          target.scrollIntoView({ block: 'center', inline: 'center' });
          const box = target.getBoundingClientRect();
          const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          return at === target || target.contains(at) ? '' : `${id} lies under ${at?.className ?? 'nothing'}`;
        }
        """;

    private static readonly string[] Workbench =
    [
        "scenario", "share", "motion", "theme-light", "theme-dark", "theme-projector", "help", "substep", "step-1",
        "step-7", "scrubber", "inside-xen", "left-out", "mode-figure", "mode-truth", "paths", "find", "zoom-in",
        "back-numbered", "back", "play", "next", "next-numbered", "reset", "run-to-end", "tab-ring", "tab-grants",
        "tab-pagemap", "tab-events", "tab-code", "tab-bytes", "tab-cost", "tab-store",
    ];

    private static readonly string[] Compare =
    [
        "pair", "open-a", "open-b", "back-a", "next-a", "back-b", "next-b", "both-start", "both-back-numbered",
        "both-back", "both-next", "both-next-numbered", "both-end", "compare-scrubber", "parting-next",
    ];

    // 640 x 400 is a window of 1280 x 800 at 200 %.
    public static TheoryData<int, int> Sizes => new() { { 640, 400 }, { 320, 640 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task The_workbench_loses_nothing(int width, int height)
    {
        await using var page = await OpenAsync("/?scenario=net-tx&at=30", width, height);
        foreach (var id in Workbench.Append("tab-packets"))
        {
            Assert.Equal("", await page.Page.EvaluateAsync<string>(Covered, id));
        }

        var tabs = Workbench.Append("tab-packets").Where(id => id.StartsWith("tab-", StringComparison.Ordinal));
        foreach (var tab in tabs)
        {
            await page.PressAsync(tab);
            Assert.Empty(await page.Page.EvaluateAsync<string[]>(Lost));
        }

        // By keyboard: from the first tab to the last. (Only who came by Tab walks with the arrows.)
        await page.KeyAsync("Tab");
        await page.TestId("tab-ring").Locator("xpath=ancestor-or-self::*[@role='tab']").FocusAsync();
        for (var i = 0; i < 8; i++)
        {
            var before = await page.Page.EvaluateAsync<string>("document.activeElement.textContent");
            await page.KeyAsync("ArrowRight");
            await page.WaitForAsync("before => document.activeElement.textContent !== before", before);
        }

        await Expect(page.Page.Locator("[role=tab]:focus [data-testid=tab-packets]")).ToBeVisibleAsync();
        Assert.Empty(page.Errors);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task What_lies_over_the_workbench_loses_nothing(int width, int height)
    {
        await using var page = await OpenAsync("/?at=40", width, height);
        await page.PressAsync("find");
        await page.TestId("find-text").FillAsync("grant 9");
        await page.TestId("find-next").WaitForAsync();
        await ExpectNothingLostAsync(page, "find-close", "find-next", "find-previous", "find-changes", "find-only");
        await page.TestId("find-only").CheckAsync();
        await page.PressAsync("find-close");
        await ExpectNothingLostAsync(page, "only-previous", "only-next", "only-all");
        await page.PressAsync("paths");
        await ExpectNothingLostAsync(page, "break-text", "break-add", "paths-close");
        await page.PressAsync("paths-close");

        // What closes gives the focus back.
        await page.SettledAsync();
        await page.Page.Locator("[data-pick=grant]").First.PressAsync("Enter");
        await page.TestId("details-value").WaitForAsync();
        await ExpectNothingLostAsync(page, "details-close", "details-tab", "details-bytes", "part-flags");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Dialogs_lose_nothing(int width, int height)
    {
        await using var page = await OpenAsync("/?at=40", width, height);
        await page.OpenScenarioAsync();
        await page.TestId("pick-workload").CheckAsync(new() { Force = true });
        await page.TestId("device-options").Locator("summary").ClickAsync();
        await page.PressAsync("work-add-write");
        await ExpectNothingLostAsync(
            page, "catalog-search", "card-write", "pick-workload", "param-depth", "param-path", "param-readonly",
            "work-text", "work-add-read", "scenario-run", "scenario-cancel");
        await page.PressAsync("scenario-cancel");
        await Expect(page.TestId("scenario-dialog")).ToHaveCountAsync(0);
        await page.PressAsync("help");
        await page.ExpectFocusInDialogAsync();
        await ExpectNothingLostAsync(page, "help-text-view", "help-close");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task The_comparison_and_the_text_view_lose_nothing(int width, int height)
    {
        await using var compare = await app.OpenAsync("/compare", viewport: new() { Width = width, Height = height });
        await compare.TestId("compare-scrubber").WaitForAsync();
        await ExpectNothingLostAsync(compare, Compare);
        await compare.PressAsync("both-end");
        await compare.TestId("compare-costs").WaitForAsync();
        await ExpectNothingLostAsync(compare);
        await using var text = await app.OpenAsync(
            "/a11y-view?at=40", viewport: new() { Width = width, Height = height });
        await text.TestId("caption").WaitForAsync();
        await ExpectNothingLostAsync(text, "to-workbench", "goto-ring", "goto-row", "goto-go", "goto-timeline");
    }

    private static async Task ExpectNothingLostAsync(AppPage page, params string[] ids)
    {
        Assert.Empty(await page.Page.EvaluateAsync<string[]>(Lost));
        foreach (var id in ids)
        {
            await page.TestId(id).First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
            Assert.Equal("", await page.Page.EvaluateAsync<string>(Covered, id));
        }
    }

    private Task<AppPage> OpenAsync(string path, int width, int height) =>
        app.OpenWorkbenchAsync(path, viewport: new() { Width = width, Height = height });
}
