using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>The workbench as a person uses it, in the names of docs/ui-testing.md.</summary>
public static class WorkbenchPage
{
    // Without a choice of one's own it is the system's.
    private const string InForce =
        "theme => (document.documentElement.dataset.theme"
        + " ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === theme";

    private static readonly LocatorAssertionsToHaveTextOptions Patient = new() { Timeout = 15_000 };

    /// <summary>Opens the workbench and waits for its first view.</summary>
    public static async Task<AppPage> OpenWorkbenchAsync(
        this XenVizApp app, string path = "/", RenderModes mode = RenderModes.Server, ViewportSize? viewport = null,
        ColorScheme colorScheme = ColorScheme.Light, ReducedMotion reducedMotion = ReducedMotion.Reduce,
        bool fresh = false)
    {
        var page = await app.OpenAsync(path, mode, viewport, colorScheme, reducedMotion, fresh);
        await page.TestId("scrubber").WaitForAsync();
        return page;
    }

    /// <summary>Waits until the number of the last micro-step is this one.</summary>
    public static Task ExpectAtAsync(this AppPage page, string number) =>
        Expect(page.TestId("substep")).ToHaveTextAsync(number, Patient);

    /// <summary>Chooses a theme as a click does, and waits until it is in force.</summary>
    public static async Task ChooseThemeAsync(this AppPage page, string theme)
    {
        // The radio button itself is invisible: what is seen is its label.
        await page.TestId("theme-" + theme).ClickAsync(new() { Force = true });
        await page.WaitForAsync(InForce, theme);
        await Expect(page.TestId("theme-" + theme)).ToBeCheckedAsync();
    }

    /// <summary>Waits until the device keeps the run at this number.</summary>
    public static Task ExpectKeptAsync(this AppPage page, string number) => page.WaitForAsync(
        "number => JSON.parse(localStorage.getItem('xenviz.works') ?? '[]')[0]?.number === number", number);

    /// <summary>Waits until an element has this text.</summary>
    public static Task ExpectTextAsync(this AppPage page, string id, string text) =>
        Expect(page.TestId(id)).ToHaveTextAsync(text, Patient);

    /// <summary>Waits until an element has this value of an attribute.</summary>
    public static Task ExpectAsync(this AppPage page, string id, string attribute, string value) =>
        Expect(page.TestId(id)).ToHaveAttributeAsync(attribute, value, new() { Timeout = 15_000 });

    /// <summary>Presses a button.</summary>
    public static Task PressAsync(this AppPage page, string id) => page.TestId(id).ClickAsync();

    /// <summary>Presses a key, wherever the focus is.</summary>
    public static Task KeyAsync(this AppPage page, string key) => page.Page.Keyboard.PressAsync(key);

    /// <summary>The position: rows run since the start.</summary>
    public static async Task<int> PositionAsync(this AppPage page) =>
        int.Parse((await page.TestId("scrubber").GetAttributeAsync("aria-valuenow"))!);

    /// <summary>Goes one visible step on by the key, and waits until it is there.</summary>
    public static async Task NextAsync(this AppPage page)
    {
        var at = await page.PositionAsync();
        await page.KeyAsync("ArrowRight");
        await page.WaitForAsync("at => +document.querySelector('[data-testid=scrubber]').ariaValueNow > at", at);
    }

    /// <summary>What the four shared indices of the ring are, in the order of their bytes.</summary>
    public static async Task<string> IndicesAsync(this AppPage page)
    {
        var all = new List<string>();
        foreach (var id in new[] { "req-prod", "req-event", "rsp-prod", "rsp-event" })
        {
            all.Add(await page.TestId(id).InnerTextAsync());
        }

        return string.Join(' ', all);
    }

    /// <summary>Opens the dialog with the run to choose.</summary>
    public static async Task OpenScenarioAsync(this AppPage page)
    {
        await page.PressAsync("scenario");
        await page.ExpectFocusInDialogAsync();
    }

    /// <summary>
    /// Waits until a dialog holds the focus, which it takes a moment after it is there: what is typed before that
    /// ends up wherever the focus goes.
    /// </summary>
    public static async Task ExpectFocusInDialogAsync(this AppPage page) =>
        await Expect(page.Page.Locator("[role=dialog]:focus-within")).ToBeVisibleAsync();

    /// <summary>Closes the dialog by running what it says.</summary>
    public static async Task RunScenarioAsync(this AppPage page)
    {
        await page.PressAsync("scenario-run");
        await Expect(page.TestId("scenario-dialog")).ToHaveCountAsync(0, new() { Timeout = 15_000 });
    }

    /// <summary>The field of a MudBlazor control.</summary>
    public static ILocator Field(this AppPage page, string id) => page.Page.Locator($"input[data-testid={id}]");
}
