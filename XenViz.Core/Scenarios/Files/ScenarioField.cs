using XenViz.Core.Commands;

namespace XenViz.Core.Scenarios.Files;

/// <summary>What a field of a scenario file holds.</summary>
internal enum FieldKind
{
    /// <summary>A whole number.</summary>
    Number,

    /// <summary>One of a few words.</summary>
    Word,

    /// <summary>Text.</summary>
    Text,

    /// <summary>true or false.</summary>
    Switch,
}

/// <summary>
/// A field of a scenario file: where it stands, what it may hold, and which part of a share link it is. The reader,
/// the writer and the published schema are made from the same list, so that they cannot disagree.
/// </summary>
/// <param name="Path">Its place, <c>ring.slots</c>.</param>
/// <param name="Part">The part of a share link with the same meaning, as limits name it.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Get">Its value: long, string or bool; null when it has none.</param>
/// <param name="Set">The link with another value.</param>
internal sealed record ScenarioField(
    string Path, string Part, FieldKind Kind, Func<RunLink, object?> Get, Func<RunLink, object, RunLink> Set)
{
    /// <summary>For a number: the least.</summary>
    public long Least { get; init; }

    /// <summary>For a number: the most. For a text: most characters.</summary>
    public long Most { get; init; } = int.MaxValue;

    /// <summary>For a word, or a number with few values: what may be chosen.</summary>
    public string[] Choices { get; init; } = [];

    /// <summary>The section, or empty when it stands at the top.</summary>
    public string Section => Path.Contains('.') ? Path[..Path.IndexOf('.')] : "";

    /// <summary>The name within the section.</summary>
    public string Name => Path[(Path.IndexOf('.') + 1)..];

    /// <summary>What it is, for the schema and the documents.</summary>
    public string About => ScenarioFileError.Text("About_" + Path.Replace('.', '_'));
}
