using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace XenViz.Core.Scenarios.Disk;

/// <summary>A file to be put on a volume.</summary>
/// <param name="Name">An 8.3 name in capitals, such as <c>README.TXT</c>.</param>
/// <param name="Content">Its bytes; the rest of its last cluster becomes zeros.</param>
/// <param name="Clusters">
/// Where it lies: cluster numbers from 2 on, in the order of the file, exactly as many as the content needs.
/// </param>
public sealed record Fat12File(string Name, byte[] Content, ImmutableArray<int> Clusters);

/// <summary>
/// Builds a FAT12 volume without a partition table. The same input gives the same bytes: all times are one fixed
/// moment, and files lie where the caller puts them.
/// </summary>
/// <remarks>
/// With sectors of 512 bytes: 0 boot sector, 1-2 and 3-4 two copies of the FAT, 5-7 the root directory, and from 8 on
/// clusters of 8 sectors. A cluster is therefore a page of 4096 bytes and begins at a multiple of 8.
/// </remarks>
public static class Fat12Builder
{
    /// <summary>Sectors of the volume: 2 MiB.</summary>
    public const int Sectors = 4096;

    /// <summary>Sectors of a cluster: one page.</summary>
    public const int SectorsPerCluster = 8;

    /// <summary>The first sector of cluster 2, the first one.</summary>
    public const int DataSector = 8;

    /// <summary>Clusters of the volume.</summary>
    public const int Clusters = (Sectors - DataSector) / SectorsPerCluster;

    const int SectorBytes = 512;
    const int ClusterBytes = SectorsPerCluster * SectorBytes;
    const int FatSector = 1;
    const int FatSectors = 2;
    const int RootSector = FatSector + (2 * FatSectors);
    const int RootEntries = (DataSector - RootSector) * SectorBytes / 32;
    const ushort EndOfChain = 0xFFF;

    // 2026-01-01 00:00: years since 1980, months and days in one word; the time word is 0.
    const ushort FixedDate = ((2026 - 1980) << 9) | (1 << 5) | 1;

    /// <summary>The first sector of a cluster.</summary>
    /// <param name="cluster">2 to <see cref="Clusters"/> + 1.</param>
    public static int SectorOf(int cluster) => DataSector + ((cluster - 2) * SectorsPerCluster);

    /// <summary>Builds the volume.</summary>
    /// <param name="label">Its name, up to 11 characters.</param>
    /// <param name="serial">Its serial number.</param>
    /// <param name="files">Its files, in the order of the root directory.</param>
    /// <exception cref="ArgumentException">A file does not fit its clusters, or two claim the same one.</exception>
    public static byte[] Build(string label, uint serial, IReadOnlyList<Fat12File> files)
    {
        var image = new byte[Sectors * SectorBytes];
        WriteBootSector(image, label, serial);
        var fat = new ushort[Clusters + 2];
        fat[0] = 0xFF8;
        fat[1] = EndOfChain;
        WriteLabel(image, label);
        for (var i = 0; i < files.Count; i++)
        {
            if (i + 1 >= RootEntries)
            {
                throw new ArgumentException("The root directory has no room for so many files.", nameof(files));
            }

            Chain(fat, files[i]);
            WriteContent(image, files[i]);
            WriteEntry(image, i + 1, files[i]);
        }

        WriteFats(image, fat);
        return image;
    }

    static void WriteBootSector(Span<byte> image, string label, uint serial)
    {
        ReadOnlySpan<byte> jump = [0xEB, 0x3C, 0x90];
        jump.CopyTo(image);
        Ascii("XENVIZ", 8).CopyTo(image[3..]);
        Put16(image, 11, SectorBytes);
        image[13] = SectorsPerCluster;
        Put16(image, 14, FatSector);
        image[16] = 2;
        Put16(image, 17, RootEntries);
        Put16(image, 19, Sectors);
        image[21] = 0xF8;
        Put16(image, 22, FatSectors);
        Put16(image, 24, 32);
        Put16(image, 26, 2);
        image[36] = 0x80;
        image[38] = 0x29;
        BinaryPrimitives.WriteUInt32LittleEndian(image[39..], serial);
        Ascii(label, 11).CopyTo(image[43..]);
        Ascii("FAT12", 8).CopyTo(image[54..]);

        // The jump lands here: halt, and again after any interrupt. The disk is for data, not for starting.
        ReadOnlySpan<byte> halt = [0xF4, 0xEB, 0xFD];
        halt.CopyTo(image[62..]);
        Put16(image, 510, 0xAA55);
    }

    static void WriteLabel(Span<byte> image, string label)
    {
        var entry = Entry(image, 0);
        Ascii(label, 11).CopyTo(entry);
        entry[11] = 0x08;
        Put16(entry, 24, FixedDate);
    }

    static void WriteEntry(Span<byte> image, int index, Fat12File file)
    {
        var entry = Entry(image, index);
        var dot = file.Name.IndexOf('.', StringComparison.Ordinal);
        var stem = dot < 0 ? file.Name : file.Name[..dot];
        Ascii(stem, 8).CopyTo(entry);
        Ascii(dot < 0 ? "" : file.Name[(dot + 1)..], 3).CopyTo(entry[8..]);
        entry[11] = 0x20;
        Put16(entry, 16, FixedDate);
        Put16(entry, 18, FixedDate);
        Put16(entry, 24, FixedDate);
        Put16(entry, 26, file.Clusters.Length == 0 ? 0 : file.Clusters[0]);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[28..], (uint)file.Content.Length);
    }

    static void Chain(ushort[] fat, Fat12File file)
    {
        var needed = (file.Content.Length + ClusterBytes - 1) / ClusterBytes;
        if (file.Clusters.Length != needed)
        {
            throw new ArgumentException($"{file.Name} needs {needed} clusters and names {file.Clusters.Length}.");
        }

        for (var i = 0; i < file.Clusters.Length; i++)
        {
            var cluster = file.Clusters[i];
            if (cluster < 2 || cluster >= fat.Length || fat[cluster] != 0)
            {
                throw new ArgumentException($"{file.Name} cannot have cluster {cluster}: taken or not on the volume.");
            }

            fat[cluster] = i + 1 < file.Clusters.Length ? (ushort)file.Clusters[i + 1] : EndOfChain;
        }
    }

    static void WriteContent(Span<byte> image, Fat12File file)
    {
        for (var i = 0; i < file.Clusters.Length; i++)
        {
            var part = file.Content.AsSpan(i * ClusterBytes);
            part[..Math.Min(part.Length, ClusterBytes)].CopyTo(image[(SectorOf(file.Clusters[i]) * SectorBytes)..]);
        }
    }

    /// <summary>Two entries of 12 bits share three bytes; both copies are the same.</summary>
    static void WriteFats(Span<byte> image, ushort[] fat)
    {
        var bytes = new byte[FatSectors * SectorBytes];
        for (var cluster = 0; cluster < fat.Length; cluster++)
        {
            var at = cluster * 3 / 2;
            var bits = cluster % 2 == 0 ? fat[cluster] : fat[cluster] << 4;
            bytes[at] |= (byte)bits;
            bytes[at + 1] |= (byte)(bits >> 8);
        }

        bytes.CopyTo(image[(FatSector * SectorBytes)..]);
        bytes.CopyTo(image[((FatSector + FatSectors) * SectorBytes)..]);
    }

    static Span<byte> Entry(Span<byte> image, int index) =>
        image.Slice((RootSector * SectorBytes) + (index * 32), 32);

    static byte[] Ascii(string text, int width) => text.Length <= width
        ? Encoding.ASCII.GetBytes(text.PadRight(width))
        : throw new ArgumentException($"\"{text}\" has more than {width} characters.", nameof(text));

    static void Put16(Span<byte> bytes, int offset, int value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[offset..], (ushort)value);
}
