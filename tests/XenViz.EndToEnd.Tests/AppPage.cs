using System.Collections.Concurrent;
using System.Diagnostics;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace XenViz.EndToEnd.Tests;

/// <summary>A page of the app in its own browser context, with what went wrong in it.</summary>
public sealed class AppPage : IAsyncDisposable
{
    private const string RememberedHash =
        "Object.keys(localStorage).some(key => key.startsWith('blazor-resource-hash'))";

    // What is still being drawn has moved before axe, which looks at places first and colours later, is done with it.
    private const string Settled = """
        () => new Promise(done => {
          const end = () => {
            observer.disconnect();
            clearTimeout(quiet);
            clearTimeout(most);

            // A theme that has just been chosen may still be fading in: colours on their way are nobody's.
            const fading = document.getAnimations().filter(each => each instanceof CSSTransition);
            Promise.all(fading.map(each => each.finished.catch(() => { }))).then(() => done());
          };
          let quiet = setTimeout(end, 150);
          const most = setTimeout(end, 2000);
          const observer = new MutationObserver(() => {
            clearTimeout(quiet);
            quiet = setTimeout(end, 150);
          });
          observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        })
        """;

    private static readonly string AxeScript = new BundledAxeScriptProvider().GetScript();

    private readonly ConcurrentQueue<string> errors = new();

    private readonly Func<AppPage, Task<bool>>? rest;

    /// <param name="context">The browser context.</param>
    /// <param name="page">A page in it.</param>
    /// <param name="rest">Keeps the page for a later test and says true, or says false: then it is closed.</param>
    internal AppPage(IBrowserContext context, IPage page, Func<AppPage, Task<bool>>? rest = null)
    {
        Context = context;
        Page = page;
        this.rest = rest;
        page.PageError += Note;
        page.Console += Note;
    }

    /// <summary>The browser context: cookies, storage, offline.</summary>
    public IBrowserContext Context { get; }

    /// <summary>The Playwright page.</summary>
    public IPage Page { get; }

    /// <summary>Errors the browser printed or threw.</summary>
    public IReadOnlyCollection<string> Errors => errors;

    /// <summary>The element with this data-testid.</summary>
    public ILocator TestId(string id) => Page.GetByTestId(id);

    /// <summary>Goes to a path and waits until <paramref name="mode"/> drives the page.</summary>
    public async Task GotoAsync(string path, RenderModes mode)
    {
        await Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        if (mode != RenderModes.Static)
        {
            await Page.Locator($"[data-render-mode='{mode}']").WaitForAsync();
        }
    }

    /// <summary>Waits until the browser holds all WebAssembly files: the next visit then runs in it.</summary>
    public async Task WaitForWebAssemblyFilesAsync() => await WaitForAsync(RememberedHash, timeoutMilliseconds: 90_000);

    /// <summary>
    /// Waits until a script says true. Playwright's own WaitForFunction evaluates text inside the page, which the
    /// site's content security policy forbids; asked from outside, the same text is no part of the page.
    /// </summary>
    /// <param name="expression">An expression, or a function of <paramref name="argument"/>.</param>
    /// <param name="argument">What the function gets, or null.</param>
    /// <param name="timeoutMilliseconds">How long to wait.</param>
    public async Task WaitForAsync(string expression, object? argument = null, int timeoutMilliseconds = 30_000)
    {
        for (var clock = Stopwatch.StartNew(); !await Page.EvaluateAsync<bool>(expression, argument);)
        {
            if (clock.ElapsedMilliseconds > timeoutMilliseconds)
            {
                throw new TimeoutException($"Never true: {expression}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>
    /// Violations of WCAG 2.2 A and AA that axe finds, one line each; empty is good. The package's own way opens
    /// another window to sum up what the frames of a page say; the site has none, so axe runs in the page itself.
    /// </summary>
    public async Task<IReadOnlyList<string>> AccessibilityViolationsAsync()
    {
        // The title follows the page when the renderer changes hands.
        await WaitForAsync("document.title.length > 0");
        if (!await Page.EvaluateAsync<bool>("'axe' in window"))
        {
            await Page.EvaluateAsync(AxeScript);
        }

        await SettledAsync();
        return await Page.EvaluateAsync<string[]>("""
            async () => {
              const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
              const found = await axe.run({ runOnly: { type: 'tag', values }, resultTypes: ['violations'] });
              return found.violations.map(
                rule => `${rule.id}: ${rule.help} (${rule.nodes.map(node => node.html).join('; ')}) `
                  + rule.nodes[0]?.failureSummary);
            }
            """);
    }

    /// <summary>Waits until nothing has changed for a moment and no colour or size is on its way.</summary>
    public Task SettledAsync() => Page.EvaluateAsync(Settled);

    /// <summary>
    /// The assemblies are asked for but never arrive, so Auto mode stays with the circuit. (A refusal would be an error
    /// in the console, and without dotnet.js, which holds the list of files, Auto mode would not even decide.) A route
    /// of Playwright's would ask here about every request of the page; the browser itself stops these alone.
    /// </summary>
    internal async Task WithholdWebAssemblyAsync()
    {
        var session = await Context.NewCDPSessionAsync(Page);
        await session.SendAsync("Fetch.enable", new()
        {
            ["patterns"] = new[] { new { urlPattern = "*/_framework/*.wasm" } },
        });
    }

    /// <summary>
    /// Goes to another page of the app as a link within it does, and waits until the one that was there is gone.
    /// </summary>
    internal async Task NavigateAsync(string path)
    {
        await Page.EvaluateAsync(
            "path => { document.querySelector('main').dataset.left = ''; Blazor.navigateTo(path); }", path);
        await WaitForAsync("!document.querySelector('[data-left]')");
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Page.PageError -= Note;
        Page.Console -= Note;
        if (rest is null || !await rest(this))
        {
            await Context.CloseAsync();
        }
    }

    private void Note(object? sender, string error) => errors.Enqueue(error);

    private void Note(object? sender, IConsoleMessage message)
    {
        if (message.Type == "error")
        {
            errors.Enqueue(message.Text);
        }
    }
}
