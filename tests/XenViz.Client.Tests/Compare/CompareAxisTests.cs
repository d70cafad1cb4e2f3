using System.Collections.Immutable;
using Bunit;
using XenViz.Client.Compare;
using XenViz.Client.Pages;
using XenViz.Core.Abi;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Compare;

/// <summary>Two runs on one axis: the same row at the same place, what only one has at a place of its own.</summary>
public sealed class CompareAxisTests : ScreenTest
{
    [Fact]
    public void The_same_run_twice_differs_nowhere()
    {
        var timeline = Samples.At(0).Timeline;
        var axis = CompareAxis.Of(timeline, timeline);
        Assert.Equal(Samples.Rows.Length, axis.Places.Length);
        Assert.Empty(axis.Partings);
        Assert.All(axis.Places, place => Assert.Equal(place.Left, place.Right));
        Assert.Equal((34, -1), (axis.At(35, left: true), axis.At(0, left: false)));
    }

    [Theory]
    [InlineData("1.1 2.1 4.1 4.2 5.1 6.1 7.1", "1.1 2.1 5.1 6.1 7.1", "= = < < = = =")]
    [InlineData("1.1 2.1 5.1 6.1 7.1", "1.1 2.1 4.1 4.2 5.1 6.1 7.1", "= = > > = = =")]
    [InlineData("1.1 4.1 4.2 5.1 6.1 7.1", "1.1 4.9 5.1 6.1 7.1", "= < < > = = =")]
    [InlineData("1.1 2.1", "1.1 2.1 3.1 3.2", "= = > >")]
    [InlineData("4.1 4.2", "5.1 5.2", "< < > >")]
    [InlineData("", "1.1", ">")]
    [InlineData("", "", "")]
    public void What_only_one_run_has_is_a_place_where_the_other_waits(string left, string right, string places)
    {
        var (a, b) = (Timeline(left), Timeline(right));
        var axis = CompareAxis.Of(a, b);
        Assert.Equal(places, string.Join(' ', axis.Places.Select(p => (p.InLeft, p.InRight) switch
        {
            (true, true) => "=",
            (true, false) => "<",
            _ => ">",
        })));
        Assert.Equal(Enumerable.Range(1, a.Stops.Length), axis.Places.Where(p => p.InLeft).Select(p => p.Left));
        Assert.Equal(Enumerable.Range(1, b.Stops.Length), axis.Places.Where(p => p.InRight).Select(p => p.Right));
        Assert.True(axis.Places.Zip(axis.Places.Skip(1)).All(
            two => two.First.Left <= two.Second.Left && two.First.Right <= two.Second.Right));
    }

    [Fact]
    public void Every_prepared_pair_stands_on_an_axis_with_all_stops_of_both()
    {
        foreach (var pair in ComparePairs.All)
        {
            var (a, b) = (Run(pair.Left).Timeline, Run(pair.Right).Timeline);
            var axis = CompareAxis.Of(a, b);
            Assert.Equal(a.Stops.Count(stop => stop > 0), axis.Places.Count(p => p.InLeft));
            Assert.Equal(b.Stops.Count(stop => stop > 0), axis.Places.Count(p => p.InRight));
            Assert.True(axis.Places.Any(p => p is { InLeft: true, InRight: true }), pair.Key);
        }

        var paths = CompareAxis.Of(Run(ComparePairs.All[0].Left).Timeline, Run(ComparePairs.All[0].Right).Timeline);
        Assert.NotEmpty(paths.Partings);
        Assert.True(paths.Places[^1] is { InLeft: true, InRight: true }, "Both end with the same row.");
    }

    [Fact]
    public void Rows_that_share_nothing_cost_no_more_than_a_moment()
    {
        var a = Timeline(string.Join(' ', Enumerable.Range(0, 3000).Select(i => $"1.{i}")));
        var b = Timeline(string.Join(' ', Enumerable.Range(0, 3000).Select(i => $"2.{i}")));
        Assert.Equal(6000, CompareAxis.Of(a, b).Places.Length);
    }

    [Fact]
    public void A_click_leads_to_the_nearest_place_and_a_long_run_has_pages()
    {
        var axis = CompareAxis.Of(Timeline("1.1 2.1 4.1 5.1 6.1 7.1"), Timeline("1.1 2.1 5.1 6.1 7.1"));
        var layout = CompareLayout.Of(axis, -1);
        Assert.Equal(-1, layout.PlaceAt(0));
        for (var place = 0; place < axis.Places.Length; place++)
        {
            Assert.Equal(place, layout.PlaceAt(layout.X(place)!.Value / 100));
        }

        Assert.Equal(axis.Places.Length - 1, layout.PlaceAt(1));
        var band = Assert.Single(layout.Bands);
        Assert.Equal(layout.X(2)!.Value, band.X + (band.Width / 2), 6);
        Assert.False(layout.Paged);
        var rows = string.Join(' ', Enumerable.Range(0, 1000).Select(i => $"{1 + (i % 7)}.{i}"));
        var longAxis = CompareAxis.Of(Timeline(rows), Timeline(rows));
        foreach (var at in new[] { -1, 0, 500, 999 })
        {
            var page = CompareLayout.Of(longAxis, at);
            Assert.True(page.Paged);
            Assert.NotNull(page.X(Math.Max(at, 0)));
            Assert.All(page.Centres, x => Assert.InRange(x, 0, 100));
        }
    }

    [Fact]
    public async Task The_timeline_says_where_both_are_and_leads_to_the_next_difference()
    {
        var went = new List<int>();
        var (a, b) = (Run("&at=20"), Run(ComparePairs.All[0].Right));
        var axis = CompareAxis.Of(a.Timeline, b.Timeline);
        var shown = Render<CompareTimeline>(p => p.Add(x => x.A, a).Add(x => x.B, b).Add(x => x.Axis, axis)
            .Add(x => x.At, axis.At(20, left: true)).Add(x => x.OnPlace, went.Add));
        var slider = shown.Id("compare-scrubber");
        Assert.Equal($"{axis.At(20, left: true) + 1}", slider.GetAttribute("aria-valuenow"));
        Assert.Contains("row 20 of", slider.GetAttribute("aria-valuetext"), StringComparison.Ordinal);
        Assert.Equal(axis.Partings.Length, shown.FindAll(".parted").Count);
        Assert.Equal(2, shown.FindAll(".strip").Count);
        await shown.Id("parting-next").ClickAsync(new());
        Assert.Equal(axis.Partings.First(p => p > axis.At(20, left: true)), Assert.Single(went));
    }

    private static SessionView Run(string link) => GalleryStates.ViewOf(new GalleryState("run", link))!;

    private static TimelineView Timeline(string numbers)
    {
        var all = numbers.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new TimelineView
        {
            Rows = [.. all.Select(n => new TimelineRow(n, n[0] - '0', Actor.Backend, AccessKind.Store, true, null))],
            Stops = [.. Enumerable.Range(1, all.Length)],
        };
    }
}
