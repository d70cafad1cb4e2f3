using System.Globalization;
using System.Text.Json;

namespace XenViz.Core.Scenarios.Files;

/// <summary>
/// Reads the fields of one object, notes what is wrong, and knows at the end which fields nobody asked for.
/// </summary>
internal sealed class FieldReader
{
    private readonly JsonTree _tree;
    private readonly List<ScenarioFileError> _errors;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Begins with an object; anything else is an error.</summary>
    public FieldReader(JsonTree tree, string path, List<ScenarioFileError> errors)
    {
        _tree = tree;
        Path = path;
        _errors = errors;
        if (tree.Kind != JsonValueKind.Object)
        {
            errors.Add(ScenarioFileError.At(tree.Line, path, "Object"));
        }
    }

    /// <summary>Where the object stands.</summary>
    public string Path { get; }

    /// <summary>The line on which it begins.</summary>
    public int Line => _tree.Line;

    /// <summary>The names of its fields.</summary>
    public IEnumerable<string> Names => _tree.Fields.Select(each => each.Name);

    /// <summary>True when the field is there.</summary>
    public bool Has(string name) => Ask(name) is not null;

    /// <summary>The line of a field, or of the object when it is missing.</summary>
    public int LineOf(string name) => _tree.Find(name)?.Line ?? _tree.Line;

    /// <summary>A field that means nothing to this program.</summary>
    public void Ignore(string name) => _known.Add(name);

    /// <summary>Notes that a field is wrong.</summary>
    public void Bad(string name, string text, params object[] values) =>
        _errors.Add(ScenarioFileError.At(LineOf(name), PathOf(name), text, values));

    /// <summary>A whole number, or null when it is missing or wrong.</summary>
    public long? Number(string name, long least = long.MinValue, long most = long.MaxValue)
    {
        if (Ask(name) is not { } found)
        {
            return null;
        }

        var whole = long.TryParse(
            found.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        if (found.Kind == JsonValueKind.Number && whole && number >= least && number <= most)
        {
            return number;
        }

        if (least == long.MinValue)
        {
            Bad(name, "WholeNumber");
        }
        else
        {
            Bad(name, "NumberRange", least, most);
        }

        return null;
    }

    /// <summary>One of a few words, or null when it is missing or wrong.</summary>
    public string? Word(string name, string[] choices)
    {
        if (Ask(name) is not { } found)
        {
            return null;
        }

        if (found.Kind == JsonValueKind.String && choices.Contains(found.Text))
        {
            return found.Text;
        }

        Bad(name, "Word", string.Join(", ", choices));
        return null;
    }

    /// <summary>Text, or null when it is missing or wrong.</summary>
    /// <param name="name">The field.</param>
    /// <param name="most">Most characters.</param>
    public string? Text(string name, long most)
    {
        if (Ask(name) is not { } found)
        {
            return null;
        }

        if (found.Kind == JsonValueKind.String && found.Text.Length <= most)
        {
            return found.Text;
        }

        Bad(name, "Text", most);
        return null;
    }

    /// <summary>true or false, or null when it is missing or wrong.</summary>
    public bool? Switch(string name)
    {
        if (Ask(name) is not { } found)
        {
            return null;
        }

        if (found.Kind is JsonValueKind.True or JsonValueKind.False)
        {
            return found.Kind == JsonValueKind.True;
        }

        Bad(name, "Switch");
        return null;
    }

    /// <summary>An object below, or null when it is missing.</summary>
    public FieldReader? Section(string name) =>
        Ask(name) is { } found ? new FieldReader(found, PathOf(name), _errors) : null;

    /// <summary>A list of objects; none when it is missing or wrong.</summary>
    public IEnumerable<FieldReader> Objects(string name, int most)
    {
        if (Ask(name) is not { } found)
        {
            return [];
        }

        if (found.Kind == JsonValueKind.Array && found.Items.Length <= most)
        {
            return found.Items.Select((item, i) => new FieldReader(item, $"{PathOf(name)}[{i}]", _errors));
        }

        Bad(name, "List", most);
        return [];
    }

    /// <summary>Every field that nobody asked for is an error: most likely it is misspelt.</summary>
    public void Finish()
    {
        foreach (var (name, value) in _tree.Fields)
        {
            if (!_known.Contains(name))
            {
                var shown = name.Length <= 40 ? name : name[..40];
                var known = string.Join(", ", _known.Order(StringComparer.Ordinal));
                _errors.Add(ScenarioFileError.At(value.Line, PathOf(shown), "Unknown", known));
            }
        }
    }

    private JsonTree? Ask(string name)
    {
        _known.Add(name);
        return _tree.Find(name);
    }

    private string PathOf(string name) => Path.Length == 0 ? name : Path + "." + name;
}
