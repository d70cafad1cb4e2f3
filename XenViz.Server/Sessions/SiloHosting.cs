using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using XenViz.Core.Feed;

namespace XenViz.Server.Sessions;

/// <summary>Puts the Orleans silo, where sessions and rooms live, inside the web host.</summary>
public static class SiloHosting
{
    /// <summary>Adds a silo that is a cluster of one, on loopback ports that nobody else uses, and what sessions need.
    /// </summary>
    public static void UseXenVizSilo(this WebApplicationBuilder builder)
    {
        var (silo, gateway) = FreePorts();
        builder.UseOrleans(orleans => orleans.UseLocalhostClustering(silo, gateway));
        builder.Services.AddOptions<GrainCollectionOptions>().Configure<IOptions<SessionLimits>>((idle, sessions) =>
        {
            // Orleans looks once a quantum and wants the age to be longer than that.
            idle.CollectionQuantum = TimeSpan.FromMinutes(1);
            idle.CollectionAge = TimeSpan.FromMinutes(Math.Max(sessions.Value.IdleMinutes, 2));
        });

        builder.Services.AddOptions<SessionLimits>().BindConfiguration(SessionLimits.Section);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ISessionModels, EngineModels>();
        builder.Services.AddSingleton<SessionChannels>();
        builder.Services.AddSingleton<SessionCount>();
        builder.Services.AddSingleton<SessionDirectory>();
        builder.Services.AddScoped<ISessions, InProcessSessions>();
    }

    /// <summary>Two instances on one machine must not meet, so the operating system chooses both ports.</summary>
    private static (int Silo, int Gateway) FreePorts()
    {
        // Both listeners are open at once, so that the two numbers differ.
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }
}
