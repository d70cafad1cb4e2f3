using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Programs;

/// <summary>The locals of a listing: a small value, copied between rows.</summary>
public interface ILocals
{
    /// <summary>The part of the story that the row about to run belongs to.</summary>
    Phase Phase { get; }

    /// <summary>Adds everything that can influence later steps.</summary>
    void AddTo(ref Hasher hasher);
}

/// <summary>
/// The body of a row: at most one shared access, through <paramref name="cpu"/>; says where to go on.
/// </summary>
public delegate Flow RowBody<T>(ref T locals, ref GuestCpu cpu)
    where T : struct, ILocals;

/// <summary>A decision between rows: the label to go on at, or null to wait. Touches nothing.</summary>
public delegate string? Decision<T>(in T locals, Machine machine)
    where T : struct, ILocals;

/// <summary>A row of a listing, or a decision between rows (which is no step).</summary>
/// <typeparam name="T">The listing's locals.</typeparam>
public sealed class Row<T>
    where T : struct, ILocals
{
    /// <summary>Unique in its listing.</summary>
    public required string Label { get; init; }

    /// <summary>The pseudo-C line, our own wording; empty for a decision.</summary>
    public string Text { get; init; } = "";

    /// <summary>The Xen or Linux symbol that it stands for.</summary>
    public string Cites { get; init; } = "";

    /// <summary>The kind of its one shared access.</summary>
    public AccessKind Kind { get; init; }

    /// <summary>Whose row it is when not the agent's own.</summary>
    public Actor? Lane { get; init; }

    /// <summary>What it does.</summary>
    public RowBody<T>? Body { get; init; }

    /// <summary>For a decision: where to go on.</summary>
    public Decision<T>? Decide { get; init; }

    /// <summary>
    /// For a decision: into another listing without a step of its own, given the caller to return to.
    /// </summary>
    public Func<T, Machine, Activation, Activation>? Enter { get; init; }
}

/// <summary>Where a row goes on.</summary>
public readonly struct Flow
{
    private Flow(string? label, Func<Activation, Activation>? callee, bool returns, PrivateState? result)
    {
        Label = label;
        Callee = callee;
        Returns = returns;
        Result = result;
    }

    /// <summary>To the next row.</summary>
    public static Flow Next => default;

    /// <summary>Back to the caller.</summary>
    public static Flow Return => new(null, null, true, null);

    internal string? Label { get; }

    internal Func<Activation, Activation>? Callee { get; }

    internal bool Returns { get; }

    internal PrivateState? Result { get; }

    /// <summary>To a row of the same listing.</summary>
    public static Flow To(string label) => new(label, null, false, null);

    /// <summary>
    /// Into another listing; goes on at the next row, or at <paramref name="then"/>, when that returns.
    /// </summary>
    /// <param name="callee">Makes the callee, given its caller.</param>
    /// <param name="then">The label to return to, or null for the next row.</param>
    public static Flow Call(Func<Activation, Activation> callee, string? then = null) => new(then, callee, false, null);

    /// <summary>Back to the caller with a result.</summary>
    public static Flow ReturnWith(PrivateState result) => new(null, null, true, result);
}

/// <summary>A listing that can be shown: its rows without their locals.</summary>
public interface IListing
{
    /// <summary>A stable id.</summary>
    string Id { get; }

    /// <summary>The name of the function that it tells.</summary>
    string Title { get; }

    /// <summary>Whose it is.</summary>
    Actor Lane { get; }

    /// <summary>Its rows, decisions left out.</summary>
    IReadOnlyList<RowInfo> Infos { get; }
}

/// <summary>
/// A driver, or a part of Xen or of a device, as an ordered table of rows. The same table is executed, displayed,
/// single-stepped, hashed and cited; other drivers are edits of it (<see cref="Without"/>, <see cref="Replace"/>).
/// </summary>
/// <typeparam name="T">Its locals.</typeparam>
public sealed class Listing<T> : IListing
    where T : struct, ILocals
{
    private readonly Row<T>[] _rows;
    private readonly RowInfo?[] _infos;
    private readonly Dictionary<string, int> _labels = [];

    /// <summary>Makes a listing.</summary>
    public Listing(string id, string title, Actor lane, bool inXen, IEnumerable<Row<T>> rows)
    {
        Id = id;
        Title = title;
        Lane = lane;
        InXen = inXen;
        _rows = [.. rows];
        _infos = new RowInfo?[_rows.Length];
        var steps = new List<RowInfo>();
        for (var i = 0; i < _rows.Length; i++)
        {
            var row = _rows[i];
            _labels.Add(row.Label, i);
            if (row.Body is not null)
            {
                steps.Add(_infos[i] = InfoOf(row, steps));
            }
        }

        Infos = steps;
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public string Title { get; }

    /// <inheritdoc/>
    public Actor Lane { get; }

    /// <summary>True when it runs inside Xen.</summary>
    public bool InXen { get; }

    /// <inheritdoc/>
    public IReadOnlyList<RowInfo> Infos { get; }

    /// <summary>The listing without a row.</summary>
    public Listing<T> Without(string label) => Edit(rows => rows.RemoveAt(At(label)));

    /// <summary>The listing with another row in the place of one.</summary>
    public Listing<T> Replace(string label, Row<T> row) => Edit(rows => rows[At(label)] = row);

    /// <summary>The listing with a row more, before another.</summary>
    public Listing<T> Insert(string before, Row<T> row) => Edit(rows => rows.Insert(At(before), row));

    /// <summary>The listing with two rows exchanged.</summary>
    public Listing<T> Swap(string one, string other) => Edit(rows =>
        (rows[At(one)], rows[At(other)]) = (rows[At(other)], rows[At(one)]));

    /// <summary>Begins to run it.</summary>
    public Activation Start(T locals, Activation? caller) => new Running(this, 0, locals, caller);

    /// <summary>Begins to run it at a row.</summary>
    public Activation StartAt(string label, T locals, Activation? caller) =>
        new Running(this, At(label), locals, caller);

    private int At(string label) =>
        _labels.TryGetValue(label, out var at)
            ? at
            : throw new InvalidOperationException($"Listing {Id} has no row {label}.");

    private Listing<T> Edit(Action<List<Row<T>>> edit)
    {
        var rows = _rows.ToList();
        edit(rows);
        return new Listing<T>(Id, Title, Lane, InXen, rows);
    }

    private RowInfo InfoOf(Row<T> row, List<RowInfo> siblings) => new RowInfo
    {
        Listing = Id, Siblings = siblings, Index = siblings.Count, Label = row.Label, Key = Id + "." + row.Label,
        Text = row.Text, Cites = row.Cites,
        Kind = row.Kind, Lane = row.Lane ?? (InXen ? Actor.Xen : null),
    };

    /// <summary>An activation: the listing, a row and the locals.</summary>
    private sealed class Running(Listing<T> listing, int row, T locals, Activation? caller) : Activation
    {
        public override Activation? Caller => caller;

        public override bool InXen => listing.InXen;

        public override Phase Phase => locals.Phase;

        public override RowInfo Row => row < listing._infos.Length ? listing._infos[row]! : null!;

        public override Activation? Settle(Machine machine)
        {
            var at = row;
            for (var hops = 0; hops < 100; hops++)
            {
                if (at >= listing._rows.Length)
                {
                    return caller?.Settle(machine);
                }

                var step = listing._rows[at];
                if (step.Body is not null)
                {
                    return at == row ? this : new Running(listing, at, locals, caller);
                }

                if (step.Enter is not null)
                {
                    return step.Enter(locals, machine, new Running(listing, at + 1, locals, caller)).Settle(machine);
                }

                if (step.Decide!(locals, machine) is not { } label)
                {
                    return null;
                }

                at = listing.At(label);
            }

            throw new InvalidOperationException($"Listing {listing.Id} decides in a circle.");
        }

        public override void Run(Draft draft, int agent)
        {
            var now = locals;
            var cpu = new GuestCpu(draft, agent, Row, this);
            var flow = listing._rows[row].Body!(ref now, ref cpu);
            var next = flow.Label is { } label ? listing.At(label) : row + 1;
            var current = draft.Agents[agent];
            var ends = flow.Returns || next >= listing._rows.Length;
            var after = ends ? caller ?? Finished : new Running(listing, next, now, caller);
            draft.Put(agent, current with
            {
                Top = flow.Callee is { } callee ? callee(after) : after, Result = flow.Result ?? current.Result,
            });
        }

        public override TLocals? Find<TLocals>() => locals is TLocals found ? found : caller?.Find<TLocals>();

        public override void AddTo(ref Hasher hasher)
        {
            hasher.Add(listing.Id);
            hasher.Add(row);
            locals.AddTo(ref hasher);
        }
    }
}
