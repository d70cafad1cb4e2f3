using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Server.Sessions;

/// <summary>How questions about rows and their answers cross a grain's border.</summary>
[GenerateSerializer, Immutable]
internal struct FindRequestSurrogate
{
    [Id(0)]
    public string Text;

    [Id(1)]
    public bool ChangesOnly;

    [Id(2)]
    public int From;

    [Id(3)]
    public int Count;
}

/// <inheritdoc cref="FindRequestSurrogate"/>
[RegisterConverter]
internal sealed class FindRequestConverter : IConverter<FindRequest, FindRequestSurrogate>
{
    public FindRequest ConvertFromSurrogate(in FindRequestSurrogate from) =>
        new(from.Text, from.ChangesOnly, from.From, from.Count);

    public FindRequestSurrogate ConvertToSurrogate(in FindRequest value) =>
        new() { Text = value.Text, ChangesOnly = value.ChangesOnly, From = value.From, Count = value.Count };
}

/// <inheritdoc cref="FindRequestSurrogate"/>
[GenerateSerializer, Immutable]
internal struct FindAnswerSurrogate
{
    [Id(0)]
    public CommandError? Error;

    [Id(1)]
    public int Branch;

    [Id(2)]
    public int Length;

    [Id(3)]
    public int Total;

    [Id(4)]
    public int[] Positions;

    [Id(5)]
    public HitView[] Hits;
}

/// <inheritdoc cref="FindRequestSurrogate"/>
[RegisterConverter]
internal sealed class FindAnswerConverter : IConverter<FindAnswer, FindAnswerSurrogate>
{
    public FindAnswer ConvertFromSurrogate(in FindAnswerSurrogate from) =>
        new(from.Error, from.Branch, from.Length, from.Total, from.Positions, from.Hits);

    public FindAnswerSurrogate ConvertToSurrogate(in FindAnswer value) => new()
    {
        Error = value.Error,
        Branch = value.Branch,
        Length = value.Length,
        Total = value.Total,
        Positions = [.. value.Positions],
        Hits = [.. value.Hits],
    };
}

/// <inheritdoc cref="FindRequestSurrogate"/>
[GenerateSerializer, Immutable]
internal struct HitSurrogate
{
    [Id(0)]
    public int Position;

    [Id(1)]
    public string Number;

    [Id(2)]
    public byte Lane;

    [Id(3)]
    public string Caption;

    [Id(4)]
    public string Detail;

    [Id(5)]
    public bool Changes;
}

/// <inheritdoc cref="FindRequestSurrogate"/>
[RegisterConverter]
internal sealed class HitConverter : IConverter<HitView, HitSurrogate>
{
    public HitView ConvertFromSurrogate(in HitSurrogate from) =>
        new(from.Position, from.Number, (Actor)from.Lane, from.Caption, from.Detail, from.Changes);

    public HitSurrogate ConvertToSurrogate(in HitView value) => new()
    {
        Position = value.Position,
        Number = value.Number,
        Lane = (byte)value.Lane,
        Caption = value.Caption,
        Detail = value.Detail,
        Changes = value.Changes,
    };
}
