namespace XenViz.Core.Commands;

/// <summary>Commands to their travelling form and back.</summary>
public static class CommandForm
{
    private const string Kinds =
        "next, back, nextNumbered, backNumbered, seek, runToEnd, play, pause, setSpeed, choose, switchBranch, "
        + "nameBranch, deleteBranch, restoreBranch, addBreakpoint, removeBreakpoint, switchBreakpoint, runOn, runBack, "
        + "setPrice, resetPrices, playClock, showGuest, showRing, "
        + "setDetail, load, reset";

    /// <summary>The command in its travelling form.</summary>
    public static CommandDto ToDto(this Command command) => command switch
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
        Command.NameBranch name => new("nameBranch", Branch: name.Branch, Text: name.Name),
        Command.DeleteBranch branch => new("deleteBranch", Branch: branch.Branch),
        Command.RestoreBranch branch => new("restoreBranch", Branch: branch.Branch),
        Command.AddBreakpoint add => new("addBreakpoint", Text: add.Text, ChangesOnly: add.ChangesOnly),
        Command.RemoveBreakpoint remove => new("removeBreakpoint", Breakpoint: remove.Breakpoint),
        Command.SwitchBreakpoint change => new("switchBreakpoint", Breakpoint: change.Breakpoint, On: change.On),
        Command.SetPrice set => new("setPrice", Price: set.Price, Value: set.Value),
        Command.ResetPrices => new("resetPrices"),
        Command.PlayClock => new("playClock"),
        Command.ShowGuest show => new("showGuest", Guest: show.Guest),
        Command.ShowRing show => new("showRing", Ring: show.Ring),
        Command.RunOn => new("runOn"),
        Command.RunBack => new("runBack"),
        Command.SetDetail detail => new("setDetail", InsideXen: detail.InsideXen, LeftOut: detail.LeftOut),
        Command.Load load => new("load", Link: new RunLink { Parameters = load.Parameters }.Format()),
        Command.Reset => new("reset"),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of the closed union."),
    };

    /// <summary>The command, or why this is none. What a value means is checked where the command is carried
    /// out.</summary>
    public static (Command? Command, CommandError? Error) ToCommand(this CommandDto dto) => dto.Kind switch
    {
        "next" => Ok(new Command.Next()),
        "back" => Ok(new Command.Back()),
        "nextNumbered" => Ok(new Command.NextNumbered()),
        "backNumbered" => Ok(new Command.BackNumbered()),
        "seek" => dto.Position is { } position ? Ok(new Command.Seek(position)) : Bad("position", "Missing"),
        "runToEnd" => Ok(new Command.RunToEnd()),
        "play" => Ok(new Command.Play()),
        "pause" => Ok(new Command.Pause()),
        "setSpeed" => dto.Speed is { } speed ? Ok(new Command.SetSpeed(speed)) : Bad("speed", "Missing"),
        "choose" => dto.Agent is { } agent ? Ok(new Command.Choose(agent)) : Bad("agent", "Missing"),
        "switchBranch" or "nameBranch" or "deleteBranch" or "restoreBranch" => ToBranchCommand(dto),
        "addBreakpoint" or "removeBreakpoint" or "switchBreakpoint" => ToBreakpointCommand(dto),
        "setPrice" => (dto.Price, dto.Value) switch
        {
            (null, _) => Bad("price", "Missing"),
            (_, null) => Bad("value", "Missing"),
            ({ } price, { } value) => Ok(new Command.SetPrice(price, value)),
        },
        "resetPrices" => Ok(new Command.ResetPrices()),
        "playClock" => Ok(new Command.PlayClock()),
        "showGuest" => dto.Guest is { } guest ? Ok(new Command.ShowGuest(guest)) : Bad("guest", "Missing"),
        "showRing" => dto.Ring is { } ring ? Ok(new Command.ShowRing(ring)) : Bad("ring", "Missing"),
        "runOn" => Ok(new Command.RunOn()),
        "runBack" => Ok(new Command.RunBack()),
        "setDetail" => (dto.InsideXen, dto.LeftOut) switch
        {
            (null, _) => Bad("insideXen", "Missing"),
            (_, null) => Bad("leftOut", "Missing"),
            ({ } inside, { } left) => Ok(new Command.SetDetail(inside, left)),
        },
        "load" => dto.Link is null ? Bad("link", "Missing") : ToLoad(dto.Link),
        "reset" => Ok(new Command.Reset()),
        null or "" => Bad("kind", "Missing"),
        _ => Bad("kind", "Kind", dto.Kind.Length <= 40 ? dto.Kind : dto.Kind[..40], Kinds),
    };

    private static (Command? Command, CommandError? Error) ToBranchCommand(CommandDto dto) => dto switch
    {
        { Branch: null } => Bad("branch", "Missing"),
        { Kind: "switchBranch" } => Ok(new Command.SwitchBranch(dto.Branch.Value)),
        { Kind: "deleteBranch" } => Ok(new Command.DeleteBranch(dto.Branch.Value)),
        { Kind: "restoreBranch" } => Ok(new Command.RestoreBranch(dto.Branch.Value)),
        { Text: null } => Bad("text", "Missing"),
        _ => Ok(new Command.NameBranch(dto.Branch.Value, dto.Text)),
    };

    private static (Command? Command, CommandError? Error) ToBreakpointCommand(CommandDto dto) => dto switch
    {
        { Kind: "addBreakpoint", Text: null } => Bad("text", "Missing"),
        { Kind: "addBreakpoint" } => Ok(new Command.AddBreakpoint(dto.Text, dto.ChangesOnly ?? false)),
        { Breakpoint: null } => Bad("breakpoint", "Missing"),
        { Kind: "removeBreakpoint" } => Ok(new Command.RemoveBreakpoint(dto.Breakpoint.Value)),
        { On: null } => Bad("on", "Missing"),
        _ => Ok(new Command.SwitchBreakpoint(dto.Breakpoint.Value, dto.On.Value)),
    };

    private static (Command? Command, CommandError? Error) ToLoad(string text)
    {
        var (link, error) = RunLink.Parse(text);
        return link switch
        {
            null => (null, error),
            { Position: 0, InsideXen: false, LeftOut: false, Guest: 0, Ring: null, Choices.IsEmpty: true } =>
                Ok(new Command.Load(link.Parameters)),
            _ => Bad("link", "LoadOnly"),
        };
    }

    private static (Command? Command, CommandError? Error) Ok(Command command) => (command, null);

    private static (Command? Command, CommandError? Error) Bad(string field, string text, params object[] values) =>
        (null, CommandErrors.Bad(field, text, values));
}
