using XenViz.Core.Commands;
using XenViz.Core.Costs;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Events;
using XenViz.Core.Invariants;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Costs;

/// <summary>Lesson 9: the same work with a call that waits and with event channels.</summary>
public sealed class SyncCallTests
{
    private static Machine Start(string notify, int depth) => Scenario.Create(
        new RunParameters
        {
            Scenario = "workload", Slots = 32, Depth = depth, Segments = 1, Notify = notify,
            Work = [new WorkItem.WriteText(2048, "x", 256), new WorkItem.ReadSectors(2048, 256)],
        }, null).Scenario!.Start;

    private static ClockReport Clock(string notify, int depth, long wake = 6_000) =>
        SimulatedClock.Play(Start(notify, depth), PriceList.Default.With("wake", wake)!);

    [Theory]
    [InlineData("async", 6_000, 62_300)]
    [InlineData("sync", 6_000, 65_500)]
    [InlineData("async", 20_000, 104_300)]
    [InlineData("sync", 20_000, 79_500)]
    public void One_request_takes_the_sum_of_its_parts(string notify, long wake, long cycles)
    {
        // The course adds 3,000 cycles of the drivers' own work, which the model does not price.
        var latency = Clock(notify, 1, wake).Latency;
        Assert.InRange(latency, cycles - 1_000, cycles + 1_000);
    }

    [Fact]
    public void A_slow_scheduler_makes_one_request_faster_by_a_call_and_many_faster_by_events()
    {
        Assert.True(Clock("sync", 1, 20_000).Latency < Clock("async", 1, 20_000).Latency);
        Assert.True(Clock("async", 8, 20_000).Throughput > 1.5 * Clock("sync", 8, 20_000).Throughput);
    }

    [Fact]
    public void A_caller_that_waits_never_has_two_requests_in_flight()
    {
        var (one, eight) = (Clock("sync", 1), Clock("sync", 8));
        Assert.InRange(eight.InFlight, 0, 1);
        Assert.Equal(one.Throughput, eight.Throughput, 6);
        Assert.Equal(0, eight.Counts.Notifications);
        Assert.Equal(2 * eight.Requests.Length, eight.Counts.Switches);
    }

    [Fact]
    public void Every_byte_arrives_by_calls_too_whoever_goes_next()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            var machine = Start("sync", 4);
            while (true)
            {
                var able = Enumerable.Range(0, machine.Agents.Length).Where(a => Stepper.CanStep(machine, a)).ToList();
                if (able.Count == 0)
                {
                    break;
                }

                var events = new List<MachineEvent>();
                var choice = new Choice((byte)able[random.Next(able.Count)]);
                var after = Stepper.Step(machine, choice, events, out _);
                Assert.Empty(Invariant.Check(machine, after, events));
                machine = after;
            }

            Assert.True(((ApplicationState)machine.Application!).Done);
        }
    }
}
