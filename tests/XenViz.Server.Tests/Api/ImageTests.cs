using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using XenViz.Core.Commands;
using XenViz.Server.Tests.Hubs;

namespace XenViz.Server.Tests.Api;

public sealed class ImageHost : IAsyncLifetime
{
    /// <summary>Bytes of one image that this host takes.</summary>
    public const int Limit = 64 * 1024;

    public ServerHost Host { get; private set; } = default!;

    public HttpClient Http { get; private set; } = default!;

    public ValueTask InitializeAsync()
    {
        Host = ServerHost.Start(settings:
        [
            ("XenViz:Images:MaxBytes", $"{Limit}"),
            ("XenViz:Images:QuotaBytes", $"{4 * Limit}"),
        ]);
        Http = new HttpClient { BaseAddress = Host.Address };
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Http.Dispose();
        return Host.DisposeAsync();
    }
}

public sealed class ImageTests(ImageHost fixture) : IClassFixture<ImageHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(fixture.Host.Data, "images");

    [Fact]
    public async Task An_image_goes_in_a_session_runs_on_it_and_the_disk_comes_out()
    {
        var bytes = Bytes(1024, seed: 1);
        var (status, answer) = await UploadAsync(new ByteArrayContent(bytes));
        Assert.Equal(HttpStatusCode.Created, status);
        var id = answer.GetProperty("id").GetString()!;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), id);
        Assert.Equal(1024, answer.GetProperty("bytes").GetInt64());

        var (again, same) = await UploadAsync(new ByteArrayContent(bytes));
        Assert.Equal((HttpStatusCode.Created, id), (again, same.GetProperty("id").GetString()));

        await using var reader = await HubReader.OpenAsync(fixture.Host);
        var session = (await reader.CreateAsync($"image={id}")).Id!;
        using var download = await fixture.Http.GetAsync(Relative($"api/sessions/{session}/image"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, download.StatusCode);
        Assert.Equal("attachment", download.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(bytes, await download.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task A_session_may_load_an_image_later_and_comes_back_with_it()
    {
        var bytes = Bytes(512, seed: 2);
        var id = (await UploadAsync(new ByteArrayContent(bytes))).Body.GetProperty("id").GetString()!;
        var (reader, session) = await HubReader.JoinedAsync(fixture.Host);
        await using var closing = reader;
        Assert.Null((await reader.SendAsync(
            new Command.Load(new RunParameters { Scenario = "workload", Image = id }))).Error);
        Assert.Equal(bytes, await fixture.Http.GetByteArrayAsync(
            Relative($"api/sessions/{session}/image"), Cancellation));
    }

    [Theory]
    [InlineData("nobody", HttpStatusCode.NotFound, "unknown_session")]
    [InlineData("no%20body", HttpStatusCode.BadRequest, "bad_argument")]
    [InlineData("..%2F..%2Fkeys", HttpStatusCode.BadRequest, "bad_argument")]
    public async Task A_download_of_what_is_not_there_is_refused(string id, HttpStatusCode status, string code)
    {
        using var answer = await fixture.Http.GetAsync(Relative($"api/sessions/{id}/image"), Cancellation);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal((code, "id"), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
    }

    [Theory]
    [InlineData(0, HttpStatusCode.BadRequest)]
    [InlineData(511, HttpStatusCode.BadRequest)]
    [InlineData(513, HttpStatusCode.BadRequest)]
    [InlineData(ImageHost.Limit + 512, HttpStatusCode.RequestEntityTooLarge)]
    public async Task An_image_of_a_wrong_size_is_refused_announced_or_not(int size, HttpStatusCode expected)
    {
        foreach (var announced in new[] { true, false })
        {
            HttpContent content = announced
                ? new ByteArrayContent(Bytes(size, seed: 3))
                : new StreamContent(new Unannounced(Bytes(size, seed: 3)));
            var (status, problem) = await UploadAsync(content);
            Assert.Equal(expected, status);
            Assert.Equal("body", problem.GetProperty("field").GetString());
            Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        }

        Assert.Empty(Directory.GetFiles(Folder, "*.part"));
    }

    [Fact]
    public async Task A_form_is_refused()
    {
        using var content = new StringContent("image=1", Encoding.ASCII, "application/x-www-form-urlencoded");
        using var answer = await fixture.Http.PostAsync(Relative("api/images"), content, Cancellation);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Theory]
    [InlineData("Content-Length: 4096", "only this much")]
    [InlineData("Transfer-Encoding: chunked", "200\r\nonly this much")]
    [InlineData("Transfer-Encoding: chunked", "zz\r\nno number\r\n")]
    [InlineData("Transfer-Encoding: chunked", "fffffffffffffff\r\nabc")]
    [InlineData("Content-Length: 99999999999999999999", "x")]
    [InlineData("Content-Length: 512\r\nTransfer-Encoding: chunked", "5\r\nhello\r\n")]
    public async Task A_body_that_lies_about_itself_leaves_nothing_behind(string header, string body)
    {
        // The store makes its folder at the first upload that gets so far, which this may be.
        Directory.CreateDirectory(Folder);
        using (var tcp = new TcpClient())
        {
            await tcp.ConnectAsync(fixture.Host.Address.Host, fixture.Host.Address.Port, Cancellation);
            await tcp.GetStream().WriteAsync(
                Encoding.ASCII.GetBytes($"POST /api/images HTTP/1.1\r\nHost: {fixture.Host.Address.Authority}\r\n"
                    + $"Content-Type: application/octet-stream\r\n{header}\r\n\r\n{body}"), Cancellation);
            await Task.Delay(100, Cancellation);
        }

        for (var tries = 0; tries < 50 && Directory.GetFiles(Folder, "*.part").Length > 0; tries++)
        {
            await Task.Delay(50, Cancellation);
        }

        Assert.Empty(Directory.GetFiles(Folder, "*.part"));
        Assert.Equal(HttpStatusCode.Created, (await UploadAsync(new ByteArrayContent(Bytes(512, seed: 4)))).Status);
    }

    [Fact]
    public async Task A_full_store_says_so()
    {
        await using var host = ServerHost.Start(settings: ("XenViz:Images:QuotaBytes", "1024"));
        using var http = new HttpClient { BaseAddress = host.Address };
        Assert.Equal(HttpStatusCode.Created, (await UploadAsync(new ByteArrayContent(Bytes(512, 5)), http)).Status);
        var (status, problem) = await UploadAsync(new ByteArrayContent(Bytes(1024, 6)), http);
        Assert.Equal(HttpStatusCode.InsufficientStorage, status);
        Assert.Equal("too_many", problem.GetProperty("code").GetString());
    }

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> UploadAsync(
        HttpContent content, HttpClient? http = null)
    {
        using var closing = content;
        content.Headers.ContentType = new("application/octet-stream");
        using var answer = await (http ?? fixture.Http).PostAsync(Relative("api/images"), content, Cancellation);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation));
    }

    /// <summary>A stream that does not tell its length, so that it is sent in chunks.</summary>
    private sealed class Unannounced(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
