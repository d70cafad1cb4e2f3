using XenViz.Client.Stage;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Stage;

/// <summary>Xenstore on the stage, through a whole run of connecting.</summary>
public sealed class StorePartTests
{
    [Fact]
    public void Both_states_are_on_stage_in_every_step_of_connecting_and_as_words()
    {
        foreach (var view in Run("scenario=connect"))
        {
            var scene = SceneLayout.Build(view, SceneSize.Desk);
            if (view.Store.Nodes.IsEmpty)
            {
                Assert.DoesNotContain(scene.Nodes, node => node.ObjectId == "xenstore");
                continue;
            }

            var texts = scene.Nodes.SelectMany(node => node.Marks).OfType<TextMark>().Select(m => m.Text).ToList();
            var twin = Assert.Single(scene.Twins, twin => twin.ObjectId == "xenstore").Text;
            foreach (var state in new[] { view.Store.FrontState, view.Store.BackState }.OfType<int>())
            {
                var name = $"{state} {(Core.Abi.Io.XenbusState)state}";
                Assert.Contains(name, texts);
                Assert.Contains(name, twin, StringComparison.Ordinal);
            }

            Assert.Contains(
                SceneLayout.Build(view, SceneSize.Phone).Nodes, node => node.ObjectId == "xenstore");
        }
    }

    [Fact]
    public void What_a_step_writes_is_marked_and_written_out()
    {
        var writing = Run("scenario=connect").Where(view => view.Changes.Any(change =>
            change.Id.EndsWith("/ring-ref", StringComparison.Ordinal) && change.After.Length > 0)).ToList();
        Assert.NotEmpty(writing);
        foreach (var view in writing)
        {
            var scene = SceneLayout.Build(view, SceneSize.Desk);
            var store = Assert.Single(scene.Nodes, node => node.ObjectId == "xenstore");
            Assert.Contains(store.Marks, mark => mark is RectMark { Class: "chg effect" });
            Assert.Contains(store.Marks.OfType<TextMark>(), mark => mark.Class == "chgt");
            var twin = Assert.Single(scene.Twins, twin => twin.ObjectId == "xenstore").Text;
            Assert.Contains("ring-ref = ", twin, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("scenario=disconnect")]
    [InlineData("scenario=net-disconnect")]
    public void After_unplugging_it_stays_and_says_that_the_directories_are_removed(string link)
    {
        var views = Run(link).Where(view => view.Store.Removed).ToList();
        Assert.Equal("Q.7", views[0].Narration.Number);
        Assert.Equal(views[^1].Run.Length, views[^1].Run.Position);
        foreach (var view in views)
        {
            var scene = SceneLayout.Build(view, SceneSize.Desk);
            var store = Assert.Single(scene.Nodes, node => node.ObjectId == "xenstore");
            var line = Assert.Single(
                store.Marks.OfType<TextMark>(), mark => mark.Text == "the device's directories are removed");
            Assert.Equal(view.Narration.Number == "Q.7" ? "chgt" : "mute", line.Class);
            Assert.Contains(
                "frontend no state, backend no state. Now the device's directories are removed.",
                Assert.Single(scene.Twins, twin => twin.ObjectId == "xenstore").Text, StringComparison.Ordinal);
            Assert.Contains(SceneLayout.Build(view, SceneSize.Phone).Nodes, node => node.ObjectId == "xenstore");
        }
    }

    [Fact]
    public void Where_there_is_a_data_page_it_has_the_place() => Assert.All(
        Run("op=write").Take(30), view => Assert.DoesNotContain(
            SceneLayout.Build(view, SceneSize.Desk).Nodes, node => node.ObjectId == "xenstore"));

    private static IEnumerable<SessionView> Run(string link)
    {
        var engine = SessionEngine.Create(RunLink.Parse(link).Link!, null).Engine!;
        engine.Apply(new Command.SetDetail(true, true));
        yield return engine.View();
        while (engine.View().Run.Position < engine.View().Run.Length)
        {
            engine.Apply(new Command.Next());
            yield return engine.View();
        }
    }
}
