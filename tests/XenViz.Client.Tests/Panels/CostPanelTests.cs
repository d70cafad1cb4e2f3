using Bunit;
using XenViz.Client.Panels;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Panels;

/// <summary>The Cost tab with views of the real engine.</summary>
public sealed class CostPanelTests : ScreenTest
{
    private static CostView At(int position)
    {
        var engine = SessionEngine.Create(new RunParameters(), null).Engine!;
        Assert.Null(engine.Apply(position < 0 ? new Command.RunToEnd() : new Command.Seek(position)));
        return engine.View().Cost;
    }

    private IRenderedComponent<CostPanel> Shown(CostView cost) => Render<CostPanel>(p => p.Add(x => x.Cost, cost));

    [Fact]
    public void At_the_end_everything_is_booked_and_each_row_has_its_line()
    {
        var cost = At(-1);
        var shown = Shown(cost);
        Assert.Equal("33,800", shown.Id("cost-so-far").TextContent);
        Assert.Equal("33,800", shown.Id("cost-to-end").TextContent);
        Assert.Contains("4,096 B", shown.Id("cost-dma").TextContent, StringComparison.Ordinal);
        foreach (var row in cost.Rows)
        {
            Assert.Contains(row.Name, shown.Id($"cost-row-{row.Number}").TextContent, StringComparison.Ordinal);
        }

        Assert.Contains("estimates", shown.Id("cost-estimate").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_price_is_set_and_all_are_reset()
    {
        var sent = new List<Command>();
        var cost = At(-1) with { Prices = [new SetPriceView("wake", 7000)] };
        var shown = Render<CostPanel>(p => p.Add(x => x.Cost, cost).Add(x => x.OnCommand, sent.Add));
        Assert.Equal("7000", shown.Id("price-wake").GetAttribute("value"));
        Assert.Equal("2000", shown.Id("price-upcall").GetAttribute("value"));
        await shown.Id("price-upcall").ChangeAsync("2500");
        await shown.Id("price-upcall").ChangeAsync("nonsense");
        await shown.Id("prices-reset").ClickAsync();
        Assert.Equal([new Command.SetPrice("upcall", 2500), new Command.ResetPrices()], sent);
        Assert.Empty(Shown(cost).FindAll("input"));
    }

    [Fact]
    public async Task The_clock_is_played_when_asked_for_and_drawn_on_one_scale()
    {
        var sent = new List<Command>();
        var cost = At(0);
        var shown = Render<CostPanel>(p => p.Add(x => x.Cost, cost).Add(x => x.OnCommand, sent.Add));
        await shown.Id("clock-play").ClickAsync();
        Assert.Equal(new Command.PlayClock(), Assert.Single(sent));
        shown.Render(p => p.Add(x => x.Cost, cost with
        {
            Clock = [new ClockLineView(1, 5000, 20.04, 2), new ClockLineView(2, 10000, 30, 1.5)],
        }));
        Assert.Contains("5,000", shown.Id("clock-1").TextContent, StringComparison.Ordinal);
        Assert.Contains("20.0", shown.Id("clock-1").TextContent, StringComparison.Ordinal);
        Assert.Equal(
            ["--share: 0.5", "--share: 1"],
            shown.FindAll(".cbar").Select(bar => bar.GetAttribute("style")));
    }

    [Fact]
    public void A_count_that_changed_is_marked_with_both_values()
    {
        var cost = Enumerable.Range(1, 99).Select(At)
            .First(c => c.Counters.Any(each => each.Key == "hypercalls" && each.Now != each.Before));
        var shown = Shown(cost);
        Assert.Contains("0 → 1", shown.Id("cost-hypercalls").TextContent, StringComparison.Ordinal);
        Assert.Contains("cur", shown.Id("cost-hypercalls").ClassList);
        Assert.DoesNotContain("cur", shown.Id("cost-tlb").ClassList);
    }

    [Fact]
    public void Every_price_that_is_paid_is_told_with_its_range_and_source()
    {
        var shown = Shown(At(0)).Id("cost-sources");
        foreach (var price in PriceView.All)
        {
            Assert.Contains(price.Source, shown.TextContent, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("-", string.Concat(shown.QuerySelectorAll("td:first-child").Select(e => e.TextContent)));
        Assert.Equal(PriceView.All.Length, shown.QuerySelectorAll("tbody tr").Length);
    }
}
