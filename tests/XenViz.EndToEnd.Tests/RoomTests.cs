using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>Nothing that is needed leaves the screen or lies under something else, on phones and in low
/// windows.</summary>
public sealed class RoomTests(XenVizApp app)
{
    private const string Hit =
        "id => { const e = document.querySelector(`[data-testid=\"${id}\"]`); const b = e.getBoundingClientRect();"
        + " const at = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);"
        + " return at === e || e.contains(at); }";

    private const string Past = "at => document.querySelector('[data-testid=scrubber]').ariaValueNow > at";

    private static readonly ViewportSize phone = new() { Width = 390, Height = 844 };

    [Fact]
    public async Task On_a_phone_the_page_is_as_wide_as_the_screen_and_the_stage_stays_where_it_is()
    {
        await using var page = await app.OpenWorkbenchAsync("/?at=1", viewport: phone);
        var top = await TopAsync(page);
        for (var step = 0; step < 20; step++)
        {
            await page.PressAsync("next");
            await page.WaitForAsync(Past, step + 1);
            Assert.Equal(390, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            Assert.Equal(top, await TopAsync(page));
        }

        await ExpectHitAsync(page, "next");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Two_changes_and_who_goes_next_have_room_under_a_long_caption()
    {
        await using var page = await app.OpenWorkbenchAsync("/?op=read&at=42&xen=on&leftout=on");
        await page.TestId("choices").Locator("button:not(.on)").First.ClickAsync();
        await page.ExpectAtAsync("5.2");
        await page.PressAsync("next");
        await page.ExpectAtAsync("5.3");
        await page.SettledAsync();
        await Expect(page.Page.Locator(".cap .chg")).ToHaveCountAsync(2);
        await page.TestId("choices").WaitForAsync();
        Assert.Equal(0, await page.Page.Locator(".cap .said").EvaluateAsync<int>(
            "said => said.scrollHeight - said.clientHeight"));
    }

    [Fact]
    public async Task In_the_lowest_window_with_an_inspector_the_stage_is_whole()
    {
        await using var page = await app.OpenWorkbenchAsync("/?at=41", viewport: new() { Width = 1280, Height = 600 });
        var stage = (await page.Page.Locator("svg.scene.low").BoundingBoxAsync())!;
        var box = (await page.Page.Locator(".stagebox").BoundingBoxAsync())!;
        Assert.True(stage.Y >= box.Y - 1 && stage.Y + stage.Height <= box.Y + box.Height + 1, $"{stage} in {box}");
    }

    [Fact]
    public async Task In_a_low_window_the_name_of_a_run_stays_in_its_button_and_a_change_tells_what_it_is_now()
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?scenario=workload&queues=4&depth=4&segments=1&events=fifo&work=read:0/32&xen=on",
            viewport: new() { Width = 1280, Height = 720 });
        await page.Page.Locator(".top .ifc.rings").WaitForAsync();
        Assert.True(await page.TestId("scenario").EvaluateAsync<bool>(
            "button => [...button.children].every(each => each.getBoundingClientRect().right"
            + " <= button.getBoundingClientRect().right)"));
        await page.Page.GotoAsync("/?scenario=connect&at=17");
        await page.TestId("scrubber").WaitForAsync();
        await page.SettledAsync();
        Assert.True(await page.Page.Locator(".cap .chg").First.EvaluateAsync<bool>(
            "chip => { const now = chip.querySelector('b'); return now.scrollWidth <= now.clientWidth"
            + " && now.getBoundingClientRect().right <= chip.getBoundingClientRect().right; }"));
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(844)]
    [InlineData(700)]
    public async Task On_a_phone_the_caption_is_read_without_scrolling(int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?xen=on&leftout=on&at=30", viewport: new() { Width = 390, Height = height });
        for (var step = 0; step < 12; step++)
        {
            Assert.Equal(0, await page.Page.EvaluateAsync<double>("scrollY"));
            var caption = (await page.TestId("caption").BoundingBoxAsync())!;
            var text = await page.TestId("caption").EvaluateAsync<double[]>(
                "element => { const range = document.createRange(); range.selectNodeContents(element);"
                + " const box = range.getBoundingClientRect(); return [box.top, box.bottom]; }");
            var stage = (await page.TestId("stage").BoundingBoxAsync())!;
            var controls = (await page.Page.Locator(".transport").BoundingBoxAsync())!;
            Assert.True(text[0] >= caption.Y - 1 && text[1] <= stage.Y + 1, "The stage covers nothing of the words.");
            Assert.True(text[1] <= controls.Y, "The controls cover nothing of the words.");
            await ExpectHitAsync(page, "caption");
            await page.KeyAsync("ArrowRight");
            await page.WaitForAsync(Past, 30 + step);
        }
    }

    [Theory]
    [InlineData(1600, 1000)]
    [InlineData(1280, 720)]
    public async Task On_a_wall_a_lost_connection_leaves_the_stage_as_it_is(int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?at=41", viewport: new() { Width = width, Height = height });
        await page.ChooseThemeAsync("projector");
        await Expect(page.Page.Locator(".insp")).ToBeHiddenAsync();
        await Expect(page.Page.Locator(".scene.wall")).ToBeVisibleAsync();
        await page.SettledAsync();
        var before = (await page.TestId("stage").BoundingBoxAsync())!;
        await page.Page.EvaluateAsync(
            "() => { const box = document.getElementById('components-reconnect-modal');"
            + " box.querySelector('span').textContent = box.dataset.lost; box.hidden = false; }");
        var banner = (await page.Page.Locator("#components-reconnect-modal").BoundingBoxAsync())!;
        var after = (await page.TestId("stage").BoundingBoxAsync())!;
        Assert.Equal((before.X, before.Y, before.Width, before.Height), (after.X, after.Y, after.Width, after.Height));
        Assert.True(banner.Y + banner.Height <= after.Y + 1, "It lies over the bar, not over the stage.");
        foreach (var id in new[] { "share", "inspector-open", "help", "theme-light", "next", "caption" })
        {
            var box = (await page.TestId(id).BoundingBoxAsync())!;
            Assert.True(box.X >= banner.X + banner.Width || box.Y >= banner.Y + banner.Height, $"{id} is not covered.");
        }
    }

    // Words of the stage that leave the box that they begin in, or the picture; and badges of the caption that are cut.
    private const string Cut = """
        () => {
          const cut = [];
          const stage = document.querySelector('[data-testid=stage]').getBoundingClientRect();
          for (const text of document.querySelectorAll('.scene text')) {
            const at = text.getBoundingClientRect();
            if (!at.width || !text.textContent.trim()) {
              continue;
            }
            const out = box => at.left < box.left - 1 || at.right > box.right + 1;
            const boxes = [...(text.closest('.node')?.querySelectorAll('rect:not(.halo)') ?? [])]
              .map(rect => rect.getBoundingClientRect())
              .filter(box => box.left <= at.left + 2 && box.right >= at.left + 2
                && box.top <= at.top + 4 && box.bottom >= at.bottom - 4);
            if (out(stage) || boxes.some(out)) {
              cut.push(text.textContent);
            }
          }
          for (const badge of document.querySelectorAll('.cap .no, .cap .chg, .cap .nf, .cap .actor, .beats li')) {
            const at = badge.getBoundingClientRect();
            if (badge.title && getComputedStyle(badge).textOverflow === 'ellipsis') {
              continue; // Shortened on purpose, and told whole to who points at it.
            }
            if (at.width && (badge.scrollWidth > badge.clientWidth + 1 || badge.scrollHeight > badge.clientHeight + 1
                || at.right > innerWidth)) {
              cut.push(badge.textContent.trim());
            }
          }
          return cut;
        }
        """;

    public static readonly string[] Several =
    [
        "/?at=41", "/?scenario=net-guests&at=60", "/?scenario=net-flip&at=40", "/?scenario=connect&at=20",
        "/?scenario=workload&queues=4&depth=8&segments=1&work=read:0/64&at=160",
        "/?scenario=reconnect&depth=4&segments=1&crash=1&work=write:2048:One&work=write:2056:Two&at=150",
        "/?start=4294967290&at=60",
    ];

    [Theory]
    [InlineData(320, 640)]
    [InlineData(390, 844)]
    [InlineData(1280, 720)]
    public async Task No_word_of_the_stage_and_no_badge_is_cut(int width, int height)
    {
        var cut = new List<string>();
        foreach (var path in Several)
        {
            await using var page = await app.OpenWorkbenchAsync(
                path, viewport: new() { Width = width, Height = height });
            cut.AddRange((await page.Page.EvaluateAsync<string[]>(Cut)).Select(words => $"{words} at {path}"));
        }

        Assert.Empty(cut);
    }

    [Fact]
    public async Task The_number_of_a_fold_keeps_off_the_mark_that_says_that_it_opens()
    {
        foreach (var (width, height) in new[] { (320, 640), (390, 844), (1280, 720), (1600, 1000) })
        {
            await using var page = await app.OpenWorkbenchAsync(
                "/?at=41", viewport: new() { Width = width, Height = height });
            Assert.True(await page.Page.EvaluateAsync<bool>("""
                () => {
                  const badge = document.querySelector('[data-testid=substep]');
                  const range = document.createRange();
                  range.selectNodeContents(badge);
                  const words = range.getBoundingClientRect();
                  const mark = getComputedStyle(badge, '::after');
                  const top = badge.getBoundingClientRect().bottom - parseFloat(mark.bottom)
                    - parseFloat(mark.borderTopWidth);
                  return words.bottom <= top + 1 && words.width <= badge.clientWidth;
                }
                """), $"{width}");
        }
    }

    [Fact]
    public async Task On_a_phone_the_prepared_scenarios_are_seen_and_the_way_to_run_them_too()
    {
        await using var page = await app.OpenWorkbenchAsync("/", viewport: phone);
        await page.OpenScenarioAsync();
        await Expect(page.TestId("card-write")).ToBeInViewportAsync();
        await Expect(page.TestId("scenario-run")).ToBeInViewportAsync();
        await ExpectHitAsync(page, "card-write");
    }

    [Theory]
    [InlineData(1600, 1000)]
    [InlineData(1280, 720)]
    public async Task Who_goes_next_and_the_reason_are_in_sight(int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(
            "/?scenario=workload&depth=4&work=write:2048:One;write:2056:Two;read:8:8&at=45",
            viewport: new() { Width = width, Height = height });
        await Expect(page.Page.Locator(".why h3")).ToBeVisibleAsync();
        var choices = page.TestId("choices").Locator("button");
        await Expect(choices.First).ToBeVisibleAsync();
        for (var i = 0; i < await choices.CountAsync(); i++)
        {
            await ExpectHitAsync(page, (await choices.Nth(i).GetAttributeAsync("data-testid"))!);
        }
    }

    private static Task<double> TopAsync(AppPage page) => page.Page.EvaluateAsync<double>(
        "document.querySelector('[data-testid=stage]').getBoundingClientRect().top + scrollY");

    private static Task ExpectHitAsync(AppPage page, string id) => page.WaitForAsync(Hit, id);
}
