using System.Collections.Immutable;
using System.Text;
using XenViz.Core.Events;
using XenViz.Core.History;

namespace XenViz.Core.Projection;

/// <summary>Finds rows of a branch by words, numbers, labels and objects. It reads the branch once, when first asked.
/// </summary>
public sealed class RowSearch
{
    private readonly ImmutableArray<Entry> _entries;

    /// <summary>Reads a branch.</summary>
    /// <param name="branch">The branch.</param>
    /// <param name="index">The facts of its rows.</param>
    public RowSearch(Branch branch, RowIndex index)
    {
        var entries = ImmutableArray.CreateBuilder<Entry>(branch.Length);
        PlayedRow? last = null;
        for (var i = 0; i < branch.Length; i++)
        {
            var row = index.Play(i);
            var earlier = last is { } l && l.Record.Choice == row.Record.Choice ? l : null;
            entries.Add(Read(row, earlier, index.Rows[i], Broken(index, i)));
            last = row;
        }

        _entries = entries.MoveToImmutable();
    }

    /// <summary>What a row touched.</summary>
    /// <param name="row">The row, from 0.</param>
    public ImmutableArray<RowTouch> TouchesOf(int row) => _entries[row].Touches;

    /// <summary>What kinds of event happened in a row: words of <see cref="RowKinds"/>.</summary>
    /// <param name="row">The row, from 0.</param>
    public ImmutableArray<string> KindsOf(int row) => _entries[row].Kinds;

    /// <summary>Answers a question.</summary>
    /// <param name="request">What is looked for.</param>
    /// <param name="branch">The branch's number, for the answer.</param>
    public FindAnswer Find(FindRequest request, int branch)
    {
        if (request.Text.Length > FindRequest.MostCharacters)
        {
            return FindAnswer.Refused(Commands.CommandErrors.Bad("text", "FindLong", FindRequest.MostCharacters));
        }

        if (request.From < 0 || request.Count is < 0 or > FindRequest.MostHits)
        {
            return FindAnswer.Refused(Commands.CommandErrors.Bad("count", "FindCount", FindRequest.MostHits));
        }

        var query = FindQuery.Parse(request.Text);
        var positions = ImmutableArray.CreateBuilder<int>();
        if (!query.IsEmpty)
        {
            for (var i = 0; i < _entries.Length; i++)
            {
                if (Matches(_entries[i], query, request.ChangesOnly || query.Changes))
                {
                    positions.Add(i + 1);
                }
            }
        }

        var found = positions.ToImmutable();
        return new FindAnswer(
            null, branch, _entries.Length, found.Length, request.From == 0 ? found : ImmutableArray<int>.Empty,
            [.. found.Skip(request.From).Take(request.Count).Select(position => Hit(position, query))]);
    }

    private HitView Hit(int position, FindQuery query)
    {
        var entry = _entries[position - 1];
        var touched = TouchedBy(entry, query);
        return new HitView(
            position, entry.Number, entry.Lane, entry.Caption, touched?.Sentence ?? "", touched is { Changes: true });
    }

    // The change of the first object asked for, or else the first look at it.
    private static RowTouch? TouchedBy(Entry entry, FindQuery query)
    {
        RowTouch? seen = null;
        foreach (var thing in query.Objects)
        {
            foreach (var touch in entry.Touches)
            {
                if (thing.Matches(touch))
                {
                    if (touch.Changes)
                    {
                        return touch;
                    }

                    seen ??= touch;
                }
            }
        }

        return seen;
    }

    private static bool Matches(Entry entry, FindQuery query, bool changesOnly)
    {
        foreach (var thing in query.Objects)
        {
            var touched = false;
            foreach (var touch in entry.Touches)
            {
                touched |= thing.Matches(touch) && (touch.Changes || !changesOnly);
            }

            if (!touched)
            {
                return false;
            }
        }

        if (query.Step is { } step && entry.Step != step)
        {
            return false;
        }

        foreach (var word in query.Words)
        {
            if (!entry.Text.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return query.Numbers.IsEmpty || query.Numbers.Any(number => IsOrOpens(entry.Number, number));
    }

    // 4 is not a number of a row, but 5.4 stands for 5.4.1 and so on too.
    private static bool IsOrOpens(string number, string asked) =>
        number.StartsWith(asked, StringComparison.OrdinalIgnoreCase)
        && (number.Length == asked.Length || number[asked.Length] == '.');

    // The sentences of what a row broke are words of the row: "violation" finds all of them.
    private static string Broken(RowIndex index, int row)
    {
        var before = row > 0 ? index.Rows[row - 1].Violations.Length : 0;
        var now = index.Rows[row].Violations;
        return now.Length > before ? $" {RowKinds.Name("violation")} {string.Join(' ', now.Skip(before))}" : "";
    }

    private static Entry Read(PlayedRow row, PlayedRow? earlier, RowFacts facts, string broken)
    {
        var lane = StageCarriers.LaneOf(row);
        var caption = Narrator.Tell([row], earlier, facts).Caption;
        var touches = RowTouches.Of(row).ToImmutableArray();
        var text = new StringBuilder(256);
        text.Append(row.Number).Append(' ').Append(row.Record.Row.Key).Append(' ').Append(caption).Append(' ')
            .Append(SessionProjector.ActorName(lane, row.After)).Append(' ').Append(row.Record.Row.Text);
        text.Append(broken);
        var kinds = RowKinds.Of(row.Events);
        if (broken.Length > 0)
        {
            kinds = kinds.Add("violation");
        }

        foreach (var kind in kinds)
        {
            text.Append(' ').Append(RowKinds.Name(kind));
        }

        foreach (var happened in row.Events)
        {
            if (happened is MachineEvent.HypercallMade call)
            {
                text.Append(' ').Append(call.Symbol);
            }
        }

        foreach (var touch in touches)
        {
            text.Append(' ').Append(touch.Name);
        }

        return new Entry(row.Number, facts.Step, lane, caption, text.ToString(), touches, kinds);
    }

    private readonly record struct Entry(
        string Number, int Step, Abi.Actor Lane, string Caption, string Text, ImmutableArray<RowTouch> Touches,
        ImmutableArray<string> Kinds);
}
