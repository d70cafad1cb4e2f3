using XenViz.Core.Commands;

namespace XenViz.Server.Sessions;

/// <summary>
/// How Core's messages cross a grain's border. Core knows no packages, so Orleans is told about them here.
/// </summary>
[GenerateSerializer, Immutable]
internal struct CommandDtoSurrogate
{
    [Id(0)]
    public string? Kind;

    [Id(1)]
    public int? Position;

    [Id(2)]
    public double? Speed;

    [Id(3)]
    public int? Agent;

    [Id(4)]
    public int? Branch;

    [Id(5)]
    public bool? InsideXen;

    [Id(6)]
    public bool? LeftOut;

    [Id(7)]
    public string? Link;

    [Id(8)]
    public string? Text;

    [Id(9)]
    public bool? ChangesOnly;

    [Id(10)]
    public int? Breakpoint;

    [Id(11)]
    public bool? On;

    [Id(12)]
    public string? Price;

    [Id(13)]
    public long? Value;

    [Id(14)]
    public int? Guest;

    [Id(15)]
    public int? Ring;
}

/// <inheritdoc cref="CommandDtoSurrogate"/>
[RegisterConverter]
internal sealed class CommandDtoConverter : IConverter<CommandDto, CommandDtoSurrogate>
{
    public CommandDto ConvertFromSurrogate(in CommandDtoSurrogate from) => new(
        from.Kind, from.Position, from.Speed, from.Agent, from.Branch, from.InsideXen, from.LeftOut, from.Link,
        from.Text, from.ChangesOnly, from.Breakpoint, from.On, from.Price, from.Value, from.Guest, from.Ring);

    public CommandDtoSurrogate ConvertToSurrogate(in CommandDto value) => new()
    {
        Kind = value.Kind,
        Position = value.Position,
        Speed = value.Speed,
        Agent = value.Agent,
        Branch = value.Branch,
        InsideXen = value.InsideXen,
        LeftOut = value.LeftOut,
        Link = value.Link,
        Text = value.Text,
        ChangesOnly = value.ChangesOnly,
        Breakpoint = value.Breakpoint,
        On = value.On,
        Price = value.Price,
        Value = value.Value,
        Guest = value.Guest,
        Ring = value.Ring,
    };
}

/// <inheritdoc cref="CommandDtoSurrogate"/>
[GenerateSerializer, Immutable]
internal struct CommandErrorSurrogate
{
    [Id(0)]
    public string Code;

    [Id(1)]
    public string Field;

    [Id(2)]
    public string Message;
}

/// <inheritdoc cref="CommandDtoSurrogate"/>
[RegisterConverter]
internal sealed class CommandErrorConverter : IConverter<CommandError, CommandErrorSurrogate>
{
    public CommandError ConvertFromSurrogate(in CommandErrorSurrogate from) => new(from.Code, from.Field, from.Message);

    public CommandErrorSurrogate ConvertToSurrogate(in CommandError value) =>
        new() { Code = value.Code, Field = value.Field, Message = value.Message };
}

/// <inheritdoc cref="CommandDtoSurrogate"/>
[GenerateSerializer, Immutable]
internal struct CommandResultSurrogate
{
    [Id(0)]
    public CommandError? Error;

    [Id(1)]
    public long Sequence;
}

/// <inheritdoc cref="CommandDtoSurrogate"/>
[RegisterConverter]
internal sealed class CommandResultConverter : IConverter<CommandResult, CommandResultSurrogate>
{
    public CommandResult ConvertFromSurrogate(in CommandResultSurrogate from) => new(from.Error, from.Sequence);

    public CommandResultSurrogate ConvertToSurrogate(in CommandResult value) =>
        new() { Error = value.Error, Sequence = value.Sequence };
}
