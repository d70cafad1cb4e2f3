using FsCheck;
using FsCheck.Fluent;
using XenViz.Core.Commands;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Scenarios.Disk;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Simulation;

public sealed class WholeMachineTests
{
    [Fact]
    public void Any_order_of_any_workload_keeps_every_invariant_ends_and_delivers_every_byte() => Check.One(
        Rounds.Of(40),
        Prop.ForAll(ScheduledRun.Of(RandomRun.Workloads), run =>
        {
            var end = RandomRun.ToEnd(RandomRun.Start(run.Run), run.Schedule, RandomRun.Checked);
            var app = (ApplicationState)end.Application!;
            Assert.True(app.Done);
            var expected = CourseDisk.Image(false);
            RandomRun.Apply(expected, run.Run.Work);
            var found = new byte[expected.Length];
            ((Disk)end.Disk!).Read(0, found);
            Assert.True(expected.AsSpan().SequenceEqual(found), "The disk holds other bytes.");

            foreach (var (page, bytes) in RandomRun.PagesRead(CourseDisk.Image(false), app.Jobs))
            {
                Assert.Equal(bytes, end.Frames[app.Pages[page]].Page.ToArray()[..bytes.Length]);
            }
        }));

    [Fact]
    public void Machines_of_equal_fingerprints_go_on_alike()
    {
        // All orders of two requests, breadth first: many lead to the same machine in different ways.
        var start = RandomRun.Start(new RunParameters
        {
            Scenario = "workload", Depth = 2, Segments = 1, Work = [new WorkItem.ReadSectors(0, 16)],
        });
        var known = new Dictionary<ulong, string> { [start.Fingerprint()] = Futures(start) };
        var queue = new Queue<Machine>([start]);
        var met = 0;
        while (known.Count < 3000 && queue.TryDequeue(out var machine))
        {
            foreach (var choice in RandomRun.Enabled(machine))
            {
                var after = Stepper.Step(machine, choice, null, out _);
                var print = after.Fingerprint();
                var futures = Futures(after);
                if (known.TryGetValue(print, out var found))
                {
                    met++;
                    Assert.Equal(found, futures);
                    continue;
                }

                known.Add(print, futures);
                queue.Enqueue(after);
            }
        }

        Assert.True(met > 500, $"Only {met} machines were reached in two ways.");
    }

    [Fact]
    public void Two_threads_take_the_same_run_through_the_same_fingerprints()
    {
        var parameters = new RunParameters
        {
            Scenario = "workload", Slots = 16, Depth = 4, Segments = 3, StartIndex = 0xFFFFFFFE,
            Work = [new WorkItem.CopySectors(0, 2048, 40), new WorkItem.ReadSectors(2050, 9)],
        };
        var all = new string[2][];
        Parallel.For(0, 2, i => all[i] = Prints(parameters));
        Assert.Equal(all[0], all[1]);
        Assert.Equal(all[0].Length, all[0].Distinct().Count());
    }

    private static string[] Prints(RunParameters parameters)
    {
        var prints = new List<string>();
        RandomRun.ToEnd(RandomRun.Start(parameters), Schedule.Of(7) with { Sticks = true }, (machine, choice) =>
        {
            var after = Stepper.Step(machine, choice, null, out _);
            prints.Add($"{after.Fingerprint():x16}");
            return after;
        });
        return [.. prints];
    }

    private static string Futures(Machine machine) => string.Join(' ', RandomRun.Enabled(machine).Select(choice =>
        $"{choice.Agent} {Stepper.Step(machine, choice, null, out var record).Fingerprint():x16} {record.Row.Key}"));
}
