using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Feed;

public sealed class BreakpointTests
{
    [Fact]
    public void A_run_goes_on_to_the_next_breakpoint_and_back_to_the_one_before()
    {
        var engine = Make();
        var found = engine.Find(new FindRequest("grant 9 flags", true, 0, 0)).Positions;
        Assert.True(found.Count >= 2);
        Assert.Null(engine.Apply(new Command.AddBreakpoint("grant 9 flags", true)));
        foreach (var position in found)
        {
            Assert.Null(engine.Apply(new Command.RunOn()));
            Assert.Equal(position, engine.View().Run.Position);
            Assert.True(Assert.Single(engine.View().Breakpoints).Here);
        }

        engine.Apply(new Command.RunOn());
        Assert.Equal(engine.View().Run.Length, engine.View().Run.Position);
        Assert.False(engine.View().Breakpoints[0].Here);
        Assert.Equal(found.Count, engine.View().Breakpoints[0].Count);
        foreach (var position in found.Reverse())
        {
            engine.Apply(new Command.RunBack());
            Assert.Equal(position, engine.View().Run.Position);
        }

        engine.Apply(new Command.RunBack());
        Assert.Equal(0, engine.View().Run.Position);
    }

    [Fact]
    public void Playing_stops_at_a_breakpoint_even_inside_rows_that_are_folded()
    {
        var engine = Make();
        var inside = engine.View().Timeline.Stops.Zip(engine.View().Timeline.Stops.Skip(1))
            .First(pair => pair.Second - pair.First > 2);
        var number = engine.View().Timeline.Rows[inside.First].Number;
        engine.Apply(new Command.AddBreakpoint(number, false));
        var stop = engine.Find(new FindRequest(number, false, 0, 0)).Positions[0];
        Assert.DoesNotContain(stop, engine.View().Timeline.Stops);
        engine.Apply(new Command.Play());
        while (engine.Advance())
        {
        }

        Assert.Equal(stop, engine.View().Run.Position);
        engine.Apply(new Command.Play());
        Assert.True(engine.Advance());
    }

    [Fact]
    public void A_breakpoint_that_is_off_or_gone_stops_nothing()
    {
        var engine = Make();
        engine.Apply(new Command.AddBreakpoint("req_prod", true));
        engine.Apply(new Command.AddBreakpoint("port", false));
        engine.Apply(new Command.SwitchBreakpoint(0, false));
        engine.Apply(new Command.RemoveBreakpoint(1));
        engine.Apply(new Command.RunOn());
        Assert.Equal(engine.View().Run.Length, engine.View().Run.Position);
        Assert.False(Assert.Single(engine.View().Breakpoints).On);
    }

    [Fact]
    public void A_broken_property_can_be_waited_for()
    {
        var engine = Make(new RunParameters { Scenario = "overflow" });
        engine.Apply(new Command.RunToEnd());
        Assert.NotEmpty(engine.View().Narration.Violations);
        engine.Apply(new Command.Seek(0));
        engine.Apply(new Command.AddBreakpoint("violation", false));
        engine.Apply(new Command.RunOn());
        Assert.NotEmpty(engine.View().Narration.Violations);
        engine.Apply(new Command.Seek(engine.View().Run.Position - 1));
        Assert.Empty(engine.View().Narration.Violations);
    }

    [Fact]
    public void The_same_question_is_one_breakpoint_and_wrong_ones_are_refused()
    {
        var engine = Make();
        Assert.Equal("text", engine.Apply(new Command.AddBreakpoint("  ", false))?.Field);
        Assert.Equal("text", engine.Apply(new Command.AddBreakpoint(new string('x', 300), false))?.Field);
        Assert.Equal("breakpoint", engine.Apply(new Command.RemoveBreakpoint(3))?.Field);
        Assert.Equal("breakpoint", engine.Apply(new Command.SwitchBreakpoint(3, true))?.Field);
        for (var i = 0; i < 20; i++)
        {
            Assert.Null(engine.Apply(new Command.AddBreakpoint($"word{i}", false)));
        }

        Assert.Null(engine.Apply(new Command.AddBreakpoint("word3 ", false)));
        Assert.Equal(20, engine.View().Breakpoints.Length);
        Assert.Equal("too_many", engine.Apply(new Command.AddBreakpoint("one more", false))?.Code);
    }

    [Fact]
    public void Another_branch_is_looked_through_anew_and_a_recording_keeps_them()
    {
        var engine = Make();
        engine.Apply(new Command.AddBreakpoint("rsp_prod", true));
        engine.Apply(new Command.Load(new RunParameters { Read = true }));
        var expected = engine.Find(new FindRequest("rsp_prod", true, 0, 0)).Total;
        Assert.Equal(expected, engine.View().Breakpoints[0].Count);
        engine.Apply(new Command.SwitchBreakpoint(0, false));
        var (again, error) = SessionEngine.Restore(engine.Save(), null);
        Assert.Null(error);
        Assert.Equal(engine.View().Breakpoints, again!.View().Breakpoints);
    }

    private static SessionEngine Make(RunParameters? run = null) => SessionEngine.Create(run ?? new(), null).Engine!;
}
