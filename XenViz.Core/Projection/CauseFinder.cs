using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.History;
using XenViz.Core.Projection.Details;

namespace XenViz.Core.Projection;

/// <summary>
/// Why bytes are as they are: the row that last changed them, and back from there over what each agent had read before
/// it acted, or was handed. Computed from the states and accesses of the branch; answers are kept.
/// </summary>
public sealed class CauseFinder
{
    /// <summary>Most steps of one chain.</summary>
    public const int MaxLinks = 64;

    // An agent that read nothing of another one's in so many of its own rows acts by itself.
    private const int RowsBack = 400;

    private readonly Branch _branch;
    private readonly RowIndex _index;
    private readonly ByteHistory _bytes;
    private readonly Dictionary<int, WhyStepView> _steps = [];

    /// <summary>Looks at a branch; nothing is read before it is asked for.</summary>
    /// <param name="branch">The branch.</param>
    /// <param name="index">The facts of its rows.</param>
    public CauseFinder(Branch branch, RowIndex index)
    {
        (_branch, _index) = (branch, index);
        _bytes = new ByteHistory(branch);
    }

    /// <summary>Says of every field whose it is and when it changed last. The chain back from there is told to whoever
    /// asks.</summary>
    /// <param name="view">The fields, as they are at the position.</param>
    /// <param name="position">0 to the branch's length.</param>
    public HexView Date(HexView view, int position) => view with
    {
        Areas =
        [
            .. view.Areas.Select(area => area with
            {
                Owner = _branch.At(position).Frames[new Mfn(area.Mfn)].Owner.Value,
                Fields = [.. area.Fields.Select(field => field with { Changed = ChangedIn(area, field, position) })],
            }),
        ],
    };

    /// <summary>Says of every part of an object what changed it last, and adds the chains back from there.</summary>
    /// <param name="id">The id that was asked for.</param>
    /// <param name="subject">The object, as it is at the position.</param>
    /// <param name="position">0 to the branch's length.</param>
    /// <param name="side">The interface that the object is seen from.</param>
    internal DetailView Explain(string id, Subject subject, int position, int side)
    {
        var steps = new SortedDictionary<int, WhyStepView>();
        ImmutableArray<DetailPartView> parts =
            [.. subject.Parts.Select(part => part.With(Follow(LastChange(part, position, side), steps)))];
        return new DetailView
        {
            Id = id, Branch = _branch.Id, Position = position, Title = subject.Title, About = subject.About,
            Mark = subject.Mark, Owner = subject.Owner, Writes = subject.Writes, Name = subject.Name,
            Value = subject.Value, Mfn = subject.At?.Mfn.Value, Offset = subject.At?.Offset ?? 0,
            Length = subject.At?.Length ?? 0, ByMessage = subject.ByMessage, Parts = parts, Steps = [.. steps.Values],
        };
    }

    private int ChangedIn(HexAreaView area, HexFieldView field, int position) => 1 + _bytes.LastChange(
        new Mfn(area.Mfn), field.Offset, Math.Min(field.Length, PageSize.Bytes - field.Offset), position);

    private bool Same(Part part, int row, int side)
    {
        var (before, after) = (_branch.At(row).From(side), _branch.At(row + 1).From(side));
        return (part.Source is { } source && ReferenceEquals(source(before), source(after)))
            || Equals(part.Fact!(before), part.Fact(after));
    }

    private int LastChange(Part part, int position, int side)
    {
        if (part.ChangedAt is { } known)
        {
            return known - 1;
        }

        if (part.At is { } at)
        {
            return _bytes.LastChange(at.Mfn, at.Offset, at.Length, position, part.Bits);
        }

        var row = part.Fact is null ? -1 : position - 1;
        while (row >= 0 && Same(part, row, side))
        {
            row--;
        }

        return row;
    }

    // The steps from a row back to the first cause; the position after the row.
    private int Follow(int row, SortedDictionary<int, WhyStepView> steps)
    {
        var changed = row + 1;
        var at = changed;
        for (var links = 0; at > 0 && links < MaxLinks; links++)
        {
            var step = StepAt(at - 1);
            steps[at] = step;
            at = step.Cause;
        }

        return changed;
    }

    private WhyStepView StepAt(int row)
    {
        if (_steps.TryGetValue(row, out var known))
        {
            return known;
        }

        var played = _index.Play(row);
        var earlier = row > 0 && _branch.Rows[row - 1].Choice == _branch.Rows[row].Choice ? _index.Play(row - 1) : null;
        var (cause, because) = CauseOf(row);
        return _steps[row] = new WhyStepView(
            row + 1, played.Number, SessionProjector.ActorName(StageCarriers.LaneOf(played), played.After),
            Narrator.Tell([played], earlier, _index.Rows[row]).Caption, cause + 1, because);
    }

    // The nearest of two: a shared place that the agent read and another one had changed, or a hand-over to its lane.
    private (int Row, string Because) CauseOf(int row)
    {
        var agent = _branch.Rows[row].Choice.Agent;
        var lane = _branch.At(row).Agents[agent].Kind.Lane;
        var mine = LaneAt(row);
        var own = 0;
        for (var at = row; at >= 0 && own < RowsBack; at--)
        {
            if (_branch.Rows[at].Choice.Agent != agent)
            {
                if (_index.Rows[at].Target == lane)
                {
                    return (at, SessionProjector.Text("WhyHanded", _index.Rows[at].Number));
                }

                continue;
            }

            // Application and frontend share a virtual CPU: a hand-over between them is one too.
            if (at < row && _index.Rows[at].Target == mine && LaneAt(at) != mine)
            {
                return (at, SessionProjector.Text("WhyHanded", _index.Rows[at].Number));
            }

            own++;
            foreach (var read in _index.Reads(at))
            {
                var writer = _bytes.LastChange(read.Mfn, read.Offset, read.Before.Length, at);
                if (writer >= 0 && _branch.Rows[writer].Choice.Agent != agent)
                {
                    return (writer, SessionProjector.Text(
                        "WhyRead", _index.Rows[at].Number, ListingProjector.PlaceOf(read, _branch.At(at))));
                }
            }
        }

        return (-1, "");
    }

    private Actor LaneAt(int row) => StageCarriers.LaneOf(_branch.Rows[row], _branch.At(row));
}
