using XenViz.Conformance;

namespace XenViz.Core.Tests.Hypervisor.GrantTables;

public sealed class GrantStormTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Hostile_guests_break_no_property_whatever_they_ask(int seed)
    {
        var storm = new GrantStorm(seed);
        Assert.Null(storm.Run(30_000));
        Assert.True(storm.Granted > 1000, $"only {storm.Granted} of the calls got anywhere");
    }
}
