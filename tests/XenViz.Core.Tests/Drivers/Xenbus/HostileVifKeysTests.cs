using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Drivers.Xenbus;

/// <summary>Either end of a network interface writes anything, or nothing, into its directory.</summary>
public sealed class HostileVifKeysTests
{
    private const string Front = "/local/domain/5/device/vif/0";
    private const string Back = "/local/domain/2/backend/vif/5/0";

    [Theory]
    [InlineData("tx-ring-ref", null)]
    [InlineData("tx-ring-ref", "garbage")]
    [InlineData("rx-ring-ref", "")]
    [InlineData("rx-ring-ref", "-1")]
    [InlineData("rx-ring-ref", "4294967295")]
    [InlineData("tx-ring-ref", "99999999999999999999")]
    [InlineData("rx-ring-ref", "9")]
    [InlineData("tx-ring-ref", "1")]
    [InlineData("event-channel", null)]
    [InlineData("event-channel", "no port")]
    [InlineData("event-channel", "5")]
    [InlineData("event-channel", "99999")]
    [InlineData("request-rx-copy", null)]
    [InlineData("request-rx-copy", "0")]
    [InlineData("multi-queue-num-queues", "2")]
    public void What_netback_cannot_use_ends_in_closing_and_leaves_nothing_behind(string key, string? value)
    {
        var m = Until(Start(), m => Store(m)[Front + "/state"] == "4");
        m = Finish(With(m, new DomId(5), $"{Front}/{key}", value));
        Assert.Equal("5", Store(m)[Back + "/state"]);
        Assert.NotNull(Store(m)[Back + "/error"]);
        Assert.False(((NetbackState)m.Back!).Vifs[0].Carrier);
        Assert.Empty(m[World.Driver].Iommu);
        Assert.DoesNotContain(m[World.Driver].Maptrack.Records.Values, r => r.Granter == World.Guest);

        // The frontend follows, as xenbus_frontend_closed does, and the driver domain sleeps in its thread.
        Assert.Equal("6", Store(m)[Front + "/state"]);
        Assert.False(((NetfrontState)m.Front!).Connected);
        Assert.True(m[World.Driver].Blocked);
    }

    [Theory]
    [InlineData("feature-rx-copy", null)]
    [InlineData("feature-rx-copy", "yes")]
    [InlineData("feature-rx-copy", "0")]
    public void Without_a_way_of_receiving_netfront_does_not_begin(string key, string? value)
    {
        var m = Until(Start(), m => Store(m)[Back + "/state"] == "2");
        m = Finish(With(m, new DomId(2), $"{Back}/{key}", value));
        Assert.Equal(("1", "2"), (Store(m)[Front + "/state"], Store(m)[Back + "/state"]));
        Assert.Empty(m[World.Guest].Active);
    }

    [Theory]
    [InlineData("feature-sg", null, false, false)]
    [InlineData("feature-sg", "no", false, false)]
    [InlineData("feature-gso-tcpv4", "0", true, false)]
    [InlineData("feature-no-csum-offload", "1", true, false)]
    [InlineData("feature-gso-tcpv6", null, true, true)]
    public void Odd_features_count_as_none(string key, string? value, bool gathers, bool cuts)
    {
        var m = Until(Start(), m => Store(m)[Back + "/state"] == "2");
        m = Finish(With(m, new DomId(2), $"{Back}/{key}", value));
        var agreed = ((NetfrontState)m.Front!).Agreed;
        Assert.Equal((gathers, cuts), (agreed.ScatterGather, agreed.Segmentation));
        Assert.Equal("4", Store(m)[Back + "/state"]);
    }

    private static Machine Start() =>
        Scenario.Create(new RunParameters { Scenario = "net-connect" }, null).Scenario!.Start;

    private static XenStore Store(Machine m) => (XenStore)m.Store!;

    private static Machine With(Machine m, DomId who, string path, string? value)
    {
        var answer = value is null ? Store(m).Remove(who, path) : Store(m).Write(who, path, value);
        Assert.Equal(0, answer.Errno);
        return m with { Store = answer.After };
    }

    private static Machine Until(Machine m, Func<Machine, bool> reached)
    {
        while (!reached(m))
        {
            m = Stepper.Step(m, Stepper.Default(m)!.Value, null, out _);
        }

        return m;
    }

    private static Machine Finish(Machine m)
    {
        while (Stepper.Default(m) is { } choice)
        {
            m = Stepper.Step(m, choice, null, out _);
        }

        return m;
    }
}
