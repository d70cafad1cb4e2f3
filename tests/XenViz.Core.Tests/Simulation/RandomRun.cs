using System.Collections.Immutable;
using System.Text;
using CsCheck;
using XenViz.Core.Commands;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Events;
using XenViz.Core.Invariants;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Simulation;

/// <summary>Random workloads and random orders of steps.</summary>
internal static class RandomRun
{
    private static readonly uint[] Starts = [45, 0, 0x7FFFFFFD, 0xFFFFFFFD];

    private static readonly Gen<WorkItem> Items = Gen.OneOf<WorkItem>(
        Gen.Select(Gen.Long[2000, 2040], Gen.Char['a', 'z'].Array[1, 60], Gen.Int[0, 20])
            .Select((s, t, n) => (WorkItem)new WorkItem.WriteText(s, new string(t), n)),
        Gen.Select(Gen.Long[2000, 2040], Gen.Int[1, 40]).Select((s, n) => (WorkItem)new WorkItem.ReadSectors(s, n)),
        Gen.Select(Gen.Long[1990, 2040], Gen.Long[2000, 2060], Gen.Int[1, 30])
            .Select((from, to, n) => (WorkItem)new WorkItem.CopySectors(from, to, n)),
        Gen.Const((WorkItem)new WorkItem.ReadFile("README.TXT")));

    /// <summary>Workloads of up to four items on rings of all sizes, with indices that wrap.</summary>
    public static Gen<RunParameters> Workloads { get; } = Gen.Select(
        Gen.Int[3, 5].Select(log => 1 << log), Gen.Int[1, 32], Gen.Int[1, 11],
        Gen.Int[0, 3].Select(i => Starts[i]), Items.Array[1, 4],
        (slots, depth, segments, start, items) => new RunParameters
        {
            Scenario = "workload", Slots = slots, Depth = depth, Segments = segments, StartIndex = start,
            Work = [.. items],
        });

    public static Machine Start(RunParameters parameters)
    {
        var (scenario, error) = Scenario.Create(parameters, null);
        Assert.Null(error);
        return scenario!.Start;
    }

    public static List<Choice> Enabled(Machine machine) =>
        [.. Enumerable.Range(0, machine.Agents.Length).Where(a => Stepper.CanStep(machine, a))
            .Select(a => new Choice((byte)a))];

    /// <summary>Takes a step and checks everything that must hold after it.</summary>
    public static Machine Checked(Machine machine, Choice choice)
    {
        var events = new List<MachineEvent>();
        var after = Stepper.Step(machine, choice, events, out var record);
        Assert.Equal((record.Row.Key, ""), (record.Row.Key,
            string.Join(", ", Invariant.Check(machine, after, events).Select(v => v.Rule))));
        return after;
    }

    /// <summary>Runs to the end in an order drawn from a seed; an agent goes on for a while before another one does.
    /// </summary>
    public static (Machine End, List<Choice> Choices) ToEnd(
        Machine machine, int seed, Func<Machine, Choice, Machine> step)
    {
        var random = new Random(seed);
        var choices = new List<Choice>();
        while (Enabled(machine) is { Count: > 0 } enabled)
        {
            var last = new Choice((byte)machine.LastAgent);
            var choice = enabled.Contains(last) && random.Next(4) != 0 ? last : enabled[random.Next(enabled.Count)];
            choices.Add(choice);
            Assert.True(choices.Count < 40_000, "The run does not end.");
            machine = step(machine, choice);
        }

        return (machine, choices);
    }

    /// <summary>The items done directly to the bytes of a disk.</summary>
    public static void Apply(byte[] disk, ImmutableArray<WorkItem> items)
    {
        foreach (var item in items)
        {
            if (item is WorkItem.WriteText write)
            {
                var text = Encoding.UTF8.GetBytes(write.Text);
                var sectors = write.Sectors > 0 ? write.Sectors : 8;
                disk.AsSpan((int)write.Sector * 512, sectors * 512).Clear();
                text.AsSpan(0, Math.Min(text.Length, sectors * 512)).CopyTo(disk.AsSpan((int)write.Sector * 512));
            }
            else if (item is WorkItem.CopySectors copy)
            {
                var bytes = disk.AsSpan((int)copy.From * 512, copy.Count * 512).ToArray();
                bytes.CopyTo(disk, copy.To * 512);
            }
        }
    }

    /// <summary>What each page of the application must hold in the end: the jobs done directly, one after another.
    /// </summary>
    public static Dictionary<int, byte[]> PagesRead(byte[] disk, IEnumerable<Job> jobs)
    {
        var pages = new Dictionary<int, byte[]>();
        foreach (var job in jobs)
        {
            var range = disk.AsSpan((int)job.Sector * 512, job.Sectors * 512);
            if (job.Read)
            {
                for (var i = 0; i < job.Pages; i++)
                {
                    pages[job.FirstPage + i] = range[(i * 4096)..Math.Min(range.Length, (i + 1) * 4096)].ToArray();
                }
            }
            else if (job.Data is { } data)
            {
                range.Clear();
                data.AsSpan(0, Math.Min(data.Length, range.Length)).CopyTo(range);
            }
            else
            {
                for (var i = 0; i < job.Pages; i++)
                {
                    pages[job.FirstPage + i].CopyTo(range[(i * 4096)..]);
                }
            }
        }

        return pages;
    }
}
