using XenViz.Core.Abi;

namespace XenViz.Core.Simulation;

/// <summary>Which part of the story a row belongs to: the same listing runs in several of them.</summary>
public enum Phase : byte
{
    /// <summary>The two ends connect.</summary>
    Connect,

    /// <summary>
    /// The application hands over, the frontend grants, fills, publishes and notifies (steps 1 to 3).
    /// </summary>
    Submit,

    /// <summary>The backend wakes, takes requests, maps and submits (steps 4 and 5).</summary>
    Serve,

    /// <summary>The device works (step 5) and its interrupt arrives.</summary>
    Device,

    /// <summary>The backend unmaps, answers and notifies (step 6).</summary>
    Answer,

    /// <summary>The frontend takes the answer and tells the application (step 7).</summary>
    Complete,
}

/// <summary>What is fixed about an agent: something that takes steps by itself.</summary>
/// <param name="Name">A stable word for it.</param>
/// <param name="Domain">The domain whose vCPU it is, or null (a device).</param>
/// <param name="Lane">Whose rows its own rows are.</param>
/// <param name="Rank">Lower goes first by default, where several can take a step.</param>
/// <param name="Upcall">Makes the activation of the domain's event handler, or null when it has none.</param>
public sealed record AgentKind(
    string Name, DomId? Domain, Actor Lane, int Rank, Func<Machine, Activation, Activation>? Upcall);

/// <summary>An agent: a vCPU with its stack of activations, or a device with one.</summary>
/// <param name="Kind">What is fixed about it.</param>
/// <param name="Top">The activation on top; <see cref="Activation.Finished"/> when it has no more to do.</param>
/// <param name="Result">What the last call returned.</param>
public sealed record Agent(AgentKind Kind, Activation Top, PrivateState? Result);

/// <summary>A listing that is being run, with its locals: an immutable value.</summary>
public abstract class Activation
{
    /// <summary>The bottom of every stack.</summary>
    public static Activation Finished { get; } = new FinishedActivation();

    /// <summary>Who called, or null at the bottom.</summary>
    public abstract Activation? Caller { get; }

    /// <summary>True while it runs inside Xen: no interrupt is delivered to the guest then.</summary>
    public abstract bool InXen { get; }

    /// <summary>The part of the story.</summary>
    public abstract Phase Phase { get; }

    /// <summary>The row that it stands at; only of a settled activation.</summary>
    public abstract RowInfo Row { get; }

    /// <summary>
    /// Follows decisions (which are no steps) to the row that would run next.
    /// </summary>
    /// <returns>An activation that stands at a row, or null when it must wait or has finished.</returns>
    public abstract Activation? Settle(Machine machine);

    /// <summary>Runs the row that it stands at; only of a settled activation.</summary>
    public abstract void Run(Draft draft, int agent);

    /// <summary>Adds everything that can influence later steps.</summary>
    public abstract void AddTo(ref Hasher hasher);

    /// <summary>The locals of the topmost listing of a kind, itself or one that waits for its callee; null when none of
    /// them runs. They are only looked at.</summary>
    /// <typeparam name="TLocals">The locals of that kind.</typeparam>
    public virtual TLocals? Find<TLocals>()
        where TLocals : struct => null;

    private sealed class FinishedActivation : Activation
    {
        public override Activation? Caller => null;

        public override bool InXen => false;

        public override Phase Phase => Phase.Connect;

        public override RowInfo Row => throw new InvalidOperationException("A finished agent stands at no row.");

        public override Activation? Settle(Machine machine) => null;

        public override void Run(Draft draft, int agent) =>
            throw new InvalidOperationException("A finished agent takes no step.");

        public override void AddTo(ref Hasher hasher) => hasher.Add(0);
    }
}

/// <summary>What is fixed about a row of a listing.</summary>
public sealed class RowInfo
{
    /// <summary>The listing's id.</summary>
    public required string Listing { get; init; }

    /// <summary>All rows of the listing as it is run: an edit of a listing has other rows under the same id.</summary>
    public required IReadOnlyList<RowInfo> Siblings { get; init; }

    /// <summary>The row's place in its listing, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The row's label, unique in its listing.</summary>
    public required string Label { get; init; }

    /// <summary>Listing and label: <c>evtchn_send.set_pending</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The pseudo-C line, our own wording.</summary>
    public required string Text { get; init; }

    /// <summary>The Xen or Linux symbol that the row stands for.</summary>
    public required string Cites { get; init; }

    /// <summary>The kind of its one shared access.</summary>
    public required AccessKind Kind { get; init; }

    /// <summary>Whose row it is, or null for the agent's own lane.</summary>
    public required Actor? Lane { get; init; }
}
