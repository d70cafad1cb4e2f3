using System.Collections.Immutable;
using System.Text.Json;

namespace XenViz.Core.Scenarios.Files;

/// <summary>A JSON value that knows its line, so that what is wrong with it can be pointed at.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Line">The line on which it begins, from 1.</param>
internal sealed record JsonTree(JsonValueKind Kind, int Line)
{
    /// <summary>A string's text, or a number as it is written.</summary>
    public string Text { get; init; } = "";

    /// <summary>An object's fields in their order, each name once.</summary>
    public ImmutableArray<(string Name, JsonTree Value)> Fields { get; init; } = [];

    /// <summary>An array's items.</summary>
    public ImmutableArray<JsonTree> Items { get; init; } = [];

    /// <summary>The field of this name, or null.</summary>
    public JsonTree? Find(string name)
    {
        foreach (var (own, value) in Fields)
        {
            if (own == name)
            {
                return value;
            }
        }

        return null;
    }
}
