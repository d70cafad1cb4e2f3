using FsCheck;
using FsCheck.Fluent;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Devices;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;
using XenViz.Core.Tests.Drivers.Network;
using XenViz.Core.Tests.Simulation;

namespace XenViz.Core.Tests.Drivers.Xenbus;

/// <summary>A network backend that dies and comes again, and an interface that is unplugged: packets may be lost, pages
/// may not.</summary>
public sealed class NetEndingTests
{
    private const int Sends = 6;

    private static RunParameters Run(string scenario, int depth, int crash = 0) => new()
    {
        Scenario = scenario, Depth = depth, CrashAfter = crash, StartIndex = uint.MaxValue - 1,
        Work =
        [
            .. Enumerable.Range(0, Sends).Select(i => new WorkItem.SendPacket(i % 2 == 0 ? 1500 : 5000, $"p{i}")),
            new WorkItem.ReceivePacket(1500, "a"), new WorkItem.ReceivePacket(6000, "b"),
        ],
    };

    private static (Machine End, List<string> Rows) Rows(Machine m)
    {
        var rows = new List<string>();
        while (Stepper.Default(m) is { } choice)
        {
            m = Stepper.Step(m, choice, null, out var record);
            rows.Add(record.Row.Key);
        }

        return (m, rows);
    }

    private static void AssertWhole(Machine start, Machine end)
    {
        var app = (NetApplicationState)end.Application!;
        var front = (NetfrontState)end.Front!;
        Assert.True(app.Done);
        Assert.False(front.Broken);
        Assert.Empty(front.Deferred);
        Assert.All(front.Tx.Slots, Assert.Null);
        Assert.Equal(NetfrontState.Size, front.Tx.FreeIds.Distinct().Count());

        // What was dropped may have gone out before the crash; nothing else is missing on the wire, nothing is twice.
        var sent = ((NetApplicationState)start.Application!).Jobs.Select(j => Convert.ToHexString(j.Frame.AsSpan()));
        var wire = ((Nic)end.Disk!).Sent.Select(f => Convert.ToHexString(f.AsSpan())).ToList();
        Assert.Equal(wire.Count, wire.Distinct().Count());
        Assert.Equal(sent.Where(wire.Contains), wire);
        Assert.InRange(wire.Count, Sends - front.Dropped, Sends);

        // Every page of the guest is free or offered.
        Assert.Equal(
            ((NetfrontState)start.Front!).Rx.FreePages.Count()
                + ((NetfrontState)start.Front!).Rx.Buffers.Count(b => b is not null),
            front.Rx.FreePages.Count() + front.Rx.Buffers.Count(b => b is not null));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(4, 5)]
    [InlineData(2, 3)]
    public void After_a_crash_what_was_in_flight_is_dropped_and_the_rest_goes_out(int depth, int crash)
    {
        var start = RandomRun.Start(Run("net-reconnect", depth, crash));
        var (end, rows) = Rows(start);
        AssertWhole(start, end);
        Assert.Single(rows, r => r == "toolstack_restart.destroy");
        Assert.Contains("domain_kill.drop_pin", rows);
        Assert.DoesNotContain("blkback_changed.requeue", rows);
        var front = (NetfrontState)end.Front!;
        Assert.True(front.Connected);
        Assert.InRange(front.Dropped, 1, depth);
        Assert.True(((NetbackState)end.Back!).Vifs[0].Carrier);
        Assert.Equal(front.Rx.Target, front.Rx.Offered);
    }

    [Fact]
    public void The_old_keys_are_gone_before_the_new_backend_reads_any()
    {
        var m = RandomRun.Start(Run("net-reconnect", 2));
        while (Stepper.Default(m) is { } choice)
        {
            m = Stepper.Step(m, choice, null, out var record);
            if (record.Row.Key == "toolstack_restart.recreate")
            {
                var store = (XenStore)m.Store!;
                Assert.Equal("1", store["/local/domain/5/device/vif/0/state"]);
                Assert.Null(store["/local/domain/5/device/vif/0/tx-ring-ref"]);
                return;
            }
        }

        Assert.Fail("Nothing was made anew.");
    }

    [Fact]
    public void After_unplugging_nothing_is_granted_mapped_or_bound_and_the_nodes_are_gone()
    {
        var start = RandomRun.Start(Run("net-disconnect", 4));
        var (end, rows) = Rows(start);
        AssertWhole(start, end);
        AssertNothingLeft(end);
        Assert.Equal(2, ((NetApplicationState)end.Application!).Received.Length);
        Assert.Equal("toolstack_unplug.remove", rows.Last(r => r.StartsWith("toolstack", StringComparison.Ordinal)));
    }

    [Fact]
    public void Whoever_goes_next_and_whenever_the_backend_dies_no_page_is_lost() => Check.One(
        Rounds.Of(30),
        Prop.ForAll(
            ScheduledRun.Of(
                from depth in Gen.Choose(1, 6)
                from crash in Gen.Choose(0, 14)
                select Run("net-reconnect", depth, crash)),
            any =>
            {
                var start = RandomRun.Start(any.Run);
                var (end, _) = NetRunTests.Play(start, any.Schedule);
                AssertWhole(start, end);
                Assert.True(((NetfrontState)end.Front!).Connected);
            }));

    [Fact]
    public void Whoever_goes_next_unplugging_leaves_nothing() => Check.One(
        Rounds.Of(30),
        Prop.ForAll(ScheduledRun.Of(Run("net-disconnect", 4)), any =>
        {
            var start = RandomRun.Start(any.Run);
            var (end, _) = NetRunTests.Play(start, any.Schedule);
            AssertWhole(start, end);
            AssertNothingLeft(end);
        }));

    private static void AssertNothingLeft(Machine end)
    {
        Assert.Empty(end[World.Guest].Active);
        Assert.Empty(end[World.Driver].Maptrack.Records);
        Assert.Empty(end[World.Driver].Iommu);
        Assert.Equal(ChannelState.Free, end[World.Guest].Channels[6].State);
        Assert.Equal(ChannelState.Free, end[World.Driver].Channels[70].State);
        var grants = end.Frames[end[World.Guest].GrantTable!.Value].Page;
        Assert.All(Enumerable.Range(8, 500), entry => Assert.Equal(0UL, grants.Load(entry * 8, 2)));
        Assert.DoesNotContain(
            ((XenStore)end.Store!).Nodes.Keys, k => k.Contains("/vif/", StringComparison.Ordinal) && k.EndsWith("/0"));
        var (back, nic) = ((NetbackState)end.Back!, (Nic)end.Disk!);
        Assert.Equal(NetParts.OwnPages + NetParts.CardPages, back.FreeCount + nic.Free.Count());
    }
}
