using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using XenViz.Core.Commands;
using XenViz.Core.Scenarios.Files;
using XenViz.Server.Tests.Hubs;

namespace XenViz.Server.Tests.Api;

public sealed class ScenarioHost : IAsyncLifetime
{
    public ServerHost Host { get; private set; } = default!;

    public HttpClient Http { get; private set; } = default!;

    public ValueTask InitializeAsync()
    {
        Host = ServerHost.Start();
        Http = new HttpClient { BaseAddress = Host.Address };
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Http.Dispose();
        return Host.DisposeAsync();
    }
}

public sealed class ScenarioTests(ScenarioHost fixture) : IClassFixture<ScenarioHost>
{
    private readonly HttpClient http = fixture.Http;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_scenario_of_the_list_makes_a_session()
    {
        var cards = await GetAsync("api/scenarios");
        foreach (var card in cards.EnumerateArray())
        {
            // A connection of its own for each: one may not make so many at once.
            await using var reader = await HubReader.OpenAsync(fixture.Host);
            var answer = await reader.CreateAsync(card.GetProperty("link").GetString()!);
            Assert.Null(answer.Error);
            var file = await GetAsync($"api/scenarios/{card.GetProperty("name").GetString()}");
            Assert.Equal(1, file.GetProperty("version").GetInt32());
        }
    }

    [Fact]
    public async Task A_run_is_written_as_a_file_and_read_again()
    {
        var link = "scenario=workload&slots=16&work=read%3A2048%2F8&c=a12&at=9&xen=on";
        var file = await http.GetByteArrayAsync(At("api/scenario-file?" + link), Cancellation);
        var (status, answer) = await PostAsync(file);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            RunLink.Parse(link).Link!.Format(), answer.GetProperty("link").GetString());
    }

    [Fact]
    public async Task What_is_wrong_with_a_file_is_told_by_line_and_field()
    {
        var (status, answer) = await PostAsync(
            "{ \"version\": 1,\n\"ring\": {\n\"slots\": 7 }, \"x\": 1 }"u8.ToArray());
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(("bad_argument", "ring.slots", 3),
            (Text(answer, "code"), Text(answer, "field"), answer.GetProperty("line").GetInt32()));
        Assert.Equal(2, answer.GetProperty("errors").GetArrayLength());
        Assert.StartsWith("line 3, ring.slots: ", Text(answer, "detail"));
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_in_words()
    {
        foreach (var bytes in new[] { 300 * 1024, 5 * 1024 * 1024 })
        {
            var (status, answer) = await PostAsync(new byte[bytes]);
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains("262144", Text(answer, "detail"));
        }
    }

    [Fact]
    public async Task Other_types_names_and_links_are_refused_in_words()
    {
        using var form = await http.PostAsync(At("api/scenarios"), new StringContent("{}"), Cancellation);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, form.StatusCode);
        using var missing = await http.GetAsync(At("api/scenarios/none"), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal("name", Text(await ReadAsync(missing), "field"));
        using var bad = await http.GetAsync(At("api/scenario-file?slots=9"), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Equal("slots", Text(await ReadAsync(bad), "field"));
    }

    [Fact]
    public async Task The_schema_is_served_where_the_files_say()
    {
        var schema = await GetAsync("schemas/scenario-1.json");
        Assert.Equal("/schemas/scenario-1.json", Text(schema, "$id"));
    }

    private static Uri At(string path) => new(path, UriKind.Relative);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);

    private async Task<JsonElement> GetAsync(string path) =>
        await http.GetFromJsonAsync<JsonElement>(At(path), Cancellation);

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, At("api/scenarios"))
        {
            Content = content,
            // A body that is refused by its length alone is then not sent.
            Headers = { ExpectContinue = bytes.Length > ScenarioReader.MaxBytes },
        };
        using var answer = await http.SendAsync(request, Cancellation);
        return (answer.StatusCode, await ReadAsync(answer));
    }
}
