using Microsoft.Playwright;

namespace XenViz.EndToEnd.Tests;

/// <summary>One server and one browser for all browser tests; every test gets a browser context of its own.</summary>
public sealed class XenVizApp : IAsyncLifetime
{
    private readonly SemaphoreSlim visiting = new(1);
    private readonly Dictionary<RenderModes, RestingPages> resting = new()
    {
        [RenderModes.Server] = new(RenderModes.Server),
        [RenderModes.WebAssembly] = new(RenderModes.WebAssembly),
    };

    private ServerProcess server = default!;
    private IPlaywright playwright = default!;
    private IBrowser browser = default!;
    private string? visited;

    /// <summary>Where the server listens.</summary>
    public Uri Address => server.Address;

    /// <summary>What the server has printed so far.</summary>
    public string ServerLog => server.Log;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        // A machine with two cores runs two tests, a server and the browser's runtime at once.
        Assertions.SetDefaultExpectTimeout(15_000);
        server = await ServerProcess.StartAsync();
        playwright = await Playwright.CreateAsync();
        browser = await Chromium.LaunchAsync(playwright);
    }

    /// <summary>
    /// Opens a path and waits until the asked mode drives it: in a new browser context, or where an earlier test has
    /// left a page that the mode drives and nothing else (<see cref="RestingPages"/>).
    /// </summary>
    /// <param name="path">The path, with its query.</param>
    /// <param name="mode">Who drives the page.</param>
    /// <param name="viewport">The size of the window.</param>
    /// <param name="colorScheme">What the system prefers.</param>
    /// <param name="reducedMotion">What the system prefers.</param>
    /// <param name="fresh">True for a test about the coming of the page itself.</param>
    public async Task<AppPage> OpenAsync(
        string path,
        RenderModes mode = RenderModes.Server,
        ViewportSize? viewport = null,
        ColorScheme colorScheme = ColorScheme.Light,
        ReducedMotion reducedMotion = ReducedMotion.NoPreference,
        bool fresh = false)
    {
        viewport ??= new ViewportSize { Width = 1280, Height = 800 };
        var rests = resting.GetValueOrDefault(mode);
        if (rests is not null && !fresh
            && await rests.TryTakeAsync(path, viewport, colorScheme, reducedMotion) is { } rested)
        {
            return rested;
        }

        var options = new BrowserNewContextOptions
        {
            BaseURL = Address.ToString(),
            ViewportSize = viewport,
            ColorScheme = colorScheme,
            ReducedMotion = reducedMotion,
            StorageState = mode == RenderModes.WebAssembly ? await VisitedStateAsync() : null,
        };
        var page = await NewPageAsync(options, rests is null ? null : rests.TryKeepAsync);
        if (mode == RenderModes.Server)
        {
            await page.WithholdWebAssemblyAsync();
        }

        await page.GotoAsync(path, mode);
        return page;
    }

    /// <summary>An empty page in a new context, for tests about the first and the later visits themselves.</summary>
    public Task<AppPage> NewPageAsync(BrowserNewContextOptions? options = null) => NewPageAsync(options, null);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        visiting.Dispose();
    }

    private async Task<AppPage> NewPageAsync(
        BrowserNewContextOptions? options, Func<AppPage, Task<bool>>? rest)
    {
        var context = await browser.NewContextAsync(options ?? new() { BaseURL = Address.ToString() });
        context.SetDefaultTimeout(30_000);
        return new AppPage(context, await context.NewPageAsync(), rest);
    }

    /// <summary>
    /// What a browser remembers of an earlier visit. Auto mode chooses WebAssembly when the hash of its files is
    /// remembered, so one visit by hand serves all tests.
    /// </summary>
    private async Task<string> VisitedStateAsync()
    {
        await visiting.WaitAsync();
        try
        {
            return visited ??= await VisitAsync();
        }
        finally
        {
            visiting.Release();
        }
    }

    private async Task<string> VisitAsync()
    {
        await using var page = await NewPageAsync();
        await page.GotoAsync("/", RenderModes.Server);
        await page.WaitForWebAssemblyFilesAsync();
        return await page.Context.StorageStateAsync();
    }
}
