using System.Diagnostics;
using Microsoft.Playwright;
using XenViz.EndToEnd.Tests;

namespace XenViz.Benchmarks;

/// <summary>
/// What a person waits for, in a real browser on loopback: bytes and paint of the first visit, answers to keys, frames
/// while the run plays. The aims stand beside the numbers; they are for a machine that does nothing else.
/// </summary>
internal static class PageFigures
{
    private const string Busy =
        "/?scenario=workload&slots=32&depth=8&segments=1&work=read%3A0%2F64&work=read%3A64%2F64";
    private const int Presses = 20;
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1);

    public static async Task PrintAsync()
    {
        if (!Chromium.IsInstalled)
        {
            Console.WriteLine("page: no Chromium on the PATH, so nothing was measured in a browser");
            return;
        }

        await using var server = await ServerProcess.StartAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var options = new BrowserNewContextOptions
        {
            BaseURL = server.Address.ToString(),
            ViewportSize = new ViewportSize { Width = 1280, Height = 800 },
        };

        // The server compiles its own code on its first page: that one is not counted.
        await VisitAsync(browser, options, "page, first of the server", print: false);
        var state = await VisitAsync(browser, options, "page, first visit", print: true);
        await FramesAsync(browser, options);
        options.StorageState = state;
        await using var later = await browser.NewContextAsync(options);
        var page = await OpenAsync(later, "/", "WebAssembly");
        await AnswersAsync(page, "page in the browser");
        await PaintAsync(page, "page, later visit");
    }

    private static async Task<string> VisitAsync(
        IBrowser browser, BrowserNewContextOptions options, string name, bool print)
    {
        await using var context = await browser.NewContextAsync(options);
        var page = await context.NewPageAsync();
        var weight = await PageWeight.OnAsync(page);
        var clock = Stopwatch.StartNew();
        await page.GotoAsync("/", new() { WaitUntil = WaitUntilState.Commit });
        await page.GetByTestId("scrubber").WaitForAsync();
        var usable = clock.Elapsed;
        if (!print)
        {
            await page.Keyboard.PressAsync("ArrowRight");
            await page.Keyboard.PressAsync("ArrowRight");
            await Task.Delay(FirstLook);
            return "";
        }

        Figures.Line($"{name}, until it is usable", usable.TotalMilliseconds, "ms");
        Figures.Line($"{name}, transferred until then (aim 300)", weight.Needed / 1024.0, "KiB");
        Figures.Line($"{name}, and over the circuit, before it is compressed", weight.Circuit / 1024.0, "KiB");
        await AnswersAsync(page, "page over the server, while the runtime is fetched");
        await PaintAsync(page, name);
        await RememberAsync(page);
        Figures.Line($"{name}, runtime fetched in the background", weight.Runtime / 1024.0, "KiB");
        return await context.StorageStateAsync();
    }

    private static async Task<IPage> OpenAsync(IBrowserContext context, string path, string mode)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator($"[data-render-mode='{mode}']").WaitForAsync();
        await page.GetByTestId("scrubber").WaitForAsync();
        return page;
    }

    private static async Task PaintAsync(IPage page, string name)
    {
        var paint = await page.EvaluateAsync<double>(
            "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0");
        var shift = await page.EvaluateAsync<double>("""
            new Promise(resolve => {
              let sum = 0;
              const watch = new PerformanceObserver(list => {
                for (const entry of list.getEntries()) {
                  sum += entry.hadRecentInput ? 0 : entry.value;
                }
              });
              watch.observe({ type: 'layout-shift', buffered: true });
              setTimeout(() => resolve(sum), 200);
            })
            """);
        Figures.Line($"{name}, first contentful paint (aim 1000)", paint, "ms");
        Figures.Line($"{name}, layout shift (aim 0)", shift, "");
    }

    // From the key to the words on the screen, as the page itself sees it. Who presses keys has seen the page before
    // the first, and the answer before the next.
    private static async Task AnswersAsync(IPage page, string name)
    {
        await Task.Delay(FirstLook);
        await page.EvaluateAsync("""
            () => {
              const words = document.querySelector('.cap');
              let pressed = 0;
              window.answers = [];
              addEventListener('keydown', () => pressed = performance.now(), { capture: true });
              new MutationObserver(() => {
                if (pressed) {
                  const took = performance.now() - pressed;
                  pressed = 0;
                  requestAnimationFrame(() => setTimeout(() => window.answers.push(took)));
                }
              }).observe(words, { childList: true, characterData: true, subtree: true });
            }
            """);
        for (var press = 1; press <= Presses; press++)
        {
            await page.Keyboard.PressAsync("ArrowRight");
            await page.WaitForFunctionAsync("presses => window.answers.length >= presses", press);
        }

        var times = await page.EvaluateAsync<double[]>("window.answers");
        Figures.Line($"{name}, a key answered, median", Share(times, 0.5), "ms");
        Figures.Line($"{name}, a key answered, 95 of 100 (aim 100)", Share(times, 0.95), "ms");
    }

    private static async Task FramesAsync(IBrowser browser, BrowserNewContextOptions options)
    {
        options.ReducedMotion = ReducedMotion.NoPreference;
        await using var context = await browser.NewContextAsync(options);
        await context.RouteAsync("**/_framework/*.wasm", _ => { });
        var page = await OpenAsync(context, Busy, "Server");
        await page.GetByTestId("speed-4×").CheckAsync(new() { Force = true });
        await page.GetByTestId("play").ClickAsync();
        var frames = await page.EvaluateAsync<double[]>("""
            new Promise(resolve => {
              const times = [];
              let last = 0;
              const frame = now => {
                if (last) {
                  times.push(now - last);
                }
                last = now;
                if (times.length < 300) {
                  requestAnimationFrame(frame);
                } else {
                  resolve(times);
                }
              };
              requestAnimationFrame(frame);
            })
            """);
        Figures.Line("frames, 32 slots and 8 requests in flight, median", Share(frames, 0.5), "ms");
        Figures.Line("frames, 32 slots and 8 requests in flight, 95 of 100 (aim 20)", Share(frames, 0.95), "ms");
    }

    private static async Task RememberAsync(IPage page)
    {
        const string Remembered = "Object.keys(localStorage).some(key => key.startsWith('blazor-resource-hash'))";
        for (var clock = Stopwatch.StartNew();
            !await page.EvaluateAsync<bool>(Remembered) && clock.Elapsed < TimeSpan.FromSeconds(60);)
        {
            await Task.Delay(100);
        }
    }

    private static double Share(double[] times, double share)
    {
        var sorted = times.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
