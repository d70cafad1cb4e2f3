using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace XenViz.Core.Scenarios.Disk;

/// <summary>
/// The disk of the course. It has 2,097,152 sectors of 512 bytes; at its head lies a small FAT12 volume, and
/// everything behind that reads as zeros.
/// </summary>
public static class CourseDisk
{
    /// <summary>Sectors that the disk reports: 1 GiB.</summary>
    public const long Sectors = 2_097_152;

    /// <summary>Where the figure reads and writes, and where <c>NOTE.TXT</c> lies: one page.</summary>
    public const int NoteSector = 2048;

    /// <summary>What the sector holds for the figure's READ.</summary>
    public const string Greeting = "Hello, guest!";

    const int ClusterBytes = Fat12Builder.SectorsPerCluster * 512;
    const int NoteCluster = ((NoteSector - Fat12Builder.DataSector) / Fat12Builder.SectorsPerCluster) + 2;

    // In four pieces, one of them behind its successor, so that reading it takes several requests of several pages.
    static readonly ImmutableArray<int> LongClusters = [20, 21, 22, 64, 40, 41, 42, 43, 300, 301];

    /// <summary>The bytes of the volume, 2 MiB: the head of the disk.</summary>
    /// <param name="read">
    /// True for the figure's READ, whose sector 2048 greets the guest; false for its WRITE, whose sector holds zeros.
    /// </param>
    /// <returns>A fresh array each time.</returns>
    public static byte[] Image(bool read) => Fat12Builder.Build("XENVIZ DISK", 0x58454E56,
    [
        new Fat12File("README.TXT", Ascii(CourseFiles.ReadMe), [2]),
        new Fat12File("FIGURE.TXT", Ascii(CourseFiles.Figure), [3]),
        new Fat12File("NOTE.TXT", Page(read ? Greeting : ""), [NoteCluster]),
        new Fat12File("LONG.TXT", Ruler(LongClusters), LongClusters),
    ]);

    static byte[] Page(string text)
    {
        var page = new byte[ClusterBytes];
        Ascii(text).CopyTo(page, 0);
        return page;
    }

    /// <summary>
    /// Lines of 64 bytes, 8 to a sector, each of which says where it lies in the file and on the disk.
    /// </summary>
    static byte[] Ruler(ImmutableArray<int> clusters)
    {
        const int LineBytes = 64;
        var text = new StringBuilder();
        for (var i = 0; i < clusters.Length * ClusterBytes / LineBytes; i++)
        {
            var offset = i * LineBytes;
            var sector = Fat12Builder.SectorOf(clusters[offset / ClusterBytes]) + (offset % ClusterBytes / 512);
            var line = string.Create(CultureInfo.InvariantCulture,
                $"Line {i:D3}: byte {offset:D5} of the file, sector {sector:D4} of the disk");
            text.Append(line.PadRight(LineBytes - 1)).Append('\n');
        }

        return Ascii(text.ToString());
    }

    static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
