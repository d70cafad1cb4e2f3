using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>The stage in a browser: what moves, how it ends, what a phone and a keyboard get.</summary>
public sealed class StageTests(XenVizApp app)
{
    // Endless animations are none of the stage's, so whatever runs is a step being played.
    private const string Running =
        "document.querySelector('[data-testid=stage]').getAnimations({ subtree: true })"
        + ".filter(a => a.playState === 'running').length";

    private const string Finished =
        "document.querySelector('[data-testid=stage]').getAnimations({ subtree: true })"
        + ".every(a => a.playState === 'finished')";

    private const string Fading =
        "[...new Set(document.querySelector('[data-testid=stage]').getAnimations({ subtree: true })"
        + ".map(a => a.transitionProperty ?? ''))]";

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task A_step_forward_moves_and_any_key_ends_it_at_once(RenderModes mode)
    {
        await using var page = await app.OpenAsync("/dev/stage?s=4.10", mode);
        await page.TestId("dev-next").ClickAsync();
        await Expect(page.TestId("dev-at")).ToHaveTextAsync("4.16");
        Assert.True(await page.Page.EvaluateAsync<int>(Running) > 3);

        // What dims is painted, not put on a layer: in a full ring there were up to 126.
        var fading = await page.Page.EvaluateAsync<string[]>(Fading);
        Assert.Contains("fill-opacity", fading);
        Assert.DoesNotContain("opacity", fading);
        await page.Page.Keyboard.PressAsync("x");
        Assert.True(await page.Page.EvaluateAsync<bool>(Finished));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_step_back_does_not_move()
    {
        await using var page = await app.OpenAsync("/dev/stage?s=4.16");
        await page.TestId("dev-back").ClickAsync();
        await Expect(page.TestId("dev-at")).ToHaveTextAsync("4.10");
        Assert.Equal(0, await page.Page.EvaluateAsync<int>(Running));
    }

    [Fact]
    public async Task The_system_s_reduced_motion_lets_nothing_travel()
    {
        await using var page = await app.OpenAsync("/dev/stage?s=4.10", reducedMotion: ReducedMotion.Reduce);
        await page.TestId("dev-next").ClickAsync();
        await Expect(page.TestId("dev-at")).ToHaveTextAsync("4.16");
        Assert.Equal(0, await page.Page.EvaluateAsync<int>(Running));
        await Expect(page.Page.Locator(".wide [data-carrier=hypercall-back] .rest")).ToBeVisibleAsync();
        await Expect(page.Page.Locator(".wide .token")).ToHaveCountAsync(1);
        await Expect(page.Page.Locator(".wide .token")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData(1600, "wide")]
    [InlineData(390, "phone")]
    public async Task The_circles_are_pressed_by_keyboard_on_either_arrangement(int width, string shown)
    {
        await using var page = await app.OpenAsync(
            "/dev/stage?s=2.4", viewport: new ViewportSize { Width = width, Height = 844 });
        await Expect(page.Page.Locator(".scene." + shown)).ToBeVisibleAsync();
        await page.TestId("step-6").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.TestId("dev-pressed")).ToHaveTextAsync("6");
        var box = (await page.TestId("step-6").BoundingBoxAsync())!;
        Assert.True(box.Width >= 44 && box.Height >= 44);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    public async Task Axe_accepts_the_stage(ColorScheme scheme, int width)
    {
        await using var page = await app.OpenAsync(
            "/dev/stage?s=4.16", viewport: new ViewportSize { Width = width, Height = 844 }, colorScheme: scheme);
        Assert.Empty(await page.AccessibilityViolationsAsync());
    }

    [Fact]
    public async Task No_label_of_the_stage_is_cut_by_the_browser_s_own_fonts()
    {
        await using var page = await app.OpenAsync("/dev/stage?s=4.16");
        var wider = await page.Page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('.wide text[textLength]')]"
            + ".filter(t => t.getBBox().width > +t.getAttribute('textLength') + 2).map(t => t.textContent)");
        Assert.Empty(wider);
    }
}
