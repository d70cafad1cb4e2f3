using System.Collections.Immutable;
using XenViz.Client.Panels;

namespace XenViz.Client.Compare;

/// <summary>Where the places of an axis stand, in per cent of its width: a page around the present one.</summary>
internal sealed record CompareLayout
{
    private const int Most = 150;
    private const int MostCircles = 28;

    /// <summary>The first place on the page.</summary>
    public int First { get; private init; }

    /// <summary>The centres of the places on the page.</summary>
    public ImmutableArray<double> Centres { get; private init; } = [];

    /// <summary>Half the width of a place.</summary>
    public double Half { get; private init; }

    /// <summary>The numbered steps that begin on the page.</summary>
    public ImmutableArray<Circle> Circles { get; private init; } = [];

    /// <summary>Stretches that only one run has: left edge and width.</summary>
    public ImmutableArray<(double X, double Width)> Bands { get; private init; } = [];

    /// <summary>All places there are.</summary>
    public int Total { get; private init; }

    /// <summary>True when the page does not hold them all.</summary>
    public bool Paged => Centres.Length < Total;

    /// <summary>The circle before a numbered step.</summary>
    /// <param name="Step">1 to 7.</param>
    /// <param name="X">Its centre in per cent.</param>
    /// <param name="Place">The first place of the step.</param>
    internal readonly record struct Circle(int Step, double X, int Place);

    /// <summary>Lays an axis out.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="at">The present place, or -1.</param>
    public static CompareLayout Of(CompareAxis axis, int at)
    {
        var places = axis.Places;
        if (places.IsEmpty)
        {
            return new CompareLayout();
        }

        var (first, count) = TimelineLayout.PageOf(places.Length, Math.Max(at, 0), Most);
        var starts = Enumerable.Range(first, count)
            .Where(p => places[p].Step > 0 && (p == first || places[p - 1].Step != places[p].Step)).ToHashSet();
        if (starts.Count > MostCircles)
        {
            starts.Clear();
        }

        var room = Math.Max(1.2, 0.028 * count);
        var total = count + (starts.Count * room);
        var centres = ImmutableArray.CreateBuilder<double>(count);
        var circles = ImmutableArray.CreateBuilder<Circle>(starts.Count);
        var x = 0.0;
        for (var p = first; p < first + count; p++)
        {
            if (starts.Contains(p))
            {
                circles.Add(new Circle(places[p].Step, (x + (room / 2)) / total * 100, p));
                x += room;
            }

            centres.Add((x + 0.5) / total * 100);
            x++;
        }

        var all = centres.MoveToImmutable();
        return new CompareLayout
        {
            First = first, Total = places.Length, Centres = all, Half = 50 / total, Circles = circles.ToImmutable(),
            Bands = BandsOf(axis, first, all, 50 / total),
        };
    }

    /// <summary>The centre of a place in per cent, or null when it is on another page.</summary>
    /// <param name="place">Its index.</param>
    public double? X(int place) =>
        place >= First && place < First + Centres.Length ? Centres[place - First] : null;

    /// <summary>The place at a point of the page, or -1 for the start.</summary>
    /// <param name="fraction">0 for the left edge, 1 for the right.</param>
    public int PlaceAt(double fraction)
    {
        var x = fraction * 100;
        var best = -1;
        var distance = First == 0 ? x : double.MaxValue;
        for (var i = 0; i < Centres.Length; i++)
        {
            if (Math.Abs(Centres[i] - x) < distance)
            {
                (best, distance) = (First + i, Math.Abs(Centres[i] - x));
            }
        }

        return best;
    }

    private static ImmutableArray<(double X, double Width)> BandsOf(
        CompareAxis axis, int first, ImmutableArray<double> centres, double half)
    {
        var bands = ImmutableArray.CreateBuilder<(double X, double Width)>();
        for (var i = 0; i < centres.Length; i++)
        {
            if (!axis.Places[first + i].Differs)
            {
                continue;
            }

            var from = i;
            while (i + 1 < centres.Length && axis.Places[first + i + 1].Differs)
            {
                i++;
            }

            bands.Add((centres[from] - half, centres[i] - centres[from] + (2 * half)));
        }

        return bands.ToImmutable();
    }
}
