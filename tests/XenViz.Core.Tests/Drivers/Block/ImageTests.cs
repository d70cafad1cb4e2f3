using System.ComponentModel;
using System.Diagnostics;
using XenViz.Core.Commands;
using XenViz.Core.Scenarios.Disk;
using XenViz.Core.Tests.Simulation;

namespace XenViz.Core.Tests.Drivers.Block;

/// <summary>Real images survive a thousand random operations through the ring with the bytes of the same operations
/// done directly.</summary>
public sealed class ImageTests
{
    const int Operations = 1000;
    const int ItemsEach = 25;

    static readonly string[] Devices =
    [
        "depth=1", "depth=8&segments=3", "depth=32&slots=32", "path=persistent&depth=8&segments=4",
        "segments=40&indirect=64&depth=4", "pages=2&queues=2&depth=40&segments=2", "protocol=x86_32&depth=4",
        "path=persistent&queues=3&kept=7&segments=2&depth=6",
    ];

    [Fact]
    public void The_embedded_image_survives_a_thousand_random_operations() => Survive([.. CourseDisk.Image(false)], 1);

    [Fact]
    public void An_ext2_image_survives_a_thousand_random_operations()
    {
        var path = Path.Combine(Path.GetTempPath(), $"xenviz-{Guid.NewGuid():N}.img");
        try
        {
            File.WriteAllBytes(path, new byte[2 << 20]);
            Assert.SkipUnless(Succeeds("mke2fs", "-q", "-F", "-t", "ext2", path), "mke2fs is not installed here.");
            var image = File.ReadAllBytes(path);
            Assert.Equal([0x53, 0xEF], image[1080..1082]);
            Survive(image, 2);
        }
        finally
        {
            File.Delete(path);
        }
    }

    static void Survive(byte[] image, int seed)
    {
        var random = new Random(seed);
        var disk = image;
        for (var done = 0; done < Operations; done += ItemsEach)
        {
            var run = BlockFeatureTests.With(
                new RunParameters { Scenario = "workload" }, Devices[done / ItemsEach % Devices.Length]) with
            {
                Work = [.. Enumerable.Range(0, ItemsEach).Select(_ => Item(random, disk.Length / 512))],
            };
            var schedule = random.Next(2) == 0 ? Schedule.Of(random.Next()) : null;
            var (end, _) = BlockRun.Play(run, schedule, disk, check: false);
            BlockRun.AssertDone(run, end, disk);
            disk = BlockRun.DiskOf(end);
        }

        Assert.Equal(image.Length, disk.Length);
        Assert.False(disk.AsSpan().SequenceEqual(image));
    }

    static WorkItem Item(Random random, int sectors)
    {
        var count = 1 + random.Next(random.Next(3) == 0 ? 100 : 9);
        var at = random.Next(sectors - count);
        var letters = new string((char)('a' + random.Next(26)), 1 + random.Next(100));
        return random.Next(8) switch
        {
            0 => new WorkItem.CopySectors(at, random.Next(sectors - count), count),
            1 => new WorkItem.DiscardSectors(at, count, random.Next(2) == 0),
            2 => new WorkItem.Flush(),
            3 => new WorkItem.WriteBarrier(at, letters, count),
            4 or 5 => new WorkItem.WriteText(at, letters, count),
            _ => new WorkItem.ReadSectors(at, count),
        };
    }

    static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
