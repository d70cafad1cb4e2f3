using XenViz.Conformance;
using XenViz.Core.Hypervisor.EventChannels;

namespace XenViz.Core.Tests.Hypervisor;

/// <summary>Guests that do anything at all, and what must hold in spite of them.</summary>
public class EventHostileTests
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 24)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Hostile_guests_break_no_table_and_cost_careful_guests_no_event(int seed)
    {
        var hostile = new HostileEvents(seed);
        Span<byte> argument = stackalloc byte[24];
        var operations = 0;
        foreach (var op in hostile.Opening().Concat(Forever(hostile)).Take(5000))
        {
            hostile.Argument.CopyTo(argument);
            hostile.Target.Apply(op, argument);
            operations++;
            var broken = EventInvariants.Broken(hostile.Events);
            if (operations > 8)
            {
                broken ??= EventInvariants.LostTwoLevel(hostile.Events.Domains[HostileEvents.CarefulTwoLevel])
                    ?? EventInvariants.LostFifo(hostile.Events.Domains[HostileEvents.CarefulFifo],
                        hostile.Guests[HostileEvents.CarefulFifo]);
            }

            Assert.True(broken is null, $"seed {seed}, operation {operations}, {op}: {broken}");
        }

        Assert.Equal(5000, operations);
    }

    [Fact]
    public void An_event_that_was_dropped_on_purpose_is_found_to_be_lost()
    {
        var hostile = new HostileEvents(1);
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
        var hostile = new HostileEvents(1);
        Span<byte> argument = stackalloc byte[24];
        foreach (var op in hostile.Opening())
        {
            hostile.Argument.CopyTo(argument);
            Assert.Equal(0, hostile.Target.Apply(op, argument));
        }

        var world = hostile.Events.World;
        var port = (uint)EventBinds.BindIpi(ref world, HostileEvents.CarefulFifo, 0);
        EventUses.Send(ref world, HostileEvents.CarefulFifo, port);
        var (careful, guest) = (hostile.Events.Domains[HostileEvents.CarefulFifo], hostile.Guests[2]);
        Assert.Null(EventInvariants.LostFifo(careful, guest));

        careful.Vcpus[0].Head(7) = 0;
        Assert.Contains("no queue leads to it", EventInvariants.LostFifo(careful, guest), StringComparison.Ordinal);
    }

    static IEnumerable<HostileOp> Forever(HostileEvents hostile)
    {
        while (true)
        {
            yield return hostile.Next();
        }
    }
}
