using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace XenViz.Core.Feed;

/// <summary>
/// Writes what differs between two objects of one type as a merge patch. It walks the objects by the serializer's own
/// metadata: what is equal is passed over before a byte is written.
/// </summary>
internal static class JsonDiff
{
    /// <summary>The key of a patch of an array that gives its new length.</summary>
    public const string Length = "length";

    /// <summary>Bytes of a patch that changes nothing: two braces.</summary>
    private const int Nothing = 2;

    /// <summary>Captions hold arrows and dashes; a feed is never put into HTML unescaped, so they stay as they are.
    /// </summary>
    private static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private delegate void Writing(Utf8JsonWriter writer);

    /// <summary>All of it, as JSON in UTF-8.</summary>
    public static ReadOnlySpan<byte> Whole(JsonTypeInfo type, object value) =>
        Write(writer => JsonSerializer.Serialize(writer, value, type));

    /// <summary>The members in which the two differ, as a JSON object in UTF-8.</summary>
    /// <returns>The patch; <c>{}</c> when the two say the same.</returns>
    public static ReadOnlySpan<byte> Patch(JsonTypeInfo type, object before, object after)
    {
        if (type.PolymorphismOptions is not null)
        {
            throw new NotSupportedException($"{type.Type} has several shapes: a merge patch cannot tell them apart.");
        }

        return Write(writer =>
        {
            writer.WriteStartObject();
            foreach (var member in type.Properties)
            {
                if (member.Get is { } get && get(before) is var old && get(after) is var now && !Equals(old, now))
                {
                    WriteMember(writer, member.Name, type.Options.GetTypeInfo(member.PropertyType), old, now);
                }
            }

            writer.WriteEndObject();
        });
    }

    private static ReadOnlySpan<byte> Write(Writing what)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(bytes, WriterOptions))
        {
            what(writer);
        }

        return bytes.WrittenSpan;
    }

    private static void WriteMember(Utf8JsonWriter writer, string name, JsonTypeInfo type, object? old, object? now)
    {
        if (now is null)
        {
            writer.WriteNull(name);
        }
        else if (old is not null && type.Kind is JsonTypeInfoKind.Enumerable)
        {
            WriteArray(writer, name, type, (IList)old, (IList)now);
        }
        else
        {
            WriteElement(writer, name, type, old, now);
        }
    }

    /// <summary>Writes nothing when the two are different objects that say the same.</summary>
    private static bool WriteElement(Utf8JsonWriter writer, string name, JsonTypeInfo type, object? old, object now)
    {
        if (old is not null && type.Kind is JsonTypeInfoKind.Object)
        {
            var patch = Patch(type, old, now);
            if (patch.Length <= Nothing)
            {
                return false;
            }

            writer.WritePropertyName(name);
            writer.WriteRawValue(patch, skipInputValidation: true);
            return true;
        }

        writer.WritePropertyName(name);
        JsonSerializer.Serialize(writer, now, type);
        return true;
    }

    /// <summary>An array is patched element by element or written whole, whichever is shorter.</summary>
    private static void WriteArray(Utf8JsonWriter writer, string name, JsonTypeInfo type, IList old, IList now)
    {
        var element = type.Options.GetTypeInfo(type.ElementType!);
        if (element.PolymorphismOptions is not null)
        {
            writer.WritePropertyName(name);
            JsonSerializer.Serialize(writer, now, type);
            return;
        }

        var changed = 0;
        var patch = Write(elements => changed = WriteElements(elements, element, old, now));
        if (patch.Length <= Nothing)
        {
            return;
        }

        writer.WritePropertyName(name);
        if (changed * 4 > now.Count || now.Count < old.Count)
        {
            var whole = Whole(type, now);
            patch = whole.Length <= patch.Length ? whole : patch;
        }

        writer.WriteRawValue(patch, skipInputValidation: true);
    }

    private static int WriteElements(Utf8JsonWriter writer, JsonTypeInfo element, IList old, IList now)
    {
        var changed = 0;
        writer.WriteStartObject();
        if (old.Count != now.Count)
        {
            writer.WriteNumber(Length, now.Count);
        }

        for (var i = 0; i < now.Count; i++)
        {
            var before = i < old.Count ? old[i] : null;
            if (!Equals(before, now[i])
                && WriteElement(writer, i.ToString(CultureInfo.InvariantCulture), element, before, now[i]!))
            {
                changed++;
            }
        }

        writer.WriteEndObject();
        return changed;
    }
}
