using System.Diagnostics;
using System.Globalization;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Rings;

namespace XenViz.Benchmarks;

/// <summary>What the macros of ring.h cost here; one line each.</summary>
internal static class RingFigures
{
    private const int Rounds = 5;
    private const int Bursts = 200_000;

    /// <summary>Measures and prints <c>name: value unit</c> lines.</summary>
    public static void Print()
    {
        Line("ring macros, one page", Best(() => Macros(1, 1)) / 1e6, "million macros/s");
        Line("ring macros, bursts of 32", Best(() => Macros(1, 32)) / 1e6, "million macros/s");
        Line("ring macros, sixteen pages", Best(() => Macros(16, 8)) / 1e6, "million macros/s");
    }

    // A ring in honest use: requests and responses in bursts, each end pushing, looking and arming as drivers do.
    private static long Macros(int pages, int burst)
    {
        var area = new RingArea(pages * 4096);
        var front = FrontRing.Init(area, Blkif.SlotBytes);
        var back = BackRing.Attach(area, Blkif.SlotBytes);
        long macros = 0;
        uint rung = 0;
        long sum = 0;
        for (var i = 0; i < Bursts / burst; i++)
        {
            for (var n = 0; n < burst && !front.Full; n++)
            {
                sum += RingMath.SlotOffset(front.ReqProdPvt, front.Size, Blkif.SlotBytes);
                front = front.AfterRequest();
                macros += 2;
            }

            rung += front.PushAndCheckNotify(area) ? 1u : 0;
            for (var work = back.UnconsumedRequests(area); work > 0; work--)
            {
                sum += RingMath.SlotOffset(back.ReqCons, back.Size, Blkif.SlotBytes);
                sum += RingMath.SlotOffset(back.RspProdPvt, back.Size, Blkif.SlotBytes);
                back = back.AfterRequest().AfterResponse();
                macros += 2;
            }

            rung += back.FinalCheck(area) + (back.PushAndCheckNotify(area) ? 1u : 0);
            for (var work = front.UnconsumedResponses(area); work > 0; work--)
            {
                sum += RingMath.SlotOffset(front.RspCons, front.Size, Blkif.SlotBytes);
                front = front.AfterResponse();
                macros++;
            }

            rung += front.FinalCheck(area);
            macros += 6;
        }

        GC.KeepAlive(rung + sum);
        return macros;
    }

    // Units a second, the best of some rounds after a warm-up.
    internal static double Best(Func<long> action)
    {
        for (var warm = Stopwatch.StartNew(); warm.ElapsedMilliseconds < 700;)
        {
            action();
        }

        var best = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            var units = action();
            best = Math.Max(best, units / watch.Elapsed.TotalSeconds);
        }

        return best;
    }

    private static void Line(string name, double value, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {value:0.#} {unit}"));
}
