using System.Collections.Immutable;
using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Core.Feed;

/// <summary>
/// Where a run stops by itself: each breakpoint is a question about rows (<see cref="FindRequest"/>), so that whatever
/// can be looked for can be waited for. Positions are found anew for every branch.
/// </summary>
internal sealed class Breakpoints
{
    /// <summary>Most breakpoints of a session.</summary>
    public const int Most = 20;

    private readonly List<Breakpoint> _all = [];
    private readonly Dictionary<int, ImmutableArray<int>> _found = [];
    private int _made;

    /// <summary>Answers a question about the branch on screen.</summary>
    internal delegate FindAnswer Ask(FindRequest request);

    /// <summary>All of them, as they are kept.</summary>
    public IReadOnlyList<Breakpoint> All => _all;

    /// <summary>Another branch is on screen.</summary>
    public void Forget() => _found.Clear();

    /// <summary>Adds one. The same question twice is one breakpoint, switched on.</summary>
    public CommandError? Add(string text, bool changesOnly, Ask ask)
    {
        text = text.Trim();
        if (text.Length == 0)
        {
            return CommandErrors.Bad("text", "Missing");
        }

        if (ask(new FindRequest(text, changesOnly, 0, 0)).Error is { } error)
        {
            return error;
        }

        var same = _all.FindIndex(b => b.Text == text && b.ChangesOnly == changesOnly);
        if (same >= 0)
        {
            _all[same] = _all[same] with { On = true };
            return null;
        }

        if (_all.Count >= Most)
        {
            return CommandErrors.Make(CommandErrors.TooMany, "text", "TooManyBreakpoints", Most);
        }

        _all.Add(new Breakpoint(_made++, text, changesOnly, true));
        return null;
    }

    /// <summary>Takes one away.</summary>
    public CommandError? Remove(int id) =>
        _all.RemoveAll(b => b.Id == id) > 0 ? null : CommandErrors.Bad("breakpoint", "NoBreakpoint", id);

    /// <summary>Switches one on or off.</summary>
    public CommandError? Switch(int id, bool on)
    {
        var at = _all.FindIndex(b => b.Id == id);
        if (at < 0)
        {
            return CommandErrors.Bad("breakpoint", "NoBreakpoint", id);
        }

        _all[at] = _all[at] with { On = on };
        return null;
    }

    /// <summary>Takes them from what was kept.</summary>
    public void Take(IEnumerable<Breakpoint> kept)
    {
        foreach (var one in kept.Take(Most))
        {
            _all.Add(one with { Id = _made++ });
        }
    }

    /// <summary>The first position behind this one at which a breakpoint stops, or null.</summary>
    public int? After(int position, Ask ask)
    {
        int? first = null;
        foreach (var one in _all.Where(b => b.On))
        {
            var found = Positions(one, ask);
            var at = found.BinarySearch(position + 1);
            at = at >= 0 ? at : ~at;
            if (at < found.Length && !(found[at] >= first))
            {
                first = found[at];
            }
        }

        return first;
    }

    /// <summary>The last position before this one at which a breakpoint stops, or null.</summary>
    public int? Before(int position, Ask ask)
    {
        int? last = null;
        foreach (var one in _all.Where(b => b.On))
        {
            var found = Positions(one, ask);
            var at = found.BinarySearch(position);
            at = (at >= 0 ? at : ~at) - 1;
            if (at >= 0 && !(found[at] <= last))
            {
                last = found[at];
            }
        }

        return last;
    }

    /// <summary>What there is to see of them at a position.</summary>
    public ImmutableArray<BreakpointView> View(int position, Ask ask) =>
    [
        .. _all.Select(one =>
        {
            var found = Positions(one, ask);
            return new BreakpointView(
                one.Id, one.Text, one.ChangesOnly, one.On, found.Length, found.BinarySearch(position) >= 0);
        }),
    ];

    // Asked once a branch: a run of ten thousand rows plays with twenty breakpoints as it does with none.
    private ImmutableArray<int> Positions(Breakpoint one, Ask ask)
    {
        if (!_found.TryGetValue(one.Id, out var positions))
        {
            positions = [.. ask(new FindRequest(one.Text, one.ChangesOnly, 0, 0)).Positions];
            _found.Add(one.Id, positions);
        }

        return positions;
    }
}

/// <summary>A breakpoint as it is kept.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Text">What it stops at: <see cref="FindRequest.Text"/>.</param>
/// <param name="ChangesOnly">Only rows that change the objects.</param>
/// <param name="On">False while it is switched off.</param>
public sealed record Breakpoint(int Id, string Text, bool ChangesOnly, bool On);
