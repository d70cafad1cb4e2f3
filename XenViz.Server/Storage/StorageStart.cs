using Microsoft.EntityFrameworkCore;

namespace XenViz.Server.Storage;

/// <summary>Creates the database on the first start.</summary>
internal sealed class StorageStart(IDbContextFactory<XenVizDbContext> databases) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database.Database.EnsureCreatedAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
