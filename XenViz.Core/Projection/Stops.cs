using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.History;

namespace XenViz.Core.Projection;

/// <summary>
/// The positions at which Next and Back stop: every visible row, with rows folded into one where the detail is off.
/// </summary>
public sealed class Stops
{
    private readonly ImmutableArray<int> _ends;
    private readonly ImmutableArray<(int First, int Last)> _told;

    private readonly int _between;

    private Stops(ImmutableArray<int> ends, ImmutableArray<(int First, int Last)> told, int between = 0)
    {
        _ends = ends;
        _told = told;
        _between = between;
    }

    /// <summary>The positions, ascending; the last is the end of the branch.</summary>
    public ImmutableArray<int> All => _ends;

    /// <summary>Finds the stops of a branch.</summary>
    public static Stops Of(Branch branch, RowIndex index, bool insideXen, bool leftOut)
    {
        var ends = ImmutableArray.CreateBuilder<int>();
        var told = ImmutableArray.CreateBuilder<(int, int)>();
        var first = 0;
        for (var i = 0; i < branch.Length; i++)
        {
            if (!insideXen && i + 1 < branch.Length && Folds(branch, index, i))
            {
                continue;
            }

            var number = index.Rows[i].Number;
            if (leftOut || StepNumbers.InFigure(number) || StepNumbers.IsOwnStory(number))
            {
                ends.Add(i + 1);
                told.Add((first, i));
            }

            first = i + 1;
        }

        if (ends.Count == 0 || ends[^1] != branch.Length)
        {
            if (ends.Count == 0)
            {
                told.Add((Math.Max(0, branch.Length - 1), Math.Max(0, branch.Length - 1)));
                ends.Add(branch.Length);
            }
            else
            {
                ends[^1] = branch.Length;
            }
        }

        return new Stops(ends.ToImmutable(), told.ToImmutable());
    }

    /// <summary>The stop before a position, or 0.</summary>
    public int Before(int position)
    {
        var at = FirstAtOrAfter(position);
        return at == 0 ? 0 : _ends[at - 1];
    }

    /// <summary>The stop after a position, or the position itself at the end.</summary>
    public int After(int position)
    {
        var at = FirstAtOrAfter(position + 1);
        return at < _ends.Length ? _ends[at] : position;
    }

    /// <summary>
    /// These stops and one at a position between them, where a link, a search or a breakpoint may lead: there the row
    /// before it is told by itself, though the detail is off.
    /// </summary>
    /// <param name="position">The position; 0 and those of these stops change nothing.</param>
    public Stops With(int position)
    {
        var at = FirstAtOrAfter(position);
        return position <= 0 || at >= _ends.Length || _ends[at] == position
            ? this
            : new Stops(_ends.Insert(at, position), _told.Insert(at, (position - 1, position - 1)), position);
    }

    /// <summary>The position since which changes are shown at a position: the stop before it; at one that only
    /// <see cref="With"/> made a stop, whose row is told by itself, the position before that row.</summary>
    public int Since(int position) => position > 0 && position == _between ? position - 1 : Before(position);

    /// <summary>The rows that are told at a position: first and last; (-1, -1) at the start.</summary>
    public (int First, int Last) ToldAt(int position)
    {
        if (position == 0)
        {
            return (-1, -1);
        }

        var at = FirstAtOrAfter(position);
        return at < _ends.Length && _ends[at] == position ? _told[at] : (position - 1, position - 1);
    }

    // Xen's rows of one call fold into one; so do rows that open another: 5.4 with 5.4.1 and so on. A handler that is
    // called is a stop of its own: at the one before, the bits stand that call it.
    private static bool Folds(Branch branch, RowIndex index, int i)
    {
        if (branch.Rows[i].Choice != branch.Rows[i + 1].Choice)
        {
            return false;
        }

        var number = index.Rows[i].Number;
        var next = index.Rows[i + 1].Number;
        var handler = branch.Rows[i + 1].Row.Key.EndsWith(".upcall", StringComparison.Ordinal);
        var opens = !handler && next.Count(c => c == '.') == 2 && next[..next.LastIndexOf('.')] is var head
            && (number == head || number.StartsWith(head + ".", StringComparison.Ordinal)) && !next.StartsWith('H');
        var inXen = branch.Rows[i].Row.Lane == Actor.Xen && branch.Rows[i + 1].Row.Lane == Actor.Xen
            && StepNumbers.StepOf(number) == StepNumbers.StepOf(next) && !handler;
        return opens || inXen;
    }

    private int FirstAtOrAfter(int position)
    {
        var at = _ends.BinarySearch(position);
        return at >= 0 ? at : ~at;
    }
}
