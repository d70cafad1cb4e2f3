using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XenViz.EndToEnd.Tests;

/// <summary>A person's own work on the course's disk and on an image of their own.</summary>
public sealed class ScenarioDialogTests(XenVizApp app)
{
    [Theory]
    [InlineData(RenderModes.Server)]
    [InlineData(RenderModes.WebAssembly)]
    public async Task Own_text_is_written_to_an_own_image_that_comes_back_with_it(RenderModes mode)
    {
        var image = new byte[64 * 512];
        Encoding.ASCII.GetBytes("sector five").CopyTo(image, 5 * 512);
        await using var page = await app.OpenWorkbenchAsync("/", mode);
        await page.OpenScenarioAsync();
        await page.TestId("pick-workload").CheckAsync(new() { Force = true });
        await page.PressAsync("work-add-write");
        await page.Field("work-text").FillAsync("Hello from a test");
        await page.Field("work-sector").FillAsync("8");
        await page.PressAsync("work-add-copy");
        await page.Field("work-from").FillAsync("5");
        await page.Field("work-to").FillAsync("24");
        await page.Field("work-count").FillAsync("1");
        await page.TestId("image-own").CheckAsync();
        await page.TestId("image-file").SetInputFilesAsync(new FilePayload
        {
            Name = "own.img", MimeType = "application/octet-stream", Buffer = image,
        });
        await Expect(page.TestId("image-ready")).ToContainTextAsync("own.img");
        await page.RunScenarioAsync();
        await page.ExpectAtAsync("start");
        await page.PressAsync("run-to-end");
        await Expect(page.TestId("next")).ToBeDisabledAsync();
        await Expect(page.TestId("violation")).ToHaveCountAsync(0);

        await page.OpenScenarioAsync();
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.PressAsync("image-download"));
        var bytes = await File.ReadAllBytesAsync((await download.PathAsync())!, TestContext.Current.CancellationToken);
        Assert.Equal(image.Length, bytes.Length);
        Assert.Equal("Hello from a test\0", Encoding.ASCII.GetString(bytes, 8 * 512, 18));
        Assert.Equal(image[(5 * 512)..(6 * 512)], bytes[(24 * 512)..(25 * 512)]);
        Assert.Equal(image[..(8 * 512)], bytes[..(8 * 512)]);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_file_of_the_course_s_disk_is_read_by_its_name()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await page.OpenScenarioAsync();
        await page.TestId("pick-workload").CheckAsync(new() { Force = true });
        await page.PressAsync("work-add-file");
        await page.Field("work-file").FillAsync("readme.txt");
        await page.RunScenarioAsync();
        await page.PressAsync("run-to-end");
        await Expect(page.TestId("next")).ToBeDisabledAsync();
        await Expect(page.TestId("caption")).ToHaveTextAsync(
            "The application reads its page: \"THE DISK OF THE COURSE\"");
    }

    [Fact]
    public async Task What_is_wrong_is_told_at_its_field_and_nothing_is_lost()
    {
        await using var page = await app.OpenWorkbenchAsync(viewport: new() { Width = 390, Height = 844 });
        await page.OpenScenarioAsync();
        await page.TestId("pick-workload").CheckAsync(new() { Force = true });
        await page.PressAsync("scenario-run");
        await Expect(page.TestId("work-error")).ToContainTextAsync("Add at least one item");
        await Expect(page.TestId("scenario-run")).ToBeFocusedAsync();
        await page.PressAsync("work-add-write");
        await page.Field("work-text").FillAsync("kept");
        await page.Field("work-sector").FillAsync("99999999");
        await page.PressAsync("scenario-run");
        var item = page.TestId("work-item");
        await Expect(item).ToContainTextAsync("choose an earlier sector");
        Assert.Equal("kept", await page.Field("work-text").InputValueAsync());

        // The keyboard stands at what is wrong, and the field itself tells it.
        await Expect(page.Field("work-sector")).ToBeFocusedAsync();
        await Expect(page.Field("work-sector")).ToHaveAccessibleDescriptionAsync(new Regex("choose an earlier sector"));
        await page.Field("work-sector").FillAsync("-5");
        await page.PressAsync("scenario-run");
        await Expect(page.Field("work-sector")).ToHaveAccessibleDescriptionAsync(new Regex("-5"));
        Assert.Equal("-5", await page.Field("work-sector").InputValueAsync());
        await Expect(item.GetByText("-5 is no whole number")).ToBeInViewportAsync();
        await page.Field("work-sector").FillAsync("16");
        await page.RunScenarioAsync();
        await page.ExpectAtAsync("start");
    }

    [Fact]
    public async Task Thirty_two_slots_are_a_choice_and_connecting_is_a_run()
    {
        await using var page = await app.OpenWorkbenchAsync();
        await Expect(page.TestId("ring-slot-7")).ToHaveCountAsync(1);
        await Expect(page.TestId("ring-slot-8")).ToHaveCountAsync(0);
        await page.OpenScenarioAsync();
        var slots = page.TestId("param-slots")
            .Locator("xpath=ancestor-or-self::*[contains(@class,'mud-select')]").First;
        await Expect(slots).ToContainTextAsync("8 slots");
        await slots.ClickAsync();
        await page.Page.Locator(".mud-popover-open .mud-list-item", new() { HasTextString = "32" }).ClickAsync();
        await Expect(slots).ToContainTextAsync("32 slots");
        await page.RunScenarioAsync();
        await Expect(page.TestId("ring-slot-31")).ToHaveCountAsync(1);

        await page.OpenScenarioAsync();
        await page.TestId("pick-connect").CheckAsync(new() { Force = true });
        await page.RunScenarioAsync();
        await page.PressAsync("run-to-end");
        await page.ExpectAtAsync("C.11");
        Assert.Equal("0 1 0 1", await page.IndicesAsync());
        Assert.Empty(page.Errors);
    }
}
