using FsCheck;
using FsCheck.Fluent;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Invariants;
using XenViz.Core.Programs;
using XenViz.Core.Scenarios;
using XenViz.Core.Scenarios.Disk;
using XenViz.Core.Simulation;
using XenViz.Core.Tests.Simulation;

namespace XenViz.Core.Tests.Scenarios;

/// <summary>Any work, in any order of the agents: it finishes, breaks nothing, and every byte arrives.</summary>
public sealed class AnyOrderTests
{
    const int MostRows = 60_000;
    const int Area = 256;

    static readonly Gen<WorkItem> Item = Gen.OneOf(
        from sector in Gen.Choose(0, Area)
        from text in RandomRun.Text(300)
        from sectors in Gen.Choose(0, 24)
        select (WorkItem)new WorkItem.WriteText(sector, text, sectors),
        from sector in Gen.Choose(0, Area)
        from count in Gen.Choose(1, 40)
        select (WorkItem)new WorkItem.ReadSectors(sector, count),
        from source in Gen.Choose(0, Area)
        from target in Gen.Choose(0, Area)
        from count in Gen.Choose(1, 40)
        select (WorkItem)new WorkItem.CopySectors(source, target, count),
        Gen.Elements("README.TXT", "LONG.TXT").Select(name => (WorkItem)new WorkItem.ReadFile(name)));

    static readonly Gen<uint> StartIndex = Gen.OneOf(
        Gen.Elements(45u, int.MaxValue - 2u, uint.MaxValue - 3u),
        Gen.Choose(0, int.MaxValue).Select(n => unchecked((uint)n * 2654435761)));

    [Theory]
    [InlineData("2l")]
    [InlineData("fifo")]
    public void Any_work_in_any_order_finishes_breaks_nothing_and_moves_every_byte(string events) => Check.One(
        Rounds.Of(200),
        Prop.ForAll(ScheduledRun.Of(RandomRun.Of(Item, 5, StartIndex).Select(r => r with { Events = events })), run =>
        {
            var expected = CourseDisk.Image(false);
            foreach (var item in run.Run.Work)
            {
                Directly(expected, item);
            }

            var (end, broken) = Play(Start(run.Run), run.Schedule);
            Assert.Null(broken);
            Assert.Equal(expected, DiskOf(end, expected.Length));
        }));

    [Theory]
    [InlineData("2l", 1)]
    [InlineData("fifo", 1)]
    [InlineData("fifo", 4)]
    public void Connecting_in_any_order_ends_connected(string events, int queues) => Check.One(
        Rounds.Of(100),
        Prop.ForAll(
            ScheduledRun.Of(new RunParameters { Scenario = "connect", Events = events, Queues = queues }), run =>
        {
            var (end, broken) = Play(Start(run.Run), run.Schedule);
            Assert.Null(broken);
            Assert.True(((BlkfrontState)end.Front!).Connected && ((BlkbackState)end.Back!).Connected);
        }));

    [Fact]
    public void The_same_choices_give_the_same_fingerprint_after_every_step()
    {
        var start = new RunParameters
        {
            Scenario = "workload", Depth = 4, Segments = 2,
            Work = [new WorkItem.WriteText(16, "twice"), new WorkItem.CopySectors(0, 64, 16)],
        };
        var first = Fingerprints(Start(start), 7);
        Assert.Equal(first, Fingerprints(Start(start), 7));
        Assert.NotEqual(first[^1], Fingerprints(Start(start with { Slots = 16 }), 7)[^1]);
        Assert.True(first.Distinct().Count() > first.Count * 9 / 10, "steps that change something change the number");
    }

    [Fact]
    public void Without_the_last_look_before_sleeping_a_wake_up_is_lost()
    {
        var run = new RunParameters
        {
            Scenario = "workload", Depth = 3, Segments = 1, Work = [new WorkItem.ReadSectors(0, 48)],
        };
        var start = Start(run);
        var careless = WithThread(start, Blkback.Thread.Replace(
            "final_again", new() { Label = "final_again", Decide = (in ThreadLocals _, Machine _) => "top" }));
        var broken = Enumerable.Range(0, 400).Select(seed => Play(careless, Schedule.Of(seed)).Broken?.Rule).ToList();
        Assert.Contains("NoLostWakeUp", broken);
        Assert.All(Enumerable.Range(0, 400), seed => Assert.Null(Play(start, Schedule.Of(seed)).Broken));
    }

    // The backend's thread sleeps at its top; another listing goes on there.
    static Machine WithThread(Machine machine, Listing<ThreadLocals> thread) => machine with
    {
        Agents = machine.Agents.SetItem(1, machine.Agents[1] with { Top = thread.StartAt("top", default, null) }),
    };

    static Machine Start(RunParameters run)
    {
        var (scenario, error) = Scenario.Create(run, null);
        Assert.Null(error);
        return scenario!.Start;
    }

    static (Machine End, Violation? Broken) Play(Machine machine, Schedule schedule)
    {
        var choose = schedule.Chooser();
        var events = new List<MachineEvent>();
        for (var rows = 0; choose(machine) is { } choice; rows++)
        {
            Assert.True(rows < MostRows, "the run does not end");
            events.Clear();
            var next = Stepper.Step(machine, choice, events, out _);
            if (Invariant.Check(machine, next, events) is { IsEmpty: false } broken)
            {
                return (next, broken[0]);
            }

            machine = next;
        }

        return (machine, null);
    }

    static List<ulong> Fingerprints(Machine machine, int seed)
    {
        var choose = Schedule.Of(seed).Chooser();
        var all = new List<ulong>();
        while (choose(machine) is { } choice)
        {
            machine = Stepper.Step(machine, choice, null, out _);
            all.Add(machine.Fingerprint());
        }

        return all;
    }

    static void Directly(byte[] disk, WorkItem item)
    {
        switch (item)
        {
            case WorkItem.WriteText write:
                var bytes = System.Text.Encoding.UTF8.GetBytes(write.Text);
                var sectors = write.Sectors > 0 ? write.Sectors : (bytes.Length + 4095) / 4096 * 8;
                var area = disk.AsSpan((int)write.Sector * Sector.SizeBytes, sectors * Sector.SizeBytes);
                area.Clear();
                bytes.CopyTo(area);
                break;
            case WorkItem.CopySectors copy:
                disk.AsSpan((int)copy.From * Sector.SizeBytes, copy.Count * Sector.SizeBytes).ToArray()
                    .CopyTo(disk.AsSpan((int)copy.To * Sector.SizeBytes));
                break;
        }
    }

    static byte[] DiskOf(Machine machine, int length)
    {
        var bytes = new byte[length];
        ((XenViz.Core.Devices.Disk)machine.Disk!).Read(0, bytes);
        return bytes;
    }
}
