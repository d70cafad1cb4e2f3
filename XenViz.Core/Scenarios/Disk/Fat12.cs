using System.Collections.Immutable;
using System.Globalization;
using System.Resources;
using System.Text;

namespace XenViz.Core.Scenarios.Disk;

/// <summary>Sectors that follow each other.</summary>
/// <param name="FirstSector">From the beginning of the image, in units of 512 bytes.</param>
/// <param name="Count">How many, at least 1.</param>
public readonly record struct SectorExtent(int FirstSector, int Count);

/// <summary>A file of a volume.</summary>
/// <param name="Name">Its 8.3 name as the directory has it.</param>
/// <param name="SizeBytes">Its size, which may end inside its last sector.</param>
/// <param name="Extents">The sectors that hold it, in the order of the file; none for an empty file.</param>
public sealed record DiskFile(string Name, long SizeBytes, ImmutableArray<SectorExtent> Extents);

/// <summary>Why a file could not be found.</summary>
public enum Fat12Problem
{
    /// <summary>The image has no boot sector that describes a volume.</summary>
    NotAVolume,

    /// <summary>The sizes in the boot sector do not fit each other or the image.</summary>
    BadGeometry,

    /// <summary>The volume has so many clusters that it is FAT16 or FAT32.</summary>
    NotFat12,

    /// <summary>No file of this name is in the root directory.</summary>
    NoSuchFile,

    /// <summary>The chain of the file leaves the volume, ends too early or runs in a circle.</summary>
    BrokenChain,
}

/// <summary>A problem with a sentence for people.</summary>
/// <param name="Problem">Which one.</param>
/// <param name="Message">What is wrong and the remedy.</param>
public sealed record Fat12Error(Fat12Problem Problem, string Message);

/// <summary>The answer to a search: a file, or why not.</summary>
/// <param name="File">The file, or null.</param>
/// <param name="Error">Null when there is a file.</param>
public sealed record Fat12Lookup(DiskFile? File, Fat12Error? Error);

/// <summary>
/// Finds files in the root directory of a FAT12 volume. An image may come from anybody: nothing in it is believed,
/// every walk is bounded, and whatever does not fit becomes an error, never an exception.
/// </summary>
public static class Fat12
{
    const int EntryBytes = 32;
    const byte LabelOrDirectory = 0x18;

    static readonly ResourceManager Texts = new("XenViz.Core.Scenarios.Disk.DiskText", typeof(Fat12).Assembly);

    /// <summary>Finds a file by its name.</summary>
    /// <param name="image">The volume, from its boot sector on.</param>
    /// <param name="name">An 8.3 name such as <c>README.TXT</c>; case does not matter.</param>
    public static Fat12Lookup FindFile(ReadOnlySpan<byte> image, string name)
    {
        if (Fat12Volume.Read(image, out var problem) is not { } volume)
        {
            return Failed(problem, name);
        }

        foreach (var at in EntriesOf(image, volume))
        {
            var entry = image.Slice(at, EntryBytes);
            if (string.Equals(NameOf(entry), name, StringComparison.OrdinalIgnoreCase))
            {
                return volume.Follow(image, entry) is { } extents
                    ? new Fat12Lookup(new DiskFile(NameOf(entry), Fat12Volume.SizeOf(entry), extents), null)
                    : Failed(Fat12Problem.BrokenChain, name);
            }
        }

        return Failed(Fat12Problem.NoSuchFile, name);
    }

    /// <summary>The names of all files in the root directory, in its order; none when there is no volume.</summary>
    /// <param name="image">The volume, from its boot sector on.</param>
    public static ImmutableArray<string> FileNames(ReadOnlySpan<byte> image)
    {
        if (Fat12Volume.Read(image, out _) is not { } volume)
        {
            return [];
        }

        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var at in EntriesOf(image, volume))
        {
            names.Add(NameOf(image.Slice(at, EntryBytes)));
        }

        return names.ToImmutable();
    }

    /// <summary>Byte offsets of the entries of files: no deleted ones, labels, directories, long names.</summary>
    static List<int> EntriesOf(ReadOnlySpan<byte> image, Fat12Volume volume)
    {
        const byte EndOfDirectory = 0x00;
        const byte Deleted = 0xE5;
        var found = new List<int>();
        for (var i = 0; i < volume.RootEntries; i++)
        {
            var at = volume.RootOffset + (i * EntryBytes);
            if (image[at] == EndOfDirectory)
            {
                break;
            }

            if (image[at] != Deleted && (image[at + 11] & LabelOrDirectory) == 0)
            {
                found.Add(at);
            }
        }

        return found;
    }

    static string NameOf(ReadOnlySpan<byte> entry)
    {
        var stem = Encoding.Latin1.GetString(entry[..8]).TrimEnd(' ');
        var extension = Encoding.Latin1.GetString(entry[8..11]).TrimEnd(' ');
        return extension.Length == 0 ? stem : $"{stem}.{extension}";
    }

    static Fat12Lookup Failed(Fat12Problem problem, string name) => new(null, new Fat12Error(
        problem,
        string.Format(CultureInfo.InvariantCulture, Texts.GetString(problem.ToString())!, name)));
}
