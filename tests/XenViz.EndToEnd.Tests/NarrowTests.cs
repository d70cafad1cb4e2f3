using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>On the narrowest screens what is focused, read or scrolled to lies under nothing else and is
/// whole.</summary>
public sealed class NarrowTests(XenVizApp app)
{
    // What has the focus, when a bar lies over its middle or, if it is no taller than a button or two, over any of it.
    // Null when the walk has left the page.
    private const string UnderABar = """
        () => {
          const element = document.activeElement;
          if (!element || element === document.body) {
            return null;
          }
          const box = (element.closest('label') ?? element).getBoundingClientRect();
          const x = Math.min(Math.max(box.x + box.width / 2, 1), innerWidth - 1);
          const ends = box.height < 100 ? [box.top + 2, box.bottom - 2] : [];
          const tall = box.height > innerHeight / 2;
          for (const y of tall ? [] : [box.top + box.height / 2, ...ends]) {
            const bar = document.elementFromPoint(x, y)?.closest('.transport, .top');
            if (y < 0 || y > innerHeight || bar && !bar.contains(element)) {
              const name = element.dataset.testid ?? element.getAttribute('aria-label') ?? element.textContent.trim();
              return `${name} at ${y} lies under ${bar?.className ?? 'the edge of the window'}`;
            }
          }
          return '';
        }
        """;

    private const string UnderTheButtons = """
        () => {
          const scroller = document.querySelector('.tl-scroll');
          scroller.scrollLeft = scroller.scrollWidth;
          const buttons = [...document.querySelectorAll('.tl-zoom button')].map(each => each.getBoundingClientRect());
          return [...document.querySelectorAll('.tl-pic :is(circle, line, rect, text, path)')].filter(each => {
            const box = each.getBoundingClientRect();
            return box.width > 0 && buttons.some(over => box.right > over.left && box.left < over.right
              && box.bottom > over.top && box.top < over.bottom);
          }).map(each => `${each.tagName} ${each.className.baseVal} ${each.textContent}`);
        }
        """;

    // Words that are cut, letters under 11 pixels, and a pane that scrolls sideways. A drawing may scroll in its box.
    private const string Lost = """
        where => {
          const lost = [];
          const pane = [...document.querySelectorAll(where)].find(each => each.offsetWidth > 0);
          if (pane.scrollWidth > pane.clientWidth) {
            lost.push(`it is ${pane.scrollWidth} wide`);
          }
          for (const element of pane.querySelectorAll('*')) {
            const own = [...element.childNodes].some(each => each.nodeType === 3 && each.textContent.trim());
            const box = element.getBoundingClientRect();
            if (box.width < 2 || element.closest('.visually-hidden')) {
              continue;
            }
            const style = getComputedStyle(element);
            if (style.overflowX === 'hidden' && element.scrollWidth > element.clientWidth + 1) {
              lost.push(`cut: ${element.textContent.trim()}`);
            }
            const matrix = element instanceof SVGGraphicsElement ? element.getScreenCTM() : null;
            const size = parseFloat(style.fontSize) * (matrix ? Math.hypot(matrix.a, matrix.b) : 1);
            if (own && size < 11) {
              lost.push(`${size.toFixed(2)}: ${element.textContent.trim()}`);
            }
            if (own && !element.closest('.picbox') && box.right > innerWidth) {
              lost.push(`outside: ${element.textContent.trim()}`);
            }
          }
          return lost;
        }
        """;

    private const string Cut = """
        () => [...document.querySelectorAll('.lens .lock')].filter(lock => {
          const [drawn, room] = [lock.querySelector('.shackle').getBBox(), lock.viewBox.baseVal];
          return drawn.y - 2 < room.y;
        }).length
        """;

    [Theory]
    [InlineData(320, 640)]
    [InlineData(390, 844)]
    [InlineData(844, 390)]
    [InlineData(700, 800)]
    [InlineData(1200, 500)]
    public async Task What_gets_the_focus_lies_under_no_bar(int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?at=42", viewport: new() { Width = width, Height = height });
        foreach (var key in new[] { "Tab", "Shift+Tab" })
        {
            var stops = 0;
            for (var left = false; !left && stops < 90; stops++)
            {
                await page.KeyAsync(key);
                var under = await page.Page.EvaluateAsync<string?>(UnderABar);
                Assert.True(string.IsNullOrEmpty(under), $"{key}: {under}");
                left = under is null;
            }

            Assert.InRange(stops, 30, 89);
        }
    }

    [Fact]
    public async Task In_the_text_view_what_gets_the_focus_lies_not_under_the_buttons()
    {
        await using var page = await app.OpenAsync("/a11y-view?at=40", viewport: new() { Width = 320, Height = 640 });
        await page.TestId("caption").WaitForAsync();
        for (var stop = 0; stop < 60; stop++)
        {
            await page.KeyAsync("Tab");
            Assert.Equal("", await page.Page.EvaluateAsync<string?>(UnderABar));
        }
    }

    [Theory]
    [InlineData(320, 640)]
    [InlineData(390, 844)]
    public async Task The_end_of_the_timeline_is_not_under_its_buttons(int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?at=98", viewport: new() { Width = width, Height = height });
        Assert.Empty(await page.Page.EvaluateAsync<string[]>(UnderTheButtons));
    }

    [Theory]
    [InlineData("/?at=41")]
    [InlineData("/?scenario=workload&events=fifo&depth=2&work=write:2048:One&work=write:2056:Two&at=60")]
    public async Task At_320_pixels_the_words_of_a_tab_are_whole(string path)
    {
        await using var page = await app.OpenWorkbenchAsync(path, viewport: new() { Width = 320, Height = 640 });
        foreach (var tab in new[] { "ring", "grants", "pagemap", "events", "bytes" })
        {
            await page.PressAsync("tab-" + tab);
            await page.SettledAsync();
            Assert.Empty(await page.Page.EvaluateAsync<string[]>(Lost, ".pane"));
        }

        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(320, 640)]
    [InlineData(1600, 1000)]
    public async Task The_lens_is_as_wide_as_its_card_and_its_padlocks_are_whole(int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?op=read&at=49", viewport: new() { Width = width, Height = height });
        await page.PressAsync("tab-pagemap");
        await page.PressAsync("lens-open");
        await Expect(page.Page.Locator(".lens .lock")).ToHaveCountAsync(2);
        Assert.Empty(await page.Page.EvaluateAsync<string[]>(Lost, ".details-body"));
        Assert.Equal(0, await page.Page.EvaluateAsync<int>(Cut));
    }
}
