using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace XenViz.Server.Health;

/// <summary>Two questions a supervisor asks: is the process alive, and may it get traffic.</summary>
public static class HealthHosting
{
    private const string Ready = "ready";

    /// <summary>Registers the checks that make the host ready.</summary>
    public static void AddXenVizHealth(this IServiceCollection services) =>
        services.AddHealthChecks()
            .AddCheck<SiloHealth>("silo", tags: [Ready])
            .AddCheck<StorageHealth>("storage", tags: [Ready]);

    /// <summary>Sends newcomers away while the host stops. A client that was just told goodbye comes back at once;
    /// let in, it would hold up the stopping until the time for that is over.</summary>
    public static void UseXenVizStopping(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use((context, next) =>
        {
            if (!stopping.IsCancellationRequested)
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
    }

    /// <summary>Maps /health/live (no checks) and /health/ready (all checks tagged ready).</summary>
    public static void MapXenVizHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        endpoints.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(Ready),
        });
    }
}
