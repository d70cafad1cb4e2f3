using XenViz.Core.Commands;

namespace XenViz.Server.Api;

/// <summary>How long what is asked may be.</summary>
internal static class RequestHosting
{
    private const int Around = 4096;

    /// <summary>Lets the longest share link through (<see cref="RunLink.MaxLength"/>): a request line usually has 8 KiB
    /// at most.</summary>
    public static void UseXenVizRequestLimits(this WebApplicationBuilder builder) =>
        builder.WebHost.ConfigureKestrel(
            server => server.Limits.MaxRequestLineSize = RunLink.MaxLength + Around);
}
