using CsCheck;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.History;
using XenViz.Core.Simulation;
using XenViz.Core.Tests.Simulation;

namespace XenViz.Core.Tests.History;

public sealed class RandomJourneyTests
{
    [Fact]
    public void A_branch_replays_to_the_same_fingerprints_from_its_choices_alone() =>
        Gen.Select(Gen.Int, Gen.Int[1, 3]).Sample(
            (seed, depth) =>
            {
                var start = RandomRun.Start(new RunParameters
                {
                    Scenario = "workload", Depth = depth, Segments = 1, Work = [new WorkItem.ReadSectors(0, 16)],
                });
                var random = new Random(seed);
                var timeline = new Timeline(start);
                var on = timeline.Branches[0];
                for (var i = 0; i < 5; i++)
                {
                    var position = random.Next(on.Length);
                    var enabled = RandomRun.Enabled(on.At(position));
                    on = timeline.Choose(on, position, enabled[random.Next(enabled.Count)])!;
                }

                var (again, badAt) = new Timeline(start).Follow([.. on.Rows.Take(on.Given).Select(r => r.Choice)]);
                Assert.Equal((-1, on.Length), (badAt, again!.Length));
                for (var i = 0; i <= on.Length; i++)
                {
                    Assert.Equal(on.At(i).Fingerprint(), again.At(i).Fingerprint());
                }
            },
            iter: 30);

    [Fact]
    public void Any_commands_in_any_order_are_carried_out_or_refused_by_a_field_and_seeking_returns_to_what_was() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[-1, 400]).Array[1, 40].Sample(
            acts =>
            {
                var (engine, error) = SessionEngine.Create(new RunParameters { Slots = 8 }, null);
                Assert.Null(error);
                var seen = new Dictionary<(int Branch, int Position), string>();
                foreach (var (kind, number) in acts)
                {
                    var refused = engine!.Apply(kind switch
                    {
                        0 => new Command.Next(), 1 => new Command.Back(), 2 => new Command.NextNumbered(),
                        3 => new Command.BackNumbered(), 4 or 5 => new Command.Seek(number),
                        6 or 7 => new Command.Choose(number % 4), 8 => new Command.SwitchBranch(number % 5),
                        _ => new Command.SetDetail(number % 2 == 0, number % 3 == 0),
                    });
                    Assert.NotEqual("", refused?.Field ?? "none");
                    var run = engine.View().Run;
                    var place = (run.Branch, run.Position);
                    Assert.Equal(seen.GetValueOrDefault(place, run.Fingerprint), run.Fingerprint);
                    seen[place] = run.Fingerprint;
                }
            },
            iter: 30);
}
