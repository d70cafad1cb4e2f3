using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.History;

/// <summary>One order of steps from the start of a run: every state is kept, so going anywhere is a look-up.</summary>
public sealed class Branch
{
    private readonly List<Machine> _states;
    private readonly List<StepRecord> _rows;

    internal Branch(int id, int? parent, int forkAt, List<Machine> states, List<StepRecord> rows)
    {
        Id = id;
        Parent = parent;
        ForkAt = forkAt;
        _states = states;
        _rows = rows;
    }

    /// <summary>Its number, from 0.</summary>
    public int Id { get; }

    /// <summary>The branch that it forked from, or null.</summary>
    public int? Parent { get; }

    /// <summary>The position at which another choice was made.</summary>
    public int ForkAt { get; }

    /// <summary>Rows up to which the choices are given; after them the default order goes on.</summary>
    public int Given { get; internal set; }

    /// <summary>The name that a person gave it, or null.</summary>
    public string? Name { get; set; }

    /// <summary>True when it was deleted. It can be brought back as long as there is room for it.</summary>
    public bool Deleted { get; internal set; }

    /// <summary>The rows; row i leads from position i to position i + 1.</summary>
    public IReadOnlyList<StepRecord> Rows => _rows;

    /// <summary>Rows from the start to the end.</summary>
    public int Length => _rows.Count;

    /// <summary>The machine at a position, 0 to <see cref="Length"/>.</summary>
    public Machine At(int position) => _states[position];

    /// <summary>Takes a row again, to know what happened in it.</summary>
    public IReadOnlyList<MachineEvent> EventsOf(int row)
    {
        var events = new List<MachineEvent>();
        Stepper.Step(_states[row], _rows[row].Choice, events, out _);
        return events;
    }

    internal (List<Machine> States, List<StepRecord> Rows) Prefix(int length) =>
        (_states.GetRange(0, length + 1), _rows.GetRange(0, length));

    internal void Take(Choice choice)
    {
        _states.Add(Stepper.Step(_states[^1], choice, null, out var record));
        _rows.Add(record);
    }
}

/// <summary>
/// A run with all its branches: a tree of states. Each branch goes on in the default order to its end.
/// </summary>
public sealed class Timeline
{
    /// <summary>Most rows of a branch.</summary>
    public const int MaxRows = 40_000;

    /// <summary>Most rows of all branches together: what a session may keep in memory.</summary>
    public const int MaxRowsInAll = 160_000;

    private readonly List<Branch> _branches = [];
    private int _made;

    /// <summary>Begins with the default order.</summary>
    public Timeline(Machine start)
    {
        var first = new Branch(_made++, null, 0, [start], []);
        _branches.Add(first);
        GoOn(first);
    }

    /// <summary>All branches in the order in which they were made, the deleted ones too.</summary>
    public IReadOnlyList<Branch> Branches => _branches;

    /// <summary>A branch by its number.</summary>
    /// <returns>Null when there is none, or it is deleted.</returns>
    public Branch? Find(int id) => _branches.Find(branch => branch.Id == id && !branch.Deleted);

    /// <summary>Deletes a branch. Those that forked from it stay.</summary>
    /// <returns>False for the first, which is the run itself, and for what is not there.</returns>
    public bool Delete(int id)
    {
        if (Find(id) is not { Parent: not null } branch)
        {
            return false;
        }

        branch.Deleted = true;
        return true;
    }

    /// <summary>Brings a deleted branch back.</summary>
    /// <returns>Null when it is not there any more.</returns>
    public Branch? Restore(int id)
    {
        var branch = _branches.Find(other => other.Id == id);
        if (branch is not null)
        {
            branch.Deleted = false;
        }

        return branch;
    }

    /// <summary>Where a branch leaves those that are shown: the nearest of its parents that is not deleted, and the
    /// position up to which they are the same.</summary>
    public (int? Parent, int ForkAt) ForkOf(Branch branch)
    {
        var forkAt = branch.ForkAt;
        for (var id = branch.Parent; id is { } up;)
        {
            var parent = _branches.Find(other => other.Id == up);
            if (parent is { Deleted: false })
            {
                return (up, forkAt);
            }

            forkAt = Math.Min(forkAt, parent?.ForkAt ?? 0);
            id = parent is null ? 0 : parent.Parent;
        }

        return (null, 0);
    }

    /// <summary>The branch on which an agent goes next at a position: the same one when it does so there, an existing
    /// fork of the same choice, or a new one.</summary>
    /// <returns>Null when there is no more room for branches.</returns>
    public Branch? Choose(Branch on, int position, Choice choice)
    {
        if (position < on.Length && on.Rows[position].Choice == choice)
        {
            return on;
        }

        foreach (var other in _branches)
        {
            if (other.Parent == on.Id && other.ForkAt == position && other.Rows[position].Choice == choice)
            {
                other.Deleted = false;
                return other;
            }
        }

        if (!HasRoomFor(position))
        {
            Forget();
            if (!HasRoomFor(position))
            {
                return null;
            }
        }

        var (states, rows) = on.Prefix(position);
        var fork = new Branch(_made++, on.Id, position, states, rows) { Given = position + 1 };
        fork.Take(choice);
        GoOn(fork);
        _branches.Add(fork);
        return fork;
    }

    /// <summary>Adds the branch of a list of choices.</summary>
    /// <param name="choices">From the start of the run.</param>
    /// <returns>The branch, or the number of the first choice that nobody could make.</returns>
    public (Branch? Branch, int BadAt) Follow(IReadOnlyList<Choice> choices)
    {
        var on = _branches[0];
        for (var i = 0; i < choices.Count; i++)
        {
            if (choices[i].Agent >= on.At(i).Agents.Length || !Stepper.CanStep(on.At(i), choices[i].Agent))
            {
                return (null, i);
            }

            if (i < on.Length && on.Rows[i].Choice == choices[i])
            {
                continue;
            }

            if (Choose(on, i, choices[i]) is not { } next)
            {
                return (null, i);
            }

            on = next;
        }

        return (on, -1);
    }

    private bool HasRoomFor(int position) =>
        _branches.Sum(branch => branch.Length - branch.ForkAt) + position <= MaxRowsInAll;

    // Deleted branches give their room away, but for those that another one forked from.
    private void Forget()
    {
        while (_branches.RemoveAll(branch =>
            branch.Deleted && !_branches.Exists(other => other.Parent == branch.Id)) > 0)
        {
        }
    }

    private static void GoOn(Branch branch)
    {
        while (branch.Length < MaxRows && Stepper.Default(branch.At(branch.Length)) is { } choice)
        {
            branch.Take(choice);
        }
    }
}
