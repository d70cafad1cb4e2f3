using System.Text;
using System.Text.Json;
using XenViz.Core.Projection;

namespace XenViz.Core.Feed;

/// <summary>
/// Applies to a view what it says already: of every list the first element, of every object all members. Nothing
/// changes, and every way is gone that a patch of the feed can go. An interpreter, which a browser has, prepares code
/// when it first runs; after this the first steps are answered as fast as the next ones.
/// </summary>
public static class ViewRehearsal
{
    /// <summary>Goes through one part of the view for each element that is asked for: other work may be done between
    /// them, so that nothing waits for all.</summary>
    /// <param name="view">Any view; it stays as it is.</param>
    /// <returns>For each part true when its patch could be applied.</returns>
    public static IEnumerable<bool> Of(SessionView view) =>
        Patches(view).Select(patch => ViewDelta.TryApply(view, patch) is not null);

    /// <summary>One patch for each part of the view but the timeline's rows and the listings, which never come in
    /// pieces.</summary>
    internal static IEnumerable<string> Patches(SessionView view)
    {
        // The long lists are cut, or they would be written for nothing.
        var parts = view with
        {
            Timeline = new TimelineView(), Code = view.Code with { Listings = [] },
            Ring = view.Ring with { Slots = [.. view.Ring.Slots.Take(1)] },
            Grants = view.Grants with
            {
                Entries = [.. view.Grants.Entries.Take(1)], Mappings = [.. view.Grants.Mappings.Take(1)],
            },
        };
        using var whole = JsonDocument.Parse(ViewDelta.Whole(parts));
        return
        [
            .. whole.RootElement.EnumerateObject().Where(part => part.Name != "timeline")
                .Select(part => Write(part)),
        ];
    }

    private static string Write(JsonProperty part)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            WriteMember(writer, part);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    // An empty list can only be said whole, and is left out: of the listings it would be wrong.
    private static void WriteMember(Utf8JsonWriter writer, JsonProperty member)
    {
        if (member.Value.ValueKind is not JsonValueKind.Array || member.Value.GetArrayLength() > 0)
        {
            writer.WritePropertyName(member.Name);
            WriteValue(writer, member.Value);
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    WriteMember(writer, member);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                writer.WriteStartObject();
                writer.WritePropertyName("0");
                WriteValue(writer, value[0]);
                writer.WriteEndObject();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
