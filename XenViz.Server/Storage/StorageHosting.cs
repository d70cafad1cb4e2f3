using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace XenViz.Server.Storage;

/// <summary>Where the data lives: a SQLite file, uploaded images and the keys, in one directory.</summary>
public static class StorageHosting
{
    /// <summary>Registers the storage and makes it ready before the host takes requests. Everything is decided when
    /// first asked for, not while composing, so that a test host can still point elsewhere.</summary>
    public static void AddXenVizStorage(this IServiceCollection services)
    {
        services.AddSingleton<DataDirectory>();
        services.AddDbContextFactory<XenVizDbContext>((provider, options) => options.UseSqlite(
            new SqliteConnectionStringBuilder
            {
                DataSource = provider.GetRequiredService<DataDirectory>().Database ?? ":memory:",
            }.ToString()));
        services.AddHostedService<StorageStart>();
        services.AddSingleton<SqliteSessionStore>();
        services.AddSingleton<MemorySessionStore>();
        services.AddSingleton<ISessionStore>(provider => provider.GetRequiredService<DataDirectory>().Root is null
            ? provider.GetRequiredService<MemorySessionStore>()
            : provider.GetRequiredService<SqliteSessionStore>());

        services.AddOptions<ImageOptions>().BindConfiguration(ImageOptions.Section);
        services.AddSingleton<ImageStore>();
        services.AddSingleton<ImageUploads>();

        // The keys stay with the data, so that a page opened before a restart still finds its session after it.
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options =>
            {
                if (provider.GetRequiredService<DataDirectory>().Root is { } root)
                {
                    options.XmlRepository = new FileSystemXmlRepository(
                        root.CreateSubdirectory("keys"), provider.GetRequiredService<ILoggerFactory>());
                }
            }));
    }
}
