using XenViz.Client.Stage;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Stage;

/// <summary>The data page is drawn as its owner's: with copies the device reaches a page of the backend.</summary>
public sealed class PageOwnerTests
{
    [Theory]
    [InlineData("scenario=workload&path=copy&work=write:2048:Hello", true)]
    [InlineData("scenario=workload&work=write:2048:Hello", false)]
    public void A_page_of_the_backend_has_no_arrow_from_the_guest(string link, bool copies)
    {
        var (own, guests) = (0, 0);
        foreach (var view in Run(link).Where(view => view.Stage.Data is not null))
        {
            var isOwn = view.Stage.Data!.Owner != view.Stage.Guest.Id;
            (own, guests) = isOwn ? (own + 1, guests) : (own, guests + 1);
            foreach (var size in new[] { SceneSize.Desk, SceneSize.Phone })
            {
                var scene = SceneLayout.Build(view, size);
                var page = Assert.Single(scene.Nodes, node => node.Key == "data");
                Assert.Equal(isOwn ? SceneOwner.Driver : SceneOwner.Guest, page.Owner);
                Assert.Equal(isOwn, scene.Nodes.All(node => node.ObjectId != "guest-window"));
                Assert.Equal(isOwn, scene.Twins.All(twin => twin.ObjectId != "guest-window"));
                Assert.Equal(isOwn, Says(scene, "its own page"));
            }
        }

        Assert.NotEqual(0, guests);
        Assert.Equal(copies, own > 0);
    }

    [Theory]
    [InlineData("off", "switched off")]
    [InlineData("dom0-relaxed", "all memory")]
    [InlineData("on", "no entry")]
    public void An_IOMMU_that_confines_nothing_is_not_said_to_lack_an_entry(string mode, string words)
    {
        var view = Run("iommu=" + mode).First(view => view.Stage is { Data: not null, Iommu: null });
        Assert.True(Says(SceneLayout.Build(view, SceneSize.Desk), words));
    }

    private static bool Says(Scene scene, string words) =>
        scene.Nodes.SelectMany(node => node.Marks).OfType<TextMark>().Any(mark => mark.Text == words);

    private static IEnumerable<SessionView> Run(string link)
    {
        var engine = SessionEngine.Create(RunLink.Parse(link).Link!, null).Engine!;
        yield return engine.View();
        while (engine.View().Run is var run && run.Position < run.Length && engine.Apply(new Command.Next()) is null)
        {
            yield return engine.View();
        }
    }
}
