using XenViz.Core.Commands;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Benchmarks;

/// <summary>Whole requests from the application and back, row by row, in each way that bytes can take.</summary>
internal static class PathFigures
{
    private const int Each = 20;

    // A run has at most 4096 sectors of work.
    private const int EachLong = 10;

    /// <summary>Measures and prints <c>name: value unit</c> lines.</summary>
    public static void Print()
    {
        foreach (var path in RunLimits.Paths)
        {
            Line($"full WRITE of a page by {path}", Writes with { Path = path });
        }

        foreach (var path in RunLimits.Paths)
        {
            Line(
                $"full WRITE of 32 pages by {path}, indirect",
                Repeat("workload", new WorkItem.WriteText(2048, "x", 32 * 8), EachLong) with
                {
                    Path = path, Segments = 32, IndirectSegments = 32,
                });
        }

        foreach (var iommu in RunLimits.Iommus)
        {
            Line($"full WRITE of a page by map, IOMMU {iommu}", Writes with { Iommu = iommu });
        }

        Line("full WRITE of a page by map, copied within reach of the disk", Writes with { Bounce = true });
        Line("full WRITE of a page by map, called instead of notified", Writes with { Notify = "sync" });
        var sends = Repeat("net-tx", new WorkItem.SendPacket(1500));
        Line("packet sent, header copied and rest mapped", sends);
        Line("packet sent by copy", sends with { Path = "copy" });
        Line("packet received by copy", Repeat("net-rx", new WorkItem.ReceivePacket(1500)));
        Line("packet received by page flip", Repeat("net-flip", new WorkItem.ReceivePacket(1500)));
        Line("packet from guest to guest", Repeat("net-guests", new WorkItem.SendPacket(1500)));
    }

    private static RunParameters Writes => Repeat("workload", new WorkItem.WriteText(2048, "x", 8));

    private static RunParameters Repeat(string scenario, WorkItem item, int times = Each) =>
        new() { Scenario = scenario, Work = [.. Enumerable.Repeat(item, times)] };

    private static void Line(string name, RunParameters run)
    {
        var (scenario, error) = Scenario.Create(run, null);
        if (scenario is null)
        {
            throw new InvalidOperationException($"{name}: {error}");
        }

        Figures.Line(name, RingFigures.Best(() => ToEnd(scenario.Start, run.Work.Length)), "/s");
    }

    private static long ToEnd(Machine machine, int requests)
    {
        while (Stepper.Default(machine) is { } choice)
        {
            machine = Stepper.Step(machine, choice, null, out _);
        }

        return requests;
    }
}
