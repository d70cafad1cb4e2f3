using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Invariants;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;
using XenViz.Core.Tests.Simulation;

namespace XenViz.Core.Tests.Drivers.Xenbus;

/// <summary>A backend that dies and comes again, and a disk that is unplugged: no byte is lost, nothing stays behind.
/// </summary>
public sealed class EndingTests
{
    private const int Sectors = 12 * 8;

    private static RunParameters Run(
        string scenario, int depth, int crash = 0, string path = "map", int queues = 1, string events = "2l") =>
        new()
        {
            Events = events,
            Scenario = scenario, Slots = 32, Depth = depth, Segments = 2, CrashAfter = crash, Path = path,
            Queues = queues,
            Work =
            [
                new WorkItem.WriteText(2048, new string('w', 4000), Sectors), new WorkItem.ReadSectors(2048, Sectors),
                new WorkItem.CopySectors(2048, 4096, Sectors),
            ],
        };

    private static Machine Start(RunParameters run)
    {
        var (scenario, error) = Scenario.Create(run, null);
        Assert.Null(error);
        return scenario!.Start;
    }

    private static Machine Play(Machine machine, Func<Machine, Choice?> choose, List<string>? rows = null)
    {
        for (var steps = 0; choose(machine) is { } choice; steps++)
        {
            Assert.True(steps < 200_000);
            var events = new List<MachineEvent>();
            var after = Stepper.Step(machine, choice, events, out var record);
            var broken = Invariant.Check(machine, after, events);
            Assert.True(broken.IsEmpty, $"{record.Row.Key} at {steps}: {string.Join(' ', broken.Select(b => b.Rule))}");
            rows?.Add(record.Row.Key);
            machine = after;
        }

        return machine;
    }

    private static void AssertDone(Machine end)
    {
        var app = (ApplicationState)end.Application!;
        Assert.True(app.Done);
        Assert.Equal(0, app.Failed);
        var front = (BlkfrontState)end.Front!;
        Assert.False(front.Broken);
        Assert.Empty(front.Waiting);
        Assert.Empty(front.Deferred);
        Assert.Equal(new string('w', 4000), Text(end, 4096L * 512, 4000));
        Assert.Equal(
            Text(end, 2048L * 512, Sectors * 512), Text(end, 4096L * 512, Sectors * 512));
    }

    private static string Text(Machine machine, long offset, int length)
    {
        var bytes = new byte[length];
        ((Disk)machine.Disk!).Read(offset, bytes);
        return System.Text.Encoding.ASCII.GetString(bytes);
    }

    [Theory]
    [InlineData(1, 0, "map", 1)]
    [InlineData(4, 0, "map", 1)]
    [InlineData(8, 0, "map", 1)]
    [InlineData(4, 7, "map", 1)]
    [InlineData(8, 15, "map", 1)]
    [InlineData(4, 0, "persistent", 1)]
    [InlineData(4, 9, "persistent", 1)]
    [InlineData(8, 0, "map", 2)]
    public void After_a_crash_with_requests_in_flight_every_byte_arrives(int depth, int crash, string path, int queues)
    {
        var rows = new List<string>();
        var end = Play(Start(Run("reconnect", depth, crash, path, queues)), Stepper.Default, rows);
        AssertDone(end);
        Assert.Single(rows, r => r == "toolstack_restart.destroy");
        Assert.Contains("domain_kill.drop_pin", rows);
        Assert.Contains("blkback_changed.requeue", rows);
        Assert.True(((BlkfrontState)end.Front!).Connected);
        Assert.True(((BlkbackState)end.Back!).Connected);
    }

    [Fact]
    public void The_death_of_the_mapper_releases_every_pin_and_the_frontend_asks_again_what_was_not_answered()
    {
        var machine = Start(Run("reconnect", 4));
        var waiting = 0;
        while (Stepper.Default(machine) is { } choice)
        {
            var after = Stepper.Step(machine, choice, null, out var record);
            if (record.Row.Key == "toolstack_restart.destroy")
            {
                waiting = ((BlkfrontState)machine.Front!).Waiting.Count();
                Assert.Equal(1 + (2 * waiting), machine[World.Guest].Active.Count);
                Assert.Equal(1 + (2 * waiting), machine[World.Driver].Iommu.Count);
            }

            if (record.Row.Key == "domain_kill.quarantine")
            {
                Assert.Empty(after[World.Guest].Active);
                Assert.Empty(after[World.Driver].Iommu);
                Assert.All(after.Frames.All(), f => Assert.Equal((1, 0), (f.References, f.WritableUses)));
                Assert.Equal(ChannelState.Unbound, after[World.Guest].Channels[6].State);
                return;
            }

            machine = after;
        }

        Assert.Fail("The driver domain did not die.");
    }

    [Theory]
    [InlineData("reconnect", "map", 1, "2l")]
    [InlineData("reconnect", "persistent", 1, "2l")]
    [InlineData("reconnect", "map", 2, "2l")]
    [InlineData("reconnect", "map", 1, "fifo")]
    [InlineData("reconnect", "map", 3, "fifo")]
    [InlineData("disconnect", "map", 1, "2l")]
    [InlineData("disconnect", "persistent", 1, "2l")]
    [InlineData("disconnect", "map", 2, "fifo")]
    public void Whoever_goes_next_and_whenever_the_backend_dies_every_byte_arrives(
        string scenario, string path, int queues, string events)
    {
        for (var crash = 0; crash < 8; crash++)
        {
            Check.One(
                Rounds.Of(1),
                Prop.ForAll(
                    ScheduledRun.Of(Run(scenario, 4, crash, path, queues, events)),
                    any => AssertDone(Play(Start(any.Run), any.Schedule.Chooser()))));
        }
    }

    [Fact]
    public void A_domain_does_not_die_while_an_event_is_put_into_a_queue_of_its()
    {
        const int toolstack = 3;
        var machine = Start(Run("reconnect", 4, events: "fifo"));
        while (machine.Agents[2].Top.InXen is false || machine[World.Driver].Events.LockedQueues.IsEmpty)
        {
            machine = Step(machine, Enumerable.Range(0, toolstack).First(agent => Stepper.CanStep(machine, agent)));
        }

        // The disk's interrupt holds the lock: were it dropped, the guest would wait for it for ever.
        Assert.False(Stepper.CanStep(machine, toolstack));
        while (!machine[World.Driver].Events.LockedQueues.IsEmpty)
        {
            machine = Step(machine, 2);
        }

        Assert.True(Stepper.CanStep(machine, toolstack));
        AssertDone(Play(Step(machine, toolstack), Stepper.Default));
    }

    private static Machine Step(Machine machine, int agent) =>
        Stepper.Step(machine, new Choice((byte)agent), null, out _);

    [Theory]
    [InlineData("map")]
    [InlineData("persistent")]
    public void After_unplugging_nothing_is_granted_mapped_or_bound_and_the_nodes_are_gone(string path)
    {
        var rows = new List<string>();
        var end = Play(Start(Run("disconnect", 4, 0, path)), Stepper.Default, rows);
        AssertDone(end);
        Assert.Empty(end[World.Guest].Active);
        Assert.Empty(end[World.Driver].Maptrack.Records);
        Assert.Empty(end[World.Driver].Iommu);
        Assert.Equal(ChannelState.Free, end[World.Guest].Channels[6].State);
        Assert.Equal(ChannelState.Free, end[World.Driver].Channels[70].State);
        var grants = end.Frames[end[World.Guest].GrantTable!.Value].Page;
        Assert.All(Enumerable.Range(8, 500), entry => Assert.Equal(0UL, grants.Load(entry * 8, 2)));
        Assert.DoesNotContain(((XenStore)end.Store!).Nodes.Keys, k => k.Contains("/vbd/51712"));
        Assert.Equal("toolstack_unplug.remove", rows.Last(r => r.StartsWith("toolstack", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_frontend_that_does_not_watch_its_backend_never_comes_back()
    {
        var start = Start(Run("reconnect", 4));
        var store = (XenStore)start.Store!;
        start = start with { Store = store with { Watches = store.Watches.RemoveAll(w => w.Domain == World.Guest) } };
        var machine = start;
        while (Stepper.Default(machine) is { } choice)
        {
            machine = Stepper.Step(machine, choice, null, out _);
        }

        Assert.NotEmpty(((BlkfrontState)machine.Front!).Waiting);
        Assert.Contains(Invariant.AtRest(machine), v => v.Rule == "NoLostWakeUp");
    }
}
