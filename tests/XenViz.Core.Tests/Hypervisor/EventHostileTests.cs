using FsCheck;
using FsCheck.Fluent;
using XenViz.Conformance;
using XenViz.Core.Hypervisor.EventChannels;

namespace XenViz.Core.Tests.Hypervisor;

/// <summary>Guests that do anything at all, and what must hold in spite of them.</summary>
public class EventHostileTests
{
    [Fact]
    public void Hostile_guests_break_no_table_and_cost_careful_guests_no_event()
    {
        const int Stories = 40;
        const int Acts = 3000;
        var done = 0;
        var property = Prop.ForAll(HostileStories.Of(Acts), story =>
        {
            var (played, broken) = HostilePlay.Of(story);
            done += played;
            return (broken is null).Label(broken ?? "");
        });
        Check.One(Rounds.Of(Stories), property);
        Assert.InRange(done, 100_000, Stories * (Acts + 4));
    }

    [Fact]
    public void An_event_that_was_dropped_on_purpose_is_found_to_be_lost()
    {
        var hostile = new HostileEvents(HostileStory.Quiet.Shapes);
        var careful = hostile.Events.Domains[HostileEvents.CarefulTwoLevel];
        var world = hostile.Events.World;
        var port = (uint)EventBinds.BindIpi(ref world, HostileEvents.CarefulTwoLevel, 0);
        EventUses.Send(ref world, HostileEvents.CarefulTwoLevel, port);
        Assert.Null(EventInvariants.LostTwoLevel(careful));

        careful.Vcpus[0].Selector = 0;
        Assert.Contains("no handler", EventInvariants.LostTwoLevel(careful), StringComparison.Ordinal);
    }

    [Fact]
    public void A_queue_that_was_cut_on_purpose_is_found_to_be_broken()
    {
        var hostile = new HostileEvents(HostileStory.Quiet.Shapes);
        Span<byte> argument = stackalloc byte[24];
        foreach (var act in hostile.Opening())
        {
            act.CopyTo(argument);
            Assert.Equal(0, hostile.Target.Apply(act.Op, argument));
        }

        var world = hostile.Events.World;
        var port = (uint)EventBinds.BindIpi(ref world, HostileEvents.CarefulFifo, 0);
        EventUses.Send(ref world, HostileEvents.CarefulFifo, port);
        var (careful, guest) = (hostile.Events.Domains[HostileEvents.CarefulFifo], hostile.Guests[2]);
        Assert.Null(EventInvariants.LostFifo(careful, guest));

        careful.Vcpus[0].Head(7) = 0;
        Assert.Contains("no queue leads to it", EventInvariants.LostFifo(careful, guest), StringComparison.Ordinal);
    }
}
