using System.Collections.Immutable;
using XenViz.Core.Commands;
using XenViz.Core.Costs;
using XenViz.Core.Projection;
using XenViz.Core.Scenarios;

namespace XenViz.Core.Feed;

/// <summary>What things cost, and what that would come to on a clock.</summary>
public sealed partial class SessionEngine
{
    // One page a request: enough of them that the beginning and the end do not count.
    private const int ClockRequests = 64;

    private static readonly ImmutableArray<int> Depths = [1, 2, 4, 8, 16, 32];

    private PriceList _prices = PriceList.Default;
    private ImmutableArray<ClockLineView> _clock = [];

    private CommandError? SetPrice(string name, long value)
    {
        if (_prices.Find(name) is not { } price)
        {
            return Bad("price", "NoPrice", name, string.Join(", ", _prices.All.Select(p => p.Key)));
        }

        if (_prices.With(name, value) is not { } prices)
        {
            return Bad("value", "BadPrice", price.Low, price.High);
        }

        UsePrices(prices);
        return null;
    }

    private void UsePrices(PriceList prices)
    {
        _prices = prices;
        _projector.UsePrices(prices);
        if (!_clock.IsEmpty)
        {
            _clock = OnTheClock();
        }
    }

    private CommandError? PlayClock()
    {
        if (RunLimits.IsNetwork(_scenario.Parameters.Scenario))
        {
            return Bad("kind", "NoClock");
        }

        _clock = OnTheClock();
        return null;
    }

    private CostView WithPrices(CostView cost) => cost with
    {
        Clock = _clock,
        Prices =
        [
            .. _prices.All.Where(p => p.Value != p.Typical).Select(p => new SetPriceView(p.Key, p.Value)),
        ],
    };

    // The same reads with more and more of them in flight, with the options of the run on screen.
    private ImmutableArray<ClockLineView> OnTheClock()
    {
        var run = _scenario.Parameters;
        var options = new RunParameters
        {
            Scenario = "workload", Slots = 32, Segments = 1, Path = run.Path, Kept = run.Kept, Notify = run.Notify,
            Iommu = run.Iommu, Bounce = run.Bounce, Protocol = run.Protocol,
            Events = run.Events, Priority = run.Priority,
            Work = [new WorkItem.ReadSectors(0, ClockRequests * 8)],
        };
        return
        [
            .. Depths.Select(depth =>
            {
                var report = SimulatedClock.Play(
                    Scenario.Create(options with { Depth = depth }, null).Scenario!.Start, _prices);
                return new ClockLineView(
                    depth, report.Throughput, report.Latency * 1e6 / report.Hertz, report.NotificationsPerRequest);
            }),
        ];
    }
}
