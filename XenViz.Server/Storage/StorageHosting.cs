using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace XenViz.Server.Storage;

/// <summary>Where the data lives: a SQLite file and the keys, in the directory XenViz:DataDirectory names.</summary>
public static class StorageHosting
{
    /// <summary>Registers the database and makes it ready before the host takes requests.</summary>
    public static void AddXenVizStorage(this IServiceCollection services)
    {
        services.AddDbContextFactory<XenVizDbContext>((provider, options) => options.UseSqlite(
            new SqliteConnectionStringBuilder
            {
                DataSource = Path.Combine(DataDirectory(provider).FullName, "xenviz.db"),
            }.ToString()));
        services.AddHostedService<StorageStart>();

        // The keys stay with the data, so that a page opened before a restart still finds its session after it.
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository =
                new FileSystemXmlRepository(
                    DataDirectory(provider).CreateSubdirectory("keys"),
                    provider.GetRequiredService<ILoggerFactory>())));
    }

    /// <summary>Read when first needed, not while composing, so that a test host can still point elsewhere.</summary>
    private static DirectoryInfo DataDirectory(IServiceProvider provider)
    {
        var root = provider.GetRequiredService<IHostEnvironment>().ContentRootPath;
        var name = provider.GetRequiredService<IConfiguration>()["XenViz:DataDirectory"] ?? "data";
        return Directory.CreateDirectory(Path.Combine(root, name));
    }
}
