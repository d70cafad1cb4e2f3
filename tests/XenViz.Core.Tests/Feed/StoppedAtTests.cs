using XenViz.Core.Commands;
using XenViz.Core.Feed;

namespace XenViz.Core.Tests.Feed;

public sealed class StoppedAtTests
{
    [Fact]
    public void A_run_says_that_a_breakpoint_has_stopped_it_until_something_else_is_done()
    {
        var engine = SessionEngine.Create(new RunParameters(), null).Engine!;
        Assert.Null(engine.Apply(new Command.AddBreakpoint("req_prod", true)));
        Assert.False(engine.View().Run.AtBreakpoint);
        engine.Apply(new Command.RunOn());
        Assert.True(engine.View().Run.AtBreakpoint);
        Assert.Contains(engine.View().Breakpoints, one => one is { Here: true, Text: "req_prod" });
        engine.Apply(new Command.Back());
        Assert.False(engine.View().Run.AtBreakpoint);
        engine.Apply(new Command.Next());
        Assert.False(engine.View().Run.AtBreakpoint);
    }

    [Fact]
    public void A_run_that_plays_stops_there_and_one_that_comes_to_its_end_does_not_say_so()
    {
        var engine = SessionEngine.Create(new RunParameters(), null).Engine!;
        engine.Apply(new Command.AddBreakpoint("req_prod", true));
        engine.Apply(new Command.Play());
        while (engine.Advance())
        {
            Assert.False(engine.View().Run.AtBreakpoint);
        }

        Assert.True(engine.View().Run.AtBreakpoint);
        engine.Apply(new Command.RunOn());
        Assert.Equal(engine.View().Run.Length, engine.View().Run.Position);
        Assert.False(engine.View().Run.AtBreakpoint);
    }

    [Fact]
    public void A_run_that_is_sent_to_a_breakpoint_and_meets_none_says_so_until_something_else_is_done()
    {
        var engine = SessionEngine.Create(new RunParameters(), null).Engine!;
        engine.Apply(new Command.RunOn());
        Assert.Equal((true, engine.View().Run.Length), (engine.View().Run.PastBreakpoints, engine.View().Run.Position));
        engine.Apply(new Command.Back());
        Assert.False(engine.View().Run.PastBreakpoints);
        engine.Apply(new Command.RunBack());
        Assert.Equal((true, 0), (engine.View().Run.PastBreakpoints, engine.View().Run.Position));

        // Going there by oneself, or being stopped, is something else.
        engine.Apply(new Command.RunToEnd());
        Assert.False(engine.View().Run.PastBreakpoints);
        engine.Apply(new Command.AddBreakpoint("req_prod", true));
        engine.Apply(new Command.RunBack());
        Assert.Equal((true, false), (engine.View().Run.AtBreakpoint, engine.View().Run.PastBreakpoints));
    }
}
