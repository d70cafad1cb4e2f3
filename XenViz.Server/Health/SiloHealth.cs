using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace XenViz.Server.Health;

/// <summary>Ready once the silo in this process is active.</summary>
internal sealed class SiloHealth(Orleans.Runtime.ISiloStatusOracle silos) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(silos.CurrentStatus == SiloStatus.Active
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"The silo is {silos.CurrentStatus}."));
}
