using System.Text.Json.Serialization;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Client.Sessions;

/// <summary>The messages of the hub as JSON, generated at build time: trimming leaves them whole.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CommandDto))]
[JsonSerializable(typeof(CommandResult))]
[JsonSerializable(typeof(CreateAnswer))]
[JsonSerializable(typeof(DetailAnswer))]
[JsonSerializable(typeof(FeedMessage))]
[JsonSerializable(typeof(FindAnswer))]
[JsonSerializable(typeof(FindRequest))]
[JsonSerializable(typeof(string))]
internal sealed partial class HubJson : JsonSerializerContext;
