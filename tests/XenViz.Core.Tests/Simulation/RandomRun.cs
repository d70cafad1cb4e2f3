using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
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

    private static readonly Gen<WorkItem> Items = Gen.OneOf(
        from sector in Gen.Choose(2000, 2040)
        from text in Text(60)
        from sectors in Gen.Choose(0, 20)
        select (WorkItem)new WorkItem.WriteText(sector, text, sectors),
        from sector in Gen.Choose(2000, 2040)
        from count in Gen.Choose(1, 40)
        select (WorkItem)new WorkItem.ReadSectors(sector, count),
        from source in Gen.Choose(1990, 2040)
        from target in Gen.Choose(2000, 2060)
        from count in Gen.Choose(1, 30)
        select (WorkItem)new WorkItem.CopySectors(source, target, count),
        Gen.Constant((WorkItem)new WorkItem.ReadFile("README.TXT")));

    /// <summary>Workloads of up to four items on rings of all sizes, with indices that wrap.</summary>
    public static Gen<RunParameters> Workloads { get; } = Of(Items, 4, Gen.Elements(Starts));

    /// <summary>Workloads on rings of all sizes.</summary>
    public static Gen<RunParameters> Of(Gen<WorkItem> items, int most, Gen<uint> starts) =>
        from slots in Gen.Elements(8, 16, 32)
        from depth in Gen.Choose(1, 32)
        from segments in Gen.Choose(1, 11)
        from start in starts
        from count in Gen.Choose(1, most)
        from work in Gen.ArrayOf(items, count)
        select new RunParameters
        {
            Scenario = "workload", Slots = slots, Depth = depth, Segments = segments, StartIndex = start,
            Work = [.. work],
        };

    /// <summary>Words of letters and figures.</summary>
    public static Gen<string> Text(int most) =>
        from length in Gen.Choose(1, most)
        from letters in Gen.ArrayOf(
            Gen.Elements("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".ToCharArray()), length)
        select new string(letters);

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

    /// <summary>Runs to the end in some order.</summary>
    public static Machine ToEnd(Machine machine, Schedule schedule, Func<Machine, Choice, Machine> step)
    {
        var choose = schedule.Chooser();
        for (var rows = 0; choose(machine) is { } choice; rows++)
        {
            Assert.True(rows < 40_000, "The run does not end.");
            machine = step(machine, choice);
        }

        return machine;
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
