using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using XenViz.Server.Sessions;
using XenViz.Server.Tests.Sessions;

namespace XenViz.Server.Tests;

/// <summary>The host in this process, on a real port, with its data in a directory that goes away with it.</summary>
public sealed class ServerHost : WebApplicationFactory<Program>
{
    private readonly Dictionary<string, string> settings;
    private readonly bool ownsData;
    private bool real;

    /// <summary>A host as it is shipped, with a data directory of its own.</summary>
    public ServerHost()
        : this([])
    {
    }

    private ServerHost(Dictionary<string, string> settings, string? data = null)
    {
        this.settings = settings;
        ownsData = data is null;
        Data = data ?? Directory.CreateTempSubdirectory("xenviz-").FullName;
    }

    /// <summary>The data directory.</summary>
    public string Data { get; }

    /// <summary>Where the host listens.</summary>
    public Uri Address => new(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!
        .Addresses.First());

    /// <summary>A host on a port with some settings, and perhaps on the data and the port of another host.</summary>
    public static ServerHost Start(
        string? data = null, int port = 0, params (string Name, string Value)[] settings)
    {
        var host = new ServerHost(settings.ToDictionary(each => each.Name, each => each.Value), data);
        host.UseKestrel(port);
        host.StartServer();
        return host;
    }

    /// <summary>A host with the real engine in the place of models that only count rows.</summary>
    public static ServerHost StartReal(string? data = null)
    {
        var host = new ServerHost([], data) { real = true };
        host.UseKestrel(0);
        host.StartServer();
        return host;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (ownsData)
        {
            Directory.Delete(Data, recursive: true);
        }
    }

    /// <summary>A plain connection to the hub.</summary>
    public async Task<HubConnection> ConnectAsync(bool messagePack = false)
    {
        var builder = new HubConnectionBuilder().WithUrl(new Uri(Address, "hubs/machine"));
        if (messagePack)
        {
            builder.AddMessagePackProtocol();
        }

        var connection = builder.Build();
        await connection.StartAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Microsoft.Extensions.Hosting.Environments.Production);
        builder.UseSetting("XenViz:DataDirectory", Data);
        foreach (var (name, value) in settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureServices(services =>
        {
            if (!real)
            {
                services.AddSingleton<ISessionModels, ScriptedModels>();
            }

            services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = SmallSocket);
        });
    }

    // Small buffers in the kernel, so that a client that does not read is felt after kilobytes instead of megabytes.
    private static Socket SmallSocket(EndPoint address)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
        socket.SendBufferSize = 16 * 1024;
        return socket;
    }
}
