using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

public sealed class RunTitlesTests
{
    [Fact]
    public void A_run_that_is_a_prepared_one_has_its_name()
    {
        var named = ScenarioShelf.Cards
            .Select(card => (card.Title, RunLink.Parse(card.Link).Link!.Parameters))
            .Where(card => card.Parameters.Scenario != "figure")
            .GroupBy(card => new RunLink { Parameters = card.Parameters }.Format(), StringComparer.Ordinal)
            .ToList();
        Assert.NotEmpty(named);
        Assert.All(named, same => Assert.Equal(same.First().Title, RunTitles.Title(same.First().Parameters)));
    }

    [Fact]
    public void Other_work_is_ones_own()
    {
        var run = RunLink.Parse("scenario=workload&work=write:2048:Mine alone").Link!.Parameters;
        Assert.Equal("Your own work", RunTitles.Title(run));
        Assert.Equal("Block write, 4 KiB", RunTitles.Title(new RunParameters()));
    }
}
