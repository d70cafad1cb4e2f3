using XenViz.Core.Commands;
using XenViz.Server.Sessions;

namespace XenViz.Server.Tests.Sessions;

public sealed class CommandCostTests
{
    [Theory]
    [InlineData("next", 1)]
    [InlineData(null, 1)]
    [InlineData("playClock", CommandBudget.CreateCost)]
    [InlineData("setPrice", CommandBudget.CreateCost)]
    [InlineData("resetPrices", CommandBudget.CreateCost)]
    public void What_plays_whole_runs_costs_as_much_as_a_session(string? kind, double cost) =>
        Assert.Equal(cost, CommandBudget.CostOf(kind is null ? null : new CommandDto(kind)));
}
