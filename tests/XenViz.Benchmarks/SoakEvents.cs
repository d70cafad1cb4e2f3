using System.Diagnostics;
using XenViz.Conformance;

namespace XenViz.Benchmarks;

/// <summary>Hostile guests on event channels for as long as wanted; every property is checked after each operation.
/// </summary>
internal static class SoakEvents
{
    private const int OperationsPerSeed = 20_000;

    /// <summary>Runs; false and a message when a property broke.</summary>
    public static bool Run(long operations)
    {
        var watch = Stopwatch.StartNew();
        long done = 0;
        for (var seed = 1; done < operations; seed++)
        {
            var now = (int)Math.Min(OperationsPerSeed, operations - done);
            if (Broken(seed, now) is { } broken)
            {
                Console.WriteLine($"event channels: seed {seed}: {broken}");
                return false;
            }

            done += now;
        }

        Console.WriteLine($"event channels: {done} operations in {watch.Elapsed.TotalSeconds:0.0} s, nothing broke");
        return true;
    }

    private static string? Broken(int seed, int operations)
    {
        var hostile = new HostileEvents(seed);
        Span<byte> argument = stackalloc byte[24];
        foreach (var op in hostile.Opening())
        {
            hostile.Argument.CopyTo(argument);
            hostile.Target.Apply(op, argument);
        }

        for (var i = 0; i < operations; i++)
        {
            var op = hostile.Next();
            hostile.Argument.CopyTo(argument);
            hostile.Target.Apply(op, argument);
            var broken = EventInvariants.Broken(hostile.Events)
                ?? EventInvariants.LostTwoLevel(hostile.Events.Domains[HostileEvents.CarefulTwoLevel])
                ?? EventInvariants.LostFifo(hostile.Events.Domains[HostileEvents.CarefulFifo],
                    hostile.Guests[HostileEvents.CarefulFifo]);
            if (broken is not null)
            {
                return $"operation {i}, {op}: {broken}";
            }
        }

        return null;
    }
}
