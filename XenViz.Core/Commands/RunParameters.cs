using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace XenViz.Core.Commands;

/// <summary>What the guest application is asked to do, one item after the other.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "do")]
[JsonDerivedType(typeof(WriteText), "write")]
[JsonDerivedType(typeof(ReadSectors), "read")]
[JsonDerivedType(typeof(CopySectors), "copy")]
[JsonDerivedType(typeof(ReadFile), "file")]
public abstract record WorkItem
{
    /// <summary>Writes UTF-8 text from the start of a sector on; the rest of the last sector is zeros.</summary>
    /// <param name="Sector">First sector of 512 bytes.</param>
    /// <param name="Text">1 to 4096 bytes as UTF-8.</param>
    /// <param name="Sectors">Sectors to write, 1 to 2048; 0 means as many 4096-byte pages as the text needs.</param>
    public sealed record WriteText(long Sector, string Text, int Sectors = 0) : WorkItem;

    /// <summary>Reads sectors into the application's pages.</summary>
    /// <param name="Sector">First sector of 512 bytes.</param>
    /// <param name="Count">Sectors, 1 to 2048.</param>
    public sealed record ReadSectors(long Sector, int Count) : WorkItem;

    /// <summary>Reads sectors, then writes the same pages somewhere else. The guest never looks at the bytes.</summary>
    /// <param name="From">First sector to read.</param>
    /// <param name="To">First sector to write.</param>
    /// <param name="Count">Sectors, 1 to 2048.</param>
    public sealed record CopySectors(long From, long To, int Count) : WorkItem;

    /// <summary>Reads a file of the embedded image, found by its name in the image's root directory.</summary>
    /// <param name="Name">An 8.3 name such as <c>README.TXT</c>; case does not matter.</param>
    public sealed record ReadFile(string Name) : WorkItem;
}

/// <summary>Everything that defines a run but the choices: a run is these and a list of choices.</summary>
public sealed record RunParameters
{
    /// <summary>The scenario's name: <c>figure</c>, <c>connect</c> or <c>workload</c>.</summary>
    public string Scenario { get; init; } = "figure";

    /// <summary>For <c>figure</c>: true for the READ, false for the WRITE.</summary>
    public bool Read { get; init; }

    /// <summary>Slots of the ring: 8, 16 or 32 (one page of 112-byte entries holds 32).</summary>
    public int Slots { get; init; } = 8;

    /// <summary>Most requests in flight at once, 1 to 32.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Most segments (pages) a request, 1 to 11 (<c>BLKIF_MAX_SEGMENTS_PER_REQUEST</c>).</summary>
    public int Segments { get; init; } = 11;

    /// <summary>The free-running value of all ring indices at the start.</summary>
    public uint StartIndex { get; init; } = 45;

    /// <summary>The work, for <c>workload</c>; the figure has its own.</summary>
    public ImmutableArray<WorkItem> Work { get; init; } = [];

    /// <summary>The id of an uploaded image, or null for the embedded one.</summary>
    public string? Image { get; init; }
}
