using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>Choosing what runs: the prepared scenarios, files from and to the disk, options of the device.</summary>
public sealed class CatalogTests(XenVizApp app)
{
    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task A_prepared_scenario_is_found_and_run_by_keyboard_alone(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync("/", mode);
        await page.TestId("scenario").FocusAsync();
        await page.KeyAsync("Enter");
        await page.TestId("catalog-search").WaitForAsync();
        await Expect(page.TestId("catalog-search")).ToBeFocusedAsync();
        await page.Page.Keyboard.TypeAsync("queues");
        await Expect(page.TestId("catalog-count")).ToHaveTextAsync("1 scenario");
        await page.KeyAsync("Tab");
        await page.KeyAsync("Space");
        await page.ExpectTextAsync("scenario-which", "Two queues, as prepared");
        await page.TestId("scenario-run").FocusAsync();
        await page.KeyAsync("Enter");
        await Expect(page.TestId("scenario-dialog")).ToHaveCountAsync(0, new() { Timeout = 15_000 });
        await Expect(page.TestId("scenario")).ToContainTextAsync("2 queues");
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task A_run_is_saved_as_a_file_and_opened_again_where_it_was(RenderModes mode)
    {
        await using var page = await app.OpenWorkbenchAsync("/?slots=16&xen=on&leftout=on", mode);
        while (await page.TestId("choices").CountAsync() == 0)
        {
            var at = await page.PositionAsync();
            await page.PressAsync("next");
            await Expect(page.TestId("scrubber")).Not.ToHaveAttributeAsync("aria-valuenow", $"{at}");
        }

        await page.TestId("choices").Locator("button:not(.on)").First.ClickAsync();
        await page.TestId("branch").WaitForAsync();
        var (position, number) = (await page.PositionAsync(), await page.TestId("substep").InnerTextAsync());
        await page.OpenScenarioAsync();
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.PressAsync("scenario-save"));
        Assert.Equal("xenviz-scenario.json", download.SuggestedFilename);
        var file = (await download.PathAsync())!;
        await page.TestId("card-connect").CheckAsync(new() { Force = true });
        await page.RunScenarioAsync();
        await page.ExpectAtAsync("start");
        var before = page.Page.Url;

        await page.OpenScenarioAsync();
        await page.TestId("scenario-file").SetInputFilesAsync(new FilePayload
        {
            Name = "mine.json", MimeType = "application/json",
            Buffer = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken),
        });
        await Expect(page.TestId("scenario-which")).ToContainTextAsync($"Opens at row {position}");
        await page.RunScenarioAsync();
        await page.ExpectAtAsync(number);
        await Expect(page.TestId("ring-slot-15")).ToHaveCountAsync(1);
        Assert.NotEqual(before, page.Page.Url);
        await page.Page.GoBackAsync();
        await page.ExpectAtAsync("start");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_file_with_mistakes_names_lines_and_fields_and_nothing_typed_is_lost()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.OpenScenarioAsync();
        await page.TestId("pick-workload").CheckAsync(new() { Force = true });
        await page.PressAsync("work-add-barrier");
        await page.Field("work-text").FillAsync("kept");
        await page.TestId("scenario-file").SetInputFilesAsync(new FilePayload
        {
            Name = "wrong.json", MimeType = "application/json",
            Buffer = Encoding.UTF8.GetBytes("{\n  \"version\": 1,\n  \"ring\": { \"slots\": 7 },\n  \"typo\": true\n}"),
        });
        await Expect(page.TestId("scenario-file-errors").Locator("li")).ToHaveCountAsync(2);
        await Expect(page.TestId("scenario-file-errors")).ToContainTextAsync("line 3, ring.slots");
        await Expect(page.TestId("scenario-file-errors")).ToContainTextAsync("line 4, typo");
        Assert.Equal("kept", await page.Field("work-text").InputValueAsync());
        Assert.Empty(await page.AccessibilityViolationsAsync());
        await page.RunScenarioAsync();
        await page.ExpectAtAsync("start");
    }

    [Theory]
    [InlineData("light", 1600, 1000)]
    [InlineData("dark", 1280, 720)]
    [InlineData("projector", 390, 844)]
    [InlineData("light", 320, 640)]
    public async Task The_dialog_with_everything_open_pleases_axe_and_never_scrolls_sideways(
        string theme, int width, int height)
    {
        await using var page = await app.OpenWorkbenchAsync(viewport: new() { Width = width, Height = height });
        await page.ChooseThemeAsync(theme);
        await page.OpenScenarioAsync();
        await page.TestId("card-persistent").CheckAsync(new() { Force = true });
        foreach (var kind in new[] { "barrier", "flush", "discard" })
        {
            await page.PressAsync("work-add-" + kind);
        }

        await page.TestId("device-options").Locator("summary").ClickAsync();
        await Expect(page.TestId("param-kept")).ToBeVisibleAsync();
        await page.TestId("param-queues").FillAsync("9");
        await page.PressAsync("scenario-run");
        await Expect(page.TestId("device-options")).ToContainTextAsync("1 to 4");
        Assert.Empty(await page.AccessibilityViolationsAsync());
        Assert.Equal(0, await page.Page.EvaluateAsync<int>(
            "(() => { const box = document.querySelector('.mud-dialog-content');"
            + "return box.scrollWidth - box.clientWidth; })()"));
        await page.TestId("catalog-search").FillAsync("no such thing");
        await page.TestId("catalog-none").WaitForAsync();
        Assert.Empty(await page.AccessibilityViolationsAsync());
    }
}
