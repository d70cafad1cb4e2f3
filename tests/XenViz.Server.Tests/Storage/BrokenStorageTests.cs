using System.Net;
using Microsoft.Data.Sqlite;
using XenViz.Core.Commands;
using XenViz.Server.Tests.Hubs;

namespace XenViz.Server.Tests.Storage;

/// <summary>Whatever is wrong with the data directory, the host runs, says so, and keeps sessions in memory.</summary>
public sealed class BrokenStorageTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("xenviz-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task A_directory_that_cannot_be_made()
    {
        var file = Path.Combine(data, "file");
        await File.WriteAllTextAsync(file, "in the way", Cancellation);
        await AssertRunsInMemoryAsync(Path.Combine(file, "below"));
    }

    [Fact]
    public async Task A_database_that_is_none()
    {
        await File.WriteAllTextAsync(
            Path.Combine(data, "xenviz.db"), new string('x', 10_000), Cancellation);
        await AssertRunsInMemoryAsync(data);
    }

    [Fact]
    public async Task A_database_of_another_version()
    {
        var file = Path.Combine(data, "xenviz.db");
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            await connection.OpenAsync(Cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE sessions (id); PRAGMA user_version = 99";
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await AssertRunsInMemoryAsync(data);
    }

    private static async Task AssertRunsInMemoryAsync(string directory)
    {
        await using var host = ServerHost.Start(directory);
        using var http = new HttpClient { BaseAddress = host.Address };
        Assert.Equal("Degraded", await http.GetStringAsync(new Uri("health/ready", UriKind.Relative), Cancellation));

        var (reader, _) = await HubReader.JoinedAsync(host);
        await using var closing = reader;
        Assert.Null((await reader.SendAsync(new Command.Next())).Error);
        await reader.UntilAsync(1);

        using var image = new ByteArrayContent(new byte[512]);
        image.Headers.ContentType = new("application/octet-stream");
        using var answer = await http.PostAsync(new Uri("api/images", UriKind.Relative), image, Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }
}
