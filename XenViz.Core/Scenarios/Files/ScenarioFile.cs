using XenViz.Core.Commands;

namespace XenViz.Core.Scenarios.Files;

/// <summary>What a scenario file says: a run, where it begins to be shown, and words about it.</summary>
public sealed record ScenarioFile
{
    /// <summary>The format's version that this program reads and writes.</summary>
    public const int Version = 1;

    /// <summary>A title for people, at most 80 characters; may be empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>What is to be seen in it, at most 400 characters; may be empty.</summary>
    public string About { get; init; } = "";

    /// <summary>The run: parameters, choices, position and detail, as in a share link.</summary>
    public RunLink Link { get; init; } = new();
}
