using XenViz.Core.Commands;

namespace XenViz.Core.Tests.Commands;

public sealed class CommandDtoTests
{
    public static TheoryData<Command> Commands { get; } =
    [
        new Command.Next(), new Command.Back(), new Command.NextNumbered(), new Command.BackNumbered(),
        new Command.Seek(17), new Command.RunToEnd(), new Command.Play(), new Command.Pause(),
        new Command.SetSpeed(0.25), new Command.Choose(2), new Command.SwitchBranch(1),
        new Command.NameBranch(1, "late disk"), new Command.DeleteBranch(1), new Command.RestoreBranch(1),
        new Command.AddBreakpoint("grant 9", true), new Command.RemoveBreakpoint(3),
        new Command.SwitchBreakpoint(3, false), new Command.RunOn(), new Command.RunBack(),
        new Command.SetPrice("wake", 7000), new Command.ResetPrices(), new Command.PlayClock(),
        new Command.ShowGuest(7), new Command.ShowRing(1),
        new Command.SetDetail(true, false), new Command.Reset(),
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_comes_back_as_it_was(Command command)
    {
        var (again, error) = command.ToDto().ToCommand();
        Assert.Null(error);
        Assert.Equal(command, again);
    }

    [Fact]
    public void Every_command_of_the_union_travels()
    {
        var union = typeof(Command).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(Command)));
        var tested = Commands.Select(row => row.Data.GetType()).Append(typeof(Command.Load));
        Assert.Equal(union.Select(type => type.Name).Order(), tested.Select(type => type.Name).Order());
    }

    [Fact]
    public void A_load_comes_back_with_its_work()
    {
        var run = new RunParameters
        {
            Scenario = "workload", Slots = 32, Depth = 4,
            Work = [new WorkItem.WriteText(8, "a;b&c=é"), new WorkItem.ReadFile("README.TXT")],
        };
        var (again, error) = new Command.Load(run).ToDto().ToCommand();
        Assert.Null(error);
        var loaded = Assert.IsType<Command.Load>(again).Parameters;
        Assert.Equal(run.Work, loaded.Work.AsEnumerable());
        Assert.Equal(run with { Work = [] }, loaded with { Work = [] });
    }

    [Theory]
    [InlineData(null, null, "kind")]
    [InlineData("", null, "kind")]
    [InlineData("Next", null, "kind")]
    [InlineData("seek", null, "position")]
    [InlineData("setSpeed", null, "speed")]
    [InlineData("choose", null, "agent")]
    [InlineData("switchBranch", null, "branch")]
    [InlineData("setDetail", null, "insideXen")]
    [InlineData("load", null, "link")]
    [InlineData("load", "slots=9", "slots")]
    [InlineData("load", "at=3", "link")]
    public void What_is_no_command_is_refused_by_its_field(string? kind, string? link, string field)
    {
        var (command, error) = new CommandDto(kind, Link: link).ToCommand();
        Assert.Null(command);
        Assert.Equal(("bad_argument", field), (error!.Code, error.Field));
        Assert.NotEmpty(error.Message);
    }
}
