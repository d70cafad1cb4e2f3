using Bunit;
using XenViz.Client.Controls;
using XenViz.Core.Commands;

namespace XenViz.Client.Tests.Controls;

public sealed class ScenarioTests : ScreenTest
{
    private readonly List<RunParameters> asked = [];

    [Fact]
    public void A_form_keeps_what_it_has_no_field_for()
    {
        var run = new RunParameters
        {
            Scenario = "workload", Path = "persistent", RingPages = 4, Flush = false,
            Work =
            [
                new WorkItem.WriteBarrier(8, "b", 16), new WorkItem.Flush(), new WorkItem.DiscardSectors(8, 3, true),
            ],
        };
        var (again, error) = ScenarioForm.Of(run).ToRun();
        Assert.Null(error);
        Assert.Equal(run.Work, again!.Work);
        Assert.Equal(run with { Work = default }, again with { Work = default });
    }

    [Fact]
    public void A_form_gives_back_the_run_that_it_came_from()
    {
        var run = new RunParameters
        {
            Scenario = "workload", Slots = 16, Depth = 4, Segments = 3, StartIndex = uint.MaxValue, Image = "abc",
            Work =
            [
                new WorkItem.WriteText(8, "hello", 8), new WorkItem.ReadSectors(0, 16),
                new WorkItem.CopySectors(0, 64, 8), new WorkItem.ReadFile("NOTE.TXT"),
            ],
        };
        var (again, error) = ScenarioForm.Of(run).ToRun();
        Assert.Null(error);
        Assert.Equal(run.Work.AsEnumerable(), again!.Work);
        Assert.Equal(run with { Work = [] }, again with { Work = [] });
    }

    [Fact]
    public void What_is_on_stage_is_kept_with_the_run_that_it_was_chosen_in()
    {
        var link = RunLink.Parse("scenario=workload&queues=2&work=read:0/8&at=9&ring=1").Link!;
        var form = ScenarioForm.Of(link);
        Assert.Equal(link.Format(), form.ToLink().Link!.Format());
        form.Queues = 1;
        Assert.Equal("scenario=workload&work=read:0/8", form.ToLink().Link!.Format());
    }

    [Fact]
    public void A_start_index_that_is_no_number_is_told_at_its_field()
    {
        var form = new ScenarioForm { StartIndex = "4294967296" };
        var (run, error) = form.ToRun();
        Assert.Null(run);
        Assert.Equal("startIndex", error!.Field);
        Assert.Equal("4294967296", form.StartIndex);
    }

    [Theory]
    [InlineData("work[2].sector", 2)]
    [InlineData("work", null)]
    [InlineData("slots", null)]
    public void An_error_finds_its_item(string field, int? item) =>
        Assert.Equal(item, ScenarioForm.ItemOf(new CommandError("bad_argument", field, "no")));

    [Fact]
    public async Task The_read_of_the_figure_is_two_presses_away()
    {
        var popovers = Popovers();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        Open();
        await dialogs.Id("pick-read").ChangeAsync(true);
        await dialogs.Id("scenario-run").ClickAsync();
        Assert.True(Assert.Single(asked).Read);
        Assert.NotNull(popovers);
    }

    [Fact]
    public async Task Work_is_added_and_an_error_stands_at_its_item_with_all_that_was_typed()
    {
        Popovers();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var dialog = Open();
        await dialogs.Id("pick-workload").ChangeAsync(true);
        await dialogs.Id("work-add-write").ClickAsync();
        await dialogs.Id("work-text").ChangeAsync("hello");
        await dialogs.Id("scenario-run").ClickAsync();
        Assert.Equal([new WorkItem.WriteText(2048, "hello")], Assert.Single(asked).Work.AsEnumerable());

        var error = new CommandError("bad_argument", "work[0].sector", "Beyond the end of the disk.");
        dialog.Render(p => p.Add(x => x.Error, error));
        Assert.Contains("Beyond the end of the disk.", dialogs.Id("work-item").TextContent, StringComparison.Ordinal);
        Assert.Equal("hello", dialogs.Id("work-text").GetAttribute("value"));
    }

    [Fact]
    public async Task An_uploaded_image_becomes_the_disk_of_the_run()
    {
        Popovers();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var dialog = Open();
        await dialogs.Id("pick-connect").ChangeAsync(true);
        await dialogs.Id("image-own").ChangeAsync(true);
        dialog.Render(p => p.Add(x => x.Upload, new ImageUpload("disk.img", Percent: 40)));
        Assert.Contains("40 %", dialogs.Markup, StringComparison.Ordinal);
        dialog.Render(p => p.Add(x => x.Upload, new ImageUpload("disk.img", Id: "img-1")));
        await dialogs.Id("scenario-run").ClickAsync();
        Assert.Equal("img-1", Assert.Single(asked).Image);
    }

    [Fact]
    public async Task What_the_two_ends_of_an_interface_offer_is_asked_in_network_runs_only()
    {
        Popovers();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        Open();
        Assert.Empty(dialogs.FindAll("[data-testid=param-sg]"));
        await dialogs.Id("pick-net-tx").ChangeAsync(true);
        await dialogs.Id("param-sg").ChangeAsync("front");
        await dialogs.Id("param-csum").ChangeAsync("none");
        await dialogs.Id("scenario-run").ClickAsync();
        var run = Assert.Single(asked);
        Assert.Equal(("front", "both", "none"), (run.ScatterGather, run.Segmentation, run.Checksums));
    }

    [Fact]
    public async Task Options_of_the_disk_are_hidden_in_network_runs_and_keep_their_values()
    {
        string[] disk =
        [
            "slots", "segments", "pages", "queues", "indirect", "protocol", "notify", "iommu", "block",
            "flush", "barrier", "discard", "secure", "bounce", "readonly",
        ];
        Popovers();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        Open();
        await dialogs.Id("pick-workload").ChangeAsync(true);
        Assert.All(disk, name => Assert.NotEmpty(dialogs.Ids("param-" + name)));
        Assert.Empty(dialogs.Ids("param-sg"));
        await dialogs.Id("param-path").ChangeAsync("persistent");
        await dialogs.Id("param-iommu").ChangeAsync("off");
        await dialogs.Id("pick-net-rx").ChangeAsync(true);
        Assert.All(disk.Append("kept"), name => Assert.Empty(dialogs.Ids("param-" + name)));
        string[] both = ["sg", "gso", "csum", "start", "depth", "events"];
        Assert.All(both, name => Assert.NotEmpty(dialogs.Ids("param-" + name)));
        Assert.Equal(["map", "copy"], dialogs.Id("param-path").QuerySelectorAll("option").Select(
            option => option.GetAttribute("value")));
        await dialogs.Id("pick-write").ChangeAsync(true);
        await dialogs.Id("scenario-run").ClickAsync();
        var run = Assert.Single(asked);
        Assert.Equal(("persistent", "off"), (run.Path, run.Iommu));
    }

    [Fact]
    public async Task A_refused_upload_is_told_beside_the_field()
    {
        Popovers();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var dialog = Open();
        await dialogs.Id("pick-connect").ChangeAsync(true);
        await dialogs.Id("image-own").ChangeAsync(true);
        dialog.Render(p => p.Add(x => x.Upload, new ImageUpload("disk.img", Error: "Not whole sectors.")));
        Assert.Contains("Not whole sectors.", dialogs.Id("image-error").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_the_keys_and_what_is_simplified()
    {
        Popovers();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        Render<HelpDialog>(p => p.Add(x => x.Open, true));
        var told = dialogs.Id("help-dialog").TextContent;
        Assert.Contains("one micro-step back, forward", told, StringComparison.Ordinal);
        Assert.Contains("sequentially consistent", told, StringComparison.Ordinal);
    }

    private IRenderedComponent<ScenarioDialog> Open() => Render<ScenarioDialog>(p => p
        .Add(x => x.Open, true)
        .Add(x => x.Current, new RunParameters())
        .Add(x => x.OnRun, link => asked.Add(link.Parameters)));
}
