using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using XenViz.Server.Storage;

namespace XenViz.Server.Health;

/// <summary>Ready while the database answers; degraded, but ready, when the host runs without one.</summary>
internal sealed class StorageHealth(DataDirectory directory, IDbContextFactory<XenVizDbContext> databases)
    : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken)
    {
        if (directory.Root is null)
        {
            return HealthCheckResult.Degraded("The data directory cannot be used: sessions are in memory only.");
        }

        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Database.CanConnectAsync(cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The database does not answer.");
    }
}
