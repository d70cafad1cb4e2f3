using System.Collections.Immutable;

namespace XenViz.Client.TextView;

/// <summary>A part of a run in words: a heading and what stands below it.</summary>
/// <param name="Id">A stable word.</param>
/// <param name="Heading">Its heading.</param>
/// <param name="Tables">Its tables, in order.</param>
public sealed record TextSection(string Id, string Heading, ImmutableArray<TextTable> Tables);

/// <summary>A table. The first cell of a row names the row.</summary>
/// <param name="Id">A stable word.</param>
/// <param name="Caption">What it holds.</param>
/// <param name="Heads">The names of its columns.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Empty">What is said instead when it has no rows.</param>
public sealed record TextTable(
    string Id, string Caption, ImmutableArray<string> Heads, ImmutableArray<TextRow> Rows, string Empty = "");

/// <summary>A row of a table.</summary>
/// <param name="Cells">A text for each column.</param>
public sealed record TextRow(ImmutableArray<string> Cells)
{
    /// <summary>True for the row that the last micro-step was about.</summary>
    public bool Current { get; init; }

    /// <summary>The position that a button in a further cell leads to, or null.</summary>
    public int? Position { get; init; }

    /// <summary>The section that a button in a further cell leads to, or null.</summary>
    public string? Section { get; init; }

    /// <summary>The object that a button in a further cell explains, or null.</summary>
    public string? About { get; init; }

    /// <summary>The part of an object that a button in a further cell asks about, or null.</summary>
    public string? Part { get; init; }

    /// <summary>What the button is called.</summary>
    public string Action { get; init; } = "";

    /// <summary>The row with a button that explains an object.</summary>
    /// <param name="id">The object.</param>
    /// <param name="name">What it is called.</param>
    public TextRow Asking(string id, string name) => this with
    {
        About = id, Name = name,
    };

    /// <summary>What the object that is explained is called.</summary>
    public string Name { get; init; } = "";

    /// <summary>A row of these cells.</summary>
    /// <param name="cells">A text for each column.</param>
    public static TextRow Of(params ReadOnlySpan<string> cells) => new([.. cells]);
}
