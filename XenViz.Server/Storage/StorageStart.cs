using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace XenViz.Server.Storage;

/// <summary>Creates the database on the first start, and looks whether an existing one can be used.</summary>
internal sealed class StorageStart(
    DataDirectory directory, IDbContextFactory<XenVizDbContext> databases, ILogger<StorageStart> logger)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (directory.Root is null)
        {
            return;
        }

        try
        {
            await using var database = await databases.CreateDbContextAsync(cancellationToken);
            await PrepareAsync(database, cancellationToken);
            logger.LogInformation("Sessions are kept in {Directory}.", directory.Root.FullName);
        }
        catch (Exception error) when (error is SqliteException or DbUpdateException or InvalidOperationException)
        {
            directory.GiveUp($"The database {directory.Database} is not usable ({error.Message}).");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task PrepareAsync(XenVizDbContext database, CancellationToken cancellation)
    {
        var created = await database.Database.EnsureCreatedAsync(cancellation);
        if (created)
        {
            await database.Database.ExecuteSqlAsync($"PRAGMA user_version = 1", cancellation);
        }

        var connection = database.Database.GetDbConnection();
        await database.Database.OpenConnectionAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        var version = Convert.ToInt32(await command.ExecuteScalarAsync(cancellation));
        if (version != XenVizDbContext.Version)
        {
            throw new InvalidOperationException(
                $"its tables have version {version}, this program reads version {XenVizDbContext.Version}");
        }

        // A file that can be read but not written shows only when something is written.
        command.CommandText = "BEGIN IMMEDIATE; ROLLBACK;";
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
