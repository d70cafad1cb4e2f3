using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;

namespace XenViz.Core.Scenarios.Disk;

/// <summary>
/// Where the parts of a FAT12 volume lie. Once it exists, FAT, root directory and all clusters are inside the image.
/// </summary>
sealed record Fat12Volume
{
    const int SectorBytes = 512;
    const int MostFat12Clusters = 4084;
    const int FirstEndMark = 0xFF8;

    /// <summary>Byte offset of the root directory.</summary>
    public required int RootOffset { get; init; }

    /// <summary>Entries of the root directory, 32 bytes each.</summary>
    public required int RootEntries { get; init; }

    /// <summary>Byte offset of the first FAT.</summary>
    public required int FatOffset { get; init; }

    /// <summary>First sector of cluster 2.</summary>
    public required int DataSector { get; init; }

    /// <summary>A power of two, 1 to 128.</summary>
    public required int SectorsPerCluster { get; init; }

    /// <summary>Clusters of the volume; their numbers begin with 2.</summary>
    public required int Clusters { get; init; }

    /// <summary>The volume that the boot sector describes, or null and the problem.</summary>
    public static Fat12Volume? Read(ReadOnlySpan<byte> image, out Fat12Problem problem)
    {
        problem = Fat12Problem.NotAVolume;
        if (image.Length < SectorBytes || Get16(image, 510) != 0xAA55 || image[0] is not (0xEB or 0xE9))
        {
            return null;
        }

        problem = Fat12Problem.BadGeometry;
        int perCluster = image[13], reserved = Get16(image, 14), fats = image[16], rootEntries = Get16(image, 17);
        int fatSectors = Get16(image, 22);
        long sectors = Get16(image, 19) is var small and not 0 ? small : Get32(image, 32);
        if (Get16(image, 11) != SectorBytes || !BitOperations.IsPow2(perCluster) || reserved == 0 || fats == 0
            || rootEntries == 0 || sectors == 0 || fatSectors == 0 || sectors > image.Length / SectorBytes)
        {
            return null;
        }

        var rootSector = reserved + (fats * fatSectors);
        var dataSector = rootSector + (((rootEntries * 32) + SectorBytes - 1) / SectorBytes);
        var clusters = (int)((sectors - dataSector) / perCluster);
        if (dataSector >= sectors || clusters == 0)
        {
            return null;
        }

        if (clusters > MostFat12Clusters)
        {
            problem = Fat12Problem.NotFat12;
            return null;
        }

        if (((clusters + 2) * 3) + 1 > fatSectors * SectorBytes * 2)
        {
            return null;
        }

        return new Fat12Volume
        {
            FatOffset = reserved * SectorBytes,
            RootOffset = rootSector * SectorBytes,
            RootEntries = rootEntries,
            DataSector = dataSector,
            SectorsPerCluster = perCluster,
            Clusters = clusters,
        };
    }

    /// <summary>The size in a directory entry, in bytes.</summary>
    public static uint SizeOf(ReadOnlySpan<byte> entry) => Get32(entry, 28);

    /// <summary>
    /// The sectors of a file, just as many as its size needs, or null when its chain does not hold them. At most one
    /// step for each cluster of the volume: a longer walk is a circle.
    /// </summary>
    /// <param name="image">The volume.</param>
    /// <param name="entry">The directory entry of the file.</param>
    public ImmutableArray<SectorExtent>? Follow(ReadOnlySpan<byte> image, ReadOnlySpan<byte> entry)
    {
        var left = ((long)SizeOf(entry) + SectorBytes - 1) / SectorBytes;
        if (left > (long)Clusters * SectorsPerCluster)
        {
            return null;
        }

        var extents = ImmutableArray.CreateBuilder<SectorExtent>();
        var seen = new bool[Clusters + 2];
        int cluster = Get16(entry, 26);
        while (left > 0)
        {
            if (cluster < 2 || cluster >= Clusters + 2 || seen[cluster])
            {
                return null;
            }

            seen[cluster] = true;
            var count = (int)Math.Min(left, SectorsPerCluster);
            Append(extents, DataSector + ((cluster - 2) * SectorsPerCluster), count);
            left -= count;
            cluster = Next(image, cluster);
        }

        // A file that ends must also end in the FAT: a chain that goes on belongs to a damaged or crafted volume.
        return extents.Count == 0 || cluster >= FirstEndMark ? extents.ToImmutable() : null;
    }

    static void Append(ImmutableArray<SectorExtent>.Builder extents, int sector, int count)
    {
        if (extents.Count > 0 && extents[^1].FirstSector + extents[^1].Count == sector)
        {
            extents[^1] = extents[^1] with { Count = extents[^1].Count + count };
        }
        else
        {
            extents.Add(new SectorExtent(sector, count));
        }
    }

    /// <summary>The FAT's entry for a cluster: two entries of 12 bits share three bytes.</summary>
    int Next(ReadOnlySpan<byte> image, int cluster)
    {
        int pair = Get16(image, FatOffset + (cluster * 3 / 2));
        return cluster % 2 == 0 ? pair & 0xFFF : pair >> 4;
    }

    static uint Get32(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    static ushort Get16(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);
}
