using System.Net;
using System.Net.Sockets;

namespace XenViz.Server.Sessions;

/// <summary>Puts the Orleans silo, where sessions and rooms live, inside the web host.</summary>
public static class SiloHosting
{
    /// <summary>Adds a silo that is a cluster of one, on loopback ports that nobody else uses.</summary>
    public static void UseXenVizSilo(this WebApplicationBuilder builder)
    {
        var (silo, gateway) = FreePorts();
        builder.UseOrleans(orleans => orleans.UseLocalhostClustering(silo, gateway));
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
