using System.Text.Json;

namespace XenViz.Core.Tests;

/// <summary>Bytes of a frame.</summary>
public sealed record FigurePlace(ulong Frame, int Offset);

/// <summary>One row of the figure as the course tells it. Bytes are hexadecimal, in memory order.</summary>
public sealed record FigureRow(
    string Number, string Agent, string Kind, FigurePlace? Place, string? Before, string? After, string? Loaded,
    int Length, string Caption, string Why, string[] Lights);

/// <summary>The FNV-1a checksum of a frame after a row; <c>start</c> and <c>end</c> are what they say.</summary>
public sealed record FigureCheck(string After, ulong Frame, string Fnv);

/// <summary>Bytes that a frame holds at the end.</summary>
public sealed record FigureEnd(ulong Frame, int Offset, string Bytes);

/// <summary>The rows of one run of the figure in their order, with the values that must come out.</summary>
public sealed record FigureTable(
    string Scenario, bool Read, FigureRow[] Rows, FigureCheck[] Checks, FigureEnd[] End)
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Reads <c>Data/figure-write.json</c> or <c>Data/figure-read.json</c>.</summary>
    public static FigureTable Load(bool read) => JsonSerializer.Deserialize<FigureTable>(
        File.ReadAllText(TestData.PathOf(read ? "figure-read.json" : "figure-write.json")), Options)!;
}
