using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using XenViz.Client.Controls;
using XenViz.Core.Commands;
using XenViz.Core.Feed;

namespace XenViz.Client.Tests.Controls;

public sealed class CatalogTests : ScreenTest
{
    private readonly List<RunLink> asked = [];
    private readonly IRenderedComponent<MudBlazor.MudDialogProvider> dialogs;

    public CatalogTests()
    {
        Popovers();
        dialogs = Render<MudBlazor.MudDialogProvider>();
    }

    [Fact]
    public void All_scenarios_are_shown_under_headings_and_the_run_on_screen_is_the_chosen_one()
    {
        Open(new RunParameters { Read = true });
        Assert.Equal(ScenarioShelf.Cards.Length, dialogs.FindAll(".card").Count);
        Assert.Equal("The figure", dialogs.Find(".cards h4").TextContent);
        Assert.True(dialogs.Id("card-read").HasAttribute("checked"));
        Assert.Equal("Block read, 4 KiB, as prepared", dialogs.Id("scenario-which").TextContent);
    }

    [Fact]
    public async Task Searching_finds_words_in_any_order_and_an_empty_answer_has_a_way_back()
    {
        Open(new RunParameters());
        await dialogs.Id("catalog-search").InputAsync("queues TWO");
        Assert.Equal("1 scenario", dialogs.Id("catalog-count").TextContent);
        Assert.Single(dialogs.Ids("card-multi-queue"));
        await dialogs.Id("catalog-search").InputAsync("submarine");
        Assert.Contains("submarine", dialogs.Id("catalog-none").TextContent, StringComparison.Ordinal);
        await dialogs.Id("catalog-clear").ClickAsync();
        Assert.Equal(ScenarioShelf.Cards.Length, dialogs.FindAll(".card").Count);
        Assert.Equal("", dialogs.Id("catalog-search").GetAttribute("value"));
    }

    [Fact]
    public async Task A_card_fills_the_form_and_runs_just_as_prepared()
    {
        Open(new RunParameters());
        foreach (var card in ScenarioShelf.Cards)
        {
            await dialogs.Id("card-" + card.Name).ChangeAsync(true);
            await dialogs.Id("scenario-run").ClickAsync();
            dialogs.WaitForAssertion(() => Assert.Equal(card.Link, asked[^1].Format()));
        }
    }

    [Fact]
    public async Task What_is_changed_after_that_is_said_and_run()
    {
        Open(new RunParameters());
        await dialogs.Id("card-multi-queue").ChangeAsync(true);
        await dialogs.Id("param-queues").ChangeAsync("3");
        Assert.Equal("Two queues, with changes", dialogs.Id("scenario-which").TextContent);
        await dialogs.Id("scenario-run").ClickAsync();
        Assert.Equal(3, Assert.Single(asked).Parameters.Queues);
    }

    [Fact]
    public async Task Every_option_of_the_device_reaches_the_run()
    {
        Open(new RunParameters());
        await dialogs.Id("card-reconnect").ChangeAsync(true);
        await dialogs.Id("param-path").ChangeAsync("persistent");
        await dialogs.Id("param-kept").ChangeAsync("7");
        await dialogs.Id("param-pages").ChangeAsync("4");
        await dialogs.Id("param-queues").ChangeAsync("2");
        await dialogs.Id("param-indirect").ChangeAsync("32");
        await dialogs.Id("param-protocol").ChangeAsync("x86_32");
        await dialogs.Id("param-iommu").ChangeAsync("off");
        await dialogs.Id("param-block").ChangeAsync("4096");
        await dialogs.Id("param-crash").ChangeAsync("3");
        await dialogs.Id("param-depth").ChangeAsync("256");
        await dialogs.Id("param-segments").ChangeAsync("32");
        await dialogs.Id("param-flush").ChangeAsync(false);
        await dialogs.Id("param-barrier").ChangeAsync(false);
        await dialogs.Id("param-discard").ChangeAsync(false);
        await dialogs.Id("param-secure").ChangeAsync(true);
        await dialogs.Id("param-readonly").ChangeAsync(true);
        await dialogs.Id("scenario-run").ClickAsync();
        var run = Assert.Single(asked).Parameters;
        var expected = run with
        {
            Path = "persistent", Kept = 7, RingPages = 4, Queues = 2, IndirectSegments = 32, Protocol = "x86_32",
            Iommu = "off", BlockBytes = 4096, CrashAfter = 3, Depth = 256, Segments = 32, Flush = false,
            Barrier = false, Discard = false, SecureDiscard = true, ReadOnly = true, Scenario = "reconnect",
        };
        Assert.Equal(expected, run);
    }

    [Theory]
    [InlineData("param-queues", "5", "1 to 4")]
    [InlineData("param-indirect", "5", "12 to 256")]
    [InlineData("param-depth", "33", "1 to 32")]
    [InlineData("param-segments", "12", "1 to 11")]
    public async Task A_value_out_of_its_range_is_told_at_its_field_and_kept(string field, string value, string words)
    {
        Open(new RunParameters());
        await dialogs.Id("card-map").ChangeAsync(true);
        await dialogs.Id(field).ChangeAsync(value);
        await dialogs.Id("scenario-run").ClickAsync();
        Assert.Empty(asked);
        var told = dialogs.Find($"#field-{field}-help");
        Assert.Equal("alert", told.GetAttribute("role"));
        Assert.Contains(words.Split(' ')[^1], told.TextContent, StringComparison.Ordinal);
        Assert.Equal(value, dialogs.Id(field).GetAttribute("value"));
        Assert.Equal("true", dialogs.Id(field).GetAttribute("aria-invalid"));
    }

    [Fact]
    public async Task Calls_for_comparison_and_bounce_buffers_are_refused_where_the_drivers_have_no_such_variant()
    {
        Open(new RunParameters());
        await dialogs.Id("pick-connect").ChangeAsync(true);
        await dialogs.Id("param-notify").ChangeAsync("sync");
        await dialogs.Id("scenario-run").ClickAsync();
        Assert.Empty(asked);
        Assert.Contains("async", dialogs.Find("#field-param-notify-help").TextContent, StringComparison.Ordinal);
        Assert.True(dialogs.Id("device-options").HasAttribute("open"));
        await dialogs.Id("param-notify").ChangeAsync("async");
        await dialogs.Id("param-bounce").ChangeAsync(true);
        await dialogs.Id("scenario-run").ClickAsync();
        Assert.Empty(asked);
    }

    [Fact]
    public async Task Barrier_flush_and_secure_discard_are_work()
    {
        Open(new RunParameters());
        await dialogs.Id("pick-workload").ChangeAsync(true);
        await dialogs.Id("work-add-barrier").ClickAsync();
        await dialogs.Id("work-text").ChangeAsync("then");
        await dialogs.Id("work-add-flush").ClickAsync();
        await dialogs.Id("work-add-discard").ClickAsync();
        await dialogs.Id("work-secure").ChangeAsync(true);
        await dialogs.Id("scenario-run").ClickAsync();
        Assert.Equal(
            [new WorkItem.WriteBarrier(2048, "then"), new WorkItem.Flush(), new WorkItem.DiscardSectors(2048, 8, true)],
            Assert.Single(asked).Parameters.Work.AsEnumerable());
    }

    [Fact]
    public async Task More_than_the_most_items_cannot_be_added()
    {
        Open(new RunParameters());
        await dialogs.Id("pick-workload").ChangeAsync(true);
        for (var i = 0; i < RunLimits.Items; i++)
        {
            await dialogs.Id("work-add-flush").ClickAsync();
        }

        Assert.True(dialogs.Id("work-add-read").GetAttribute("aria-disabled") == "true");
    }

    [Fact]
    public async Task A_file_is_opened_with_its_choices_and_what_is_changed_begins_at_the_start()
    {
        Open(new RunParameters());
        Upload("""
            { "version": 1, "title": "Two at once", "about": "Watch blkfront.", "ring": { "slots": 16 },
              "schedule": { "choices": "a3", "position": 3 }, "show": { "insideXen": true } }
            """);
        Assert.Contains("Two at once, as prepared", dialogs.Id("scenario-which").TextContent, StringComparison.Ordinal);
        Assert.Contains("Watch blkfront.", dialogs.Markup, StringComparison.Ordinal);
        Assert.Empty(dialogs.FindAll(".card.on"));
        await dialogs.Id("scenario-run").ClickAsync();
        Assert.Equal("slots=16&c=a3&at=3&xen=on", asked[^1].Format());
        await dialogs.Id("param-queues").ChangeAsync("2");
        await dialogs.Id("scenario-run").ClickAsync();
        Assert.Equal("slots=16&queues=2&xen=on", asked[^1].Format());
    }

    [Fact]
    public async Task A_bad_file_names_line_and_field_and_nothing_is_lost()
    {
        Open(new RunParameters());
        await dialogs.Id("pick-workload").ChangeAsync(true);
        await dialogs.Id("work-add-write").ClickAsync();
        await dialogs.Id("work-text").ChangeAsync("kept");
        Upload("{ \"version\": 1,\n  \"ring\": { \"slots\": 7 } }");
        Assert.Contains("line 2, ring.slots", dialogs.Id("scenario-file-errors").TextContent, StringComparison.Ordinal);
        Assert.Equal("kept", dialogs.Id("work-text").GetAttribute("value"));
        Upload(new string(' ', ScenarioShelf.MaxBytes + 1));
        Assert.Contains("256 KiB", dialogs.Id("scenario-file-errors").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_run_on_screen_can_be_saved() => Assert.Equal(
        "/api/scenario-file?slots=16&at=4",
        Open(new RunParameters { Slots = 16 }, "/?slots=16&at=4").Id("scenario-save").GetAttribute("href"));

    private void Upload(string text) => dialogs.FindComponent<InputFile>()
        .UploadFiles(InputFileContent.CreateFromText(text, "mine.json"));

    private IRenderedComponent<MudBlazor.MudDialogProvider> Open(RunParameters run, string? link = null)
    {
        Render<ScenarioDialog>(p => p
            .Add(x => x.Open, true)
            .Add(x => x.Current, run)
            .Add(x => x.Link, link)
            .Add(x => x.OnRun, asked.Add));
        return dialogs;
    }
}
