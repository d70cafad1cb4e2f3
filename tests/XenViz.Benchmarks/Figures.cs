using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.History;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Benchmarks;

/// <summary>The figures that matter for the app, measured in well under a minute; one line each.</summary>
internal static class Figures
{
    private const int Rounds = 5;
    private const int LongSteps = 10_000;

    /// <summary>Measures and prints <c>name: value unit</c> lines.</summary>
    public static void Print()
    {
        Console.WriteLine(
            $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, "
            + $"{Environment.ProcessorCount} processors");
        var parameters = new RunParameters
        {
            Scenario = "workload", Slots = 32, Depth = 32, Segments = 4,
            Work = [new WorkItem.ReadSectors(0, 2048), new WorkItem.CopySectors(0, 3000, 1024)],
        };
        var start = Start(parameters);
        var write = Start(new RunParameters());
        Steps(start);
        Line("full WRITE", Best(() => Run(write, int.MaxValue).Count > 0 ? 1 : 0, 200) / 1000, "us");
        Views(new RunParameters(), "WRITE", inXen: false);
        Views(new RunParameters(), "WRITE, rows inside Xen too", inXen: true);
        Views(Packet, "packet", inXen: false);
        Views(Packet, "packet, rows inside Xen too", inXen: true);
        Seeks(parameters);
    }

    private static readonly RunParameters Packet =
        new() { Scenario = "net-tx", Work = [new WorkItem.SendPacket(1500, "hello")] };

    private static void Steps(Machine start)
    {
        var states = Run(start, LongSteps);
        Line("step, its state kept", Best(() => Run(start, LongSteps).Count - 1, 1, 40), "ns");
        Line("step, its state not kept", Best(() => Walk(start), 1, 40), "ns");
        var before = GC.GetTotalMemory(true);
        var kept = Run(start, LongSteps);
        var bytes = GC.GetTotalMemory(true) - before;
        Line("memory of a kept step", (double)bytes / (kept.Count - 1), "bytes");
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Run(start, LongSteps);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Line("allocated by a step", (double)allocated / (states.Count - 1), "bytes");
        Line("steps measured", kept.Count - 1, "steps");
        GC.KeepAlive(states);
    }

    private static void Seeks(RunParameters parameters)
    {
        var timeline = new Timeline(Start(parameters));
        var branch = timeline.Branches[0];
        Line("rows of the long timeline", branch.Length, "rows");
        ulong sum = 0;
        Line("state at a position", Best(() => Times(1000, i => sum += (ulong)branch.At(At(i)).LastAgent), 10), "ns");

        var engine = Make(parameters);
        engine.Apply(new Command.SetDetail(true, true));
        Line("seek", Best(() => Times(1000, i => engine.Apply(new Command.Seek(At(i)))), 10) / 1000, "us");
        Line("seek and view", Best(() => Times(20, i => Seen(engine, At(i))), 2) / 1000, "us");
        GC.KeepAlive(sum);
    }

    // Positions all over the first 10,000 rows, the same ones each time.
    private static int At(int i) => (int)((uint)i * 7919u % LongSteps);

    private static void Seen(SessionEngine engine, int at)
    {
        engine.Apply(new Command.Seek(at));
        engine.View();
    }

    private static void Views(RunParameters parameters, string name, bool inXen)
    {
        var engine = Make(parameters);
        engine.Apply(new Command.SetDetail(inXen, inXen));
        var length = engine.View().Run.Length;
        Line($"projection of one step ({name})", Best(() => Times(length, i => Seen(engine, i)), 2) / 1000, "us");

        var views = Enumerable.Range(0, length + 1).Select(i =>
        {
            engine.Apply(new Command.Seek(i));
            return engine.View() with { Sequence = i + 1 };
        }).ToList();
        var sizes = views.Zip(views.Skip(1), ViewDelta.Diff).Select(d => Encoding.UTF8.GetByteCount(d)).ToList();
        var diff = Best(() => Times(length, i => ViewDelta.Diff(views[i], views[i + 1])), 2);
        Line($"delta of one step ({name})", diff / 1000, "us");
        Line($"delta of one step ({name}), average", sizes.Average(), "bytes");
        Line($"delta of one step ({name}), largest", sizes.Max(), "bytes");
        Line($"whole view ({name})", Encoding.UTF8.GetByteCount(ViewDelta.Whole(views[0])), "bytes");
    }

    private static int Times(int count, Action<int> act)
    {
        for (var i = 0; i < count; i++)
        {
            act(i);
        }

        return count;
    }

    // Nanoseconds for each unit of work that the action reports, the best of some rounds after a warm-up.
    internal static double Best(Func<int> action, int repeat, int rounds = Rounds)
    {
        var best = double.MaxValue;
        for (var warm = Stopwatch.StartNew(); warm.ElapsedMilliseconds < 700;)
        {
            action();
        }

        for (var round = 0; round < rounds; round++)
        {
            long units = 0;
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < repeat; i++)
            {
                units += action();
            }

            best = Math.Min(best, watch.Elapsed.TotalNanoseconds / units);
        }

        return best;
    }

    private static List<Machine> Run(Machine start, int limit)
    {
        var states = new List<Machine> { start };
        while (states.Count <= limit && Stepper.Default(states[^1]) is { } choice)
        {
            states.Add(Stepper.Step(states[^1], choice, null, out _));
        }

        return states;
    }

    private static int Walk(Machine machine)
    {
        for (var i = 0; i < LongSteps; i++)
        {
            machine = Stepper.Step(machine, Stepper.Default(machine)!.Value, null, out _);
        }

        GC.KeepAlive(machine);
        return LongSteps;
    }

    private static Machine Start(RunParameters parameters) =>
        Scenario.Create(parameters, null) is var (scenario, error) && scenario is not null
            ? scenario.Start
            : throw new InvalidOperationException(error?.ToString());

    private static SessionEngine Make(RunParameters parameters) =>
        SessionEngine.Create(parameters, null) is var (engine, error) && engine is not null
            ? engine
            : throw new InvalidOperationException(error?.ToString());

    internal static void Line(string name, double value, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {value:0.###} {unit}"));
}
