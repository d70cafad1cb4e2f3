using CsCheck;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Invariants;
using XenViz.Core.Programs;
using XenViz.Core.Scenarios;
using XenViz.Core.Scenarios.Disk;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Scenarios;

/// <summary>Any work, in any order of the agents: it finishes, breaks nothing, and every byte arrives.</summary>
public sealed class AnyOrderTests
{
    const int MostRows = 60_000;
    const int Area = 256;

    static readonly Gen<WorkItem> Item = Gen.OneOf(
        Gen.Select(Gen.Int[0, Area], Gen.String[Gen.Char.AlphaNumeric, 1, 300], Gen.Int[0, 24]).Select(
            (sector, text, sectors) => (WorkItem)new WorkItem.WriteText(sector, text, sectors)),
        Gen.Select(Gen.Int[0, Area], Gen.Int[1, 40]).Select(
            (sector, count) => (WorkItem)new WorkItem.ReadSectors(sector, count)),
        Gen.Select(Gen.Int[0, Area], Gen.Int[0, Area], Gen.Int[1, 40]).Select(
            (from, to, count) => (WorkItem)new WorkItem.CopySectors(from, to, count)),
        Gen.OneOf(
            Gen.Const((WorkItem)new WorkItem.ReadFile("README.TXT")),
            Gen.Const((WorkItem)new WorkItem.ReadFile("LONG.TXT"))));

    static readonly Gen<RunParameters> Run = Gen.Select(
        Gen.Int[3, 5].Select(log => 1 << log), Gen.Int[1, 32], Gen.Int[1, 11],
        Gen.OneOf(Gen.Const(45u), Gen.Const(int.MaxValue - 2u), Gen.Const(uint.MaxValue - 3u), Gen.UInt),
        Item.Array[1, 5]).Select(
        (slots, depth, segments, start, work) => new RunParameters
        {
            Scenario = "workload", Slots = slots, Depth = depth, Segments = segments, StartIndex = start,
            Work = [.. work],
        });

    [Fact]
    public void Any_work_in_any_order_finishes_breaks_nothing_and_moves_every_byte() =>
        Gen.Select(Run, Gen.UInt).Sample(
            (run, seed) =>
            {
                var expected = CourseDisk.Image(false);
                foreach (var item in run.Work)
                {
                    Directly(expected, item);
                }

                var (end, broken) = Play(Start(run), seed);
                Assert.Null(broken);
                Assert.Equal(expected, DiskOf(end, expected.Length));
            },
            iter: 200, threads: 1);

    [Fact]
    public void Connecting_in_any_order_ends_connected() =>
        Gen.UInt.Sample(
            seed =>
            {
                var (end, broken) = Play(Start(new RunParameters { Scenario = "connect" }), seed);
                Assert.Null(broken);
                Assert.True(((BlkfrontState)end.Front!).Connected && ((BlkbackState)end.Back!).Connected);
            },
            iter: 100, threads: 1);

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
        var broken = Enumerable.Range(0, 400).Select(seed => Play(careless, (uint)seed).Broken?.Rule).ToList();
        Assert.Contains("NoLostWakeUp", broken);
        Assert.All(Enumerable.Range(0, 400), seed => Assert.Null(Play(start, (uint)seed).Broken));
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

    static (Machine End, Violation? Broken) Play(Machine machine, uint seed)
    {
        var events = new List<MachineEvent>();
        for (var rows = 0; Pick(machine, ref seed) is { } choice; rows++)
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

    static List<ulong> Fingerprints(Machine machine, uint seed)
    {
        var all = new List<ulong>();
        while (Pick(machine, ref seed) is { } choice)
        {
            machine = Stepper.Step(machine, choice, null, out _);
            all.Add(machine.Fingerprint());
        }

        return all;
    }

    static Choice? Pick(Machine machine, ref uint seed)
    {
        var able = Enumerable.Range(0, machine.Agents.Length).Where(a => Stepper.CanStep(machine, a)).ToArray();
        seed = unchecked((seed * 1664525) + 1013904223);
        return able.Length == 0 ? null : new Choice((byte)able[(seed >> 16) % (uint)able.Length]);
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
