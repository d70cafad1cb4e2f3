using System.Text.Json;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Feed;

public sealed class SessionEngineTests
{
    [Theory]
    [InlineData("figure-write.json", false)]
    [InlineData("figure-read.json", true)]
    public void Every_row_is_told_in_the_words_of_the_course(string file, bool read)
    {
        var table =
            JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", file))).RootElement;
        var engine = Make(new RunParameters { Slots = 32, Read = read });
        engine.Apply(new Command.SetDetail(true, true));
        var told = new Dictionary<string, NarrationView>();
        while (engine.View() is var view && view.Run.Position < view.Run.Length)
        {
            engine.Apply(new Command.Next());
            var narration = engine.View().Narration;
            told[narration.Number] = narration;
        }

        var rows = table.GetProperty("rows").EnumerateArray()
            .Select(r => (Number: r.GetProperty("number").GetString()!, Row: r))
            .Where(r => r.Number[0] != 'C' && r.Number != "W.4").ToList();
        Assert.Equal(
            rows.Select(r => $"{r.Number} {r.Row.GetProperty("caption")} {r.Row.GetProperty("why")}"),
            rows.Select(r => $"{r.Number} {told[r.Number].Caption} {told[r.Number].Why}"));
    }

    [Theory]
    [InlineData(8, 1, 11, 8)]
    [InlineData(8, 8, 1, 64)]
    [InlineData(16, 32, 3, 240)]
    [InlineData(32, 4, 11, 1000)]
    public void Every_view_of_every_row_has_words_and_no_gaps(int slots, int depth, int segments, int sectors)
    {
        var engine = Make(new RunParameters
        {
            Scenario = "workload", Slots = slots, Depth = depth, Segments = segments, StartIndex = 4294967290,
            Work = [new WorkItem.WriteText(2048, "some text", 8), new WorkItem.ReadSectors(0, sectors),
                new WorkItem.CopySectors(0, 3000, 17)],
        });
        engine.Apply(new Command.SetDetail(true, true));
        var rows = 0;
        var length = engine.View().Run.Length;
        var stride = Math.Max(1, length / 400);
        for (var at = 0; at <= length; at += stride, rows++)
        {
            engine.Apply(new Command.Seek(at));
            var view = engine.View();
            Assert.NotEqual("", view.Narration.Caption);
            Assert.DoesNotContain("{", view.Narration.Caption + view.Narration.Why, StringComparison.Ordinal);
            Assert.True(view.Narration.Caption.Length <= 90, view.Narration.Caption);
            Assert.True(view.Narration.Why.Length <= 240, view.Narration.Why);
            Assert.Empty(view.Narration.Violations);
            Assert.DoesNotContain("_", view.Narration.Number, StringComparison.Ordinal);
            Assert.NotEmpty(ViewDelta.Whole(view));
        }

        engine.Apply(new Command.RunToEnd());
        Assert.Null(engine.View().Run.Stopped);
        Assert.True(rows > 100);
    }

    [Fact]
    public void Connecting_is_told_row_by_row()
    {
        var engine = Make(new RunParameters { Scenario = "connect" });
        foreach (var detail in new[] { false, true })
        {
            engine.Apply(new Command.Reset());
            engine.Apply(new Command.SetDetail(detail, detail));
            while (engine.View() is var view && view.Run.Position < view.Run.Length)
            {
                Assert.NotEqual("", view.Narration.Caption);
                Assert.DoesNotContain("{", view.Narration.Caption + view.Narration.Why, StringComparison.Ordinal);
                engine.Apply(new Command.Next());
            }

            Assert.Empty(engine.View().Narration.Violations);
        }
    }

    [Fact]
    public void A_delta_of_one_micro_step_stays_small_and_leads_to_the_same_view()
    {
        foreach (var read in new[] { false, true })
        {
            var engine = Make(new RunParameters { Read = read });
            engine.Apply(new Command.SetDetail(true, true));
            var before = engine.View() with { Sequence = 1 };
            var sizes = new List<int>();
            while (before.Run.Position < before.Run.Length)
            {
                engine.Apply(new Command.Next());
                var after = engine.View() with { Sequence = before.Sequence + 1 };
                sizes.Add(System.Text.Encoding.UTF8.GetByteCount(ViewDelta.Diff(before, after)));
                before = after;
            }

            Assert.True(sizes.Average() < 3000, $"{sizes.Average()} bytes on average, {sizes.Max()} at most");
        }
    }

    [Fact]
    public void Stepping_back_passes_the_same_fingerprints()
    {
        var engine = Make(new RunParameters());
        var forward = new List<string>();
        do
        {
            forward.Add(engine.View().Run.Fingerprint);
            engine.Apply(new Command.Next());
        }
        while (engine.View() is var v && v.Run.Position < v.Run.Length);
        while (engine.View().Run.Position > 0)
        {
            engine.Apply(new Command.Back());
            Assert.Equal(forward[^1], engine.View().Run.Fingerprint);
            forward.RemoveAt(forward.Count - 1);
        }

        Assert.Empty(forward);
    }

    [Fact]
    public void Numbered_steps_lead_through_the_figure_both_ways()
    {
        var engine = Make(new RunParameters());
        for (var step = 1; step <= 7; step++)
        {
            engine.Apply(new Command.NextNumbered());
            Assert.Equal(step, engine.View().Narration.Step);
        }

        for (var step = 6; step >= 0; step--)
        {
            engine.Apply(new Command.BackNumbered());
            Assert.Equal(step, engine.View().Narration.Step);
        }
    }

    [Fact]
    public void Choosing_another_agent_keeps_the_old_future_as_a_branch()
    {
        var engine = Make(new RunParameters());
        while (engine.View().Narration.Choices.Length < 2)
        {
            engine.Apply(new Command.Next());
        }

        var other = engine.View().Narration.Choices.First(c => !c.IsDefault);
        Assert.Null(engine.Apply(new Command.Choose(other.Agent)));
        var view = engine.View();
        Assert.Equal(2, view.Timeline.Branches.Length);
        Assert.Equal(1, view.Run.Branch);

        var (link, error) = RunLink.Parse(view.Run.Link);
        Assert.Null(error);
        var (again, refused) = SessionEngine.Create(link!, null);
        Assert.Null(refused);
        Assert.Equal(view.Run.Fingerprint, again!.View().Run.Fingerprint);

        var (restored, bad) = SessionEngine.Restore(engine.Save(), null);
        Assert.Null(bad);
        Assert.Equal(view.Run.Fingerprint, restored!.View().Run.Fingerprint);
        Assert.Equal(2, restored.View().Timeline.Branches.Length);

        engine.Apply(new Command.RunToEnd());
        Assert.Empty(engine.View().Narration.Violations);
        Assert.Null(engine.Apply(new Command.SwitchBranch(0)));
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("position")]
    [InlineData("speed")]
    [InlineData("branch")]
    public void A_bad_argument_is_refused_by_its_name_and_changes_nothing(string field)
    {
        var engine = Make(new RunParameters());
        var before = engine.View();
        Command command = field switch
        {
            "agent" => new Command.Choose(77), "position" => new Command.Seek(-1), "speed" => new Command.SetSpeed(3),
            _ => new Command.SwitchBranch(5),
        };
        Assert.Equal(field, engine.Apply(command)?.Field);
        Assert.Equal(ViewDelta.Whole(before), ViewDelta.Whole(engine.View()));
    }

    [Fact]
    public void The_written_text_is_in_the_image_afterwards_and_back_takes_it_out()
    {
        var engine = Make(new RunParameters());
        engine.Apply(new Command.RunToEnd());
        Assert.Equal("Hello, disk!", At2048(engine));
        engine.Apply(new Command.Seek(0));
        Assert.Equal("", At2048(engine));
    }

    private static string At2048(SessionEngine engine)
    {
        using var image = new MemoryStream();
        engine.WriteImage(image);
        Assert.Equal(engine.ImageBytes, image.Length);
        return System.Text.Encoding.ASCII.GetString(image.ToArray(), 2048 * 512, 12).TrimEnd('\0');
    }

    private static SessionEngine Make(RunParameters parameters)
    {
        var (engine, error) = SessionEngine.Create(parameters, null);
        Assert.Null(error);
        return engine!;
    }
}
