using Bunit;
using MudBlazor.Services;
using XenViz.Client.Pages;

namespace XenViz.Client.Tests.Pages;

public class NotFoundTests : BunitContext
{
    public NotFoundTests()
    {
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void An_address_without_a_page_offers_the_way_back()
    {
        var page = Render<NotFound>();
        Assert.Single(page.FindAll("h1"));
        Assert.Equal("/", page.Find("a").GetAttribute("href"));
    }
}
