using XenViz.Core.Commands;
using XenViz.Core.Feed;

namespace XenViz.Core.Tests.Feed;

public sealed class PriceTests
{
    [Fact]
    public void A_price_changes_the_ledger_and_is_kept()
    {
        var engine = Make("at=99");
        var before = engine.View().Cost;
        Assert.Empty(before.Prices);
        Assert.Null(engine.Apply(new Command.SetPrice("wake", 7000)));
        var now = engine.View().Cost;
        var wakes = now.Counters.Single(c => c.Key == "wakes").Now;
        Assert.Equal(before.SoFar + (1000 * wakes), now.SoFar);
        Assert.Equal(new("wake", 7000), Assert.Single(now.Prices));
        var (again, error) = SessionEngine.Restore(engine.Save(), null);
        Assert.Null(error);
        Assert.Equal(now.SoFar, again!.View().Cost.SoFar);

        engine.Apply(new Command.Load(new RunParameters { Read = true }));
        Assert.Single(engine.View().Cost.Prices);
        Assert.Null(engine.Apply(new Command.ResetPrices()));
        Assert.Empty(engine.View().Cost.Prices);
    }

    [Theory]
    [InlineData("no-such-price", 1, "price")]
    [InlineData("wake", 1, "value")]
    [InlineData("wake", long.MaxValue, "value")]
    public void What_is_no_price_or_out_of_its_range_is_refused(string price, long value, string field)
    {
        var engine = Make("");
        Assert.Equal(field, engine.Apply(new Command.SetPrice(price, value))?.Field);
        Assert.Empty(engine.View().Cost.Prices);
    }

    [Fact]
    public void The_clock_gains_with_requests_in_flight_and_follows_the_prices()
    {
        var engine = Make("");
        Assert.Empty(engine.View().Cost.Clock);
        Assert.Null(engine.Apply(new Command.PlayClock()));
        var clock = engine.View().Cost.Clock;
        Assert.Equal([1, 2, 4, 8, 16, 32], clock.Select(line => line.Depth));
        Assert.True(clock[5].PerSecond > 2 * clock[0].PerSecond);
        Assert.True(clock[5].Microseconds > clock[0].Microseconds);
        engine.Apply(new Command.SetPrice("disk", 3_000_000));
        var slow = engine.View().Cost.Clock;
        Assert.InRange(slow[0].Microseconds, 1000, 1020);
        engine.Apply(new Command.Load(new RunParameters { Read = true }));
        Assert.Empty(engine.View().Cost.Clock);
    }

    [Fact]
    public void Waiting_for_the_answer_of_a_call_gains_nothing_by_more_in_flight()
    {
        var engine = Make("scenario=workload&notify=sync&work=write:2048:Hello");
        engine.Apply(new Command.PlayClock());
        var clock = engine.View().Cost.Clock;
        Assert.Equal(6, clock.Length);
        var asynchronous = Make("");
        asynchronous.Apply(new Command.PlayClock());
        Assert.True(clock[5].PerSecond < asynchronous.View().Cost.Clock[5].PerSecond);
    }

    [Fact]
    public void A_network_run_has_no_clock_and_says_so() =>
        Assert.Equal("kind", Make("scenario=net-tx").Apply(new Command.PlayClock())?.Field);

    private static SessionEngine Make(string link) => SessionEngine.Create(RunLink.Parse(link).Link!, null).Engine!;
}
