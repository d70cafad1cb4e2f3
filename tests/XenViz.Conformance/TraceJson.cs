using System.Text.Json;

namespace XenViz.Conformance;

/// <summary>Reads keys of a trace line strictly: a missing or misshapen key is an error with its name.</summary>
static class TraceJson
{
    /// <summary>Parses one line, which must be a JSON object.</summary>
    public static JsonElement Line(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object
                ? root
                : throw new TraceFormatException($"a line must be a JSON object, this is {root.ValueKind}");
        }
        catch (JsonException error)
        {
            throw new TraceFormatException($"not JSON: {error.Message}");
        }
    }

    public static JsonElement Required(JsonElement line, string key) =>
        line.ValueKind == JsonValueKind.Object && line.TryGetProperty(key, out var value)
            ? value
            : throw new TraceFormatException($"key '{key}' is missing");

    public static string Text(JsonElement line, string key) =>
        Required(line, key) is { ValueKind: JsonValueKind.String } value
            ? value.GetString()!
            : throw new TraceFormatException($"key '{key}' must be text");

    public static ulong Number(JsonElement line, string key, ulong most) =>
        NumberIn(Required(line, key), $"key '{key}'", most);

    public static ulong NumberIn(JsonElement value, string what, ulong most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var number) && number <= most
            ? number
            : throw new TraceFormatException($"{what} must be a whole number from 0 to {most}");

    public static short Signed16(JsonElement line, string key) =>
        Required(line, key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt16(out var number)
            ? number
            : throw new TraceFormatException($"key '{key}' must be a whole number from -32768 to 32767");

    public static uint[] Numbers(JsonElement line, string key, int count)
    {
        var value = Required(line, key);
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != count)
        {
            throw new TraceFormatException($"key '{key}' must be a list of {count} numbers");
        }

        return [.. value.EnumerateArray().Select(n => (uint)NumberIn(n, $"an item of '{key}'", uint.MaxValue))];
    }

    /// <summary>The items of a list.</summary>
    public static JsonElement[] Items(JsonElement line, string key, int most)
    {
        var value = Required(line, key);
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= most
            ? [.. value.EnumerateArray()]
            : throw new TraceFormatException($"key '{key}' must be a list of at most {most} items");
    }

    public static bool Flag(JsonElement line, string key) => Required(line, key).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new TraceFormatException($"key '{key}' must be true or false"),
    };

    /// <summary>A whole number of up to 64 bits, with or without a sign, as its bits.</summary>
    public static ulong Bits(JsonElement line, string key) => BitsIn(Required(line, key), $"key '{key}'");

    public static ulong BitsIn(JsonElement value, string what)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            if (value.TryGetUInt64(out var number))
            {
                return number;
            }

            if (value.TryGetInt64(out var signed))
            {
                return unchecked((ulong)signed);
            }
        }

        throw new TraceFormatException($"{what} must be a whole number of 64 bits");
    }
}
