using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace XenViz.EndToEnd.Tests;

/// <summary>
/// Pages that a mode drives already, which takes longer than most tests, between two tests: like people who go from one
/// run to the next, a test finds the runtime or the circuit there. All else is as in a new context: nothing kept on
/// the device, no page component, dialog or message. A page that cannot be brought back there is not kept.
/// </summary>
/// <param name="mode">Who drives them.</param>
internal sealed class RestingPages(RenderModes mode)
{
    // What scripts have read from the device once they do not read again.
    private const string IsClean = """
        mode => !!document.querySelector("main") && !!document.querySelector(`[data-render-mode='${mode}']`)
          && !document.documentElement.dataset.theme && !document.querySelector('.mud-snackbar, .mud-dialog')
          && !Object.keys(localStorage).some(key => /^xenviz\.(theme|inspector)/.test(key))
        """;

    private const string Forget = """
        () => {
          for (const key of Object.keys(localStorage).filter(key => !key.startsWith('blazor-'))) {
            localStorage.removeItem(key);
          }
          sessionStorage.clear();
          document.activeElement?.blur();
          document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
        }
        """;

    private const string Place = "/not-found";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentBag<AppPage> resting = [];

    /// <summary>Keeps a page that a test is done with; false when it has to be closed.</summary>
    public async Task<bool> TryKeepAsync(AppPage page)
    {
        try
        {
            if (page.Errors.Count > 0
                || !await page.Page.EvaluateAsync<bool>(IsClean, mode.ToString()).WaitAsync(Patience))
            {
                return false;
            }

            await page.NavigateAsync(Place).WaitAsync(Patience);
            await page.Page.EvaluateAsync(Forget).WaitAsync(Patience);
            await page.Context.ClearPermissionsAsync();
            resting.Add(page);
            return true;
        }
        catch (Exception e) when (e is PlaywrightException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>A page that rested, at a path; null when there is none.</summary>
    public async Task<AppPage?> TryTakeAsync(
        string path, ViewportSize viewport, ColorScheme colorScheme, ReducedMotion reducedMotion)
    {
        // Who is there already does not come there again.
        if (path == Place || !resting.TryTake(out var rested))
        {
            return null;
        }

        await rested.Page.SetViewportSizeAsync(viewport.Width, viewport.Height);
        await rested.Page.EmulateMediaAsync(new() { ColorScheme = colorScheme, ReducedMotion = reducedMotion });
        var page = new AppPage(rested.Context, rested.Page, TryKeepAsync);
        await page.NavigateAsync(path);
        return page;
    }
}
