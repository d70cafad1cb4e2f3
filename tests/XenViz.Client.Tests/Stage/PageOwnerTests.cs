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
    [InlineData("scenario=workload&bounce=on&work=write:2048:Hello", true)]
    [InlineData("scenario=workload&work=write:2048:Hello", false)]
    public void A_page_of_the_backend_stands_in_its_domain_beside_the_guests(string link, bool copies)
    {
        var own = 0;
        foreach (var view in Run(link).Where(view => view.Stage.Data is not null))
        {
            var isOwn = view.Stage.OwnPage is not null;
            own += isOwn ? 1 : 0;
            foreach (var size in Enum.GetValues<SceneSize>())
            {
                var scene = SceneLayout.Build(view, size);
                Assert.Equal(SceneOwner.Guest, Assert.Single(scene.Nodes, node => node.Key == "data").Owner);
                Assert.Contains(scene.Nodes, node => node.ObjectId == "guest-window");
                Assert.Equal(isOwn, scene.Nodes.Any(node => node is { Key: "own-page", Owner: SceneOwner.Driver }));
                Assert.Equal(isOwn, scene.Twins.Any(twin => twin.ObjectId == "own-page"));
                Assert.Equal(isOwn, Iommu(scene).Contains("its own page", StringComparison.Ordinal));
            }
        }

        Assert.Equal(copies, own > 0);
    }

    [Fact]
    public void A_page_that_was_given_up_is_nobodys_and_the_guest_sees_a_frame_only_with_a_number_for_it()
    {
        var (given, moving) = (0, 0);
        foreach (var view in Run("scenario=net-flip&leftout=on&xen=on").Where(view => view.Stage.Data is not null))
        {
            var data = view.Stage.Data!;
            foreach (var size in Enum.GetValues<SceneSize>())
            {
                var scene = SceneLayout.Build(view, size);
                var nobodys = data.Owner == Core.Abi.Xen.Domain.Invalid;
                given += nobodys ? 1 : 0;
                moving += data.Unnumbered ? 1 : 0;
                Assert.Equal(
                    nobodys, Assert.Single(scene.Nodes, node => node.Key == "data").Owner == SceneOwner.None);
                Assert.DoesNotContain(
                    scene.Twins, twin => twin.Text.Contains("domain 32756", StringComparison.Ordinal));
                Assert.Equal(
                    data.Owner == view.Stage.Guest.Id && !data.Unnumbered,
                    scene.Nodes.Any(node => node.ObjectId == "guest-window"));
            }
        }

        Assert.True(given > 0 && moving > 0);
    }

    [Fact]
    public void A_copy_of_a_request_without_pages_names_no_references()
    {
        var views = Run("scenario=workload&work=discard:2048/8").Where(v => v.Stage.BackendCopy is not null).ToList();
        Assert.NotEmpty(views);
        Assert.All(views, view => Assert.Contains(
            "no grant references",
            SceneLayout.Build(view, SceneSize.Desk).Twins.Single(twin => twin.ObjectId == "back").Text,
            StringComparison.Ordinal));
    }

    [Fact]
    public void A_copy_goes_from_page_to_page_in_the_colour_of_Xen_and_is_no_mapping()
    {
        var copied = Run("scenario=workload&path=copy&work=write:2048:Hello")
            .First(view => view.Stage.Carriers.Any(carrier => carrier.Kind == "copy"));
        var copy = SceneLayout.Build(copied, SceneSize.Desk).Carriers.Single(carrier => carrier.Kind == "copy");
        var mapped = SceneLayout.Build(StageSamples.Of("4.16"), SceneSize.Desk);
        var map = mapped.Carriers.Single(carrier => carrier.Kind == "map");
        Assert.Equal((SceneOwner.Xen, SceneOwner.Driver), (copy.Owner, map.Owner));
        Assert.StartsWith("M990", copy.Way, StringComparison.Ordinal);
        Assert.NotEqual(map.Way, copy.Way);
    }

    [Fact]
    public void The_ring_page_is_mapped_by_an_arrow_from_a_window_to_the_ring_with_an_open_padlock()
    {
        var mapped = Run("scenario=connect").First(
            view => view.Stage.Carriers.Any(carrier => carrier.Kind == "map"));
        Assert.Null(mapped.Stage.Data);
        var scene = SceneLayout.Build(mapped, SceneSize.Desk);
        Assert.Single(scene.Nodes, node => node.Key == "driver-window");
        Assert.Single(scene.Nodes, node => node.Key == "padlock");
        Assert.EndsWith("H1044", scene.Carriers.Single(c => c.Kind == "map").Way, StringComparison.Ordinal);
        Assert.Equal("0x5A10 r+w", Iommu(scene));
    }

    [Fact]
    public void While_other_pages_have_entries_the_IOMMU_has_none_for_this_page() =>
        Assert.Equal("none for this page", Iommu(SceneLayout.Build(Run("").First(), SceneSize.Desk)));

    [Fact]
    public void Bytes_that_are_no_text_are_not_said_to_be_zeros()
    {
        var views = Run("scenario=workload&path=copy&work=read:0/8").ToList();
        foreach (var size in Enum.GetValues<SceneSize>())
        {
            var zeros = size == SceneSize.Phone ? "zeros" : "4096 bytes of zeros";
            var bytes = size == SceneSize.Phone ? "no text" : "4096 bytes, no text";
            Assert.True(Says(SceneLayout.Build(views[0], size), zeros));
            var end = SceneLayout.Build(views[^1], size);
            Assert.False(Says(end, zeros));
            Assert.True(Says(end, bytes));
            Assert.Contains(end.Twins, twin => twin.Text.Contains("4096 bytes, no text", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("off", "switched off")]
    [InlineData("dom0-relaxed", "all memory")]
    [InlineData("on", "none for this page")]
    public void An_IOMMU_that_confines_nothing_is_not_said_to_lack_an_entry(string mode, string words)
    {
        var view = Run("iommu=" + mode).First(view => view.Stage is { Data: not null, Iommu: null });
        Assert.True(Says(SceneLayout.Build(view, SceneSize.Desk), words));
    }

    private static string Iommu(Scene scene) => scene.Nodes.Single(node => node.Key == "iommu")
        .Marks.OfType<TextMark>().Last().Text;

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
