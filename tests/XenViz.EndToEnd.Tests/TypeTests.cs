using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>How large what one reads is: at least 11 pixels on the stage and in the timeline, and nothing that explains
/// a step has to be scrolled.</summary>
public sealed class TypeTests(XenVizApp app)
{
    private const string Attack = "/?scenario=dma-attack&iommu=off&work=write:2048/8:Stolen&at=";

    private const string LastLine =
        "e => { const r = document.createRange(); r.selectNodeContents(e); return r.getBoundingClientRect().bottom; }";

    private const string Rings = "scenario=workload&queues=4&depth=4&segments=1&work=write:2048:One"
        + "&work=write:2056:Two&work=write:2064:Three&work=write:2072:Four";

    // The size of letters in pixels of the screen, whatever the drawing they stand in is scaled by.
    private const string Small = """
        where => {
          const small = [];
          for (const text of document.querySelectorAll(where)) {
            const box = text.getBoundingClientRect();
            if (!text.textContent.trim() || box.width === 0 || getComputedStyle(text).visibility === 'hidden') {
              continue;
            }
            const matrix = text.getScreenCTM?.();
            const size = parseFloat(getComputedStyle(text).fontSize) * (matrix ? Math.hypot(matrix.a, matrix.b) : 1);
            if (size < 11) {
              small.push(`${text.textContent.trim()}: ${size.toFixed(2)}`);
            }
          }
          return small;
        }
        """;

    // Lanes whose names stand closer than their letters are high.
    private const string Crowded = """
        () => {
          const names = [...document.querySelectorAll('.tl-names span')];
          const middle = name => { const box = name.getBoundingClientRect(); return box.top + box.height / 2; };
          const least = parseFloat(getComputedStyle(names[0]).fontSize);
          return names.slice(1).map((name, i) => middle(name) - middle(names[i])).filter(apart => apart < least);
        }
        """;

    private const string Cut = """
        () => {
          const foot = document.querySelector('.foot').getBoundingClientRect().bottom;
          return [...document.querySelectorAll('.tl-pic .lane, .tl-pic .glyph, .tl-names span')]
            .map(each => each.getBoundingClientRect().bottom).filter(bottom => bottom > foot + 0.5);
        }
        """;

    public static TheoryData<string, int, int> Stages() => new()
    {
        { "/?at=41", 1280, 720 }, { "/?op=read&at=55", 1280, 720 }, { $"/?{Rings}&at=120", 1280, 720 },
        { "/?scenario=net-guests&at=60", 1280, 720 }, { "/?scenario=connect&at=12", 1280, 720 },
        { $"/?{Rings}&at=120", 1600, 1000 }, { "/?at=41", 390, 844 }, { "/?at=41", 320, 640 },
        { $"/?{Rings}&at=120", 320, 640 }, { "/?scenario=net-tx&at=30", 320, 640 }, { "/?at=41", 640, 900 },
    };

    [Theory]
    [MemberData(nameof(Stages))]
    public async Task Letters_on_the_stage_and_in_the_lanes_have_11_pixels(string path, int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(path, viewport: new() { Width = width, Height = height });
        await Expect(page.Page.Locator(width < 766 ? ".scene.wide" : ".scene.phone")).ToHaveCountAsync(0);
        if ((width, height) == (1280, 720))
        {
            await Expect(page.Page.Locator(".scene.low")).ToBeVisibleAsync();
        }

        await ExpectLettersAsync(page, 8);
    }

    [Fact]
    public async Task On_a_wall_with_the_inspector_letters_have_11_pixels_in_a_low_window()
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?at=41", viewport: new() { Width = 1280, Height = 720 });
        await page.ChooseThemeAsync("projector");
        await Expect(page.Page.Locator(".scene.wall")).ToBeVisibleAsync();
        await ExpectLettersAsync(page, 1);
        await page.KeyAsync("i");
        await Expect(page.Page.Locator(".scene.low")).ToBeVisibleAsync();
        await ExpectLettersAsync(page, 3);
    }

    private static async Task ExpectLettersAsync(AppPage page, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            Assert.Empty(await page.Page.EvaluateAsync<string[]>(
                Small, ".scene text, .tl-pic text, .tl-names span"));
            if (await page.TestId("next").IsEnabledAsync())
            {
                await page.NextAsync();
            }
        }

        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(1280, 720)]
    [InlineData(1600, 1000)]
    public async Task The_lanes_of_four_queues_stand_apart_above_the_foot(int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            $"/?{Rings}&at=120", viewport: new() { Width = width, Height = height });
        Assert.Empty(await page.Page.EvaluateAsync<double[]>(Crowded));
        Assert.Empty(await page.Page.EvaluateAsync<double[]>(Cut));
        await page.PressAsync("find");
        await page.TestId("find-text").FillAsync("grant");
        await page.TestId("find-only").CheckAsync();
        await page.TestId("only-all").WaitForAsync();
        Assert.Empty(await page.Page.EvaluateAsync<double[]>(Cut));
    }

    // The runs with the longest texts, from where they begin.
    [Theory]
    [InlineData("light", "/?at=25", 20)]
    [InlineData("dark", "/?op=read&at=40", 20)]
    [InlineData("light", "/?scenario=net-tx&at=45", 20)]
    [InlineData("dark", "/?scenario=connect", 13)]
    public async Task Why_is_read_without_scrolling(string theme, string path, int steps)
    {
        await using var page = await app.OpenWorkbenchAsync(path, viewport: new() { Width = 1280, Height = 720 });
        await page.ChooseThemeAsync(theme);
        var words = await page.TestId("words").BoundingBoxAsync();
        for (var step = 0; step < steps; step++)
        {
            var at = await page.TestId("substep").InnerTextAsync();
            Assert.True(await page.Page.EvaluateAsync<bool>(
                "() => { const e = document.querySelector('.why'); return e.scrollHeight <= e.clientHeight; }"), at);
            Assert.Equal(words!.Y, (await page.TestId("words").BoundingBoxAsync())!.Y);
            if (await page.TestId("next").IsDisabledAsync())
            {
                break;
            }

            await page.NextAsync();
        }

        // The longest there are, with what is filled in: 240 letters.
        var most = await page.Page.EvaluateAsync<bool>("""
            () => {
              const why = document.querySelector('[data-testid=why]');
              why.textContent = ('The entry is marked "reading", the use is counted, the page table is written and the '
                + 'IOMMU lets the device read. ').repeat(3).slice(0, 240);
              return why.parentElement.scrollHeight <= why.parentElement.clientHeight;
            }
            """);
        Assert.True(most);
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData("/?at=45&xen=on&leftout=on", 4, 1280, 720)]
    [InlineData("/?scenario=overflow", 14, 1280, 720)]
    [InlineData("/?scenario=workload&path=copy&work=write:2048:The%20page%20is%20copied&at=41", 3, 1600, 1000)]
    [InlineData(Attack + "49", 14, 1280, 720)]
    [InlineData(Attack + "49", 14, 1600, 1000)]
    public async Task What_changed_and_what_is_wrong_are_read_without_scrolling(
        string path, int steps, int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(path, viewport: new() { Width = width, Height = height });
        for (var step = 0; step < steps && await page.TestId("next").IsEnabledAsync(); step++)
        {
            await page.NextAsync();
            await ExpectAllSaidAsync(page);
        }

        Assert.Empty(page.Errors);
    }

    // The last of two sentences is there, over the stage and under the caption, and lies on neither.
    [Fact]
    public async Task On_a_phone_what_must_not_happen_is_marked_on_the_stage_and_read_without_scrolling()
    {
        await using var page = await app.OpenWorkbenchAsync(
            Attack + "49", viewport: new() { Width = 390, Height = 844 });
        await Expect(page.TestId("violation")).ToBeVisibleAsync();
        var stage = (await page.TestId("stage").BoundingBoxAsync())!.Y;
        foreach (var at in new[] { "0", "84", "99" })
        {
            await page.Page.GotoAsync(Attack + at);
            await page.TestId("scrubber").WaitForAsync();
            await page.SettledAsync();
            Assert.Equal(stage, (await page.TestId("stage").BoundingBoxAsync())!.Y, 1d);
            var broken = at != "0";
            await Expect(page.Page.Locator(".xv-stage .broken")).ToHaveCountAsync(broken ? 1 : 0);
            if (broken)
            {
                await Expect(page.TestId("violation").Locator(".one").Last).ToBeInViewportAsync(new() { Ratio = 1 });
                var (words, box) =
                    (await page.TestId("caption").EvaluateAsync<float>(LastLine),
                    (await page.TestId("violation").BoundingBoxAsync())!);
                Assert.InRange(box.Y, words - 1, stage);
                Assert.InRange(box.Y + box.Height, box.Y, stage + 1);
            }
        }
    }

    [Fact]
    public async Task Beside_a_choice_of_who_goes_next_nothing_that_is_told_is_hidden()
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?scenario=net-rx&at=30", viewport: new() { Width = 1280, Height = 720 });
        var choices = 0;
        for (var step = 0; step < 12; step++)
        {
            choices += await page.TestId("choices").CountAsync();
            await ExpectAllSaidAsync(page);
            await page.NextAsync();
        }

        Assert.True(choices > 3);
    }

    // What hangs on :has comes a moment after the element.
    private static Task ExpectAllSaidAsync(AppPage page) => page.Page.WaitForFunctionAsync(
        "() => { const said = document.querySelector('.said'); return said.scrollHeight <= said.clientHeight + 1; }",
        null, new() { Timeout = 5_000 });
}
