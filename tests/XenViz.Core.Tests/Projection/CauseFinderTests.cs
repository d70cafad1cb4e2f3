using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>Why bytes are as they are.</summary>
public sealed class CauseFinderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_field_changed_last_where_its_bytes_did(bool read)
    {
        var engine = Make(new RunParameters { Read = read });
        var last = new Dictionary<(ulong, int, int), (string Bytes, int Changed)>();
        var length = engine.View().Run.Length;
        for (var at = 0; at <= length; at++)
        {
            foreach (var (area, field) in Fields(Seek(engine, at)))
            {
                var from = (field.Offset - area.Offset) * 2;
                if (from + (field.Length * 2) > area.Bytes.Length)
                {
                    continue;
                }

                var key = (area.Mfn, field.Offset, field.Length);
                var now = area.Bytes.Substring(from, field.Length * 2);
                if (last.TryGetValue(key, out var before) && before.Bytes != now)
                {
                    Assert.InRange(field.Changed, before.Changed + 1, at);
                }
                else if (before.Bytes == now)
                {
                    Assert.InRange(field.Changed, before.Changed, at);
                }

                last[key] = (now, field.Changed);
            }
        }

        Assert.Contains(last.Values, each => each.Changed > 0);
    }

    [Fact]
    public void The_answer_in_the_ring_goes_back_over_the_agents_to_the_application()
    {
        var engine = Make(new RunParameters());
        var bytes = Seek(engine, engine.View().Run.Length);
        var field = bytes.Areas.Single(a => a.Id == "ring-header").Fields.Single(f => f.Name == "rsp_prod");
        Assert.Contains("ring.h", field.Cites, StringComparison.Ordinal);
        var view = engine.Details(Question(bytes.Areas.Single(a => a.Id == "ring-header"), field)).Read()!;
        Assert.Equal(field.Changed, view.Parts[0].Changed);
        Assert.Equal(("rsp_prod", field.Cites), (view.Title, view.Name));
        var steps = view.Steps.ToDictionary(s => s.Position);
        var agents = new List<string>();
        for (var at = field.Changed; at > 0 && steps.TryGetValue(at, out var step); at = step.Cause)
        {
            Assert.True(step.Cause < step.Position);
            Assert.Equal(step.Cause > 0, step.Because.Length > 0);
            Assert.NotEqual("", step.Caption);
            agents.Add(step.Agent);
        }

        Assert.Equal("backend", agents[0]);
        Assert.True(agents.Count is > 1 and <= CauseFinder.MaxLinks, string.Join(", ", agents));
    }

    [Fact]
    public void A_run_of_ten_thousand_steps_answers_and_chains_stay_short()
    {
        var engine = Make(new RunParameters
        {
            Scenario = "workload", Depth = 8, Work = [new WorkItem.CopySectors(0, 8192, 2000)],
        });
        var length = engine.View().Run.Length;
        Assert.True(length >= 10_000, $"{length} rows");
        foreach (var at in new[] { length, length / 2, length / 3 })
        {
            foreach (var (area, field) in Fields(Seek(engine, at)))
            {
                var view = engine.Details(Question(area, field)).Read()!;
                Assert.Equal(field.Changed, view.Parts.Single().Changed);
                Assert.Equal(field.Changed > 0, view.Steps.Length > 0);
                Assert.InRange(view.Steps.Length, 0, CauseFinder.MaxLinks);
                Assert.All(view.Steps, step => Assert.InRange(step.Position, 1, at));
            }
        }
    }

    [Theory]
    [InlineData("field.1.0.4")]
    [InlineData("field.23056.1.4")]
    [InlineData("field.23056.0.18446744073709551615")]
    [InlineData("field.23056.0")]
    [InlineData("field.x.0.4")]
    public void A_field_that_is_not_on_show_is_refused_with_a_reason(string id)
    {
        var answer = Make(new RunParameters()).Details(id);
        Assert.Null(answer.Read());
        Assert.NotNull(answer.Error);
    }

    private static string Question(HexAreaView area, HexFieldView field) =>
        FormattableString.Invariant($"field.{area.Mfn}.{field.Offset}.{field.Length}");

    private static IEnumerable<(HexAreaView Area, HexFieldView Field)> Fields(HexView view) =>
        view.Areas.SelectMany(area => area.Fields.Select(field => (area, field)));

    private static HexView Seek(SessionEngine engine, int at)
    {
        Assert.Null(engine.Apply(new Command.Seek(at)));
        return engine.View().Bytes;
    }

    private static SessionEngine Make(RunParameters run)
    {
        var (engine, error) = SessionEngine.Create(run, null);
        Assert.Null(error);
        return engine!;
    }
}
