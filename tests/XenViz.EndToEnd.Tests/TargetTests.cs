using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>How large is what one presses: 44 pixels each way on a wall and for fingers, 24 elsewhere.</summary>
public sealed class TargetTests(XenVizApp app)
{
    private const string Small = """
        async least => {
          // With less motion every change still takes a moment of 0.01 ms.
          await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
          const small = [];
          const all = 'a[href], button, input, select, summary, [role=button], [role=tab], [role=slider],'
            + ' [role=treeitem]';
          for (const element of document.querySelectorAll(all)) {
            const target = element.closest('label') ?? element;
            const box = target.getBoundingClientRect();
            const hidden = element.closest('.visually-hidden, .skip, [aria-hidden=true], .mud-tab-panel-hidden')
              || box.width === 0 || getComputedStyle(element).visibility === 'hidden';
            // Beside an open inspector the controls at the foot of a wall have no room to be as large.
            const root = document.documentElement.dataset;
            const foot = root.theme === 'projector' && root.inspector === 'shown' && element.closest('.foot');
            if (!hidden && !foot && (box.width < least - 0.1 || box.height < least - 0.1)) {
              const name = element.dataset.testid ?? element.getAttribute('aria-label') ?? target.textContent.trim();
              small.push(`${name} ${box.width.toFixed(1)} x ${box.height.toFixed(1)}`);
            }
          }
          return [...new Set(small)];
        }
        """;

    private static readonly string[] Tabs =
    [
        "tab-ring", "tab-grants", "tab-pagemap", "tab-events", "tab-code", "tab-bytes", "tab-cost", "tab-store",
        "tab-packets",
    ];

    [Theory]
    [InlineData("light", 1280, 720)]
    [InlineData("projector", 1600, 1000)]
    [InlineData("projector", 1280, 720)]
    public async Task The_last_circle_of_the_timeline_stands_beside_the_buttons_of_the_zoom(
        string theme, int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?scenario=net-guests&at=60", viewport: new() { Width = width, Height = height });
        await page.ChooseThemeAsync(theme);
        await page.SettledAsync();
        var room = await page.Page.EvaluateAsync<double>("""
            () => document.querySelector('.tl-zoom').getBoundingClientRect().left
              - Math.max(...[...document.querySelectorAll('.tl-pic .stp > circle')]
                .map(circle => circle.getBoundingClientRect().right))
            """);
        Assert.InRange(room, 1, 400);
    }

    [Theory]
    [InlineData("light", 1600, 1000, 24)]
    [InlineData("dark", 1280, 720, 24)]
    [InlineData("projector", 1600, 1000, 44)]
    [InlineData("projector", 1280, 720, 44)]
    public async Task By_theme(string theme, int width, int height, int least)
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?scenario=net-tx&at=30", viewport: new() { Width = width, Height = height });
        await page.ChooseThemeAsync(theme);
        await ExpectAsync(page, least, "without the inspector");
        if (theme == "projector")
        {
            await page.PressAsync("inspector-open");
            await Expect(page.TestId("tab-ring")).ToBeVisibleAsync();
        }

        await ExpectEverywhereAsync(page, least);
    }

    [Theory]
    [InlineData(390, 844)]
    [InlineData(1280, 800)]
    public async Task For_fingers(int width, int height)
    {
        await using var page = await app.NewPageAsync(new()
        {
            BaseURL = app.Address.ToString(), ReducedMotion = ReducedMotion.Reduce, HasTouch = true, IsMobile = true,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        await page.WithholdWebAssemblyAsync();
        await page.GotoAsync("/?scenario=net-tx&at=30", RenderModes.Server);
        await page.TestId("scrubber").WaitForAsync();
        await ExpectEverywhereAsync(page, 44);
        await page.GotoAsync("/?scenario=net-guests&at=60", RenderModes.Server);
        await page.TestId("interface-follow").WaitForAsync();
        await ExpectAsync(page, 44, "the choice of an interface");
        await page.GotoAsync("/compare", RenderModes.Server);
        await page.TestId("compare-scrubber").WaitForAsync();
        await ExpectAsync(page, 44, "/compare");
    }

    private static async Task ExpectEverywhereAsync(AppPage page, int least)
    {
        foreach (var tab in Tabs)
        {
            await page.PressAsync(tab);
            if (tab == "tab-packets")
            {
                await page.TestId("packet-tree").WaitForAsync();
            }

            await ExpectAsync(page, least, tab);
        }

        await page.PressAsync("find");
        await page.TestId("find-text").FillAsync("grant");
        await page.TestId("find-next").WaitForAsync();
        await page.TestId("find-only").CheckAsync();
        await ExpectAsync(page, least, "the search");
        await page.PressAsync("find-close");
        await Expect(page.TestId("find")).ToBeFocusedAsync();
        await ExpectAsync(page, least, "the filter");
        await page.PressAsync("only-all");
        await page.PressAsync("paths");
        await page.TestId("break-idea").First.ClickAsync();
        await ExpectAsync(page, least, "breakpoints");
        await page.PressAsync("paths-close");
        await Expect(page.TestId("paths")).ToBeFocusedAsync();
        await page.Page.Locator("[data-pick=ring]").First.FocusAsync();
        await page.KeyAsync("Enter");
        await page.TestId("details-value").WaitForAsync();
        await ExpectAsync(page, least, "the card");
        await page.PressAsync("details-close");
    }

    private static async Task ExpectAsync(AppPage page, int least, string where)
    {
        var small = await page.Page.EvaluateAsync<string[]>(Small, least);
        Assert.True(small.Length == 0, $"{where}: {string.Join(", ", small)}");
    }
}
