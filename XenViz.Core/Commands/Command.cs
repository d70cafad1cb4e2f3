namespace XenViz.Core.Commands;

/// <summary>What a person may ask of a session. A closed union: the only way in which anything changes.</summary>
public abstract record Command
{
    private Command()
    {
    }

    /// <summary>One visible micro-step forward.</summary>
    public sealed record Next : Command;

    /// <summary>One visible micro-step back.</summary>
    public sealed record Back : Command;

    /// <summary>To the end of the current or next numbered step (1 to 7).</summary>
    public sealed record NextNumbered : Command;

    /// <summary>To the end of the numbered step before.</summary>
    public sealed record BackNumbered : Command;

    /// <summary>To a position: the number of rows run since the start, 0 to the run's length.</summary>
    public sealed record Seek(int Position) : Command;

    /// <summary>To the end of the run.</summary>
    public sealed record RunToEnd : Command;

    /// <summary>Plays on, a visible micro-step at a time.</summary>
    public sealed record Play : Command;

    /// <summary>Stops playing.</summary>
    public sealed record Pause : Command;

    /// <summary>Sets the speed of playing: 0.25, 0.5, 1, 2 or 4.</summary>
    public sealed record SetSpeed(double Speed) : Command;

    /// <summary>
    /// Lets this agent take the next row. If that differs from what the path holds, a branch begins here.
    /// </summary>
    public sealed record Choose(int Agent) : Command;

    /// <summary>Shows another branch, at the position where it forked or later.</summary>
    public sealed record SwitchBranch(int Branch) : Command;

    /// <summary>Names a branch; an empty name takes the name away.</summary>
    public sealed record NameBranch(int Branch, string Name) : Command;

    /// <summary>Deletes a branch but the first. It can be brought back.</summary>
    public sealed record DeleteBranch(int Branch) : Command;

    /// <summary>Brings a deleted branch back and shows it.</summary>
    public sealed record RestoreBranch(int Branch) : Command;

    /// <summary>
    /// Playing and <see cref="RunOn"/> stop where a row answers this question (<see cref="Projection.FindRequest"/>).
    /// </summary>
    public sealed record AddBreakpoint(string Text, bool ChangesOnly) : Command;

    /// <summary>Takes a breakpoint away.</summary>
    public sealed record RemoveBreakpoint(int Breakpoint) : Command;

    /// <summary>Switches a breakpoint on or off.</summary>
    public sealed record SwitchBreakpoint(int Breakpoint, bool On) : Command;

    /// <summary>To the next breakpoint, or to the end.</summary>
    public sealed record RunOn : Command;

    /// <summary>Back to the breakpoint before, or to the start.</summary>
    public sealed record RunBack : Command;

    /// <summary>Sets a price of the model, within its range.</summary>
    /// <param name="Price">Its name, such as <c>wake</c>.</param>
    /// <param name="Value">In the price's unit, mostly cycles.</param>
    public sealed record SetPrice(string Price, long Value) : Command;

    /// <summary>All prices as they come.</summary>
    public sealed record ResetPrices : Command;

    /// <summary>Plays reads with the run's options on the simulated clock, with 1 to 32 requests in flight.</summary>
    public sealed record PlayClock : Command;

    /// <summary>Where two guests have an interface each: which of them is on stage.</summary>
    /// <param name="Guest">The guest's domain id, or 0: the stage follows the row that runs.</param>
    public sealed record ShowGuest(int Guest) : Command;

    /// <summary>Where there are several rings: which of them is on stage.</summary>
    /// <param name="Ring">Its number, or -1: the stage follows the row that runs.</param>
    public sealed record ShowRing(int Ring) : Command;

    /// <summary>What is told row by row: Xen's own rows, and the rows that the figure leaves out.</summary>
    public sealed record SetDetail(bool InsideXen, bool LeftOut) : Command;

    /// <summary>Starts another run in this session.</summary>
    public sealed record Load(RunParameters Parameters) : Command;

    /// <summary>Back to the start of the first branch; all other branches are dropped.</summary>
    public sealed record Reset : Command;
}

/// <summary>Why a command was refused. Names the field and says what to do.</summary>
/// <param name="Code">A stable word: <c>unknown_session</c>, <c>bad_argument</c>, <c>too_many_commands</c>, ...</param>
/// <param name="Field">The field that is wrong, or empty.</param>
/// <param name="Message">A sentence for people: what is wrong and the remedy.</param>
public sealed record CommandError(string Code, string Field, string Message);

/// <summary>The answer to a command.</summary>
/// <param name="Error">Null when it was carried out.</param>
/// <param name="Sequence">The number of the newest frame when it was answered.</param>
public sealed record CommandResult(CommandError? Error, long Sequence)
{
    /// <summary>True when the command was carried out.</summary>
    public bool Ok => Error is null;
}
