using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Drivers.Xenbus;

/// <summary>A frontend that writes anything into its directory in xenstore.</summary>
public sealed class HostileKeysTests
{
    private const string Front = "/local/domain/5/device/vbd/51712";
    private const string Back = "/local/domain/2/backend/vbd/5/51712";

    [Theory]
    [InlineData("ring-ref", "garbage")]
    [InlineData("ring-ref", "")]
    [InlineData("ring-ref", "-1")]
    [InlineData("ring-ref", "4294967295")]
    [InlineData("ring-ref", "9")]
    [InlineData("event-channel", "no port")]
    [InlineData("event-channel", "5")]
    [InlineData("event-channel", "99999")]
    public void Keys_that_cannot_be_used_end_in_closing_and_not_in_a_fall(string key, string value)
    {
        var m = Scenario.Create(new RunParameters { Scenario = "connect" }, null).Scenario!.Start;
        while (((XenStore)m.Store!)[Front + "/state"] != "3")
        {
            m = Stepper.Step(m, Stepper.Default(m)!.Value, null, out _);
        }

        var (store, errno) = Write(m, key, value);
        Assert.Equal(0, errno);
        m = m with { Store = store };
        while (Stepper.Default(m) is { } choice)
        {
            m = Stepper.Step(m, choice, null, out _);
        }

        Assert.Equal("5", ((XenStore)m.Store!)[Back + "/state"]);
        Assert.NotNull(((XenStore)m.Store!)[Back + "/error"]);
        Assert.False(((BlkbackState)m.Back!).Connected);
    }

    private static (XenStore After, int Errno) Write(Machine m, string key, string value)
    {
        var written = ((XenStore)m.Store!).Write(new DomId(5), $"{Front}/{key}", value);
        return (written.After, written.Errno);
    }
}
