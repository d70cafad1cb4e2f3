using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>The Xenstore tab in the browser.</summary>
public sealed class StoreTests(XenVizApp app)
{
    // Rows whose line has two colours, whose key stands elsewhere than its depth says, whose words begin at different
    // heights, or whose path breaks within a name.
    private const string Uneven = """
        () => {
          const uneven = [];
          const boxes = node => {
            const range = document.createRange();
            range.selectNodeContents(node);
            return [...range.getClientRects()].filter(box => box.width > 0);
          };
          for (const row of document.querySelectorAll('[data-testid=store-node]')) {
            const cells = [...row.cells];
            const depth = row.dataset.path.split('/').length - 4;
            const key = boxes(cells[0].querySelector('button').firstChild)[0];
            const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
            const left = key.left - row.getBoundingClientRect().left;
            if (Math.abs(left - (0.5 + 0.6 * depth) * rem) > 2) {
              uneven.push(`${row.dataset.path} stands at ${left}`);
            }
            if (new Set(cells.map(cell => getComputedStyle(cell).borderBottomColor)).size > 1) {
              uneven.push(`${row.dataset.path} has two lines`);
            }
            const tops = cells.slice(1).flatMap(cell => boxes(cell).slice(0, 1)).map(box => box.bottom - key.bottom);
            if (tops.some(off => Math.abs(off) > 4)) {
              uneven.push(`${row.dataset.path}: ${tops}`);
            }
          }
          const paths = '[data-testid=store-node] td:nth-child(2), [data-testid=store-watch] .t';
          for (const piece of [...document.querySelectorAll(paths)].flatMap(cell => [...cell.childNodes])) {
            if (piece.nodeType === 3 && piece.data.includes('/') && boxes(piece).length > 1) {
              uneven.push(`${piece.data} breaks`);
            }
          }
          return uneven;
        }
        """;

    [Fact]
    public async Task The_handshake_can_be_followed_key_by_key()
    {
        await using var page = await app.OpenWorkbenchAsync("/?scenario=connect");
        await page.PressAsync("tab-store");
        await page.ExpectAsync("xenbus-back", "data-state", "0");
        await page.PressAsync("next");
        await page.ExpectAsync("xenbus-back", "data-state", "1");
        var changed = page.Page.Locator("tr.changed[data-path='/local/domain/5/device/vbd/51712/state']");
        await Expect(changed).ToContainTextAsync("1");
        await page.PressAsync("run-to-end");
        await page.ExpectAsync("xenbus-front", "data-state", "4");
        await page.ExpectAsync("xenbus-back", "data-state", "4");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_key_says_whose_it_is_and_leads_to_the_step_that_wrote_it()
    {
        await using var page = await app.OpenWorkbenchAsync("/?scenario=connect");
        await page.PressAsync("run-to-end");
        await page.PressAsync("tab-store");
        var row = page.Page.Locator("tr[data-path$='/vbd/51712/ring-ref']");
        await row.GetByRole(Microsoft.Playwright.AriaRole.Button).FocusAsync();
        await page.KeyAsync("Enter");
        await page.ExpectTextAsync("details-title", "ring-ref");
        await page.ExpectTextAsync("details-writes", "domain 5; domain 0, which may do everything");
        await page.ExpectTextAsync("details-name", "/local/domain/5/device/vbd/51712/ring-ref");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.TestId("because-chain").GetByRole(Microsoft.Playwright.AriaRole.Button).First.ClickAsync();
        await Expect(page.TestId("substep")).ToContainTextAsync("C.");
        await page.KeyAsync("Escape");
        await Expect(row.GetByRole(Microsoft.Playwright.AriaRole.Button)).ToBeFocusedAsync();
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData("light", 1600, 1000)]
    [InlineData("projector", 1600, 1000)]
    [InlineData("light", 1280, 720)]
    [InlineData("projector", 1280, 720)]
    public async Task The_tree_is_even(string theme, int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?scenario=connect&at=20", viewport: new() { Width = width, Height = height });
        await page.ChooseThemeAsync(theme);
        if (theme == "projector")
        {
            await page.PressAsync("inspector-open");
        }

        await page.PressAsync("tab-store");
        await page.TestId("store-node").First.WaitForAsync();
        Assert.Empty(await page.Page.EvaluateAsync<string[]>(Uneven));
    }
}
