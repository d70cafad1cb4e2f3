using System.Collections.Immutable;
using XenViz.Client.Panels;
using XenViz.Core.Projection;

namespace XenViz.Client.Compare;

/// <summary>
/// Two runs on one axis: stops with the same row stand at the same place, and a stop that only one run has is a place
/// of its own, where the other run waits. So what is beside each other is the same moment, also after the runs parted.
/// </summary>
public sealed record CompareAxis
{
    // How far apart the two may go on after they parted and still be found together again.
    private const int Farthest = 160;

    // So many rows must be the same before the two count as together again: single rows look alike by chance.
    private const int Sure = 3;

    /// <summary>The places, from left to right.</summary>
    public ImmutableArray<Place> Places { get; private init; } = [];

    /// <summary>The first place of each stretch that only one run has, ascending.</summary>
    public ImmutableArray<int> Partings { get; private init; } = [];

    /// <summary>A place.</summary>
    /// <param name="Left">The position of the left run here.</param>
    /// <param name="Right">The position of the right run here.</param>
    /// <param name="InLeft">The left run has a stop here.</param>
    /// <param name="InRight">The right run has a stop here.</param>
    /// <param name="Step">The numbered step of the row, 0 for none.</param>
    public readonly record struct Place(int Left, int Right, bool InLeft, bool InRight, int Step)
    {
        /// <summary>True when only one of the runs has this row.</summary>
        public bool Differs => InLeft != InRight;
    }

    /// <summary>Puts two runs on one axis.</summary>
    /// <param name="left">The left run's rows and stops.</param>
    /// <param name="right">The right one's.</param>
    public static CompareAxis Of(TimelineView left, TimelineView right)
    {
        var (a, b) = (StopsOf(left), StopsOf(right));
        var places = ImmutableArray.CreateBuilder<Place>(Math.Max(a.Length, b.Length));
        var (i, j) = (0, 0);
        while (i < a.Length || j < b.Length)
        {
            var (skipA, skipB) = Parted(a, i, b, j);
            for (var k = 0; k < skipA; k++, i++)
            {
                places.Add(new Place(a[i].At, j == 0 ? 0 : b[j - 1].At, true, false, a[i].Row.Step));
            }

            for (var k = 0; k < skipB; k++, j++)
            {
                places.Add(new Place(i == 0 ? 0 : a[i - 1].At, b[j].At, false, true, b[j].Row.Step));
            }

            if (i < a.Length && j < b.Length)
            {
                places.Add(new Place(a[i].At, b[j].At, true, true, a[i].Row.Step));
                (i, j) = (i + 1, j + 1);
            }
        }

        var all = places.DrainToImmutable();
        return new CompareAxis
        {
            Places = all,
            Partings =
            [
                .. Enumerable.Range(0, all.Length).Where(p => all[p].Differs && (p == 0 || !all[p - 1].Differs)),
            ],
        };
    }

    /// <summary>The place that a run stands at, or -1 at its start.</summary>
    /// <param name="position">Its position.</param>
    /// <param name="left">True for the left run.</param>
    public int At(int position, bool left)
    {
        for (var p = Places.Length - 1; p >= 0; p--)
        {
            var (here, mine) = left ? (Places[p].Left, Places[p].InLeft) : (Places[p].Right, Places[p].InRight);
            if (mine && here <= position)
            {
                return p;
            }
        }

        return -1;
    }

    /// <summary>The positions of both runs at a place.</summary>
    /// <param name="place">An index, or -1 for the start.</param>
    public (int Left, int Right) PositionsAt(int place) =>
        place < 0 ? (0, 0) : (Places[place].Left, Places[place].Right);

    // How many stops of each run come before the two are together again: as few as can be.
    private static (int A, int B) Parted((int At, TimelineRow Row)[] a, int i, (int At, TimelineRow Row)[] b, int j)
    {
        for (var skip = 0; skip <= Farthest; skip++)
        {
            for (var ofA = skip; ofA >= 0; ofA--)
            {
                if (Together(a, i + ofA, b, j + skip - ofA, skip == 0 ? 1 : Sure))
                {
                    return (ofA, skip - ofA);
                }
            }
        }

        return (a.Length - i, b.Length - j);
    }

    private static bool Together(
        (int At, TimelineRow Row)[] a, int i, (int At, TimelineRow Row)[] b, int j, int rows)
    {
        if (i > a.Length || j > b.Length || (i == a.Length) != (j == b.Length))
        {
            return false;
        }

        for (var k = 0; k < rows && i + k < a.Length && j + k < b.Length; k++)
        {
            if (!Same(a[i + k].Row, b[j + k].Row))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Same(TimelineRow a, TimelineRow b) =>
        (a.Number, a.Lane, a.Kind, a.Target) == (b.Number, b.Lane, b.Kind, b.Target);

    private static (int At, TimelineRow Row)[] StopsOf(TimelineView view) =>
        [.. Enumerable.Range(0, view.Stops.Length).Where(i => view.Stops[i] > 0)
            .Select(i => (view.Stops[i], TimelineLayout.LeadAt(view, i)!))];
}
