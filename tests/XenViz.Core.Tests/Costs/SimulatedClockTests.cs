using XenViz.Core.Commands;
using XenViz.Core.Costs;
using XenViz.Core.Scenarios;

namespace XenViz.Core.Tests.Costs;

/// <summary>Shapes that the model must have whatever its prices are.</summary>
public sealed class SimulatedClockTests
{
    private static readonly int[] Depths = [1, 2, 4, 8, 16, 32];

    private static ClockReport Play(int depth, PriceList? prices = null, bool read = false)
    {
        var run = new RunParameters
        {
            Scenario = "workload", Slots = 32, Depth = depth, Segments = 1,
            Work = [read ? new WorkItem.ReadSectors(2048, 1024) : new WorkItem.WriteText(2048, "x", 1024)],
        };
        return SimulatedClock.Play(Scenario.Create(run, null).Scenario!.Start, prices ?? PriceList.Default);
    }

    [Fact]
    public void One_request_at_a_time_takes_its_critical_path_and_the_disks_time()
    {
        var report = Play(1);
        Assert.Equal(128, report.Requests.Length);
        Assert.InRange(report.Latency, 32_300 + 30_000 - 500, 32_300 + 30_000 + 1_000);
    }

    // Not one by one: at some depths the two ends run in step and just miss each other.
    [Fact]
    public void Under_load_a_request_needs_fewer_notifications()
    {
        var perRequest = Depths.Select(d => Play(d).NotificationsPerRequest).ToList();
        Assert.Equal(2, perRequest[0]);
        Assert.All(perRequest.Skip(1), n => Assert.True(n < 1.5, string.Join(' ', perRequest)));
        Assert.True(perRequest[^1] < 0.75, string.Join(' ', perRequest));
        Assert.Equal(perRequest.Min(), perRequest[^1]);
    }

    [Fact]
    public void The_more_are_in_flight_the_more_are_done_a_second_until_a_CPU_is_always_busy()
    {
        var throughput = Depths.Select(d => Play(d).Throughput).ToList();
        Assert.True(throughput[3] > 2 * throughput[0], string.Join(' ', throughput));
        Assert.True(throughput[^1] < 1.5 * throughput[3], string.Join(' ', throughput));
    }

    [Fact]
    public void Littles_law_holds()
    {
        foreach (var depth in Depths)
        {
            var report = Play(depth);
            Assert.Equal(report.InFlight, report.Throughput * report.Latency / report.Hertz, 6);
            Assert.True(report.InFlight <= depth);
            var fastest = report.Requests.Min(r => r.Latency);
            Assert.True(report.Throughput <= depth * (double)report.Hertz / fastest);
        }
    }

    [Fact]
    public void A_slow_disk_makes_the_ring_the_limit()
    {
        // A round trip of a millisecond: 32 requests of 4096 bytes a millisecond and never more.
        var slow = PriceList.Default.With("disk", 3_000_000)!;
        var report = Play(32, slow);
        Assert.InRange(report.BytesPerSecond, 0.8 * 125 * 1024 * 1024, 125 * 1024 * 1024);
    }

    [Fact]
    public void The_same_run_comes_to_the_same_figures()
    {
        var (one, other) = (Play(8, read: true), Play(8, read: true));
        Assert.Equal(one.Requests, other.Requests);
        Assert.Equal(one.Counts, other.Counts);
    }
}
