using XenViz.Core.Costs;

namespace XenViz.Core.Tests.Costs;

/// <summary>The price list, and the sums of lesson 8 that are made of it.</summary>
public sealed class PriceListTests
{
    private static readonly PriceList Warm = PriceList.Default;
    private static readonly PriceList Cold = Warm.With("memcpy", 1_500)!;

    [Fact]
    public void Every_price_has_a_range_around_it_a_source_and_a_year_and_is_called_an_estimate()
    {
        Assert.Equal(Warm.All.Length, Warm.All.Select(p => p.Key).Distinct().Count());
        Assert.All(Warm.All, p =>
        {
            Assert.True(p.Low <= p.Typical && p.Typical <= p.High && p.Low < p.High, p.Key);
            Assert.Equal(p.Typical, p.Value);
            Assert.NotEmpty(p.Source);
            Assert.InRange(p.Year, 2003, 2026);
            Assert.Equal(PriceStatus.Estimate, p.Status);
        });
    }

    [Theory]
    [InlineData("wake", 3_000, true)]
    [InlineData("wake", 20_000, true)]
    [InlineData("wake", 2_999, false)]
    [InlineData("wake", 20_001, false)]
    [InlineData("sleep", 1, false)]
    public void A_price_can_be_changed_within_its_range(string key, long value, bool allowed)
    {
        var changed = Warm.With(key, value);
        Assert.Equal(allowed, changed is not null);
        Assert.Equal(allowed ? value : null, changed?[key]);
        Assert.Equal(6_000, Warm["wake"]);
    }

    [Theory]
    [InlineData(1, 500)]
    [InlineData(2, 2_500)]
    [InlineData(3, 3_000)]
    [InlineData(24, 13_500)]
    public void A_flush_grows_with_the_CPUs(int cpus, long cycles) => Assert.Equal(cycles, Warm.TlbFlush(cpus));

    [Theory]
    [InlineData("map",        1,  1,  4096, false,  3_500)]
    [InlineData("map",        1,  32, 4096, false,  2_046)]
    [InlineData("map",        24, 1,  4096, false, 16_500)]
    [InlineData("map",        24, 32, 4096, false,  2_452)]
    [InlineData("map",        8,  1,  128,  false,  8_500)]
    [InlineData("map",        1,  1,  4096, true,   6_500)]
    [InlineData("copy",       1,  1,  4096, false,  2_000)]
    [InlineData("copy",       24, 1,  4096, false,  2_000)]
    [InlineData("copy",       8,  1,  128,  false,  1_515)]
    [InlineData("persistent", 24, 1,  4096, false,    500)]
    [InlineData("persistent", 8,  1,  128,  false,     15)]
    public void A_page_costs_what_lesson_8_says(string path, int cpus, int batch, int bytes, bool sync, long cycles) =>
        Assert.Equal(cycles, Of(Warm, path, new PathLoad(cpus, batch, bytes, sync)));

    [Fact]
    public void Unmapping_grows_with_the_CPUs_and_copying_does_not()
    {
        var few = new PathLoad(1, 1, 4096);
        var many = new PathLoad(24, 1, 4096);
        Assert.True(PathPrices.Map(Warm, many) > 4 * PathPrices.Map(Warm, few));
        Assert.Equal(PathPrices.Copy(Warm, few), PathPrices.Copy(Warm, many));
        Assert.Equal(PathPrices.Persistent(Warm, few), PathPrices.Persistent(Warm, many));
    }

    [Fact]
    public void Mapping_beats_Xens_copy_for_large_cold_data_on_one_CPU_in_a_batch()
    {
        var load = new PathLoad(1, 32, 4096);
        Assert.True(PathPrices.Map(Cold, load) < PathPrices.Copy(Cold, load));
        Assert.True(PathPrices.Map(Warm, load) > PathPrices.Copy(Warm, load));
    }

    [Fact]
    public void Persistent_grants_lose_where_a_copied_page_costs_more_than_map_and_unmap()
    {
        var load = new PathLoad(1, 32, 4096);
        Assert.True(PathPrices.Persistent(Warm.With("memcpy", 2_000)!, load) < PathPrices.Map(Warm, load));
        Assert.True(PathPrices.Persistent(Warm.With("memcpy", 2_100)!, load) > PathPrices.Map(Warm, load));
        Assert.True(PathPrices.Persistent(Warm.With("memcpy", 2_100)!, new PathLoad(24, 1, 128))
            < PathPrices.Map(Warm, new PathLoad(24, 1, 128)));
    }

    [Fact]
    public void The_ledger_of_the_figure_agrees_with_the_sum_for_its_page()
    {
        var (ledger, numbers) = LedgerTests.Play(false);
        string[] rows = ["4.10", "4.15", "U.1", "U.3", "U.4"];
        var page = ledger.Rows.Where(r => rows.Contains(numbers[r.Row])).Aggregate(
            default(Counts), (a, r) => a + r.Counts);
        Assert.Equal(PathPrices.Map(Warm, new PathLoad(1, 1, 4096, true)), Warm.Cycles(page));
    }

    private static long Of(PriceList prices, string path, PathLoad load) => path switch
    {
        "map" => PathPrices.Map(prices, load),
        "copy" => PathPrices.Copy(prices, load),
        _ => PathPrices.Persistent(prices, load),
    };
}
