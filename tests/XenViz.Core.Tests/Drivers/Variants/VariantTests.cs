using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Feed;
using XenViz.Core.Projection;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Drivers.Variants;

/// <summary>A guest that wants its page back too early, and one that lies about the ring.</summary>
public sealed class VariantTests
{
    [Fact]
    public void A_revoke_while_the_page_is_mapped_fails_and_the_usual_one_succeeds_later()
    {
        var view = Told("scenario=revoke");
        var numbers = view.Timeline.Rows.Select(row => row.Number).ToList();
        Assert.True(numbers.IndexOf("4.12") < numbers.IndexOf("M.1"), "it looks when Xen has marked the entry");
        Assert.True(numbers.IndexOf("M.2") < numbers.IndexOf("U.6"), "the page waits until it is unmapped");
        Assert.True(numbers.IndexOf("U.6") < numbers.IndexOf("E.2"), "then it is given back");
        Assert.Empty(view.Narration.Violations);
        Assert.Equal(0, view.Grants.Entries.Single(entry => entry.Ref == 9).Flags);
    }

    [Fact]
    public void A_page_that_waits_is_told_with_the_flags_that_were_seen()
    {
        var (engine, _) = SessionEngine.Create(RunLink.Parse("scenario=revoke&xen=on&leftout=on").Link!, null);
        var view = engine!.View();
        while (view.Narration.Number != "M.1")
        {
            Assert.Null(engine.Apply(new Command.Next()));
            view = engine.View();
        }

        Assert.Equal("0D 00", view.Code.Access!.After);
        Assert.Contains("the revoke fails", view.Narration.Caption, StringComparison.Ordinal);
        var listing = view.Code.Listings.Single(each => each.Id == "application");
        Assert.Contains(listing.Rows, row => row.Text.Contains("give up", StringComparison.Ordinal));
        var cursor = view.Code.Cursors.Single(each => each.JustRan);
        Assert.Contains("give up", listing.Rows[cursor.RanRow].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(32)]
    public void A_ring_with_an_impossible_index_is_never_served_again(int slots)
    {
        var machine = Scenario.Create(new RunParameters { Scenario = "overflow", Slots = slots }, null).Scenario!.Start;
        var before = ((BlkbackState)machine.Back!).Queues[0].ReqCons;
        while (Stepper.Default(machine) is { } choice)
        {
            machine = Stepper.Step(machine, choice, null, out _);
        }

        var back = (BlkbackState)machine.Back!;
        Assert.True(back.Halted);
        Assert.Equal(before, back.Queues[0].ReqCons);
        Assert.Equal((uint)slots + 1, Index(machine, 0).Since(Index(machine, 8)));
    }

    [Fact]
    public void An_overfull_ring_breaks_its_rule_and_the_story_goes_on()
    {
        var view = Told("scenario=overflow");
        Assert.Contains(view.Narration.Violations, text => text.Contains("slots", StringComparison.Ordinal));
        Assert.Contains("O.1", view.Timeline.Rows.Select(row => row.Number));
    }

    static SessionView Told(string link)
    {
        var (engine, error) = SessionEngine.Create(RunLink.Parse(link).Link!, null);
        Assert.Null(error);
        Assert.Null(engine!.Apply(new Command.RunToEnd()));
        return engine.View();
    }

    static RingIndex Index(Machine machine, int offset) =>
        new((uint)machine.Frames[World.RingFrame].Page.Load(offset, 4));
}
