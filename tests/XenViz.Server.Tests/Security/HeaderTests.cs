namespace XenViz.Server.Tests.Security;

public sealed class HeaderTests(ServerHost host) : IClassFixture<ServerHost>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/css/tokens.css")]
    [InlineData("/health/live")]
    [InlineData("/there-is-no-such-page")]
    public async Task Every_answer_says_what_this_site_may_do(string path)
    {
        using var client = host.CreateClient();
        using var answer = await client.GetAsync(
            new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'", policy);
        Assert.Contains("frame-ancestors 'self'", policy);
        Assert.Contains("object-src 'none'", policy);
        Assert.DoesNotContain("'unsafe-eval'", policy);
        Assert.DoesNotContain("http:", policy);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(answer.Headers.Contains("Server"));
    }
}
