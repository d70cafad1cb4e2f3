namespace XenViz.Tidy.Tests;

/// <summary>A file that people write: its path from the root of the tree, with slashes, and its lines.</summary>
internal sealed record SourceFile(string Path, string[] Lines)
{
    public string Text => string.Join('\n', Lines);

    /// <summary>The folders between the project and the file: "Devices/Io" of XenViz.Core/Devices/Io/X.cs.</summary>
    public string[] Folders(string project) =>
        Path[(project.Length + 1)..].Split('/')[..^1];

    /// <summary>Each line with its number, as a complaint wants it.</summary>
    public IEnumerable<(string Where, string Line)> Numbered() =>
        Lines.Select((line, index) => ($"{Path}:{index + 1}", line));
}
