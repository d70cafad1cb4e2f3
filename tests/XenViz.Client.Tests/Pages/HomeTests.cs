using Bunit;
using Microsoft.AspNetCore.Components;
using MudBlazor.Services;
using XenViz.Client.Pages;

namespace XenViz.Client.Tests.Pages;

public sealed class HomeTests : BunitContext
{
    public HomeTests()
    {
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;
        SetRendererInfo(new RendererInfo("WebAssembly", isInteractive: true));
    }

    [Fact]
    public void Pressing_the_button_counts()
    {
        var page = Render<Home>();
        page.Find("[data-testid=smoke]").Click();
        Assert.Contains("Pressed 1 times", page.Markup, StringComparison.Ordinal);
    }
}
