using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace XenViz.Benchmarks;

/// <summary>Bytes that a page transfers, as they go over the wire: compressed, with their headers.</summary>
internal sealed class PageWeight
{
    private readonly ConcurrentDictionary<string, string> addresses = new(StringComparer.Ordinal);
    private long needed;
    private long runtime;
    private long circuit;

    /// <summary>Of everything but the circuit and the browser's runtime, which is fetched in the background.</summary>
    public long Needed => Interlocked.Read(ref needed);

    /// <summary>Of the runtime.</summary>
    public long Runtime => Interlocked.Read(ref runtime);

    /// <summary>Of the circuit, before they are compressed.</summary>
    public long Circuit => Interlocked.Read(ref circuit);

    /// <summary>Counts from now on.</summary>
    public static async Task<PageWeight> OnAsync(IPage page)
    {
        var weight = new PageWeight();
        var wire = await page.Context.NewCDPSessionAsync(page);
        wire.Event("Network.requestWillBeSent").OnEvent += (_, data) =>
        {
            var request = data!.Value;
            weight.addresses[Text(request, "requestId")] = Text(request.GetProperty("request"), "url");
        };
        wire.Event("Network.loadingFinished").OnEvent += (_, data) => weight.Finish(data!.Value);
        wire.Event("Network.webSocketFrameReceived").OnEvent += (_, data) =>
        {
            var payload = data!.Value.GetProperty("response").GetProperty("payloadData").GetString()!;
            Interlocked.Add(ref weight.circuit, payload.Length * 3L / 4);
        };
        await wire.SendAsync("Network.enable");
        return weight;
    }

    private void Finish(JsonElement finished)
    {
        var bytes = (long)finished.GetProperty("encodedDataLength").GetDouble();
        var address = addresses.GetValueOrDefault(Text(finished, "requestId"), "");

        // dotnet.js and all that it asks for; blazor.web.js is needed for the first click.
        var isRuntime = address.Contains("/_framework/", StringComparison.Ordinal)
            && !address.Contains("blazor.web", StringComparison.Ordinal);
        Interlocked.Add(ref isRuntime ? ref runtime : ref needed, bytes);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
