using Bunit;
using XenViz.Client.Stage;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using StageComponent = XenViz.Client.Stage.Stage;

namespace XenViz.Client.Tests.Stage;

/// <summary>Several rings on stage: a small one for each, over the one on stage.</summary>
public sealed class RingTabsTests : ScreenTest
{
    public static TheoryData<string, SceneSize> Moments()
    {
        var data = new TheoryData<string, SceneSize>();
        foreach (var size in Enum.GetValues<SceneSize>())
        {
            foreach (var link in (string[])[Runs.BothBusy, Runs.FourQueues, "scenario=net-tx", "scenario=net-guests"])
            {
                data.Add(link, size);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void Every_ring_has_a_small_one_at_its_place_in_the_whole_run(string link, SceneSize size)
    {
        var places = new Dictionary<string, double>();
        foreach (var view in Runs.Views(link))
        {
            var scene = SceneLayout.Build(view, size);
            var small = scene.Nodes
                .Where(n => n.ObjectId is { } id && id.StartsWith("queue-", StringComparison.Ordinal)).ToList();
            Assert.Equal(view.Stage.Rings.Select(r => $"queue-{r.Ring}"), small.Select(n => n.ObjectId));
            foreach (var node in small)
            {
                var x = node.Marks.OfType<DiscMark>().First().X;
                Assert.True(places.TryAdd(node.Key, x) || places[node.Key] == x, $"{node.Key} moved");
                Assert.Equal(node.ObjectId, node.DetailId);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void No_label_stands_on_another_and_none_leaves_its_box(string link, SceneSize size)
    {
        // Every third stop: neighbours differ by little.
        foreach (var view in Runs.Views(link).Where((_, stop) => stop % 3 == 0))
        {
            var scene = SceneLayout.Build(view, size);
            var labels = SceneBoxes.Labels(scene, size);
            for (var i = 0; i < labels.Length; i++)
            {
                Assert.True(labels[i].Left >= 0 && labels[i].Right <= scene.Width, $"{labels[i]}");
                for (var j = i + 1; j < labels.Length; j++)
                {
                    Assert.False(
                        labels[i].Overlaps(labels[j]), $"{labels[i]} on {labels[j]} at {view.Narration.Number}");
                }
            }

            foreach (var node in scene.Nodes.Where(n => n.Key.StartsWith("queue-", StringComparison.Ordinal)))
            {
                if (node.Marks.OfType<RectMark>().FirstOrDefault() is { } box)
                {
                    Assert.All(node.Marks.OfType<TextMark>(), text =>
                        Assert.True(SceneBoxes.Of(node, text, size).Right <= box.X + box.Width, $"{text}"));
                }
            }
        }
    }

    [Fact]
    public void A_ring_that_works_looks_like_it_and_says_so()
    {
        var busy = Runs.Views(Runs.BothBusy).First(v => v.Stage.Rings.All(r => r.Busy));
        var scene = SceneLayout.Build(busy, SceneSize.Desk);
        var other = busy.Stage.Rings.Single(r => !r.Shown);
        var node = scene.Nodes.Single(n => n.Key == $"queue-{other.Ring}");
        Assert.Contains(node.Marks, m => m.Class == "box tint");
        Assert.Contains(node.Marks, m => m.Class.StartsWith("arc ", StringComparison.Ordinal));
        var twin = scene.Twins.Single(t => t.ObjectId == node.ObjectId).Text;
        Assert.Contains("at work", twin, StringComparison.Ordinal);
        Assert.Contains("Press to put it on stage.", twin, StringComparison.Ordinal);
        Assert.Contains(
            "Press to keep it there.",
            scene.Twins.Single(t => t.ObjectId == $"queue-{busy.Stage.Rings.Single(r => r.Shown).Ring}").Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_low_window_a_small_ring_tells_of_answers_while_only_they_wait()
    {
        foreach (var view in Runs.Views(Runs.FourQueues))
        {
            var scene = SceneLayout.Build(view, SceneSize.Low);
            foreach (var ring in view.Stage.Rings.Where(ring => ring.Exists))
            {
                var texts = scene.Nodes.Single(n => n.Key == $"queue-{ring.Ring}").Marks.OfType<TextMark>().ToList();
                var answers = ring.ReqProd == ring.ReqCons && ring.RspProd != ring.RspCons;
                Assert.Equal(
                    answers ? $"rsp {ring.RspProd}/{ring.RspCons}" : $"req {ring.ReqProd}/{ring.ReqCons}",
                    texts[^1].Text);
                Assert.Equal(2, texts.Count);
            }
        }
    }

    [Fact]
    public void A_press_on_a_small_ring_or_its_twin_says_which()
    {
        var pressed = "";
        var stage = Render<StageComponent>(p => p
            .Add(s => s.View, Runs.Engine(Runs.TwoQueues).View()).Add(s => s.OnSelect, (string id) => pressed = id));
        stage.Find(".wide [data-object=queue-1]").Click();
        Assert.Equal("queue-1", pressed);
        stage.Find("button[data-pick=queue-0]").Click();
        Assert.Equal("queue-0", pressed);
    }

    [Fact]
    public void A_run_with_one_ring_has_none()
    {
        var scene = SceneLayout.Build(Runs.Engine("").View(), SceneSize.Desk);
        Assert.DoesNotContain(scene.Nodes, n => n.Key.StartsWith("queue-", StringComparison.Ordinal));
        Assert.Contains(scene.Nodes.Single(n => n.Key == "ring").Marks, m => m is RectMark { Y: 30 });
    }

    [Fact]
    public void A_dead_driver_domain_is_hatched_and_says_so_on_every_canvas()
    {
        var dead = Runs.Views(
            "scenario=reconnect&depth=4&segments=1&crash=1&work=write:2048:One&work=write:2056:Two")
            .First(v => v.Stage.Driver.Dead);
        foreach (var size in Enum.GetValues<SceneSize>())
        {
            var scene = SceneLayout.Build(dead, size);
            Assert.Contains(scene.Nodes.Single(n => n.Key == "driver").Marks, m => m.Class == "zone dead");
            Assert.Contains(scene.Nodes.Single(n => n.Key == "back").Marks, m => m.Class == "box gone");
            Assert.Contains(
                SceneBoxes.Labels(scene, size), l => l.What.Contains("crashed", StringComparison.Ordinal));
            Assert.Contains(
                "crashed", scene.Twins.Single(t => t.ObjectId == "back").Text, StringComparison.Ordinal);
        }
    }
}
