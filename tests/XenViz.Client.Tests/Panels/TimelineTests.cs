using System.Collections.Immutable;
using Bunit;
using XenViz.Client.Panels;
using XenViz.Client.Tests.Stage;
using XenViz.Client.Time;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Panels;

public sealed class TimelineTests : ScreenTest
{
    [Fact]
    public void The_scrubber_is_a_slider_with_words()
    {
        var slider = Render<Timeline>(p => p.Add(x => x.View, Samples.At(35))).Id("scrubber");
        Assert.Equal("slider", slider.GetAttribute("role"));
        Assert.Equal("35", slider.GetAttribute("aria-valuenow"));
        Assert.Equal($"{Samples.Rows.Length}", slider.GetAttribute("aria-valuemax"));
        Assert.StartsWith("4.12, row 35 of", slider.GetAttribute("aria-valuetext"), StringComparison.Ordinal);
    }

    [Fact]
    public void Seven_circles_stand_for_the_steps_with_their_state()
    {
        var layout = TimelineLayout.Of(Samples.At(35).Timeline, 35);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], layout.Circles.Select(circle => circle.Step));
        Assert.Equal(
            ["past", "past", "past", "current", "future", "future", "future"],
            layout.Circles.Select(circle => circle.State));
    }

    [Fact]
    public void Columns_go_from_left_to_right_within_the_width()
    {
        var layout = TimelineLayout.Of(Samples.At(35).Timeline, 35);
        Assert.Equal(layout.Columns.OrderBy(column => column.X), layout.Columns);
        Assert.All(layout.Columns, column => Assert.InRange(column.X, 0, 100));
        Assert.Equal(layout.Columns[34].X, layout.MarkerX);
    }

    [Fact]
    public void A_click_on_a_column_leads_to_its_position_and_on_a_circle_to_the_end_of_its_step()
    {
        var layout = TimelineLayout.Of(Samples.At(35).Timeline, 35);
        Assert.All(layout.Columns, column => Assert.Equal(column.Position, layout.PositionAt(column.X / 100)));
        Assert.Equal(2, layout.PositionAt(layout.Circles[0].X / 100));
        Assert.Equal(0, layout.PositionAt(0));
    }

    [Fact]
    public void A_step_keeps_the_columns_and_a_change_of_the_rows_does_not()
    {
        var timeline = Samples.At(35).Timeline;
        var first = TimelineLayout.Of(timeline, 35);
        var next = TimelineLayout.Of(timeline, 36, before: first);
        Assert.True(first.Columns == next.Columns);
        Assert.Equal(TimelineLayout.Of(timeline, 36).Circles, next.Circles);
        Assert.Equal(35, next.Current);
        var others = timeline with { Stops = [15, 23, Samples.Rows.Length] };
        Assert.Equal(3, TimelineLayout.Of(others, 36, before: next).Columns.Length);
    }

    [Fact]
    public void Drawn_along_step_by_step_it_is_what_is_drawn_afresh()
    {
        var along = Render<Timeline>(p => p.Add(x => x.View, Samples.At(0)));
        foreach (var at in (int[])[1, 2, 9, 10, 11, 40, 39, 12, 0, Samples.Rows.Length])
        {
            along.Render(p => p.Add(x => x.View, Samples.At(at)));
            var afresh = Render<Timeline>(p => p.Add(x => x.View, Samples.At(at)));
            Assert.Equal(afresh.Find(".tl-pic").InnerHtml, along.Find(".tl-pic").InnerHtml);
        }
    }

    [Fact]
    public void Folded_rows_make_one_column_with_all_their_lanes()
    {
        var timeline = Samples.At(0).Timeline with { Stops = [15, 23, Samples.Rows.Length] };
        var layout = TimelineLayout.Of(timeline, 23);
        Assert.Equal(3, layout.Columns.Length);
        Assert.Equal([Actor.Frontend, Actor.Xen], layout.Columns[1].Lanes.Select(lane => lane.Actor));
        Assert.Contains((new TimeLane(Actor.Xen, null), new TimeLane(Actor.Backend, null)), layout.Columns[1].Notifies);
    }

    [Theory]
    [InlineData(Runs.TwoQueues, "application|blkfront 0|blkfront 1|Xen|blkback 0|blkback 1|disk")]
    [InlineData(
        Runs.FourQueues, "application|blkfront|Xen|blkback 0|blkback 1|blkback 2|blkback 3|disk")]
    [InlineData(
        "scenario=net-guests", "application 5|netfront 5|application 7|netfront 7|Xen|netback|card")]
    [InlineData("scenario=net-stall", "application|netfront|Xen|netback|netback clock|card")]
    [InlineData("", "application|blkfront|Xen|blkback|disk")]
    public void Several_agents_of_a_kind_have_a_lane_each_with_its_name(string link, string names)
    {
        var view = Runs.Engine(link).View();
        var timeline = Render<Timeline>(p => p
            .Add(x => x.View, view).AddCascadingValue("Device", view.Stage.Device));
        Assert.Equal(names.Split('|'), timeline.FindAll(".tl-names span").Select(span => span.TextContent));
        var lanes = timeline.FindAll(".tl-pic .lane:not(.done)").Select(lane => lane.GetAttribute("y1")).ToList();
        Assert.Equal(names.Split('|').Length, lanes.Distinct().Count());

        // Every lane has glyphs of its own, and each lies on a lane.
        var used = timeline.FindAll(".tl-pic .glyph").Select(glyph => glyph.GetAttribute("cy")).Distinct().ToList();
        Assert.All(used, y => Assert.Contains(y, lanes));
        Assert.True(used.Count >= lanes.Count - 1);
    }

    [Fact]
    public void However_many_lanes_there_are_they_have_room_above_the_foot()
    {
        for (var lanes = 1; lanes <= 9; lanes++)
        {
            var last = TimelineColumns.Top(lanes) + ((lanes - 1) * TimelineColumns.Pitch(lanes));
            // Of more than six an em is smaller: css/app.css.
            Assert.InRange(last, 5, lanes > 6 ? 12.4 : 11.8);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2500)]
    [InlineData(4999)]
    [InlineData(5000)]
    public void Of_a_long_run_only_a_page_is_laid_out_and_it_holds_the_position(int position)
    {
        var layout = TimelineLayout.Of(Long(5000), position);
        Assert.True(layout.Paged);
        Assert.Equal(TimelineLayout.Zooms[TimelineLayout.FirstZoom], layout.Columns.Length);
        if (position > 0)
        {
            Assert.Equal(position, layout.Columns[layout.Current].Position);
        }

        Assert.InRange(position / 50.0, layout.Page.From - 0.1, layout.Page.To);
    }

    [Fact]
    public void Of_interleaved_requests_only_some_circles_have_room()
    {
        var layout = TimelineLayout.Of(Long(100), 50);
        Assert.InRange(layout.Circles.Length, 10, 28);
        Assert.True(layout.SmallCircles);
        Assert.Equal(100, layout.Columns.Length);
    }

    [Theory]
    [InlineData(5000, 3, 2, 4)]
    [InlineData(5000, 0, null, 1)]
    [InlineData(5000, 4, 3, null)]
    [InlineData(52, 3, 1, null)]
    [InlineData(10, 3, null, null)]
    public void A_closer_look_shows_less_and_a_wider_one_more(int rows, int zoom, int? closer, int? wider)
    {
        var layout = TimelineLayout.Of(Long(rows), rows / 2, zoom: zoom);
        Assert.Equal(closer, TimelineLayout.Closer(zoom, layout.Total));
        Assert.Equal(wider, layout.Wider(zoom));
        if (closer is { } near)
        {
            var nearer = TimelineLayout.Of(Long(rows), rows / 2, zoom: near);
            Assert.True(nearer.Columns.Length < layout.Columns.Length);
            Assert.Equal(rows / 2, nearer.Columns[nearer.Current].Position);
        }
    }

    [Fact]
    public void Branches_are_lanes_of_the_strip_with_a_line_where_they_fork()
    {
        var view = Samples.At(35, v => v with
        {
            Timeline = v.Timeline with
            {
                Branches = [new BranchView(0, null, 0, 50, "main"), new BranchView(1, 0, 30, 100, "disk first")],
            },
        });
        var strip = Render<Timeline>(p => p.Add(x => x.View, view)).Id("overview");
        var second = strip.QuerySelector("[data-branch='1']")!;
        Assert.Equal(("30%", "100%"), (second.GetAttribute("x1"), second.GetAttribute("x2")));
        var fork = strip.QuerySelector(".fork")!;
        Assert.Equal(("30%", second.GetAttribute("y1")), (fork.GetAttribute("x1"), fork.GetAttribute("y2")));
        Assert.Contains("on", strip.QuerySelector("[data-branch='0']")!.ClassList);
    }

    [Theory]
    [InlineData(20, false)]
    [InlineData(22, true)]
    [InlineData(3, true)]
    [InlineData(0, false)]
    public void A_row_that_the_filter_leaves_out_is_told_and_marked_between_its_neighbours(int at, bool misses)
    {
        var view = Samples.At(at);
        var only = new RowFilter("grant", false, 0, Samples.Rows.Length, [5, 10, 20, 25, 40]);
        var shown = Render<Timeline>(p => p.Add(x => x.View, view).Add(x => x.Only, only));
        Assert.Equal(misses, shown.Id("only-miss").TextContent.Contains("does not match", StringComparison.Ordinal));
        Assert.Equal(misses, shown.Find(".here").ClassList.Contains("miss"));
        Assert.Equal(misses, shown.Id("scrubber").GetAttribute("aria-valuetext")!.EndsWith(
            "(this row does not match)", StringComparison.Ordinal));
        var layout = TimelineLayout.Of(view.Timeline, at, only.Positions);
        Assert.Equal(at == 20 ? 2 : -1, layout.Current);
        Assert.True(!misses || layout.Columns.All(column => Math.Abs(column.X - layout.MarkerX) > 0.1));
    }

    [Fact]
    public void An_empty_run_is_drawn_as_nothing() => Assert.Empty(TimelineLayout.Of(new TimelineView(), 0).Columns);

    [Fact]
    public void A_branch_is_chosen_from_a_list()
    {
        var sent = new List<Command>();
        var view = Samples.At(35, v => v with
        {
            Timeline = v.Timeline with
            {
                Branches = [new BranchView(0, null, 0, 52, "main"), new BranchView(1, 0, 30, 60, "disk first")],
            },
        });
        var shown = Render<Timeline>(p => p.Add(x => x.View, view).Add(x => x.OnCommand, sent.Add));
        shown.Id("branch").Change("1");
        Assert.Equal(new Command.SwitchBranch(1), Assert.Single(sent));
    }

    // Every row belongs to another step than its neighbours.
    private static TimelineView Long(int rows) => new()
    {
        Rows =
        [
            .. Enumerable.Range(0, rows).Select(i =>
                new TimelineRow($"{1 + (i % 7)}.1", 1 + (i % 7), Actor.Backend, AccessKind.Store, true, null)),
        ],
        Stops = [.. Enumerable.Range(1, rows)],
    };
}
