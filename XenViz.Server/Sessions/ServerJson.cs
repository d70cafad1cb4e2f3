using System.Text.Json.Serialization;
using XenViz.Core.Commands;

namespace XenViz.Server.Sessions;

/// <summary>How the log writes commands.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CommandDto))]
internal sealed partial class ServerJson : JsonSerializerContext;
