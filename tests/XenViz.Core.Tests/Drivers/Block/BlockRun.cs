using System.Text;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Invariants;
using XenViz.Core.Scenarios;
using XenViz.Core.Scenarios.Disk;
using XenViz.Core.Simulation;
using XenViz.Core.Tests.Simulation;

namespace XenViz.Core.Tests.Drivers.Block;

/// <summary>Runs of whole block worlds, and the same work done directly on an array of bytes.</summary>
internal static class BlockRun
{
    const int LongestRun = 400_000;

    // The disk of the course has 1 GiB; the work of these tests stays within the first 8 MiB.
    const int Window = 16_384 * Sector.SizeBytes;

    /// <summary>Plays a run to its end: in the default order, or with a random agent at every row.</summary>
    /// <param name="run">What to run.</param>
    /// <param name="schedule">Null for the default order.</param>
    /// <param name="image">The disk, or null for the course's.</param>
    /// <param name="check">True to check the properties after every row.</param>
    public static (Machine End, List<string> Rows) Play(
        RunParameters run, Schedule? schedule = null, byte[]? image = null, bool check = true)
    {
        var (scenario, error) = Scenario.Create(run with { Image = image is null ? null : "image" }, image);
        Assert.Null(error);
        return Play(scenario!.Start, schedule, check);
    }

    /// <summary>Plays on from a machine until nobody can take a step.</summary>
    public static (Machine End, List<string> Rows) Play(Machine start, Schedule? schedule = null, bool check = true)
    {
        var machine = start;
        var choose = schedule?.Chooser() ?? Stepper.Default;
        var rows = new List<string>();
        var events = new List<MachineEvent>();
        while (choose(machine) is { } choice)
        {
            events.Clear();
            var after = Stepper.Step(machine, choice, check ? events : null, out var record);
            rows.Add(record.Row.Key);
            if (check)
            {
                var broken = Invariant.Check(machine, after, events);
                Assert.True(broken.IsEmpty, $"{rows.Count}: {record.Row.Key} broke {string.Join(", ", broken)}");
            }

            machine = after;
            Assert.True(rows.Count < LongestRun, "The run does not end.");
        }

        return (machine, rows);
    }

    /// <summary>The work done directly: the disk afterwards, and what each read found, in order.</summary>
    public static (byte[] Disk, List<byte[]> Reads) Direct(RunParameters run, byte[]? image = null)
    {
        var disk = (image ?? [.. CourseDisk.Image(run.Read)]).ToArray();
        Array.Resize(ref disk, image is null ? Window : disk.Length);
        var reads = new List<byte[]>();
        foreach (var item in run.Work)
        {
            switch (item)
            {
                case WorkItem.WriteText w:
                    Put(disk, w.Sector, w.Text, w.Sectors);
                    break;
                case WorkItem.WriteBarrier w:
                    Put(disk, w.Sector, w.Text, w.Sectors);
                    break;
                case WorkItem.ReadSectors r:
                    reads.Add([.. At(disk, r.Sector, r.Count)]);
                    break;
                case WorkItem.CopySectors c:
                    At(disk, c.From, c.Count).ToArray().CopyTo(At(disk, c.To, c.Count));
                    break;
                case WorkItem.DiscardSectors d:
                    At(disk, d.Sector, d.Count).Clear();
                    break;
            }
        }

        return (disk, reads);
    }

    /// <summary>The disk of a machine.</summary>
    public static byte[] DiskOf(Machine machine)
    {
        var disk = (Disk)machine.Disk!;
        var bytes = new byte[Math.Min((long)disk.Sectors * Sector.SizeBytes, Window)];
        Assert.All(disk.Overlay.Keys, block => Assert.InRange(block, 0, (bytes.Length - 1) / 4096));
        disk.Read(0, bytes);
        return bytes;
    }

    /// <summary>What the application's pages hold for each read that it looks at, in order.</summary>
    public static List<byte[]> ReadsOf(Machine machine)
    {
        var app = (ApplicationState)machine.Application!;
        return
        [
            .. app.Jobs.Where(j => j.Look).Select(j => Enumerable.Range(0, j.Pages)
                .SelectMany(p => machine.Frames[app.Pages[j.FirstPage + p]].Page.ToArray())
                .Take(j.Sectors * Sector.SizeBytes).ToArray()),
        ];
    }

    /// <summary>Everything came through: the disk, the reads, no grant left in use, nobody waiting.</summary>
    public static void AssertDone(RunParameters run, Machine end, byte[]? image = null)
    {
        var (disk, reads) = Direct(run, image);
        var app = (ApplicationState)end.Application!;
        var front = (BlkfrontState)end.Front!;
        Assert.True(app.Done, $"Job {app.Current} of {app.Jobs.Length} is not done.");
        Assert.Equal((0, 0), (app.Failed, app.InFlight));
        Assert.True(DiskOf(end).AsSpan().SequenceEqual(disk), "The disk holds other bytes.");
        var found = ReadsOf(end);
        Assert.Equal(reads.Count, found.Count);
        Assert.All(reads.Zip(found), pair => Assert.True(pair.First.AsSpan().SequenceEqual(pair.Second)));
        Assert.Empty(front.Deferred);
        Assert.Empty(front.Waiting);
        AssertGivenBack(end);
    }

    /// <summary>Of the guest's grants only the rings and what the backend keeps are in use.</summary>
    public static void AssertGivenBack(Machine end)
    {
        var front = (BlkfrontState)end.Front!;
        var back = (BlkbackState)end.Back!;
        var expected = front.Queues.SelectMany(q => q.Refs).Select(r => r.Value)
            .Concat(back.Queues.SelectMany(q => q.Kept.Keys)).Order();
        Assert.Equal(expected, end[World.Guest].Active.Keys.Order());
        Assert.Equal(back.Queues.Sum(q => q.Kept.Count), back.Slots.Count);
        Assert.Empty(back.Pending);
        Assert.Empty(back.Completions);
    }

    static Span<byte> At(byte[] disk, long sector, int count) =>
        disk.AsSpan((int)sector * Sector.SizeBytes, count * Sector.SizeBytes);

    static void Put(byte[] disk, long sector, string text, int sectors)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var count = sectors > 0 ? sectors : (bytes.Length + 4095) / 4096 * 8;
        At(disk, sector, count).Clear();
        bytes.CopyTo(At(disk, sector, count));
    }
}
