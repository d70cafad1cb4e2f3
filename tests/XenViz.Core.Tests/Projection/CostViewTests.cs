using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>The Cost tab of the figure.</summary>
public sealed class CostViewTests
{
    private static SessionView At(int position)
    {
        var engine = Engine();
        Assert.Null(engine.Apply(position < 0 ? new Command.RunToEnd() : new Command.Seek(position)));
        return engine.View();
    }

    private static SessionEngine Engine() =>
        SessionEngine.Create(new RunParameters { Scenario = "figure", Slots = 32 }, null).Engine!;

    [Fact]
    public void At_the_start_nothing_is_booked_and_the_sum_to_the_end_is_known()
    {
        var cost = At(0).Cost;
        Assert.All(cost.Counters, c => Assert.Equal((0, 0), (c.Before, c.Now)));
        Assert.Equal((0, 33_800), (cost.SoFar, cost.ToEnd));
        Assert.Equal((0, 32_300), (cost.CriticalSoFar, cost.CriticalToEnd));
    }

    [Fact]
    public void At_the_end_all_sums_agree()
    {
        var cost = At(-1).Cost;
        Assert.Equal(33_800, cost.SoFar);
        Assert.Equal(33_800, cost.Rows.Sum(r => r.SoFar));
        Assert.Equal(33_800, cost.Parts.Sum(p => p.SoFar));
        Assert.Equal(33_800, cost.Parties.Sum(p => p.SoFar));
        Assert.Equal([Actor.Frontend, Actor.Backend, Actor.Device], cost.Parties.Select(p => p.Actor));
        Assert.Equal(7, cost.Counters.Single(c => c.Key == "hypercalls").Now);
        Assert.Equal(0, cost.Counters.Single(c => c.Key == "copied").Now);
        Assert.Equal(4096, cost.Counters.Single(c => c.Key == "dma").Now);
        Assert.Equal(["W.1", "W.3", "W.5"], cost.Rows.Where(r => r.OffPath).Select(r => r.Number));
        Assert.Equal(
            ["3.3 900", "3.9 6000", "W.1 500", "4.1 2000", "4.10 1500", "4.15 1500"],
            cost.Rows.Take(6).Select(r => $"{r.Number} {r.ToEnd}"));
    }

    [Fact]
    public void Each_step_adds_what_it_marks_as_current()
    {
        var engine = Engine();
        Assert.Null(engine.Apply(new Command.SetDetail(true, true)));
        long last = 0;
        for (var position = 1; position <= engine.View().Run.Length; position++)
        {
            Assert.Null(engine.Apply(new Command.Seek(position)));
            var cost = engine.View().Cost;
            var added = cost.SoFar - last;
            last = cost.SoFar;
            Assert.Equal(last, cost.Rows.Sum(r => r.SoFar));
            Assert.Equal(added > 0, cost.Rows.Any(r => r.Current));
            Assert.True(added >= 0);
        }
    }
}
