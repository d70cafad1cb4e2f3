namespace XenViz.Core.Commands;

/// <summary>A command as it travels: flat, the same in JSON and MessagePack. Unused fields are null.</summary>
/// <param name="Kind">
/// <c>next</c>, <c>back</c>, <c>nextNumbered</c>, <c>backNumbered</c>, <c>seek</c>, <c>runToEnd</c>, <c>play</c>,
/// <c>pause</c>, <c>setSpeed</c>, <c>choose</c>, <c>switchBranch</c>, <c>setDetail</c>, <c>load</c> or <c>reset</c>.
/// </param>
/// <param name="Position">For <c>seek</c>: rows since the start.</param>
/// <param name="Speed">For <c>setSpeed</c>: 0.25, 0.5, 1, 2 or 4.</param>
/// <param name="Agent">For <c>choose</c>.</param>
/// <param name="Branch">For <c>switchBranch</c>.</param>
/// <param name="InsideXen">For <c>setDetail</c>.</param>
/// <param name="LeftOut">For <c>setDetail</c>.</param>
/// <param name="Link">For <c>load</c>: the run's parameters as in a share link (<see cref="RunLink"/>).</param>
public sealed record CommandDto(
    string? Kind, int? Position = null, double? Speed = null, int? Agent = null, int? Branch = null,
    bool? InsideXen = null, bool? LeftOut = null, string? Link = null)
{
    private const string Kinds =
        "next, back, nextNumbered, backNumbered, seek, runToEnd, play, pause, setSpeed, choose, switchBranch, "
        + "setDetail, load, reset";

    /// <summary>The command in its travelling form.</summary>
    public static CommandDto From(Command command) => command switch
    {
        Command.Next => new("next"),
        Command.Back => new("back"),
        Command.NextNumbered => new("nextNumbered"),
        Command.BackNumbered => new("backNumbered"),
        Command.Seek seek => new("seek", Position: seek.Position),
        Command.RunToEnd => new("runToEnd"),
        Command.Play => new("play"),
        Command.Pause => new("pause"),
        Command.SetSpeed speed => new("setSpeed", Speed: speed.Speed),
        Command.Choose choose => new("choose", Agent: choose.Agent),
        Command.SwitchBranch branch => new("switchBranch", Branch: branch.Branch),
        Command.SetDetail detail => new("setDetail", InsideXen: detail.InsideXen, LeftOut: detail.LeftOut),
        Command.Load load => new("load", Link: new RunLink { Parameters = load.Parameters }.Format()),
        Command.Reset => new("reset"),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of the closed union."),
    };

    /// <summary>The command, or why this is none. What a value means is checked where the command is carried out.</summary>
    public (Command? Command, CommandError? Error) ToCommand() => Kind switch
    {
        "next" => Ok(new Command.Next()),
        "back" => Ok(new Command.Back()),
        "nextNumbered" => Ok(new Command.NextNumbered()),
        "backNumbered" => Ok(new Command.BackNumbered()),
        "seek" => Position is { } position ? Ok(new Command.Seek(position)) : Bad("position", "Missing"),
        "runToEnd" => Ok(new Command.RunToEnd()),
        "play" => Ok(new Command.Play()),
        "pause" => Ok(new Command.Pause()),
        "setSpeed" => Speed is { } speed ? Ok(new Command.SetSpeed(speed)) : Bad("speed", "Missing"),
        "choose" => Agent is { } agent ? Ok(new Command.Choose(agent)) : Bad("agent", "Missing"),
        "switchBranch" => Branch is { } branch ? Ok(new Command.SwitchBranch(branch)) : Bad("branch", "Missing"),
        "setDetail" => (InsideXen, LeftOut) switch
        {
            (null, _) => Bad("insideXen", "Missing"),
            (_, null) => Bad("leftOut", "Missing"),
            ({ } inside, { } left) => Ok(new Command.SetDetail(inside, left)),
        },
        "load" => Link is null ? Bad("link", "Missing") : ToLoad(Link),
        "reset" => Ok(new Command.Reset()),
        null or "" => Bad("kind", "Missing"),
        _ => Bad("kind", "Kind", Kind.Length <= 40 ? Kind : Kind[..40], Kinds),
    };

    private static (Command? Command, CommandError? Error) ToLoad(string text)
    {
        var (link, error) = RunLink.Parse(text);
        return link switch
        {
            null => (null, error),
            { Position: 0, InsideXen: false, LeftOut: false, Choices.IsEmpty: true } => Ok(new Command.Load(link.Parameters)),
            _ => Bad("link", "LoadOnly"),
        };
    }

    private static (Command? Command, CommandError? Error) Ok(Command command) => (command, null);

    private static (Command? Command, CommandError? Error) Bad(string field, string text, params object[] values) =>
        (null, CommandErrors.Bad(field, text, values));
}
