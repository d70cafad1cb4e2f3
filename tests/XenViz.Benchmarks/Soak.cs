using System.Diagnostics;
using System.Globalization;
using XenViz.Conformance;

namespace XenViz.Benchmarks;

/// <summary>The long run of the storms that tests run shortly: <c>--soak</c>, with a number of operations.</summary>
internal static class Soak
{
    private const long Usual = 10_000_000;
    private const int Part = 100_000;

    /// <summary>Runs and says how far it came. The exit code is 0 when no property broke.</summary>
    public static int Run(string[] args)
    {
        var at = Array.IndexOf(args, "--soak") + 1;
        var told = at < args.Length ? args[at] : "";
        var wanted = long.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : Usual;
        var clock = Stopwatch.StartNew();
        for (long done = 0; done < wanted; done += Part)
        {
            var seed = (int)(done / Part);
            var storm = new GrantStorm(seed);
            if (storm.Run((int)Math.Min(Part, wanted - done)) is { } broken)
            {
                Console.WriteLine($"grants, seed {seed}: {broken}");
                return 1;
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"grants: {wanted} operations, no property broken, {clock.Elapsed.TotalSeconds:0} s"));
        return SoakEvents.Run(wanted) ? 0 : 1;
    }
}
