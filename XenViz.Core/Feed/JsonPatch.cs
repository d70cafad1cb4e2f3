using System.Collections.Immutable;
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

    /// <summary>The same without some members, which are patched by themselves: their patches are passed over. Writing
    /// and reading a part again costs by its length, in a browser more than all else.</summary>
    /// <param name="previous">The value, best with these members empty.</param>
    /// <param name="patch">The patch.</param>
    /// <param name="type">The type.</param>
    /// <param name="but">The members, as JSON names them.</param>
    public static T ApplyBut<T>(T previous, JsonElement patch, JsonTypeInfo<T> type, params ReadOnlySpan<string> but)
    {
        if (patch.ValueKind is not JsonValueKind.Object)
        {
            throw new JsonException();
        }

        JsonObject? target = null;
        foreach (var member in patch.EnumerateObject())
        {
            if (but.Contains(member.Name))
            {
                continue;
            }

            target ??= JsonSerializer.SerializeToNode(previous, type) as JsonObject ?? throw new JsonException();
            MergeMember(target, member);
        }

        return target is null ? previous : target.Deserialize(type) ?? throw new JsonException();
    }

    /// <summary>A member of a patch; the value itself when the patch does not name it.</summary>
    public static T Member<T>(
        T previous, JsonElement patch, string name, JsonTypeInfo<T> type, Func<T, JsonElement, T>? apply = null)
    {
        if (!patch.TryGetProperty(name, out var member))
        {
            return previous;
        }

        return previous is null || member.ValueKind is not JsonValueKind.Object || apply is null
            ? Apply(previous, member, type)
            : apply(previous, member);
    }

    /// <summary>A member of a patch that may be missing; the value itself when the patch does not name it.</summary>
    public static T? Optional<T>(T? previous, JsonElement patch, string name, JsonTypeInfo<T> type)
        where T : class =>
        patch.TryGetProperty(name, out var member) && member.ValueKind is JsonValueKind.Null
            ? null
            : Member(previous, patch, name, type!);

    /// <summary>A text of a patch; the text itself when the patch does not name it.</summary>
    public static string Text(string previous, JsonElement patch, string name) =>
        patch.TryGetProperty(name, out var member) ? member.GetString() ?? throw new JsonException() : previous;

    /// <summary>A text of a patch that may be missing.</summary>
    public static string? Words(string? previous, JsonElement patch, string name) =>
        patch.TryGetProperty(name, out var member) ? member.GetString() : previous;

    /// <summary>A number of a patch; the number itself when the patch does not name it.</summary>
    public static int Number(int previous, JsonElement patch, string name) =>
        patch.TryGetProperty(name, out var member) ? member.GetInt32() : previous;

    /// <summary>A list of a patch: only the elements that it names are written and read again.</summary>
    public static ImmutableArray<T> Each<T>(
        ImmutableArray<T> previous, JsonElement patch, string name, JsonTypeInfo<ImmutableArray<T>> whole,
        JsonTypeInfo<T> element, Func<T, JsonElement, T>? apply = null) =>
        Member(previous, patch, name, whole, (list, changes) =>
        {
            var after = list.ToBuilder();
            foreach (var change in changes.EnumerateObject())
            {
                if (change.Name == JsonDiff.Length)
                {
                    var length = change.Value.GetInt32();
                    after.Count = length is >= 0 and <= MaxLength ? length : throw new JsonException();
                    continue;
                }

                if (!int.TryParse(change.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                    || index >= after.Count)
                {
                    throw new JsonException();
                }

                var isKnown = index < list.Length && change.Value.ValueKind is JsonValueKind.Object;
                after[index] = isKnown && apply is not null
                    ? apply(after[index], change.Value)
                    : Apply(after[index], change.Value, element);
            }

            return after.Contains(default!) ? throw new JsonException() : after.DrainToImmutable();
        });

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
            MergeMember(target, member);
        }

        return target;
    }

    private static void MergeMember(JsonObject target, JsonProperty member)
    {
        if (member.Value.ValueKind is JsonValueKind.Null)
        {
            target.Remove(member.Name);
            return;
        }

        var old = target[member.Name];
        var merged = Merge(old, member.Value);
        if (!ReferenceEquals(old, merged))
        {
            target[member.Name] = merged;
        }
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
