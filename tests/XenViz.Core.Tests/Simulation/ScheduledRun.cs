using FsCheck;
using FsCheck.Fluent;
using XenViz.Core.Commands;

namespace XenViz.Core.Tests.Simulation;

/// <summary>A run and who goes next in it.</summary>
internal sealed record ScheduledRun(RunParameters Run, Schedule Schedule)
{
    /// <summary>Runs of a kind in any order; a failure is told with as little work and as few random rows as possible.
    /// </summary>
    public static Arbitrary<ScheduledRun> Of(Gen<RunParameters> runs) => Arb.From(
        from run in runs from schedule in Schedule.Any select new ScheduledRun(run, schedule), run => run.Simpler());

    /// <summary>One run in any order.</summary>
    public static Arbitrary<ScheduledRun> Of(RunParameters run) => Of(Gen.Constant(run));

    /// <summary>The link that opens the run.</summary>
    public override string ToString() => $"{new RunLink { Parameters = Run }.Format()} {Schedule}";

    private IEnumerable<ScheduledRun> Simpler()
    {
        if (Run.Work.Length > 1)
        {
            for (var i = Run.Work.Length - 1; i >= 0; i--)
            {
                yield return this with { Run = Run with { Work = Run.Work.RemoveAt(i) } };
            }
        }

        var usual = new RunParameters();
        foreach (var run in new[]
        {
            Run with { Depth = 1 }, Run with { Segments = 1 }, Run with { Slots = usual.Slots },
            Run with { StartIndex = usual.StartIndex },
        })
        {
            // The list of work is the same object, so that these are equal when nothing changed.
            if (run != Run)
            {
                yield return this with { Run = run };
            }
        }

        foreach (var schedule in Schedule.Simpler())
        {
            yield return this with { Schedule = schedule };
        }
    }
}
