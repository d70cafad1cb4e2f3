using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace XenViz.Core.Scenarios.Files;

/// <summary>
/// Reads JSON into a tree with lines. Strict: no comments, no trailing commas, no name twice in an object; what is too
/// deep or has too many values is refused before it costs anything.
/// </summary>
internal ref struct JsonTreeParser
{
    private readonly ReadOnlySpan<byte> _bytes;
    private Utf8JsonReader _reader;
    private int _line = 1;
    private int _counted;
    private int _values;

    private JsonTreeParser(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 2 * ScenarioReader.MaxDepth });
    }

    /// <summary>Reads the text.</summary>
    /// <param name="bytes">UTF-8.</param>
    /// <returns>The tree, or the error with its line.</returns>
    public static (JsonTree? Tree, ScenarioFileError? Error) Parse(ReadOnlySpan<byte> bytes)
    {
        var parser = new JsonTreeParser(bytes);
        try
        {
            parser._reader.Read();
            var tree = parser.Value("");
            while (parser._reader.Read())
            {
                // Anything after the value is refused by the reader itself.
            }

            return (tree, null);
        }
        catch (JsonException error)
        {
            var line = (int)(error.LineNumber ?? 0) + 1;
            return (null, ScenarioFileError.At(line, "", "Syntax", line));
        }
        catch (RefusedException refused)
        {
            return (null, refused.Error);
        }
        catch (InvalidOperationException)
        {
            // A string that is no Unicode text (half a surrogate pair, bytes that are no UTF-8).
            var line = parser.Line();
            return (null, ScenarioFileError.At(line, "", "Unicode", line));
        }
    }

    private JsonTree Value(string path)
    {
        var line = Line();
        if (++_values > ScenarioReader.MaxValues)
        {
            throw new RefusedException(ScenarioFileError.At(line, path, "Values", ScenarioReader.MaxValues));
        }

        if (_reader.CurrentDepth >= ScenarioReader.MaxDepth)
        {
            throw new RefusedException(ScenarioFileError.At(line, path, "Depth", ScenarioReader.MaxDepth));
        }

        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => Object(path, line),
            JsonTokenType.StartArray => Array(path, line),
            JsonTokenType.String => new(JsonValueKind.String, line) { Text = _reader.GetString()! },
            JsonTokenType.Number => new(JsonValueKind.Number, line)
            {
                Text = Encoding.UTF8.GetString(_reader.ValueSpan),
            },
            JsonTokenType.True => new(JsonValueKind.True, line),
            JsonTokenType.False => new(JsonValueKind.False, line),
            _ => new(JsonValueKind.Null, line),
        };
    }

    private JsonTree Object(string path, int line)
    {
        var fields = ImmutableArray.CreateBuilder<(string, JsonTree)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var at = Line();
            var name = _reader.GetString()!;
            var below = path.Length == 0 ? name : path + "." + name;
            if (!names.Add(name))
            {
                throw new RefusedException(ScenarioFileError.At(at, below, "FieldTwice"));
            }

            _reader.Read();
            fields.Add((name, Value(below)));
        }

        return new(JsonValueKind.Object, line) { Fields = fields.ToImmutable() };
    }

    private JsonTree Array(string path, int line)
    {
        var items = ImmutableArray.CreateBuilder<JsonTree>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Value($"{path}[{items.Count}]"));
        }

        return new(JsonValueKind.Array, line) { Items = items.ToImmutable() };
    }

    // Lines are counted only forwards, so the whole text is looked at once.
    private int Line()
    {
        var to = (int)_reader.TokenStartIndex;
        if (to > _counted)
        {
            _line += _bytes[_counted..to].Count((byte)'\n');
            _counted = to;
        }

        return _line;
    }

    private sealed class RefusedException(ScenarioFileError error) : Exception
    {
        public ScenarioFileError Error { get; } = error;
    }
}
