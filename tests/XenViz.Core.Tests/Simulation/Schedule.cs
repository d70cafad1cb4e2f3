using FsCheck;
using FsCheck.Fluent;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Simulation;

/// <summary>Who goes next: for a number of rows drawn from a seed, afterwards in the default order.</summary>
/// <param name="Seed">Where the draws come from.</param>
/// <param name="RandomRows">Rows for which they are made: this shortens a schedule that breaks something.</param>
/// <param name="Sticks">True when an agent goes on three times out of four while it can.</param>
internal sealed record Schedule(uint Seed, int RandomRows, bool Sticks = false)
{
    /// <summary>More rows than any run of the tests has.</summary>
    private const int All = 1 << 20;

    /// <summary>Schedules that are random to the end, of both kinds.</summary>
    public static Gen<Schedule> Any { get; } =
        from seed in Gen.Choose(0, int.MaxValue)
        from sticks in Gen.Elements(false, true)
        select new Schedule(unchecked((uint)seed * 2654435761), All, sticks);

    /// <summary>The schedule of a seed.</summary>
    public static Schedule Of(int seed) => new((uint)seed, All);

    /// <summary>Schedules that are random for fewer rows, the shortest first.</summary>
    public IEnumerable<Schedule> Simpler()
    {
        for (var less = RandomRows; less > 0; less /= 2)
        {
            yield return this with { RandomRows = RandomRows - less };
        }
    }

    /// <summary>Tells for a run from its start who goes next; null when nobody can.</summary>
    public Func<Machine, Choice?> Chooser()
    {
        var (drawn, row) = (Seed, 0);
        return machine =>
        {
            if (row++ >= RandomRows)
            {
                return Stepper.Default(machine);
            }

            drawn = unchecked((drawn * 1664525) + 1013904223);
            if (Sticks && drawn >> 30 != 0 && Stepper.CanStep(machine, machine.LastAgent))
            {
                return new Choice((byte)machine.LastAgent);
            }

            var able = RandomRun.Enabled(machine);
            return able.Count == 0 ? null : able[(int)((drawn >> 10) % (uint)able.Count)];
        };
    }
}
