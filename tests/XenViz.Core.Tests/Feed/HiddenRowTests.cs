using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Feed;

/// <summary>A link, a search and a breakpoint lead to rows at which Next does not stop while the detail is off.
/// </summary>
public sealed class HiddenRowTests
{
    [Theory]
    [InlineData("op=read")]
    [InlineData("scenario=connect")]
    [InlineData("scenario=net-tx")]
    public void A_row_that_is_hidden_is_a_stop_and_told_while_the_run_stands_there(string run)
    {
        var usual = Open(run, 0).View().Timeline.Stops;
        var hidden = Enumerable.Range(1, usual[^1]).Except(usual).ToList();
        Assert.NotEmpty(hidden);
        foreach (var position in hidden)
        {
            var engine = Open(run, position);
            var view = engine.View();
            Assert.Equal(usual.Append(position).Order(), view.Timeline.Stops);
            Assert.Equal(view.Timeline.Rows[position - 1].Number, view.Narration.Number);

            // It goes on as if nothing had been there.
            engine.Apply(new Command.Next());
            Assert.Equal(usual.First(stop => stop > position), engine.View().Run.Position);
            Assert.Equal(usual, engine.View().Timeline.Stops);
            engine.Apply(new Command.Seek(position));
            engine.Apply(new Command.Back());
            Assert.Equal(usual.LastOrDefault(stop => stop < position), engine.View().Run.Position);
            Assert.Equal(usual, engine.View().Timeline.Stops);
        }
    }

    // The same row with all detail on: neither less nor more of what happened is beside the words.
    [Theory]
    [InlineData("scenario=workload&depth=4&segments=1&work=read:0/32")]
    [InlineData("scenario=net-tx")]
    public void At_a_hidden_row_only_what_it_did_itself_is_marked(string run)
    {
        var usual = Open(run, 0).View().Timeline.Stops;
        foreach (var position in Enumerable.Range(1, usual[^1]).Except(usual))
        {
            var (alone, all) = (Open(run, position).View(), Open(run + "&xen=on&leftout=on", position).View());
            Assert.Equal(all.Changes, alone.Changes);
            Assert.Equal(all.Stage.Carriers.Select(c => c.Kind), alone.Stage.Carriers.Select(c => c.Kind));
        }
    }

    [Fact]
    public void A_breakpoint_at_a_hidden_row_is_where_the_timeline_stands()
    {
        var engine = Open("op=read", 0);
        var usual = engine.View().Timeline.Stops;
        Assert.Null(engine.Apply(new Command.AddBreakpoint("R.2", ChangesOnly: false)));
        engine.Apply(new Command.RunOn());
        var view = engine.View();
        Assert.True(view.Run.AtBreakpoint);
        Assert.Equal("R.2", view.Narration.Number);
        Assert.DoesNotContain(view.Run.Position, usual);
        Assert.Contains(view.Run.Position, view.Timeline.Stops);
    }

    private static SessionEngine Open(string query, int position)
    {
        var (link, error) = RunLink.Parse(query + (position == 0 ? "" : $"&at={position}"));
        Assert.Null(error);
        return SessionEngine.Create(link!, null).Engine!;
    }
}
