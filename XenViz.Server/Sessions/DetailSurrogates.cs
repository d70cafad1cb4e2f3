using XenViz.Core.Commands;
using XenViz.Core.Feed;

namespace XenViz.Server.Sessions;

/// <summary>How answers about objects cross a grain's border.</summary>
[GenerateSerializer, Immutable]
internal struct DetailAnswerSurrogate
{
    [Id(0)]
    public CommandError? Error;

    [Id(1)]
    public string Json;
}

/// <inheritdoc cref="DetailAnswerSurrogate"/>
[RegisterConverter]
internal sealed class DetailAnswerConverter : IConverter<DetailAnswer, DetailAnswerSurrogate>
{
    public DetailAnswer ConvertFromSurrogate(in DetailAnswerSurrogate from) => new(from.Error, from.Json);

    public DetailAnswerSurrogate ConvertToSurrogate(in DetailAnswer value) =>
        new() { Error = value.Error, Json = value.Json };
}
