using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;

namespace XenViz.EndToEnd.Tests;

/// <summary>
/// Nothing jumps: not while the page comes, and hardly from step to step. What shifts is summed as browsers measure it,
/// with what follows a key or a press too.
/// </summary>
public sealed class ShiftTests(XenVizApp app)
{
    private const string Watch = """
        () => {
          window.shift = 0;
          window.shifted = [];
          const place = box => `${Math.round(box.x)},${Math.round(box.y)}`;
          new PerformanceObserver(list => {
            for (const entry of list.getEntries()) {
              window.shift += entry.value;
              for (const { node, previousRect, currentRect } of entry.sources) {
                window.shifted.push(`${entry.value.toFixed(5)} ${node?.nodeName} ${node?.className} `
                  + `${place(previousRect)} -> ${place(currentRect)}`);
              }
            }
          }).observe({ type: 'layout-shift', buffered: true });
        }
        """;

    private const string Painted = "performance.getEntriesByName('first-contentful-paint').length";

    // What is left of the steps: words that go to another line because what they tell is longer.
    private const double Steps = 0.003;

    public static TheoryData<int, int, RenderModes> Sizes() => new()
    {
        { 1600, 1000, RenderModes.Server }, { 1280, 720, RenderModes.Server }, { 390, 844, RenderModes.Server },
        { 1280, 720, RenderModes.WebAssembly },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Nothing_shifts_while_the_page_comes(int width, int height, RenderModes mode)
    {
        string[] paths = mode == RenderModes.Server ? ["/", "/?scenario=net-guests&at=60"] : ["/"];
        foreach (var path in paths)
        {
            await using var page = await OpenAsync(path, width, height, mode);
            await ExpectAsync(page, 0.001, path);
        }
    }

    [Theory]
    [InlineData(1600, 1000)]
    [InlineData(1280, 720)]
    public async Task Hardly_anything_shifts_from_step_to_step(int width, int height)
    {
        await using var page = await OpenAsync("/", width, height, RenderModes.Server);
        var places = await PlacesAsync(page);
        for (var step = 0; step < 46; step++)
        {
            await page.NextAsync();
            Assert.Equal(places, await PlacesAsync(page));
        }

        await ExpectAsync(page, Steps, "the steps");
    }

    [Fact]
    public async Task On_a_phone_what_follows_the_words_stays_where_it_is()
    {
        await using var page = await app.OpenWorkbenchAsync("/?at=3", viewport: new() { Width = 390, Height = 844 });
        var places = new HashSet<int>();
        for (var step = 0; step < 14; step++)
        {
            places.Add(await page.Page.EvaluateAsync<int>(
                "Math.round(scrollY + document.querySelector('.foot').getBoundingClientRect().top)"));
            await page.NextAsync();
        }

        Assert.Single(places);
    }

    [Fact]
    public async Task A_document_that_has_arrived_in_part_is_not_painted()
    {
        using var client = new HttpClient { BaseAddress = app.Address };
        var html = (await client.GetStringAsync("/", TestContext.Current.CancellationToken))
            .Replace("<base href=\"/\"", $"<base href=\"{app.Address}\"", StringComparison.Ordinal);
        var cut = html.IndexOf("data-testid=\"play\"", StringComparison.Ordinal);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var page = await app.NewPageAsync(new());
        var coming = page.Page.GotoAsync(
            $"http://{listener.LocalEndpoint}/", new() { WaitUntil = WaitUntilState.Commit });
        using var caller = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var answer = new StreamWriter(caller.GetStream()) { AutoFlush = true, NewLine = "\r\n" };
        await answer.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n");
        await answer.WriteAsync(html[..cut]);
        await coming;
        await page.WaitForAsync("document.querySelector('[data-testid=back]') !== null");
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.Equal(0, await page.Page.EvaluateAsync<int>(Painted));
        await answer.WriteAsync(html[cut..]);
        answer.Close();
        await page.WaitForAsync(Painted + " > 0");
    }

    // The parts of the page, and what a pointer waits over.
    private static Task<string[]> PlacesAsync(AppPage page) => page.Page.EvaluateAsync<string[]>("""
        () => ['.xv-stage', '.cap', '.cap .no', '.cap .told', '.why', '.foot', '.tl-track', '.insp',
            '[data-testid=share]', '[data-testid=next]']
          .map(name => [name, document.querySelector(name).getBoundingClientRect()])
          .map(([name, box]) => `${name} ${[box.x, box.y, box.width, box.height].map(Math.round)}`)
        """);

    private static async Task ExpectAsync(AppPage page, double most, string where)
    {
        await page.Page.EvaluateAsync("new Promise(done => setTimeout(done, 300))");
        var sum = await page.Page.EvaluateAsync<double>("window.shift");
        var what = await page.Page.EvaluateAsync<string[]>("window.shifted");
        Assert.True(sum < most, $"{where}: {sum:0.00000}\n{string.Join('\n', what)}");
    }

    // The observer is told of what was before it, too.
    private async Task<AppPage> OpenAsync(string path, int width, int height, RenderModes mode)
    {
        var page = await app.OpenWorkbenchAsync(path, mode, new() { Width = width, Height = height }, fresh: true);
        await page.Page.EvaluateAsync(Watch);
        return page;
    }
}
