using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>A lost connection says so, keeps the picture, and the page comes back by itself where it was.</summary>
public sealed class ConnectionTests(XenVizApp app)
{
    private const string Banner = "[data-testid=banner], #components-reconnect-modal:not([hidden])";
    private const string PictureKept = """
        new MutationObserver(() => {
          const kept = document.querySelector('iframe.kept')?.contentDocument?.querySelector('[data-testid="substep"]');
          window.keptNumber ??= kept?.textContent;
        }).observe(document, { childList: true, subtree: true });
        """;

    private static readonly LocatorAssertionsToBeVisibleOptions Patient = new() { Timeout = 60_000 };
    private static readonly LocatorAssertionsToHaveCountOptions PatientCount = new() { Timeout = 60_000 };

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task After_a_crash_of_the_server_the_page_comes_back_by_itself_in_the_same_state(RenderModes mode)
    {
        await using var server = await ServerProcess.StartAsync();
        await using var page = await OpenAsync(server, mode);
        await page.KeyAsync("4");
        await page.ExpectAtAsync("4.11–4.16");
        await page.PressAsync("tab-grants");
        await page.ExpectAsync("grant-9", "data-flags", "0x000d");
        var address = page.Page.Url;

        // What was done is saved within SaveSeconds.
        await Task.Delay(3000, TestContext.Current.CancellationToken);
        await server.CrashAsync();
        await Expect(page.Page.Locator(Banner)).ToBeVisibleAsync(Patient);
        await Expect(page.Page.Locator(Banner)).ToContainTextAsync("The connection is lost");

        // What is pressed meanwhile is lost, and one line says so, not two.
        await page.KeyAsync("ArrowRight");
        await Task.Delay(500, TestContext.Current.CancellationToken);
        await Expect(page.Page.Locator(".mud-snackbar")).ToHaveCountAsync(0);
        await Expect(page.TestId("stage")).ToBeVisibleAsync();
        await Expect(page.TestId("substep")).ToHaveTextAsync("4.11–4.16");
        await Tab(page).FocusAsync();
        await page.Page.AddInitScriptAsync(PictureKept);

        await server.StartAgainAsync();
        await Expect(page.Page.Locator(Banner)).ToHaveCountAsync(0, PatientCount);
        await Expect(page.TestId("scrubber")).ToBeVisibleAsync(Patient);
        await page.ExpectAtAsync("4.11–4.16");
        Assert.Equal(address, page.Page.Url);
        await page.ExpectAsync("grant-9", "data-flags", "0x000d");
        await Expect(Tab(page)).ToBeFocusedAsync();
        if (mode == RenderModes.Server)
        {
            // What was on screen lay over the page until the page had drawn the same.
            Assert.Equal("4.11–4.16", await page.Page.EvaluateAsync<string>("window.keptNumber"));
            await Expect(page.Page.Locator("iframe.kept")).ToHaveCountAsync(0);
        }

        await page.Page.EvaluateAsync("document.activeElement.blur()");
        await page.KeyAsync("ArrowRight");
        await page.ExpectAtAsync("5.1");
    }

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task A_session_that_the_server_has_forgotten_is_made_again_from_what_the_device_keeps(RenderModes mode)
    {
        await using var server = await ServerProcess.StartAsync();
        await using var page = await OpenAsync(server, mode, "/?op=read&slots=16");
        await page.KeyAsync("2");
        await page.ExpectAtAsync("2.11");
        await page.ExpectKeptAsync("2.11");
        var address = page.Page.Url;
        await server.CrashAsync();
        server.ForgetData();
        await server.StartAgainAsync();
        await page.Page.GotoAsync(address);
        await page.TestId("scrubber").WaitForAsync(new() { Timeout = 60_000 });
        await page.ExpectAtAsync("2.11");
        await Expect(page.TestId("scenario")).ToContainTextAsync("Block read");
        Assert.NotEqual(address, page.Page.Url);
        await Expect(page.Page.GetByText("The session had ended.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_start_page_offers_to_go_on_where_one_was()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await Expect(page.TestId("go-on")).ToHaveCountAsync(0);
        await page.KeyAsync("3");
        await page.ExpectAtAsync("3.4–3.10");
        await page.ExpectKeptAsync("3.4–3.10");
        var address = page.Page.Url;
        await page.Page.GotoAsync("/");
        await page.TestId("scrubber").WaitForAsync();
        await Expect(page.TestId("go-on")).ToContainTextAsync("Block write, 4 KiB, at 3.4–3.10");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.TestId("go-on-go").FocusAsync();
        await page.KeyAsync("Enter");
        await page.ExpectAtAsync("3.4–3.10");
        Assert.Equal(address, page.Page.Url);
        await Expect(page.TestId("go-on")).ToHaveCountAsync(0);

        // What had the focus is gone: it goes on at the heading, or at the controls.
        await page.WaitForAsync("document.activeElement.matches('h1, #controls')");

        await page.Page.GotoAsync("/");
        await page.PressAsync("go-on-not");
        await Expect(page.TestId("go-on")).ToHaveCountAsync(0);
        await page.ExpectAtAsync("start");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_offer_goes_when_something_is_done_and_a_link_makes_none()
    {
        await using var page = await app.OpenWorkbenchAsync("/?at=13");
        await page.ExpectAtAsync("2.11");
        await page.ExpectKeptAsync("2.11");
        await page.Page.GotoAsync("/?op=read");
        await page.TestId("scrubber").WaitForAsync();
        await Expect(page.TestId("go-on")).ToHaveCountAsync(0);
        await page.Page.GotoAsync("/");
        await page.TestId("go-on").WaitForAsync();

        // The offer can come before the run: a key that is pressed then has nothing to step.
        await page.TestId("scrubber").WaitForAsync();
        await page.KeyAsync("ArrowRight");
        await page.ExpectAtAsync("1.1");
        await Expect(page.TestId("go-on")).ToHaveCountAsync(0, PatientCount);
    }

    private static ILocator Tab(AppPage page) => page.Page.GetByRole(AriaRole.Tab, new() { Name = "Grants" });

    private async Task<AppPage> OpenAsync(ServerProcess server, RenderModes mode, string path = "/")
    {
        var page = await app.NewPageAsync(new() { BaseURL = server.Address.ToString() });
        if (mode == RenderModes.Server)
        {
            await page.WithholdWebAssemblyAsync();
        }
        else
        {
            await page.GotoAsync("/", RenderModes.Server);
            await page.WaitForWebAssemblyFilesAsync();
        }

        await page.GotoAsync(path, mode);
        await page.TestId("scrubber").WaitForAsync(new() { Timeout = 60_000 });
        return page;
    }
}
