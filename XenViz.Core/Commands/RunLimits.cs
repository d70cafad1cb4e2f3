using System.Text;

namespace XenViz.Core.Commands;

/// <summary>The ranges of everything that defines a run, checked in one place whoever asks.</summary>
public static class RunLimits
{
    /// <summary>Most items of work.</summary>
    public const int Items = 32;

    /// <summary>Most bytes (UTF-8) of the texts of all items together.</summary>
    public const int TextBytes = 4096;

    /// <summary>Most sectors of 512 bytes in one item.</summary>
    public const int Sectors = 2048;

    /// <summary>Most requests in flight: a ring of one page has 32 slots (<c>io/blkif.h</c>, 112-byte entries).
    /// </summary>
    public const int Depth = 32;

    /// <summary>Most segments a request (<c>BLKIF_MAX_SEGMENTS_PER_REQUEST</c>).</summary>
    public const int Segments = 11;

    /// <summary>Most choices that a link or a recording may hold.</summary>
    public const int Choices = 200_000;

    /// <summary>The highest sector that can be named: 2^40 - 1, half a pebibyte.</summary>
    public const long LastSector = (1L << 40) - 1;

    /// <summary>The names of the runs.</summary>
    public static IReadOnlyList<string> Scenarios { get; } = ["figure", "connect", "workload"];

    /// <summary>Looks for the first parameter that is out of its range.</summary>
    /// <returns>Null when all is well, else the error; its field is the part of a share link (<c>slots</c>,
    /// <c>work[2].text</c>).</returns>
    public static CommandError? Check(RunParameters run)
    {
        if (!Scenarios.Contains(run.Scenario))
        {
            return CommandErrors.Bad("scenario", "Scenario", run.Scenario);
        }

        if (run.Slots is not (8 or 16 or 32))
        {
            return CommandErrors.Bad("slots", "Slots", run.Slots);
        }

        return Range("depth", run.Depth, 1, Depth)
            ?? Range("segments", run.Segments, 1, Segments)
            ?? (run.Image is null || IsId(run.Image) ? null : CommandErrors.Bad("image", "Image"))
            ?? Check(run.Work.IsDefault ? [] : [.. run.Work]);
    }

    /// <summary>True for 1 to 64 letters, digits, <c>-</c> and <c>_</c>: what a session or an image may be called.
    /// </summary>
    public static bool IsId(string? id) =>
        id is { Length: >= 1 and <= 64 } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>True for a DOS name: 1 to 8 characters, and perhaps a point and 1 to 3 more.</summary>
    private static bool IsFileName(string? name)
    {
        if (name is null || !name.All(c => c is > ' ' and <= '~' and not ('/' or '\\' or ':' or '*' or '?')))
        {
            return false;
        }

        var parts = name.Split('.');
        return parts is [{ Length: >= 1 and <= 8 }] or [{ Length: >= 1 and <= 8 }, { Length: >= 1 and <= 3 }];
    }

    private static CommandError? Check(WorkItem[] work)
    {
        if (work.Length > Items)
        {
            return CommandErrors.Bad("work", "Items", work.Length, Items);
        }

        var textBytes = 0;
        for (var i = 0; i < work.Length; i++)
        {
            if (Check($"work[{i}]", work[i]) is { } error)
            {
                return error;
            }

            textBytes += work[i] is WorkItem.WriteText write ? Encoding.UTF8.GetByteCount(write.Text) : 0;
            if (textBytes > TextBytes)
            {
                return CommandErrors.Bad($"work[{i}].text", "Text", TextBytes);
            }
        }

        return null;
    }

    private static CommandError? Check(string item, WorkItem? work) => work switch
    {
        WorkItem.WriteText write => Sector($"{item}.sector", write.Sector) ?? Check(item, write),
        WorkItem.ReadSectors read =>
            Sector($"{item}.sector", read.Sector) ?? Range($"{item}.count", read.Count, 1, Sectors),
        WorkItem.CopySectors copy => Sector($"{item}.from", copy.From) ?? Sector($"{item}.to", copy.To)
            ?? Range($"{item}.count", copy.Count, 1, Sectors),
        WorkItem.ReadFile file => IsFileName(file.Name) ? null : CommandErrors.Bad($"{item}.name", "FileName"),
        _ => CommandErrors.Bad(item, "WorkKind"),
    };

    private static CommandError? Check(string item, WorkItem.WriteText write)
    {
        var bytes = Encoding.UTF8.GetByteCount(write.Text ?? "");
        if (bytes is 0 or > TextBytes)
        {
            return CommandErrors.Bad($"{item}.text", "Text", TextBytes);
        }

        return Range($"{item}.sectors", write.Sectors, 0, Sectors)
            ?? (write.Sectors is 0 || bytes <= (long)write.Sectors * Abi.Sector.SizeBytes
                ? null
                : CommandErrors.Bad($"{item}.sectors", "TextFits", bytes, write.Sectors));
    }

    private static CommandError? Sector(string field, long sector) =>
        sector is >= 0 and <= LastSector ? null : CommandErrors.Bad(field, "Range", sector, 0, LastSector);

    private static CommandError? Range(string field, long value, long least, long most) =>
        value >= least && value <= most ? null : CommandErrors.Bad(field, "Range", value, least, most);
}
