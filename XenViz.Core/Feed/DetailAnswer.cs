using System.Text.Json;
using XenViz.Core.Commands;
using XenViz.Core.Projection.Details;

namespace XenViz.Core.Feed;

/// <summary>The answer to a question about one object of the screen.</summary>
/// <param name="Error">Why there is none, or null.</param>
/// <param name="Json">The <see cref="DetailView"/> in the same JSON as a view; empty with an error.</param>
public sealed record DetailAnswer(CommandError? Error, string Json)
{
    /// <summary>Most characters of an id: paths of Xenstore are long.</summary>
    public const int MostCharacters = 256;

    /// <summary>The answer with this view.</summary>
    public static DetailAnswer Of(DetailView view) =>
        new(null, JsonSerializer.Serialize(view, ViewJson.Default.DetailView));

    /// <summary>The answer to a question that was refused.</summary>
    /// <param name="error">Why.</param>
    public static DetailAnswer Refused(CommandError error) => new(error, "");

    /// <summary>What was answered, or null.</summary>
    public DetailView? Read() =>
        Json.Length == 0 ? null : JsonSerializer.Deserialize(Json, ViewJson.Default.DetailView);
}
