using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace XenViz.Server.Tests;

/// <summary>The host in this process, with its data in a directory that goes away with it.</summary>
public sealed class ServerHost : WebApplicationFactory<Program>
{
    private readonly string data = Directory.CreateTempSubdirectory("xenviz-").FullName;

    protected override void ConfigureWebHost(IWebHostBuilder builder) =>
        builder.UseSetting("XenViz:DataDirectory", data);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(data, recursive: true);
    }
}
