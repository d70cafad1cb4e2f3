using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>Where bytes are copied between a page of the guest and one of the driver domain, both are on stage.
/// </summary>
public sealed class OwnPageTests
{
    private const string Copy = "scenario=workload&path=copy&work=";
    private const string Bounce = "scenario=workload&bounce=on&work=";

    [Theory]
    [InlineData(Copy + "write:2048:Hello", "copy", "own-dma-out")]
    [InlineData(Copy + "read:2048/8", "copy-back", "own-dma-in")]
    [InlineData(Bounce + "write:2048:Hello", "bounce", "own-dma-out")]
    [InlineData(Bounce + "read:2048/8", "bounce-back", "own-dma-in")]
    [InlineData("scenario=net-tx&start=100", "copy", "own-dma-out")]
    [InlineData("scenario=net-rx&start=300", "copy-back", "own-dma-in")]
    public void A_copy_and_what_the_device_moves_have_both_their_pages_on_stage(string link, string copy, string moves)
    {
        var kinds = new HashSet<string>();
        foreach (var view in Walk(link))
        {
            foreach (var kind in view.Stage.Carriers.Select(carrier => carrier.Kind).Intersect([copy, moves]))
            {
                kinds.Add(kind);
                Assert.Equal(view.Stage.Driver.Id, view.Stage.OwnPage?.Owner);
                Assert.Equal(view.Stage.Guest.Id, view.Stage.Data?.Owner);
                Assert.Contains("own-page", view.Stage.Lights);
                Assert.Null(view.Stage.Iommu);
            }
        }

        Assert.Equal([copy, moves], kinds.Order());
    }

    [Theory]
    [InlineData(Copy + "write:2048/16:Hello")]
    [InlineData(Bounce + "write:2048/16:Hello")]
    public void The_page_that_the_device_is_aimed_at_is_on_stage_with_the_page_that_it_stands_for(string link)
    {
        var aimed = 0;
        foreach (var view in Walk(link).Where(view => view.Stage.Carriers.Any(c => c.Kind == "own-dma-out")))
        {
            aimed++;
            Assert.Equal(view.Stage.Dma.BusAddress, view.Stage.OwnPage!.Mfn * 4096);
            Assert.Equal(view.Stage.Data!.Head, view.Stage.OwnPage.Head);
        }

        Assert.Equal(2, aimed);
    }

    [Theory]
    [InlineData(Copy + "write:2048:Hello")]
    [InlineData(Bounce + "read:2048/8")]
    public void Its_bytes_are_shown_while_it_is_on_stage(string link)
    {
        var same = 0;
        foreach (var view in Walk(link))
        {
            var areas = view.Bytes.Areas.ToDictionary(area => area.Id);
            Assert.Equal(view.Stage.OwnPage is not null, areas.ContainsKey("own-page"));
            if (view.Stage.OwnPage is { } own)
            {
                Assert.Equal(own.Mfn, areas["own-page"].Mfn);
                Assert.NotEqual(areas["data"].Mfn, own.Mfn);
                same += areas["own-page"].Bytes == areas["data"].Bytes ? 1 : 0;
            }
        }

        Assert.NotEqual(0, same);
    }

    [Theory]
    [InlineData(Copy + "write:2048:Hello")]
    [InlineData(Bounce + "read:2048/8")]
    public void After_the_answer_the_page_of_the_guest_is_alone_on_stage(string link)
    {
        var views = Walk(link).ToList();
        Assert.All(views, view => Assert.Equal(view.Stage.Guest.Id, view.Stage.Data?.Owner ?? view.Stage.Guest.Id));
        var last = views.FindLastIndex(view => view.Stage.OwnPage is not null);
        Assert.InRange(last, 1, views.Count - 10);
        Assert.True(views[last].Narration.Step < 7);
    }

    // Sector 0 of the course's disk begins with a jump, which is no text.
    [Fact]
    public void A_page_is_zeros_only_while_each_of_its_bytes_is_one()
    {
        var views = Walk(Copy + "read:0/8").ToList();
        Assert.True(views[0].Stage.Data is { IsZeros: true, Text: "" });
        Assert.True(views[^1].Stage.Data is { IsZeros: false, Text: "" });
        Assert.Contains(views, view => view.Stage.OwnPage is { IsZeros: false, Text: "" });
    }

    [Fact]
    public void The_own_page_is_explained_while_it_is_on_stage()
    {
        var engine = Open(Copy + "write:2048:Hello");
        while (engine.View().Stage.OwnPage is null)
        {
            Assert.NotNull(engine.Details("own-page").Error);
            engine.Apply(new Command.Next());
        }

        var own = engine.View().Stage.OwnPage!;
        var detail = engine.Details("own-page").Read()!;
        Assert.Equal(own.Mfn, detail.Mfn);
        Assert.Contains("driver domain", detail.Owner, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void While_the_ends_meet_window_and_IOMMU_are_about_the_ring_page()
    {
        var views = Walk("scenario=connect").ToList();
        Assert.Null(views[0].Stage.DriverWindow);
        var mapped = Assert.Single(views, view => view.Stage.Carriers.Any(carrier => carrier.Kind == "map"));
        Assert.True(mapped.Stage.DriverWindow is { Writable: true, Stale: false });
        Assert.Contains("ring", mapped.Stage.Lights);
        Assert.Contains(mapped.Changes, change => change.Id == "pte");
        var entry = views[^1].Stage.Iommu!;
        Assert.Equal(new IommuView(entry.Mfn, entry.Mfn, true), entry);
        Assert.Equal("ring", views[^1].PageMap.Use);
        Assert.Equal(entry.Mfn, views[^1].PageMap.Mfn);
    }

    [Theory]
    [InlineData("scenario=connect")]
    [InlineData("scenario=net-connect")]
    [InlineData("scenario=disconnect&work=write:2048:Hello")]
    [InlineData("scenario=workload&path=copy&work=read:2048/8")]
    [InlineData("scenario=net-tx")]
    public void No_arrow_of_a_mapping_comes_out_of_nothing(string link) => Assert.All(
        Walk(link).Where(view => view.Stage.Carriers.Any(carrier => carrier.Kind == "map")),
        view => Assert.NotNull(view.Stage.DriverWindow));

    private static IEnumerable<SessionView> Walk(string link)
    {
        var engine = Open(link);
        yield return engine.View();
        while (engine.View().Run is var run && run.Position < run.Length && engine.Apply(new Command.Next()) is null)
        {
            yield return engine.View();
        }
    }

    private static SessionEngine Open(string link)
    {
        var engine = SessionEngine.Create(RunLink.Parse(link).Link!, null).Engine!;
        engine.Apply(new Command.SetDetail(true, true));
        return engine;
    }
}
