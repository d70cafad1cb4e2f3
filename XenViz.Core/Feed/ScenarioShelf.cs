using System.Collections.Immutable;
using XenViz.Core.Scenarios.Files;

namespace XenViz.Core.Feed;

/// <summary>A scenario as a list shows it.</summary>
/// <param name="Name">A stable word; empty for somebody's own file.</param>
/// <param name="Group">What it is about, one of <see cref="ScenarioGroups.Of"/>; empty for somebody's own file.</param>
/// <param name="Title">A title; may be empty for somebody's own file.</param>
/// <param name="About">What is to be seen; may be empty for somebody's own file.</param>
/// <param name="Link">The run as the query of a share link.</param>
public sealed record ScenarioCard(string Name, string Group, string Title, string About, string Link);

/// <summary>The prepared runs, for whoever shows them: the catalog as cards, and files that people bring.</summary>
public static class ScenarioShelf
{
    /// <summary>Most bytes of a file.</summary>
    public const int MaxBytes = ScenarioReader.MaxBytes;

    /// <summary>The catalog in the order in which it is taught. The same for everybody as long as the program is.
    /// </summary>
    public static ImmutableArray<ScenarioCard> Cards { get; } =
    [
        .. ScenarioCatalog.All.Select(entry => new ScenarioCard(
            entry.Name, ScenarioGroups.Of(entry.Name), entry.Title, entry.About, entry.File.Link.Format())),
    ];

    /// <summary>Reads somebody's file.</summary>
    /// <param name="bytes">Its bytes; one more than <see cref="MaxBytes"/> is enough to see that it is too large.
    /// </param>
    /// <returns>Its card, or everything that is wrong with it, in the order of its lines: a sentence each, that names
    /// the line and the field.</returns>
    public static (ScenarioCard? Card, ImmutableArray<string> Errors) Open(ReadOnlySpan<byte> bytes)
    {
        var (file, errors) = ScenarioReader.Read(bytes);
        return file is null ? (null, [.. errors.Select(error => error.ToString())]) : (Card(file), []);
    }

    /// <summary>The card of somebody's file.</summary>
    public static ScenarioCard Card(ScenarioFile file) => new("", "", file.Title, file.About, file.Link.Format());
}
