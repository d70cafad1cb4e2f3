using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>Several rings in one run: one of them is on stage, of each there is a line.</summary>
public sealed class QueuesTests
{
    private const string Two = "scenario=workload&queues=2&depth=4&segments=1&leftout=on&work=write:2048:One"
        + "&work=write:2056:Two&work=write:2064:Three&work=write:2072:Four";

    private static SessionEngine Engine(string link = Two) =>
        SessionEngine.Create(RunLink.Parse(link).Link!, null).Engine!;

    private static List<SessionView> All(string link, int ring = -1)
    {
        var engine = Engine(link);
        Assert.Null(engine.Apply(new Command.ShowRing(ring)));
        List<SessionView> views = [engine.View()];
        while (views[^1].Run.Position < views[^1].Run.Length)
        {
            Assert.Null(engine.Apply(new Command.Next()));
            views.Add(engine.View());
        }

        return views;
    }

    [Fact]
    public void The_stage_follows_the_queue_of_the_row()
    {
        var views = All(Two);
        Assert.All(views, v =>
        {
            var shown = Assert.Single(v.Stage.Rings, r => r.Shown);
            Assert.True(v.Stage.Follows);
            Assert.Equal(v.Run.Position > 0, shown.Ran);
            Assert.Equal(
                (shown.ReqProd, shown.ReqCons, shown.RspProd, shown.RspCons),
                (v.Ring.ReqProd, v.Ring.ReqCons, v.Ring.RspProd, v.Ring.RspCons));
        });
        Assert.Equal([0, 1], views.Select(v => v.Stage.Rings.Single(r => r.Shown).Ring).Distinct().Order());

        // Whoever publishes, it is seen on the ring that it is published in.
        foreach (var (before, after) in views.Zip(views.Skip(1)).Where(p => p.Second.Narration.Number == "2.11"))
        {
            var ring = after.Stage.Rings.Single(r => r.Shown).Ring;
            Assert.NotEqual(before.Stage.Rings[ring].ReqProd, after.Stage.Rings[ring].ReqProd);
            Assert.Contains(after.Changes, c => c.Id == "ring.req_prod");
        }
    }

    [Fact]
    public void The_words_are_about_the_queue_of_the_row()
    {
        foreach (var view in All(Two).Where(v => v.Narration.Number == "2.11"))
        {
            var shown = view.Stage.Rings.Single(r => r.Shown);
            Assert.Contains($"{shown.ReqProd}", view.Narration.Caption, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_chosen_queue_stays_whatever_runs_and_the_words_stay_the_same(int queue)
    {
        var (pinned, followed) = (All(Two, queue), All(Two));
        Assert.Equal(followed.Select(v => v.Narration.Caption), pinned.Select(v => v.Narration.Caption));
        Assert.Equal(followed.Select(v => v.Run.Fingerprint), pinned.Select(v => v.Run.Fingerprint));
        Assert.All(pinned, v =>
        {
            Assert.False(v.Stage.Follows);
            Assert.Equal(queue, v.Stage.Rings.Single(r => r.Shown).Ring);
            Assert.Equal(v.Stage.Rings[queue].ReqProd, v.Ring.ReqProd);
        });
        Assert.Single(pinned.Select(v => v.Ring.Mfn).Distinct());
        Assert.All(pinned.Where(v => v.Ring.Notify is not null), v =>
            Assert.True(v.Ring.Notify!.New == (v.Ring.Notify.ByFront ? v.Ring.ReqProd : v.Ring.RspProd)));
        Assert.Contains(pinned, v => v.Stage.Rings.Any(r => r.Ran && r.Ring != queue));
    }

    [Fact]
    public void A_ring_is_busy_from_the_first_request_until_its_last_answer_is_taken()
    {
        var views = All("scenario=workload&queues=2&depth=4&segments=1&work=read:0/64");
        Assert.All(views[0].Stage.Rings, r => Assert.False(r.Busy));
        var both = views.First(v => v.Stage.Rings.All(r => r.Busy));
        Assert.All(both.Stage.Rings, r => Assert.True(r.ReqProd != r.RspCons));
        Assert.All(views[^1].Stage.Rings, r => Assert.False(r.Busy));
    }

    [Fact]
    public void A_network_interface_has_two_rings_and_two_guests_have_four()
    {
        var one = Engine("scenario=net-tx").View().Stage.Rings;
        Assert.Equal(["tx", "rx"], one.Select(r => r.Name));
        Assert.All(one, r => Assert.False(r.Busy));
        var views = All("scenario=net-guests");
        Assert.All(views, v => Assert.Equal([5, 5, 7, 7], v.Stage.Rings.Select(r => (int)r.Guest)));
        Assert.All(views, v => Assert.Equal(v.Stage.Guest.Id, v.Stage.Rings.Single(r => r.Shown).Guest));
        var chosen = All("scenario=net-guests", 3);
        Assert.All(chosen, v => Assert.Equal((7, "rx"), (v.Stage.Guest.Id, v.Ring.Name)));
    }

    [Fact]
    public void Only_a_ring_that_there_is_can_be_chosen_and_another_run_follows_again()
    {
        Assert.Equal("ring", Engine().Apply(new Command.ShowRing(2))!.Field);
        Assert.Equal("ring", Engine("").Apply(new Command.ShowRing(0))!.Field);
        Assert.Empty(Engine("").View().Stage.Rings);
        var engine = Engine();
        Assert.Null(engine.Apply(new Command.ShowRing(1)));
        Assert.False(engine.View().Stage.Follows);
        Assert.Null(engine.Apply(new Command.Reset()));
        Assert.True(engine.View().Stage.Follows);
    }

    [Theory]
    [InlineData(Two, -1)]
    [InlineData(Two, 0)]
    [InlineData(Two, 1)]
    [InlineData("scenario=net-tx", 1)]
    [InlineData("scenario=net-guests", 3)]
    public void The_chosen_ring_is_in_the_link_and_in_the_recording(string link, int ring)
    {
        var engine = Engine(link + "&at=30");
        Assert.Null(engine.Apply(new Command.ShowRing(ring)));
        var view = engine.View();
        var opened = Engine(view.Run.Link).View();
        var back = SessionEngine.Restore(engine.Save(), null).Engine!.View();
        Assert.All([opened, back], again =>
        {
            Assert.Equal(view.Stage.Rings.Single(r => r.Shown).Ring, again.Stage.Rings.Single(r => r.Shown).Ring);
            Assert.Equal(ring < 0, again.Stage.Follows);
            Assert.Equal((30, view.Run.Fingerprint), (again.Run.Position, again.Run.Fingerprint));
        });
        Assert.All(
            view.Timeline.Branches.Select(b => b.Link).Prepend(view.Run.Link),
            each => Assert.Equal(ring < 0 ? null : ring, RunLink.Parse(each).Link!.Ring));
    }

    [Fact]
    public void A_link_to_a_ring_that_there_is_not_is_refused_and_so_is_one_that_loads()
    {
        foreach (var link in new[] { "op=read&ring=0", Two + "&ring=2", "scenario=net-tx&ring=2" })
        {
            var error = SessionEngine.Create(RunLink.Parse(link).Link!, null).Error!;
            Assert.Equal("ring", error.Field);
            Assert.Contains("stage.rings", error.Message, StringComparison.Ordinal);
        }

        var both = RunLink.Parse("scenario=net-guests&guest=7").Link! with { Ring = 1 };
        Assert.Equal("ring", SessionEngine.Create(both, null).Error!.Field);
        Assert.Equal("link", new CommandDto("load", Link: Two + "&ring=1").ToCommand().Error!.Field);
    }

    [Fact]
    public void The_timeline_has_a_lane_for_each_queue_and_rows_lie_on_the_one_of_their_queue()
    {
        var timeline = Engine().View().Timeline;
        Assert.Equal(
            [
                new LaneView(Actor.Application), new(Actor.Frontend, 0, 0), new(Actor.Frontend, 1, 1), new(Actor.Xen),
                new(Actor.Backend, 0, 0), new(Actor.Backend, 1, 1), new(Actor.Device),
            ],
            timeline.Lanes);
        AssertEveryRowHasItsLane(timeline);
        var backend = timeline.Rows.Where(r => r.Lane == Actor.Backend);
        Assert.Equal([0, 1], backend.Select(r => r.Part!.Value).Distinct().Order());
        var told = timeline.Rows.Where(r => r.Target == Actor.Backend);
        Assert.Equal([0, 1], told.Select(r => r.TargetPart!.Value).Distinct().Order());
        Assert.Empty(Engine("").View().Timeline.Lanes);
    }

    [Fact]
    public void Four_queues_have_a_lane_in_the_backend_each_and_the_frontend_one()
    {
        var lanes = Engine(Two.Replace("queues=2", "queues=4", StringComparison.Ordinal)).View().Timeline.Lanes;
        Assert.Equal(8, lanes.Length);
        Assert.Equal(new LaneView(Actor.Frontend), Assert.Single(lanes, lane => lane.Lane == Actor.Frontend));
        Assert.Equal(4, lanes.Count(lane => lane.Lane == Actor.Backend));
    }

    [Fact]
    public void Two_guests_have_lanes_of_their_own_and_so_has_the_clock()
    {
        var timeline = Engine("scenario=net-guests").View().Timeline;
        Assert.Equal([5, 7], timeline.Lanes.Where(l => l.Lane == Actor.Application).Select(l => l.Guest!.Value));
        AssertEveryRowHasItsLane(timeline);
        Assert.Contains(timeline.Rows, r => r is { Target: Actor.Frontend, TargetPart: 1 });
        var stall = Engine("scenario=net-stall").View().Timeline;
        var clock = Assert.Single(stall.Lanes, lane => lane.Clock);
        Assert.Contains(stall.Rows, row => row.Lane == Actor.Backend && row.Part == clock.Part);
    }

    private static void AssertEveryRowHasItsLane(TimelineView timeline) => Assert.All(
        timeline.Rows,
        row => Assert.Contains(timeline.Lanes, lane => lane.Lane == row.Lane && lane.Part == row.Part));
}
