using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

namespace XenViz.Server.Hubs;

/// <summary>The hub <c>/hubs/machine</c>.</summary>
public static class HubHosting
{
    /// <summary>Where the hub is.</summary>
    public const string Path = "/hubs/machine";

    // A link has 32 KiB at most, and six characters of JSON may stand for one of it at the very worst.
    private const int MaxMessageBytes = 256 * 1024;
    private const int BufferBytes = 64 * 1024;

    /// <summary>Registers the hub with both protocols.</summary>
    public static void AddXenVizHub(this IServiceCollection services) =>
        services.AddSignalR()
            .AddMessagePackProtocol()
            .AddHubOptions<MachineHub>(options => options.MaximumReceiveMessageSize = MaxMessageBytes);

    /// <summary>Maps the hub.</summary>
    public static void MapXenVizHub(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapHub<MachineHub>(Path, Limit);

    // Who reads nothing at all for this long is gone; the client comes back by itself.
    private static void Limit(HttpConnectionDispatcherOptions options)
    {
        options.TransportSendTimeout = TimeSpan.FromSeconds(3);
        options.TransportMaxBufferSize = BufferBytes;
        options.ApplicationMaxBufferSize = BufferBytes;
    }
}
