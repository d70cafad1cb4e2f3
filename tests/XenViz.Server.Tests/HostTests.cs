using System.Net;

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

    [Fact]
    public async Task The_page_names_nothing_on_another_host()
    {
        using var client = host.CreateClient();
        var html = await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", html);
    }
}
