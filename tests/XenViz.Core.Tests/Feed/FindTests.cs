using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Feed;

public sealed class FindTests
{
    [Theory]
    [InlineData("grant 9", "2.1 2.2 2.4 4.12 4.13 4.16 U.3 U.5 U.6 E.2")]
    [InlineData("grant 9 pins", "4.13 U.5")]
    [InlineData("req_prod", "2.11")]
    [InlineData("slot 5 grant 9", "")]
    public void Every_change_of_an_object_is_found(string text, string numbers) =>
        Assert.Equal(numbers, Numbers(new RunParameters(), new FindRequest(text, ChangesOnly: true, 0, 200)));

    [Theory]
    [InlineData("4.12", "4.12")]
    [InlineData("5.4", "5.4 5.4.1 5.4.2 5.4.3 5.4.4 5.4.5")]
    [InlineData("GRANT_FLAGS", "2.4 E.1")]
    [InlineData("EVTCHNOP_send", "3.3 6.3")]
    [InlineData("memory barrier frontend", "2.3 2.10 3.1 7.8")]
    [InlineData("zebra", "")]
    [InlineData("   ", "")]
    [InlineData("grant 9 pins", "4.13 U.5")]
    [InlineData("grant flags", "2.4 4.11 4.12 U.6 E.1 E.2")]
    public void Numbers_labels_hypercalls_and_words_are_found(string text, string numbers) =>
        Assert.Equal(numbers, Numbers(new RunParameters(), new FindRequest(text, Count: 200)));

    [Theory]
    [InlineData("every change of grant 9")]
    [InlineData("all changes of the grant 9")]
    public void A_question_may_be_a_sentence(string text) => Assert.Equal(
        Numbers(new RunParameters(), new FindRequest("grant 9", ChangesOnly: true, 0, 200)),
        Numbers(new RunParameters(), new FindRequest(text, Count: 200)));

    [Theory]
    [InlineData("invariant")]
    [InlineData("property")]
    public void A_broken_property_is_found_by_other_names(string text)
    {
        var run = RunLink.Parse("scenario=dma-attack&iommu=off&work=write:2048/8:Stolen").Link!.Parameters;
        var numbers = Numbers(run, new FindRequest("violation", Count: 200));
        Assert.NotEmpty(numbers);
        Assert.Equal(numbers, Numbers(run, new FindRequest(text, Count: 200)));
    }

    [Fact]
    public void A_step_of_the_figure_is_found_with_the_rows_that_the_figure_leaves_out()
    {
        var engine = SessionEngine.Create(new RunParameters(), null).Engine!;
        var rows = engine.View().Timeline.Rows;
        foreach (var step in Enumerable.Range(1, 7))
        {
            var expected = rows.Index().Where(row => row.Item.Step == step).Select(row => row.Index + 1);
            Assert.Equal(expected, engine.Find(new FindRequest($"Step {step}", false, 0, 0)).Positions);
        }

        Assert.Equal(0, engine.Find(new FindRequest("step 4 application", false, 0, 0)).Total);
        Assert.Equal(0, engine.Find(new FindRequest("step 9", false, 0, 0)).Total);
    }

    [Fact]
    public void A_hit_says_what_became_of_the_object()
    {
        var engine = Make(new RunParameters());
        var hit = engine.Find(new FindRequest("grant 9 flags", ChangesOnly: true)).Hits[0];
        Assert.Equal(
            ("2.4", Actor.Frontend, "grant 9 flags 0x0000 → 0x0005", true),
            (hit.Number, hit.Lane, hit.Detail, hit.Changes));
        engine.Apply(new Command.Seek(hit.Position));
        engine.Apply(new Command.SetDetail(true, true));
        Assert.Equal(hit.Caption, engine.View().Narration.Caption);
        Assert.Equal("2.4", engine.View().Narration.Number);
    }

    // What the page shows as changed is found under its name: two ways to the same truth.
    [Theory]
    [InlineData("")]
    [InlineData("op=read&slots=16&start=4294967295")]
    [InlineData("scenario=connect")]
    [InlineData("scenario=revoke")]
    [InlineData("scenario=net-tx")]
    [InlineData("scenario=net-rx")]
    [InlineData("scenario=workload&depth=4&segments=2&work=write:2048/40:Hello&work=copy:2048/8:4096")]
    public void What_is_shown_as_changed_is_found(string link)
    {
        var (engine, error) = SessionEngine.Create(RunLink.Parse(link).Link!, null);
        Assert.Null(error);
        engine!.Apply(new Command.SetDetail(true, true));
        var found = new Dictionary<string, IReadOnlyList<int>>();
        var at = 0;
        var seen = 0;
        for (var view = engine.View(); view.Run.Position < view.Run.Length;)
        {
            engine.Apply(new Command.Next());
            view = engine.View();
            if (view.Run.Position == at + 1)
            {
                // What has no value before has only come into sight.
                foreach (var text in view.Changes.Where(c => c.Before.Length > 0).Select(QuestionOf).OfType<string>())
                {
                    if (!found.TryGetValue(text, out var positions))
                    {
                        positions = engine.Find(new FindRequest(text, ChangesOnly: true, 0, 0)).Positions;
                        found[text] = positions;
                    }

                    Assert.True(positions.Contains(view.Run.Position), $"{text} at {view.Narration.Number}");
                    seen++;
                }
            }

            at = view.Run.Position;
        }

        Assert.True(seen >= 10, $"{seen} changes");
    }

    [Fact]
    public void Pages_of_hits_are_parts_of_one_answer()
    {
        var engine = Make(new RunParameters
        {
            Scenario = "workload", Slots = 8, Depth = 8, Work = [new WorkItem.ReadSectors(0, 2000)],
        });
        var first = engine.Find(new FindRequest("grant", Count: 10));
        Assert.Equal(first.Total, first.Positions.Count);
        Assert.True(first.Length > 2000, $"{first.Length} rows");
        Assert.True(first.Total > 400, $"{first.Total} hits");
        var later = engine.Find(new FindRequest("grant", false, 300, 200));
        Assert.Empty(later.Positions);
        Assert.Equal(first.Positions.Skip(300).Take(200), later.Hits.Select(hit => hit.Position));
        Assert.Empty(engine.Find(new FindRequest("grant", false, first.Total + 5, 200)).Hits);
    }

    [Fact]
    public void Another_branch_is_another_answer()
    {
        var engine = Make(new RunParameters());
        engine.Apply(new Command.SetDetail(true, true));
        while (engine.View().Narration.Choices.Length < 2)
        {
            engine.Apply(new Command.Next());
        }

        var before = engine.Find(new FindRequest("slot 5"));
        engine.Apply(new Command.Choose(engine.View().Narration.Choices.First(c => !c.IsDefault).Agent));
        var after = engine.Find(new FindRequest("slot 5"));
        Assert.Equal((0, 1), (before.Branch, after.Branch));
        Assert.NotEmpty(after.Hits);
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(0, 201)]
    [InlineData(0, -1)]
    public void What_cannot_be_answered_is_refused(int from, int count)
    {
        var engine = Make(new RunParameters());
        Assert.Equal("count", engine.Find(new FindRequest("grant", false, from, count)).Error!.Field);
        Assert.Equal("text", engine.Find(new FindRequest(new string('a', 201))).Error!.Field);
    }

    private static string? QuestionOf(ChangeView change) => change.Id.Split('.') switch
    {
        ["grant", var reference, var field] => $"grant {reference} {field}",
        ["pin", var reference] => $"grant {reference} pins",
        ["port", _, var port, "pending" or "mask"] => $"port {port} {change.Id.Split('.')[3]}",
        ["slot", var slot] => $"slot {slot}",
        ["mapping", var handle] => $"handle {handle}",
        ["vcpu", var domain] => $"vcpu {domain}",
        ["ring", var index] => index,
        ["front" or "back", not "copy" and var index] => index,
        _ => null,
    };

    private static string Numbers(RunParameters parameters, FindRequest request) =>
        string.Join(' ', Make(parameters).Find(request).Hits.Select(hit => hit.Number));

    private static SessionEngine Make(RunParameters parameters)
    {
        var (engine, error) = SessionEngine.Create(parameters, null);
        Assert.Null(error);
        return engine!;
    }
}
