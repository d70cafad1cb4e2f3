using System.Text.Json;
using System.Text.Json.Serialization;
using XenViz.Core.Abi;
using XenViz.Core.Projection;
using XenViz.Core.Projection.Details;

namespace XenViz.Core.Feed;

/// <summary>
/// How views are written as JSON: camel case, enums as words, what is null left out. Generated at compile time, so that
/// it also works where the browser's copy of this library was trimmed. Lists of a view are never unset.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    Converters = [typeof(CamelCaseWord<Actor>), typeof(CamelCaseWord<Writer>), typeof(CamelCaseWord<AccessKind>)])]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(DetailView))]
internal sealed partial class ViewJson : JsonSerializerContext;

/// <summary>An enum as a word in camel case.</summary>
internal sealed class CamelCaseWord<TEnum>()
    : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where TEnum : struct, Enum;
