using System.Buffers;
using System.Globalization;
using System.Text.Json;
using XenViz.Core.Commands;

namespace XenViz.Core.Scenarios.Files;

/// <summary>The JSON schema of scenario files (draft 2020-12), made from the list that the reader reads by.</summary>
public static class ScenarioSchema
{
    /// <summary>The schema as JSON, UTF-8, ending with a line feed.</summary>
    public static byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, ScenarioWriter.Options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("$id", ScenarioWriter.SchemaPath);
            json.WriteString("title", ScenarioFileError.Text("About_file"));
            json.WriteString("type", "object");
            json.WriteStartArray("required");
            json.WriteStringValue("version");
            json.WriteEndArray();
            json.WriteBoolean("additionalProperties", false);
            json.WriteStartObject("properties");
            Top(json);
            foreach (var section in ScenarioFields.All.GroupBy(field => field.Section))
            {
                Section(json, section.Key, [.. section]);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    private static void Top(Utf8JsonWriter json)
    {
        json.WriteStartObject("$schema");
        json.WriteString("type", "string");
        json.WriteEndObject();
        json.WriteStartObject("version");
        json.WriteString("description", ScenarioFileError.Text("About_version"));
        json.WriteNumber("const", ScenarioFile.Version);
        json.WriteEndObject();
        Text(json, "title", ScenarioFields.TitleLength);
        Text(json, "about", ScenarioFields.AboutLength);
    }

    private static void Text(Utf8JsonWriter json, string name, int most)
    {
        json.WriteStartObject(name);
        json.WriteString("description", ScenarioFileError.Text("About_" + name));
        json.WriteString("type", "string");
        json.WriteNumber("maxLength", most);
        json.WriteEndObject();
    }

    private static void Section(Utf8JsonWriter json, string section, List<ScenarioField> fields)
    {
        if (section.Length > 0)
        {
            json.WriteStartObject(section);
            json.WriteString("description", ScenarioFileError.Text("About_" + section));
            json.WriteString("type", "object");
            json.WriteBoolean("additionalProperties", false);
            json.WriteStartObject("properties");
        }

        foreach (var field in fields)
        {
            Field(json, field);
        }

        if (section == "workload")
        {
            Items(json);
        }

        if (section.Length > 0)
        {
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static void Field(Utf8JsonWriter json, ScenarioField field)
    {
        json.WriteStartObject(field.Name);
        json.WriteString("description", field.About);
        switch (field.Kind)
        {
            case FieldKind.Number when field.Choices.Length > 0:
                json.WriteStartArray("enum");
                foreach (var choice in field.Choices)
                {
                    json.WriteNumberValue(long.Parse(choice, CultureInfo.InvariantCulture));
                }

                json.WriteEndArray();
                break;
            case FieldKind.Number:
                Range(json, field.Least, field.Most);
                break;
            case FieldKind.Word:
                json.WriteStartArray("enum");
                foreach (var choice in field.Choices)
                {
                    json.WriteStringValue(choice);
                }

                json.WriteEndArray();
                break;
            case FieldKind.Text:
                json.WriteString("type", "string");
                json.WriteNumber("maxLength", field.Most);
                break;
            default:
                json.WriteString("type", "boolean");
                break;
        }

        json.WriteEndObject();
    }

    private static void Range(Utf8JsonWriter json, long least, long most)
    {
        json.WriteString("type", "integer");
        json.WriteNumber("minimum", least);
        json.WriteNumber("maximum", most);
    }

    private static void Items(Utf8JsonWriter json)
    {
        json.WriteStartObject("items");
        json.WriteString("description", ScenarioFileError.Text("About_workload_items"));
        json.WriteString("type", "array");
        json.WriteNumber("maxItems", RunLimits.Items);
        json.WriteStartObject("items");
        json.WriteStartArray("oneOf");
        foreach (var kind in WorkItemFields.Kinds)
        {
            Item(json, kind);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Item(Utf8JsonWriter json, string kind)
    {
        var (needed, optional) = WorkItemFields.Of(kind);
        json.WriteStartObject();
        json.WriteString("type", "object");
        json.WriteStartArray("required");
        foreach (var name in needed.Prepend("do"))
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartObject("properties");
        json.WriteStartObject("do");
        json.WriteString("const", kind);
        json.WriteEndObject();
        foreach (var name in needed.Concat(optional))
        {
            json.WriteStartObject(name);
            json.WriteString("description", ScenarioFileError.Text("About_item_" + name));
            ItemField(json, name);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void ItemField(Utf8JsonWriter json, string name)
    {
        switch (name)
        {
            case "text" or "name":
                json.WriteString("type", "string");
                json.WriteNumber("minLength", 1);
                json.WriteNumber("maxLength", name == "text" ? RunLimits.TextBytes : WorkItemFields.FileNameLength);
                break;
            case "bytes":
                Range(json, RunLimits.LeastPacket, RunLimits.MostPacket);
                break;
            case "offset":
                Range(json, 0, RunLimits.PacketOffset);
                break;
            case "segment":
                Range(json, 0, RunLimits.SegmentPayload);
                break;
            case "secure" or "blank":
                json.WriteString("type", "boolean");
                break;
            case "count":
                Range(json, 1, RunLimits.Sectors);
                break;
            case "sectors":
                Range(json, 0, RunLimits.Sectors);
                break;
            default:
                Range(json, 0, RunLimits.LastSector);
                break;
        }
    }
}
