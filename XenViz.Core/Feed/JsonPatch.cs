using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace XenViz.Core.Feed;

/// <summary>Applies the merge patches of <see cref="FeedMessage"/>.</summary>
internal static class JsonPatch
{
    /// <summary>No list of a view is longer; a patch that says so is broken.</summary>
    private const int MaxLength = 1_000_000;

    /// <summary>The value that the patch makes of <paramref name="previous"/>.</summary>
    /// <exception cref="JsonException">It is not a patch of this value.</exception>
    public static T Apply<T>(T previous, JsonElement patch, JsonTypeInfo<T> type)
    {
        if (patch.ValueKind is not JsonValueKind.Object)
        {
            return patch.Deserialize(type) ?? throw new JsonException();
        }

        var merged = Merge(JsonSerializer.SerializeToNode(previous, type), patch);
        return merged.Deserialize(type) ?? throw new JsonException();
    }

    private static JsonNode? Merge(JsonNode? target, JsonElement patch) => (target, patch.ValueKind) switch
    {
        (JsonArray array, JsonValueKind.Object) => MergeArray(array, patch),
        (_, JsonValueKind.Object) => MergeObject(target as JsonObject ?? [], patch),
        (_, JsonValueKind.Null) => null,
        _ => JsonNode.Parse(patch.GetRawText()),
    };

    private static JsonObject MergeObject(JsonObject target, JsonElement patch)
    {
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.Null)
            {
                target.Remove(member.Name);
                continue;
            }

            var old = target[member.Name];
            var merged = Merge(old, member.Value);
            if (!ReferenceEquals(old, merged))
            {
                target[member.Name] = merged;
            }
        }

        return target;
    }

    private static JsonArray MergeArray(JsonArray target, JsonElement patch)
    {
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Name == JsonDiff.Length)
            {
                Resize(target, member.Value.GetInt32());
                continue;
            }

            if (!int.TryParse(member.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                || index >= target.Count)
            {
                throw new JsonException();
            }

            var old = target[index];
            var merged = Merge(old, member.Value);
            if (!ReferenceEquals(old, merged))
            {
                target[index] = merged;
            }
        }

        return target;
    }

    /// <summary>New places are null until the patch names them.</summary>
    private static void Resize(JsonArray array, int length)
    {
        if (length is < 0 or > MaxLength)
        {
            throw new JsonException();
        }

        while (array.Count < length)
        {
            array.Add((JsonNode?)null);
        }

        array.RemoveRange(length, array.Count - length);
    }
}
