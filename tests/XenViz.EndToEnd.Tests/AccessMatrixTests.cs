using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>axe on each page, in each theme and main state; the person's own contrast and colours.</summary>
public sealed class AccessMatrixTests(XenVizApp app)
{
    // The main states: a page mapped, all done, connecting, work of one's own, a lie that is found out.
    private static readonly string[] States =
    [
        "/?at=40", "/?op=read&slots=32&xen=on&leftout=on&at=99", "/?scenario=connect&at=12",
        "/?scenario=workload&depth=8&path=copy&work=read:0/64&at=60", "/?scenario=overflow&at=20",
    ];

    public static TheoryData<string, ColorScheme> Themes => new()
    {
        { "light", ColorScheme.Light }, { "dark", ColorScheme.Dark }, { "projector", ColorScheme.Light },
    };

    [Theory]
    [MemberData(nameof(Themes))]
    public async Task Axe_accepts_every_main_state_of_the_workbench(string theme, ColorScheme scheme)
    {
        foreach (var state in States)
        {
            await using var page = await app.OpenWorkbenchAsync(state, colorScheme: scheme);
            await page.ChooseThemeAsync(theme);
            var found = await page.AccessibilityViolationsAsync();
            Assert.True(found.Count == 0, $"{state} in {theme}: {string.Join('\n', found)}");
        }
    }

    [Theory]
    [MemberData(nameof(Themes))]
    public async Task Axe_accepts_the_other_pages(string theme, ColorScheme scheme)
    {
        foreach (var path in new[] { "/nothing-here", "/a11y-view?at=40", "/a11y-view/unknown", "/?slots=9" })
        {
            // Fresh: a page that is not found is the place where others rest.
            await using var page = await app.OpenAsync(path, colorScheme: scheme, fresh: true);
            await page.Page.EvaluateAsync("theme => document.documentElement.dataset.theme = theme", theme);
            await page.Page.Locator("h1, h2").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
            await Expect(page.TestId("loading")).ToHaveCountAsync(0);
            var found = await page.AccessibilityViolationsAsync();
            Assert.True(found.Count == 0, $"{path} in {theme}: {string.Join('\n', found)}");
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Who_asks_for_more_contrast_gets_it(ColorScheme scheme)
    {
        await using var page = await OpenAsync(new() { Contrast = Contrast.More, ColorScheme = scheme });
        await page.KeyAsync("4");
        await page.ExpectAtAsync("4.11–4.16");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Equal(
            await ColourAsync(page, "[data-testid=caption]"), await ColourAsync(page, "[data-testid=why]"));
        Assert.Equal("3px", await page.Page.EvaluateAsync<string>(
            "getComputedStyle(document.querySelector('[data-testid=share]')).borderTopWidth"));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task With_the_person_s_own_colours_nothing_is_lost(ColorScheme scheme)
    {
        await using var page = await OpenAsync(new() { ForcedColors = ForcedColors.Active, ColorScheme = scheme });
        await page.KeyAsync("4");
        await page.ExpectAtAsync("4.11–4.16");
        Assert.Empty(await page.AccessibilityViolationsAsync());

        // The number's words and their highlight are a pair of the system's, and the tokens are in force.
        Assert.Equal(await SystemColourAsync(page, "HighlightText"), await ColourAsync(page, "[data-testid=substep]"));
        Assert.Equal(await SystemColourAsync(page, "CanvasText"), await ColourAsync(page, "[data-testid=caption]"));
        await page.OpenScenarioAsync();
        Assert.Empty(await page.AccessibilityViolationsAsync());
    }

    [Theory]
    [InlineData(390)]
    [InlineData(320)]
    public async Task Everything_that_a_finger_presses_has_44_pixels(int width)
    {
        await using var page = await OpenAsync(new()
        {
            ViewportSize = new ViewportSize { Width = width, Height = 844 }, HasTouch = true, IsMobile = true,
        });
        Assert.Empty(await SmallTargetsAsync(page));
        foreach (var tab in new[] { "tab-code", "tab-bytes", "tab-cost" })
        {
            await page.PressAsync(tab);
            Assert.Empty(await SmallTargetsAsync(page));
        }

        await page.OpenScenarioAsync();
        await page.TestId("card-map").CheckAsync(new() { Force = true });
        await page.TestId("device-options").Locator("summary").ClickAsync();
        Assert.Empty(await SmallTargetsAsync(page));
        Assert.Equal(0, await page.Page.EvaluateAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        await page.Page.GotoAsync("/a11y-view");
        await page.TestId("caption").WaitForAsync();
        Assert.Empty(await SmallTargetsAsync(page));
    }

    private static async Task<string[]> SmallTargetsAsync(AppPage page) => await page.Page.EvaluateAsync<string[]>("""
        (() => {
          const small = [];
          const all = 'a[href], button, input, select, summary, [role=button], [role=tab], [role=slider]';
          for (const element of document.querySelectorAll(all)) {
            const hidden = element.closest('.visually-hidden, .skip, [aria-hidden=true]')
              || element.getBoundingClientRect().width === 0 || getComputedStyle(element).visibility === 'hidden';
            if (hidden) {
              continue;
            }
            const target = element.closest('label') ?? element;
            const box = target.getBoundingClientRect();
            if (box.width < 43.5 || box.height < 43.5) {
              small.push(`${target.dataset.testid ?? target.textContent.trim()} ${box.width} x ${box.height}`);
            }
          }
          return small;
        })()
        """);

    private static Task<string> ColourAsync(AppPage page, string selector) => page.Page.EvaluateAsync<string>(
        "selector => getComputedStyle(document.querySelector(selector)).color", selector);

    private static Task<string> SystemColourAsync(AppPage page, string name) => page.Page.EvaluateAsync<string>(
        """
        name => {
          const probe = document.body.appendChild(document.createElement('i'));
          probe.style.color = name;
          const colour = getComputedStyle(probe).color;
          probe.remove();
          return colour;
        }
        """, name);

    private async Task<AppPage> OpenAsync(BrowserNewContextOptions options)
    {
        options.BaseURL = app.Address.ToString();
        options.ReducedMotion = ReducedMotion.Reduce;
        var page = await app.NewPageAsync(options);
        await page.WithholdWebAssemblyAsync();
        await page.GotoAsync("/", RenderModes.Server);
        await page.TestId("scrubber").WaitForAsync();
        return page;
    }
}
