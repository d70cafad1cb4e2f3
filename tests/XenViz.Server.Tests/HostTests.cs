using System.Net;
using System.Text.RegularExpressions;

namespace XenViz.Server.Tests;

public sealed class HostTests(ServerHost host) : IClassFixture<ServerHost>
{
    [Theory]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/health/ready", HttpStatusCode.OK)]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/css/tokens.css", HttpStatusCode.OK)]
    [InlineData("/img/xenviz.svg", HttpStatusCode.OK)]
    [InlineData("/_content/MudBlazor/MudBlazor.min.css", HttpStatusCode.OK)]
    [InlineData("/_framework/blazor.web.js", HttpStatusCode.OK)]
    [InlineData("/there-is-no-such-page", HttpStatusCode.NotFound)]
    public async Task An_address_answers_with_its_status(string path, HttpStatusCode expected)
    {
        using var client = host.CreateClient();
        using var response = await client.GetAsync(
            new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("css/app")]
    [InlineData("js/workbench")]
    [InlineData("_content/MudBlazor/MudBlazor.min")]
    [InlineData("_framework/blazor.web")]
    public async Task What_a_page_needs_comes_compressed_and_is_kept(string name)
    {
        using var client = host.CreateClient();
        var html = await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        var path = Regex.Match(
            html, $"(?:href|src)=\"({Regex.Escape(name)}[^\"]*)\"", RegexOptions.None, TimeSpan.FromSeconds(10));
        var whole = await client.GetByteArrayAsync(
            new Uri(path.Groups[1].Value, UriKind.Relative), TestContext.Current.CancellationToken);
        using var asked = new HttpRequestMessage(HttpMethod.Get, new Uri(path.Groups[1].Value, UriKind.Relative));
        asked.Headers.AcceptEncoding.ParseAdd("gzip, br");
        using var response = await client.SendAsync(asked, TestContext.Current.CancellationToken);
        var sent = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(sent.Length < whole.Length / 2, $"{sent.Length} of {whole.Length} bytes are sent.");
        Assert.Contains("immutable", response.Headers.CacheControl?.ToString() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_names_nothing_on_another_host()
    {
        using var client = host.CreateClient();
        var html = await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", html);
    }
}
