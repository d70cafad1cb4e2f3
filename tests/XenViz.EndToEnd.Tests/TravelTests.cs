using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>Going anywhere in time: keys, the timeline, links, branches, switches.</summary>
public sealed class TravelTests(XenVizApp app)
{
    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task The_keyboard_alone_goes_everywhere(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync("/", mode);
        foreach (var (key, at) in new[]
        {
            ("ArrowRight", "1.1"), ("Shift+ArrowRight", "1.2"), ("PageDown", "2.1"), ("ArrowLeft", "1.2"),
            ("Shift+ArrowRight", "2.11"), ("Shift+ArrowLeft", "1.2"), ("4", "4.11–4.16"), ("2", "2.11"),
            ("End", "7.10"), ("PageUp", "7.9"), ("Home", "start"),
        })
        {
            await page.KeyAsync(key);
            await page.ExpectAtAsync(at);
        }

        await page.KeyAsync("]");
        await page.ExpectAsync("speed", "data-speed", "2");
        await page.KeyAsync("[");
        await page.ExpectAsync("speed", "data-speed", "1");
        await page.KeyAsync(".");
        await page.ExpectAsync("play", "aria-pressed", "true");
        await page.KeyAsync(" ");
        await page.ExpectAsync("play", "aria-pressed", "false");
        await page.KeyAsync("?");
        await page.ExpectFocusInDialogAsync();
        await page.KeyAsync("Escape");
        await Expect(page.TestId("help-dialog")).ToHaveCountAsync(0);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Tab_reaches_every_control_and_shows_where_it_is()
    {
        await using var page = await app.OpenWorkbenchAsync();
        var reached = new HashSet<string>();
        for (var i = 0; i < 60; i++)
        {
            await page.KeyAsync("Tab");
            var found = await page.Page.EvaluateAsync<string[]>("""
                () => {
                  const e = document.activeElement;
                  if (e === document.body) {
                    return ['', ''];
                  }
                  const box = e.closest('label') ?? e;
                  const outlined = element => getComputedStyle(element).outlineStyle !== 'none';
                  const ring = outlined(e) || outlined(box) || e.closest('svg') !== null;
                  const id = e.dataset.testid ?? e.querySelector('[data-testid]')?.dataset.testid ?? '';
                  return [id, ring ? '' : e.outerHTML];
                }
                """);
            Assert.True(found[1].Length == 0, $"no focus ring on {found[1]}");
            reached.Add(found[0]);
        }

        foreach (var id in new[]
        {
            "scenario", "share", "motion", "help", "step-1", "step-7", "play", "next", "next-numbered", "reset",
            "inside-xen", "left-out", "scrubber",
        })
        {
            Assert.Contains(id, reached);
        }
    }

    [Fact]
    public async Task A_circle_goes_to_the_end_of_its_step()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.TestId("step-5").ClickAsync();
        await page.ExpectAtAsync("5.4");
        await page.ExpectAsync("step-5", "data-state", "current");
        await page.ExpectAsync("step-4", "data-state", "past");
        await page.TestId("step-2").FocusAsync();
        await page.KeyAsync("Enter");
        await page.ExpectAtAsync("2.11");
    }

    [Fact]
    public async Task A_click_on_the_timeline_seeks()
    {
        await using var page = await app.OpenWorkbenchAsync();
        var length = int.Parse((await page.TestId("scrubber").GetAttributeAsync("aria-valuemax"))!);
        var box = (await page.TestId("scrubber").BoundingBoxAsync())!;
        await page.Page.Mouse.ClickAsync(box.X + (box.Width * 0.5f), box.Y + (box.Height / 2));
        await Expect(page.TestId("scrubber")).Not.ToHaveAttributeAsync("aria-valuenow", "0");
        Assert.InRange(await page.PositionAsync(), length / 4, length * 3 / 4);
        await page.Page.Mouse.ClickAsync(box.X + box.Width - 2, box.Y + (box.Height / 2));
        await page.ExpectAtAsync("7.10");
    }

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task A_link_and_a_reload_open_the_same_run_at_the_same_place(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync("/?op=read&slots=16&start=4294967295", mode);
        await page.KeyAsync("4");
        await page.ExpectAtAsync("4.11–4.16");
        await Expect(page.Page).ToHaveURLAsync(new Regex("/s/|at="));
        await page.Page.ReloadAsync();
        await page.TestId("scrubber").WaitForAsync();
        await page.ExpectAtAsync("4.11–4.16");
        Assert.Equal("0 0 4294967295 0", await page.IndicesAsync());

        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.PressAsync("share");
        await Expect(page.Page.Locator(".mud-snackbar")).ToContainTextAsync("4.11–4.16");
        var link = await page.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.Contains("op=read", link, StringComparison.Ordinal);
        await page.Page.GotoAsync(link);
        await page.TestId("scrubber").WaitForAsync();
        await page.ExpectAtAsync("4.11–4.16");
        Assert.Equal("0 0 4294967295 0", await page.IndicesAsync());
    }

    [Fact]
    public async Task Another_order_begins_a_branch_and_the_old_future_is_kept()
    {
        await using var page = await app.OpenWorkbenchAsync("/?xen=on&leftout=on");
        await Expect(page.TestId("branch")).ToHaveCountAsync(0);
        while (await page.TestId("choices").CountAsync() == 0)
        {
            var at = await page.PositionAsync();
            await page.PressAsync("next");
            await Expect(page.TestId("scrubber")).Not.ToHaveAttributeAsync("aria-valuenow", $"{at}");
        }

        var fork = await page.PositionAsync();
        await page.TestId("choices").Locator("button:not(.on)").First.ClickAsync();
        await Expect(page.TestId("branch")).ToBeVisibleAsync();
        await Expect(page.TestId("branch").Locator("option")).ToHaveCountAsync(2);
        await page.PressAsync("run-to-end");
        await Expect(page.TestId("next")).ToBeDisabledAsync();
        await Expect(page.TestId("violation")).ToHaveCountAsync(0);
        Assert.Equal("46 47 46 47", await page.IndicesAsync());

        await page.TestId("branch").SelectOptionAsync("0");
        await page.KeyAsync("End");
        await page.ExpectTextAsync("substep", "W.6");
        Assert.True(await page.PositionAsync() > fork);
        Assert.Equal("46 47 46 47", await page.IndicesAsync());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Xen_s_rows_and_what_the_figure_leaves_out_are_told_by_switches()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.KeyAsync("3");
        await page.ExpectAtAsync("3.4–3.10");
        await page.TestId("inside-xen").CheckAsync();
        await page.ExpectAtAsync("3.10");
        await page.KeyAsync("ArrowLeft");
        await page.ExpectAtAsync("3.9");
        await page.TestId("left-out").CheckAsync();
        await page.KeyAsync("ArrowRight");
        await page.KeyAsync("ArrowRight");
        await page.ExpectAtAsync("W.1");
        await Expect(page.TestId("left-out-badge")).ToBeVisibleAsync();
        await page.TestId("inside-xen").UncheckAsync();
        await page.KeyAsync("ArrowRight");
        await page.ExpectAtAsync("4.1");
    }

    [Fact]
    public async Task The_narration_is_one_polite_region_that_says_number_actor_and_caption()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await Expect(page.Page.Locator("[aria-live=polite][data-testid=narration]")).ToHaveCountAsync(1);
        await page.KeyAsync("ArrowRight");
        await Expect(page.TestId("narration")).ToContainTextAsync("1.1");
        await Expect(page.TestId("narration")).ToContainTextAsync("The application writes its data into a page");
    }

    [Fact]
    public async Task A_link_that_is_wrong_names_the_field_and_shows_a_way_on()
    {
        await using var page = await app.OpenAsync("/?slots=9");
        await Expect(page.TestId("problem-text")).ToContainTextAsync("8, 16 or 32");
        await Expect(page.Page).ToHaveTitleAsync(new Regex("^This does not open"));
        await page.PressAsync("problem-way-on");
        await page.TestId("scrubber").WaitForAsync();
        await page.ExpectAtAsync("start");
    }

    [Fact]
    public async Task The_timeline_is_looked_at_closer_by_key_button_and_wheel()
    {
        // Where the run stops in any case: at a hidden row there would be a column more until it goes on.
        await using var page = await app.OpenWorkbenchAsync("/?at=41");
        var columns = page.Page.Locator(".tl");
        var whole = await columns.GetAttributeAsync("data-columns");
        await Expect(page.TestId("zoom-out")).ToBeDisabledAsync();
        await page.KeyAsync("+");
        await Expect(columns).ToHaveAttributeAsync("data-columns", "30");
        await Expect(page.TestId("overview")).ToBeVisibleAsync();

        // What acts stands on its lane, whatever size the drawing had before.
        Assert.InRange(await OffLanesAsync(page), 0, 1);
        await page.PressAsync("zoom-in");
        await Expect(columns).ToHaveAttributeAsync("data-columns", "15");
        await Expect(page.TestId("zoom-in")).ToBeDisabledAsync();
        var box = (await page.TestId("scrubber").BoundingBoxAsync())!;
        await page.Page.Mouse.ClickAsync(box.X + box.Width - 4, box.Y + (box.Height / 2));
        await Expect(page.TestId("scrubber")).Not.ToHaveAttributeAsync("aria-valuenow", "41");
        await page.KeyAsync("-");
        await Expect(columns).ToHaveAttributeAsync("data-columns", "30");
        await page.TestId("scrubber").HoverAsync();
        await page.Page.Keyboard.DownAsync("Control");
        await page.Page.Mouse.WheelAsync(0, 120);
        await page.Page.Keyboard.UpAsync("Control");
        await Expect(columns).ToHaveAttributeAsync("data-columns", whole!);
        Assert.InRange(await OffLanesAsync(page), 0, 1);
        Assert.Empty(page.Errors);
    }

    // Pixels by which the glyph that is furthest off misses the nearest lane.
    private static Task<double> OffLanesAsync(AppPage page) => page.Page.EvaluateAsync<double>("""
        () => {
          const middle = e => e.getBoundingClientRect().top + e.getBoundingClientRect().height / 2;
          const lanes = [...document.querySelectorAll('.tl-pic line.lane')].map(middle);
          const off = glyph => Math.min(...lanes.map(lane => Math.abs(lane - middle(glyph))));
          return Math.max(...[...document.querySelectorAll('.tl-pic .glyph')].map(off));
        }
        """);

    [Fact]
    public async Task A_prepared_run_is_called_by_its_name_and_leaves_nothing_behind_in_the_next()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.OpenScenarioAsync();
        await page.TestId("card-batching").CheckAsync(new() { Force = true });
        await page.RunScenarioAsync();
        await Expect(page.TestId("scenario")).ToContainTextAsync("Batching and hold-off");
        await Expect(page.TestId("left-out")).ToBeCheckedAsync();
        await page.OpenScenarioAsync();
        await page.TestId("card-write").CheckAsync(new() { Force = true });
        await page.RunScenarioAsync();
        await Expect(page.TestId("left-out")).Not.ToBeCheckedAsync();
        Assert.Empty(page.Errors);
    }
}
