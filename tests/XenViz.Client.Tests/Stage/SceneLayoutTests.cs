using XenViz.Client.Pages;
using XenViz.Client.Stage;

namespace XenViz.Client.Tests.Stage;

/// <summary>The geometry of the stage at every sample moment, on every canvas.</summary>
public sealed class SceneLayoutTests
{
    public static TheoryData<string, int, bool, long, SceneSize> Moments()
    {
        var data = new TheoryData<string, int, bool, long, SceneSize>();
        foreach (var name in StageSamples.Names)
        {
            foreach (var size in Enum.GetValues<SceneSize>())
            {
                data.Add(name, 8, false, 45, size);
                data.Add(name, 8, true, 40, size);
                data.Add(name, 16, false, 4294967290, size);
                data.Add(name, 32, false, 4294967295, size);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void No_label_stands_on_another(string name, int slots, bool read, long start, SceneSize size)
    {
        var scene = SceneLayout.Build(StageSamples.Of(name, slots, read, (uint)start), size);
        var labels = SceneBoxes.Labels(scene, size);
        for (var i = 0; i < labels.Length; i++)
        {
            for (var j = i + 1; j < labels.Length; j++)
            {
                Assert.False(labels[i].Overlaps(labels[j]), $"{labels[i]} on {labels[j]}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void Every_label_stays_in_its_box_and_on_the_canvas(
        string name, int slots, bool read, long start, SceneSize size)
    {
        var scene = SceneLayout.Build(StageSamples.Of(name, slots, read, (uint)start), size);
        foreach (var node in scene.Nodes)
        {
            foreach (var text in node.Marks.OfType<TextMark>())
            {
                var label = SceneBoxes.Of(node, text, size);
                Assert.True(label.Left >= 0 && label.Right <= scene.Width && label.Bottom <= scene.Height, $"{label}");
                var around = node.Marks.OfType<RectMark>()
                    .Where(r => !r.Class.Contains("halo", StringComparison.Ordinal))
                    .Select(r => SceneBoxes.Of(node, r))
                    .Where(r => r.Contains(node.ShiftX + text.X, text.Y - 4))
                    .OrderBy(r => r.Right - r.Left).FirstOrDefault();
                if (around is not null)
                {
                    var inside = label.Left >= around.Left - 1 && label.Right <= around.Right + 1;
                    Assert.True(inside, $"{label} in {around}");
                }
            }
        }
    }

    [Fact]
    public void In_a_low_window_no_words_are_cut_that_are_whole_at_a_desk()
    {
        string[] links =
        [
            Runs.FourQueues, "scenario=connect", "scenario=net-tx", "scenario=net-guests",
            "scenario=net-tx&start=100",
        ];
        foreach (var view in StageSamples.Names.Select(name => StageSamples.Of(name)).Concat(
            links.SelectMany(Runs.Views).Where((_, stop) => stop % 3 == 0)))
        {
            Assert.Equal(Cut(SceneSize.Desk), Cut(SceneSize.Low));

            // Of xenstore's long paths the beginning is enough: the Store tab has them whole.
            string[] Cut(SceneSize size) =>
                [.. SceneBoxes.Labels(SceneLayout.Build(view, size), size).Select(label => label.What)
                    .Where(what => what.EndsWith("…'", StringComparison.Ordinal) && !what.Contains('/'))];
        }
    }

    [Fact]
    public void On_a_phone_no_words_are_cut()
    {
        foreach (var view in StageSamples.Names.Select(name => StageSamples.Of(name)).Concat(Runs.Views("op=read")))
        {
            var labels = SceneBoxes.Labels(SceneLayout.Build(view, SceneSize.Phone), SceneSize.Phone);
            Assert.DoesNotContain(labels, label => label.What.EndsWith("…'", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void Circles_and_letters_keep_off_the_labels(string name, int slots, bool read, long start, SceneSize size)
    {
        var scene = SceneLayout.Build(StageSamples.Of(name, slots, read, (uint)start), size);
        var labels = SceneBoxes.Labels(scene, size);
        var radius = size switch { SceneSize.Phone => 15, SceneSize.Wall => 26, _ => 22 };
        var discs = scene.Circles.Select(c => (c.X, c.Y, Radius: c.State == "current" ? radius * 1.3 : radius))
            .Concat(scene.Carriers.Where(c => c.Letter.Length > 0).Select(c => (c.LetterX, c.LetterY, Radius: 15.5)));
        foreach (var (x, y, r) in discs)
        {
            Assert.All(labels, label => Assert.False(label.Touches(x, y, r - 1), $"{label} under ({x}, {y})"));
        }
    }

    [Theory]
    [InlineData(SceneSize.Desk)]
    [InlineData(SceneSize.Low)]
    [InlineData(SceneSize.Wall)]
    [InlineData(SceneSize.Phone)]
    public void Nothing_ever_moves_but_flags_and_slots(SceneSize size)
    {
        var places = new Dictionary<string, SceneBox>();
        foreach (var name in StageSamples.Names)
        {
            var scene = SceneLayout.Build(StageSamples.Of(name), size);
            foreach (var node in scene.Nodes)
            {
                var frame = node.Marks.OfType<RectMark>().FirstOrDefault(
                    r => r.Class.Split(' ').Any(c => c is "zone" or "box"));
                if (frame is null)
                {
                    continue;
                }

                var box = SceneBoxes.Of(node, frame);
                Assert.True(places.TryAdd(node.Key, box) || places[node.Key] == box, $"{node.Key} moved at {name}");
            }

            Assert.Equal(SceneLayout.Build(StageSamples.Of("before"), size).Circles.Select(c => (c.X, c.Y)),
                scene.Circles.Select(c => (c.X, c.Y)));
        }

        Assert.True(places.Count > 8);
    }

    [Fact]
    public void Equal_views_give_equal_scenes()
    {
        var one = SceneLayout.Build(StageSamples.Of("4.16"), SceneSize.Desk);
        var two = SceneLayout.Build(StageSamples.Of("4.16"), SceneSize.Desk);
        Assert.Equal(one.Nodes.Length, two.Nodes.Length);
        Assert.All(one.Nodes.Zip(two.Nodes), pair => Assert.True(pair.First.Draws(pair.Second)));
    }

    [Fact]
    public void Keys_are_unique_in_a_scene()
    {
        foreach (var size in Enum.GetValues<SceneSize>())
        {
            var keys = SceneLayout.Build(StageSamples.Of("4.16", 32), size).Nodes.Select(n => n.Key).ToArray();
            Assert.Equal(keys.Length, keys.Distinct().Count());
        }
    }

    [Theory]
    [InlineData("scenario=connect&xen=on&leftout=on")]
    [InlineData("scenario=net-connect&xen=on&leftout=on")]
    public void A_hypercall_never_ends_at_a_maptrack_that_is_not_there(string link)
    {
        var seen = 0;
        foreach (var view in Runs.Views(link))
        {
            var scene = SceneLayout.Build(view, SceneSize.Desk);
            var tracked = scene.Nodes.Any(node => node.Key == "maptrack");
            foreach (var call in scene.Carriers.Where(c => c.Kind == "hypercall-back" && c.Lane[..5] == "M1468"))
            {
                seen++;
                Assert.Equal(tracked, call.Lane.Contains('H', StringComparison.Ordinal));
            }
        }

        Assert.NotEqual(0, seen);
    }

    [Fact]
    public void Mapping_goes_cause_then_carrier_then_effect()
    {
        var scene = SceneLayout.Build(StageSamples.Of("4.16"), SceneSize.Desk);
        Assert.Equal(["hypercall-back", "check-grant", "map", "iommu"], scene.Carriers.Select(c => c.Kind));
        Assert.Equal(["a", "b", "c", "d"], scene.Carriers.Select(c => c.Letter));
        for (var i = 1; i < scene.Carriers.Length; i++)
        {
            var (before, after) = (scene.Carriers[i - 1], scene.Carriers[i]);
            Assert.InRange(after.StartMs - before.StartMs - before.DurationMs, 80, 120);
        }

        var map = scene.Carriers[2];
        var window = scene.Nodes.Single(n => n.Key == "driver-window");
        var padlock = scene.Nodes.Single(n => n.Key == "padlock");
        Assert.Equal(map.StartMs, window.EffectMs);
        Assert.True(padlock.EffectMs > map.StartMs + 500 && padlock.EffectMs < map.StartMs + map.DurationMs);
        Assert.InRange(map.DurationMs, 900, 1200);
    }

    [Fact]
    public void A_read_opens_the_padlock_and_points_the_transfer_at_the_page()
    {
        string Shackle(bool read) => SceneLayout.Build(StageSamples.Of("5.3", read: read), SceneSize.Desk).Nodes
            .Single(n => n.Key == "padlock").Marks.OfType<PathMark>().First(p => p.Class == "shackle").Data;
        Assert.NotEqual(Shackle(true), Shackle(false));
        var transfer = SceneLayout.Build(StageSamples.Of("5.3", read: true), SceneSize.Desk).Carriers[^1];
        Assert.Equal("dma-in", transfer.Kind);
        Assert.StartsWith("M936 480", transfer.Head, StringComparison.Ordinal);
    }

    [Fact]
    public void After_the_unmap_a_hatched_stub_stays_until_the_flush()
    {
        var scene = SceneLayout.Build(StageSamples.Of("U.2"), SceneSize.Desk);
        var stub = Assert.Single(scene.Nodes.Single(n => n.Key == "mapping").Marks.OfType<RectMark>());
        Assert.Contains("stale", stub.Class, StringComparison.Ordinal);
        Assert.Equal((1060, 1124), (stub.X, stub.X + stub.Width));
        Assert.DoesNotContain(SceneLayout.Build(StageSamples.Of("R.6"), SceneSize.Desk).Nodes, n => n.Key == "mapping");
    }

    [Fact]
    public void A_ring_that_is_not_there_yet_is_not_drawn()
    {
        var view = StageSamples.Of("before");
        view = view with
        {
            Ring = view.Ring with { Exists = false },
            Stage = view.Stage with { GuestPort = null, DriverPort = null, Grant = null },
        };
        foreach (var size in Enum.GetValues<SceneSize>())
        {
            var keys = SceneLayout.Build(view, size).Nodes.Select(n => n.Key).ToArray();
            Assert.DoesNotContain("ring", keys);
            Assert.DoesNotContain("grant", keys);
            Assert.DoesNotContain("guest-port", keys);
        }
    }

    [Fact]
    public void Many_pages_say_which_one_is_on_stage()
    {
        var view = StageSamples.Of("4.16");
        view = view with { Stage = view.Stage with { Data = view.Stage.Data! with { Ordinal = 2, Count = 5 } } };
        var texts = SceneLayout.Build(view, SceneSize.Desk).Nodes.Single(n => n.Key == "data").Marks.OfType<TextMark>();
        Assert.Contains(texts, t => t.Text == "page 2 of 5");
    }

    [Fact]
    public void A_broken_property_is_marked_where_it_broke_and_told_in_words()
    {
        var view = StageSamples.Of("4.16");
        const string Sentence = "Nobody reaches a page without a grant.";
        view = view with { Narration = view.Narration with { Violations = [Sentence] } };
        var scene = SceneLayout.Build(view, SceneSize.Desk);
        Assert.Contains(scene.Nodes, n => n.Key == "violation");
        Assert.Contains(scene.Twins, t => t.Text.Contains(Sentence, StringComparison.Ordinal));
        Assert.Contains(SceneLayout.Build(view, SceneSize.Phone).Nodes, n => n.Key == "violation");
    }

    [Fact]
    public void A_broken_property_is_marked_at_its_object_whoever_acts()
    {
        var view = StageSamples.Of("4.16");
        var told = view.Narration with { Violations = ["Too many."], BrokenAt = "ring" };
        string At(string? place) => SceneLayout
            .Build(view with { Narration = told with { BrokenAt = place } }, SceneSize.Desk).Nodes
            .Single(n => n.Key == "violation").Marks.OfType<TextMark>().Single(t => t.Text == "!").X
            .ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("1044", At("ring"));
        Assert.Equal("900", At("grant"));
    }

    [Fact]
    public void The_look_at_a_grant_entry_does_not_come_out_of_the_maptrack()
    {
        var view = StageSamples.Of("4.16");
        view = view with { Stage = view.Stage with { Carriers = [new("check-grant", "")], Maptrack = null } };
        var lane = Assert.Single(SceneLayout.Build(view, SceneSize.Desk).Carriers);
        Assert.StartsWith("M212 ", lane.Lane, StringComparison.Ordinal);
    }

    [Fact]
    public void The_twins_give_numbers_in_full()
    {
        var scene = SceneLayout.Build(StageSamples.Of("R.6", 8, false, 4294967290), SceneSize.Desk);
        string Twin(string id) => scene.Twins.Single(t => t.ObjectId == id).Text;
        Assert.Contains("4294967290", Twin("front"), StringComparison.Ordinal);
        Assert.Contains("rsp_prod 4294967291", Twin("ring"), StringComparison.Ordinal);
    }
}
