using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace XenViz.Server.Storage;

/// <summary>Where the data lives: one SQLite file in the directory that XenViz:DataDirectory names.</summary>
public static class StorageHosting
{
    /// <summary>Registers the database and makes it ready before the host takes requests.</summary>
    public static void AddXenVizStorage(this IServiceCollection services)
    {
        services.AddDbContextFactory<XenVizDbContext>((provider, options) =>
            options.UseSqlite(ConnectionString(provider.GetRequiredService<IConfiguration>(),
                provider.GetRequiredService<IHostEnvironment>())));
        services.AddHostedService<StorageStart>();
    }

    private static string ConnectionString(IConfiguration configuration, IHostEnvironment environment)
    {
        // Read late, not while composing, so that a test host can still point elsewhere.
        var directory = Path.Combine(environment.ContentRootPath, configuration["XenViz:DataDirectory"] ?? "data");
        Directory.CreateDirectory(directory);
        return new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory, "xenviz.db") }.ToString();
    }
}
