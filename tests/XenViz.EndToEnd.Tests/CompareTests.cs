using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>Two runs beside each other.</summary>
public sealed class CompareTests(XenVizApp app)
{
    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task Map_and_copy_differ_in_the_mapping_and_in_what_they_cost(RenderModes mode)
    {
        await using var page = await app.OpenAsync("/compare", mode);
        await page.TestId("no-differences").WaitForAsync(new() { Timeout = 60_000 });
        for (var step = 1; step <= 4; step++)
        {
            await page.PressAsync("both-next-numbered");
            await Expect(page.TestId("side-a").GetByTestId($"step-{step}"))
                .ToHaveAttributeAsync("data-state", "current");
            await Expect(page.TestId("side-b").GetByTestId($"step-{step}"))
                .ToHaveAttributeAsync("data-state", "current");
        }

        await Expect(page.TestId("differences")).ToContainTextAsync("grant 9 flags");
        await Expect(page.TestId("differences").Locator("tr", new() { HasTextString = "backend's window" }))
            .ToContainTextAsync("not there");
        await page.PressAsync("both-end");
        await Expect(page.TestId("compare-costs")).ToContainTextAsync("bytes");
        await page.TestId("pair").SelectOptionAsync("direction");
        await Expect(page.TestId("side-b")).ToContainTextAsync("read");
        await page.PressAsync("next-b");
        await Expect(page.TestId("number-b")).Not.ToHaveTextAsync("start");
        await Expect(page.TestId("number-a")).ToHaveTextAsync("start");
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task One_timeline_moves_both_by_pointer_and_keys_and_marks_where_they_part(RenderModes mode)
    {
        await using var page = await app.OpenAsync("/compare", mode);
        var slider = page.TestId("compare-scrubber");
        await slider.WaitForAsync(new() { Timeout = 60_000 });
        Assert.True(await page.Page.Locator(".parted").CountAsync() > 0);
        await Expect(page.TestId("compare-partings")).ToContainTextAsync("only one run has");
        await slider.ScrollIntoViewIfNeededAsync();
        var box = (await slider.BoundingBoxAsync())!;
        await slider.ClickAsync(new() { Position = new() { X = box.Width / 2, Y = 20 } });
        await Expect(page.TestId("number-a")).Not.ToHaveTextAsync("start");
        await Expect(page.TestId("number-b")).Not.ToHaveTextAsync("start");
        await slider.FocusAsync();
        await page.KeyAsync("Home");
        await Expect(page.TestId("number-a")).ToHaveTextAsync("start");
        await page.KeyAsync("ArrowRight");
        await Expect(page.TestId("number-a")).ToHaveTextAsync("1.1");
        await Expect(page.TestId("number-b")).ToHaveTextAsync("1.1");
        await page.KeyAsync("4");
        await Expect(page.TestId("side-a").GetByTestId("step-4")).ToHaveAttributeAsync("data-state", "current");
        await Expect(page.TestId("side-b").GetByTestId("step-4")).ToHaveAttributeAsync("data-state", "current");
        await page.KeyAsync("Home");
        await page.PressAsync("parting-next");
        await Expect(slider).ToHaveAttributeAsync(
            "aria-valuetext", new System.Text.RegularExpressions.Regex("Only the (left|right) run has this row"));
        await page.KeyAsync("ArrowLeft");
        await page.TestId("no-differences").Or(page.TestId("differences")).WaitForAsync();
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(1280, 720)]
    [InlineData(1600, 1000)]
    [InlineData(390, 844)]
    public async Task No_words_on_it_are_smaller_than_12_pixels(int width, int height)
    {
        await using var page = await app.OpenAsync("/compare", viewport: new() { Width = width, Height = height });
        await page.TestId("compare-scrubber").WaitForAsync();
        await page.PressAsync("both-next-numbered");
        await page.TestId("both-next-numbered").WaitForAsync();
        Assert.Empty(await page.Page.EvaluateAsync<string[]>("""
            (() => {
              const small = [];
              for (const element of document.querySelectorAll('.cmp *')) {
                const words = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
                const box = element.getBoundingClientRect();
                if (!words || box.width === 0 || element.closest('.visually-hidden, .walks, style, option')) {
                  continue;
                }
                // A drawing that is scaled scales its letters.
                const drawing = element.ownerSVGElement?.closest('.scene');
                const scale = drawing ? drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width : 1;
                const size = parseFloat(getComputedStyle(element).fontSize) * scale;
                if (size < 11.99) {
                  small.push(`${element.textContent.trim()} ${size}`);
                }
              }
              return small;
            })()
            """));
    }

    [Theory]
    [InlineData(1600, 1000, ColorScheme.Light)]
    [InlineData(1280, 720, ColorScheme.Dark)]
    [InlineData(390, 844, ColorScheme.Dark)]
    [InlineData(320, 640, ColorScheme.Light)]
    public async Task Axe_accepts_it_and_nothing_scrolls_sideways(int width, int height, ColorScheme scheme)
    {
        await using var page = await app.OpenAsync(
            "/compare", viewport: new() { Width = width, Height = height }, colorScheme: scheme);
        await page.TestId("no-differences").WaitForAsync();
        for (var step = 0; step < 4; step++)
        {
            await page.PressAsync("both-next-numbered");
        }

        await page.TestId("differences").WaitForAsync();
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Equal(0, await page.Page.EvaluateAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"));
    }

    [Fact]
    public async Task On_a_phone_no_word_of_a_heading_is_broken()
    {
        await using var page = await app.OpenAsync("/compare", viewport: new() { Width = 320, Height = 640 });
        await page.TestId("no-differences").WaitForAsync();
        await page.PressAsync("both-end");
        await page.TestId("differences").WaitForAsync();
        Assert.Empty(await page.Page.EvaluateAsync<string[]>(
            """
            [...document.querySelectorAll('.cmp th')].flatMap(cell => {
              const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
              const broken = [];
              while (walker.nextNode()) {
                for (const word of walker.currentNode.data.matchAll(/[a-z']{3,}/gi)) {
                  const range = document.createRange();
                  range.setStart(walker.currentNode, word.index);
                  range.setEnd(walker.currentNode, word.index + word[0].length);
                  if (new Set([...range.getClientRects()].map(line => line.top)).size > 1) {
                    broken.push(word[0]);
                  }
                }
              }
              return broken;
            })
            """));
    }

    [Fact]
    public async Task A_wrong_run_says_what_is_wrong_and_leads_on()
    {
        await using var page = await app.OpenAsync("/compare?a=slots%3D9&b=");
        await Expect(page.TestId("problem-text")).ToContainTextAsync("8, 16");
        Assert.Empty(await page.AccessibilityViolationsAsync());
    }
}
