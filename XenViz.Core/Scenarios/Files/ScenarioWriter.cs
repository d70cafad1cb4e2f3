using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace XenViz.Core.Scenarios.Files;

/// <summary>Writes scenario files: what has its default is left out.</summary>
public static class ScenarioWriter
{
    /// <summary>Where the schema is served, relative to the site.</summary>
    public const string SchemaPath = "/schemas/scenario-1.json";

    internal static JsonWriterOptions Options { get; } = new()
    {
        Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n",
    };

    /// <summary>The file as JSON, UTF-8 without a byte order mark, ending with a line feed.</summary>
    public static byte[] Write(ScenarioFile file)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", SchemaPath);
            json.WriteNumber("version", ScenarioFile.Version);
            WriteText(json, "title", file.Title);
            WriteText(json, "about", file.About);
            foreach (var section in ScenarioFields.All.GroupBy(field => field.Section))
            {
                Write(json, section.Key, [.. section], file);
            }

            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    private static void Write(Utf8JsonWriter json, string section, List<ScenarioField> fields, ScenarioFile file)
    {
        var items = section == "workload" ? file.Link.Parameters.Work : [];
        var usual = new ScenarioFile().Link;
        var told = fields
            .Select(field => (Field: field, Value: field.Get(file.Link)))
            .Where(each => each.Value is not null && !Equals(each.Value, each.Field.Get(usual)))
            .ToList();
        if (told.Count == 0 && items.IsDefaultOrEmpty)
        {
            return;
        }

        if (section.Length > 0)
        {
            json.WriteStartObject(section);
        }

        foreach (var (field, value) in told)
        {
            Write(json, field.Name, value!);
        }

        if (!items.IsDefaultOrEmpty)
        {
            json.WriteStartArray("items");
            foreach (var item in items)
            {
                WorkItemFields.Write(json, item);
            }

            json.WriteEndArray();
        }

        if (section.Length > 0)
        {
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case long number:
                json.WriteNumber(name, number);
                break;
            case bool on:
                json.WriteBoolean(name, on);
                break;
            default:
                json.WriteString(name, (string)value);
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        if (text.Length > 0)
        {
            json.WriteString(name, text);
        }
    }
}
