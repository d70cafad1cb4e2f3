using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Projection;

namespace XenViz.Client.Panels;

/// <summary>
/// Where the timeline's columns stand, in per cent of its width. A column is a stop of Next and Back. Of a long run
/// only a page of columns around the position is laid out, so that a run of thousands of rows costs no more to draw.
/// </summary>
public sealed record TimelineLayout
{
    /// <summary>Most columns on one page, from the closest look to the widest.</summary>
    public static readonly ImmutableArray<int> Zooms = [15, 30, 60, 120, 240];

    /// <summary>The index in <see cref="Zooms"/> that one begins with.</summary>
    public const int FirstZoom = 3;

    private const int MostCircles = 16;
    private const int MostSmallCircles = 28;

    private Source? source;

    /// <summary>The columns of the page, from left to right.</summary>
    public ImmutableArray<Column> Columns { get; private init; } = [];

    /// <summary>The circles of numbered steps on the page.</summary>
    public ImmutableArray<Circle> Circles { get; private init; } = [];

    /// <summary>True when there are so many circles that they are drawn small and without words.</summary>
    public bool SmallCircles { get; private init; }

    /// <summary>Where the position is, in per cent.</summary>
    public double MarkerX { get; private init; }

    /// <summary>True when only some rows are on show, and the one at the position is none of them.</summary>
    public bool Between { get; private init; }

    /// <summary>All columns there are, on this page and others.</summary>
    public int Total { get; private init; }

    /// <summary>Half the width of a column, in per cent.</summary>
    public double HalfColumn { get; private init; }

    /// <summary>The index in <see cref="Columns"/> of the column at the position, or -1 at the start.</summary>
    public int Current { get; private init; } = -1;

    /// <summary>True when the page does not hold the whole run.</summary>
    public bool Paged { get; private init; }

    /// <summary>The part of the run that the page shows: from, to, in per cent of its rows.</summary>
    public (double From, double To) Page { get; private init; } = (0, 100);

    /// <summary>A stop.</summary>
    /// <param name="Position">The position it stands for.</param>
    /// <param name="X">Its centre in per cent.</param>
    /// <param name="Row">The row that gives it its lane: the last one, in the figure where there is one.</param>
    /// <param name="Lanes">All lanes that act in it.</param>
    /// <param name="Notifies">The lanes of notifications in it: from, to.</param>
    public sealed record Column(
        int Position, double X, TimelineRow Row, ImmutableArray<TimeLane> Lanes,
        ImmutableArray<(TimeLane From, TimeLane To)> Notifies);

    /// <summary>The circle in front of a numbered step.</summary>
    /// <param name="Step">1 to 7.</param>
    /// <param name="X">Its centre in per cent.</param>
    /// <param name="End">The position at which the step is complete.</param>
    /// <param name="State"><c>past</c>, <c>current</c> or <c>future</c>.</param>
    public sealed record Circle(int Step, double X, int End, string State)
    {
        /// <summary>Its first and its last column.</summary>
        internal (int First, int Last) Columns { get; init; }

        internal string StateAt(int column) =>
            column > Columns.Last ? "past" : column >= Columns.First ? "current" : "future";
    }

    // What columns are made of: the same arrays and the same page make the same columns.
    private sealed record Source(
        ImmutableArray<TimelineRow> Rows, ImmutableArray<int> Stops, ImmutableArray<int> Only, int First, int Count);

    /// <summary>Lays the timeline out.</summary>
    /// <param name="timeline">The rows and stops.</param>
    /// <param name="position">Rows run since the start.</param>
    /// <param name="only">The positions to lay out, a row each; default for every stop.</param>
    /// <param name="zoom">An index in <see cref="Zooms"/>.</param>
    /// <param name="before">The layout on show, or null: of the same page the columns stay the very same.</param>
    public static TimelineLayout Of(
        TimelineView timeline, int position, ImmutableArray<int> only = default, int zoom = FirstZoom,
        TimelineLayout? before = null)
    {
        var stops = only.IsDefault ? Later(timeline.Stops) : only;
        if (stops.IsEmpty || timeline.Rows.IsEmpty)
        {
            return new TimelineLayout();
        }

        var at = LastAtOrBefore(stops, position);
        var (first, count) = PageOf(stops.Length, Math.Max(at, 0), Zooms[zoom]);
        var source = new Source(timeline.Rows, timeline.Stops, only, first, count);
        var page = before?.source == source ? before : LayOut(source, stops);
        var here = at - first;
        var between = !only.IsDefault && (at < 0 ? position > 0 : stops[at] != position);
        return page with
        {
            Circles = [.. page.Circles.Select(circle => circle with { State = circle.StateAt(here) })],
            Current = at < 0 || between ? -1 : here,
            MarkerX = (at < 0 ? 0 : page.Columns[here].X) + (between ? page.HalfColumn : 0),
            Between = between,
        };
    }

    private static TimelineLayout LayOut(Source source, ImmutableArray<int> stops)
    {
        var (rows, _, only, first, count) = source;
        var leads = new TimelineRow[count];
        for (var i = 0; i < count; i++)
        {
            leads[i] = Lead(rows, Begin(first + i), stops[first + i]);
        }

        var starts = StartsOf(leads);
        var shown = Spaced(starts, count);
        var small = starts.Count > MostCircles;
        var share = small ? 0.021 : 0.031;
        var circle = shown.Count == 0 ? 0 : Math.Max(small ? 0.8 : 1.2, share * count / (1 - (share * shown.Count)));
        var total = count + (shown.Count * circle);
        var columns = ImmutableArray.CreateBuilder<Column>(count);
        var circles = ImmutableArray.CreateBuilder<Circle>();
        var x = 0.0;
        for (var i = 0; i < count; i++)
        {
            if (shown.Contains(i))
            {
                var end = i;
                while (end + 1 < count && leads[end + 1].Step == leads[i].Step)
                {
                    end++;
                }

                circles.Add(new Circle(leads[i].Step, (x + (circle / 2)) / total * 100, stops[first + end], "future")
                {
                    Columns = (i, end),
                });
                x += circle;
            }

            columns.Add(Build(rows, Begin(first + i), stops[first + i], leads[i], (x + 0.5) / total * 100));
            x++;
        }

        return new TimelineLayout
        {
            source = source,
            Columns = columns.MoveToImmutable(),
            SmallCircles = small,
            Circles = circles.ToImmutable(),
            Total = stops.Length,
            HalfColumn = 50 / total,
            Paged = count < stops.Length,
            Page = (Begin(first) * 100.0 / rows.Length, stops[first + count - 1] * 100.0 / rows.Length),
        };

        int Begin(int index) => only.IsDefault ? From(stops, index) : stops[index] - 1;
    }

    /// <summary>The zoom that shows less at a time, or null: there is none, or all there is has room.</summary>
    /// <param name="zoom">The zoom now.</param>
    /// <param name="columns">All columns there are.</param>
    public static int? Closer(int zoom, int columns)
    {
        for (var closer = zoom - 1; closer >= 0; closer--)
        {
            if (columns > Zooms[closer] + (Zooms[closer] / 4))
            {
                return closer;
            }
        }

        return null;
    }

    /// <summary>The zoom that shows more at a time, or null: it is the widest, or all there is is on show.</summary>
    /// <param name="zoom">The zoom now.</param>
    public int? Wider(int zoom) => Paged && zoom + 1 < Zooms.Length ? zoom + 1 : null;

    /// <summary>The position at a place of the page: the nearest column's, or a circle's when it is nearer.</summary>
    /// <param name="fraction">0 for the left edge, 1 for the right.</param>
    public int PositionAt(double fraction)
    {
        var x = fraction * 100;
        var best = 0;
        var distance = x < HalfColumn / 2 && !Paged ? x : double.MaxValue;
        foreach (var column in Columns)
        {
            if (Math.Abs(column.X - x) < distance)
            {
                distance = Math.Abs(column.X - x);
                best = column.Position;
            }
        }

        foreach (var circle in Circles)
        {
            if (Math.Abs(circle.X - x) < distance)
            {
                distance = Math.Abs(circle.X - x);
                best = circle.End;
            }
        }

        return best;
    }

    /// <summary>Index of the last stop at or before a position, or -1.</summary>
    /// <param name="stops">Ascending positions.</param>
    /// <param name="position">Rows run since the start.</param>
    public static int LastAtOrBefore(ImmutableArray<int> stops, int position)
    {
        var found = stops.BinarySearch(position);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>The row that gives a stop its number: the last one told. Null for a stop at the start.</summary>
    /// <param name="timeline">The rows and stops.</param>
    /// <param name="index">The index of the stop.</param>
    public static TimelineRow? LeadAt(TimelineView timeline, int index) => timeline.Stops[index] == 0
        ? null
        : Lead(timeline.Rows, From(timeline.Stops, index), timeline.Stops[index]);

    /// <summary>The column of a stop, at a place of one's own.</summary>
    /// <param name="timeline">The rows and stops.</param>
    /// <param name="index">The index of the stop.</param>
    /// <param name="x">Its centre in per cent.</param>
    internal static Column ColumnAt(TimelineView timeline, int index, double x)
    {
        var (from, to) = (From(timeline.Stops, index), timeline.Stops[index]);
        return Build(timeline.Rows, from, to, Lead(timeline.Rows, from, to), x);
    }

    /// <summary>The page on show. Pages overlap by a quarter, so that what comes next is in sight.</summary>
    /// <param name="stops">How many there are.</param>
    /// <param name="at">The one to be seen.</param>
    /// <param name="most">Most on a page.</param>
    internal static (int First, int Count) PageOf(int stops, int at, int most)
    {
        var overlap = most / 4;
        if (stops <= most + overlap)
        {
            return (0, stops);
        }

        var stride = most - (2 * overlap);
        return (Math.Clamp((at / stride * stride) - overlap, 0, stops - most), most);
    }

    // Where steps begin more often than circles have room, only those that are far enough apart get one.
    private static List<int> Spaced(List<int> starts, int columns)
    {
        if (starts.Count <= MostSmallCircles)
        {
            return starts;
        }

        var apart = (double)columns / MostSmallCircles;
        var spaced = new List<int>();
        foreach (var start in starts)
        {
            if (spaced.Count == 0 || start - spaced[^1] >= apart)
            {
                spaced.Add(start);
            }
        }

        return spaced;
    }

    private static ImmutableArray<int> Later(ImmutableArray<int> stops) =>
        stops.Length > 0 && stops[0] == 0 ? stops[1..] : stops;

    private static int From(ImmutableArray<int> stops, int index) => index == 0 ? 0 : stops[index - 1];

    private static List<int> StartsOf(TimelineRow[] leads)
    {
        var starts = new List<int>();
        for (var i = 0; i < leads.Length; i++)
        {
            if (leads[i].Step > 0 && (i == 0 || leads[i - 1].Step != leads[i].Step))
            {
                starts.Add(i);
            }
        }

        return starts;
    }

    private static TimelineRow Lead(ImmutableArray<TimelineRow> rows, int from, int to)
    {
        for (var i = to - 1; i >= from; i--)
        {
            if (rows[i].InFigure)
            {
                return rows[i];
            }
        }

        return rows[to - 1];
    }

    private static Column Build(ImmutableArray<TimelineRow> rows, int from, int to, TimelineRow lead, double x)
    {
        var lanes = ImmutableArray.CreateBuilder<TimeLane>();
        var notifies = ImmutableArray.CreateBuilder<(TimeLane, TimeLane)>();
        for (var i = from; i < to; i++)
        {
            var lane = TimeLane.Of(rows[i]);
            if (rows[i].InFigure == lead.InFigure && !lanes.Contains(lane))
            {
                lanes.Add(lane);
            }

            if (rows[i].Target is { } target && target != rows[i].Lane)
            {
                notifies.Add((lane, new TimeLane(target, rows[i].TargetPart)));
            }
        }

        return new Column(to, x, lead, lanes.ToImmutable(), notifies.ToImmutable());
    }
}
