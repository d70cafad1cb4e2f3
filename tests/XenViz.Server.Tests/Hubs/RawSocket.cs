using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace XenViz.Server.Tests.Hubs;

/// <summary>The hub's JSON protocol by hand, over a socket with small buffers: it reads when the test says
/// so.</summary>
internal sealed class RawSocket : IDisposable
{
    private const char Mark = '\u001e';

    private readonly ClientWebSocket socket = new();
    private readonly SocketsHttpHandler handler = new() { ConnectCallback = ConnectAsync };
    private readonly HttpMessageInvoker invoker;
    private readonly StringBuilder text = new();
    private readonly byte[] buffer = new byte[16 * 1024];

    private RawSocket() => invoker = new HttpMessageInvoker(handler, disposeHandler: false);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<RawSocket> OpenAsync(Uri site)
    {
        var raw = new RawSocket();
        await raw.socket.ConnectAsync(
            new UriBuilder(new Uri(site, "hubs/machine")) { Scheme = "ws" }.Uri, raw.invoker, Cancellation);
        await raw.SendAsync("""{"protocol":"json","version":1}""");
        Assert.Equal("{}", await raw.NextTextAsync());
        return raw;
    }

    public Task InvokeAsync(string target, params object[] arguments) => SendAsync(JsonSerializer.Serialize(
        new { type = 1, invocationId = "1", target, arguments }));

    public Task SendAsync(string message) => socket.SendAsync(
        Encoding.UTF8.GetBytes(message + Mark), WebSocketMessageType.Text, true, Cancellation);

    /// <summary>The next frame, other messages passed over; null when the server has closed the connection.</summary>
    public async Task<(long Sequence, long Base, string Json)?> NextFrameAsync()
    {
        while (await NextTextAsync() is { } next)
        {
            var message = JsonElement.Parse(next);
            if (message.TryGetProperty("target", out var target) && target.GetString() == "Frame")
            {
                var frame = message.GetProperty("arguments")[0];
                return (frame.GetProperty("sequence").GetInt64(), frame.GetProperty("base").GetInt64(),
                    frame.GetProperty("json").GetString()!);
            }
        }

        return null;
    }

    public void Dispose()
    {
        socket.Dispose();
        invoker.Dispose();
        handler.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 * 1024 };
        await tcp.ConnectAsync(context.DnsEndPoint, cancellation);
        return new NetworkStream(tcp, ownsSocket: true);
    }

    private async Task<string?> NextTextAsync()
    {
        int end;
        while ((end = text.ToString().IndexOf(Mark, StringComparison.Ordinal)) < 0)
        {
            try
            {
                var got = await socket.ReceiveAsync(buffer, Cancellation);
                if (got.MessageType == WebSocketMessageType.Close)
                {
                    return null;
                }

                text.Append(Encoding.UTF8.GetString(buffer, 0, got.Count));
            }
            catch (WebSocketException)
            {
                return null;
            }
        }

        var message = text.ToString(0, end);
        text.Remove(0, end + 1);
        return message;
    }
}
