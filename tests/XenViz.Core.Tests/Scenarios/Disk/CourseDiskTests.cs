using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using XenViz.Core.Scenarios.Disk;

namespace XenViz.Core.Tests.Scenarios.Disk;

public class CourseDiskTests
{
    [Theory]
    [InlineData(false, "BF9DA6E68CC42CA2E77291482F9E2229D708EBAD62799E50DF25879622B2921B")]
    [InlineData(true, "469E95C4EC469D07D25F508CCE197386A25A9B6116AAD211A430AD9440A503FE")]
    public void The_image_is_always_the_same(bool read, string hash)
    {
        Assert.Equal(2 * 1024 * 1024, CourseDisk.Image(read).Length);
        Assert.Equal(hash, Convert.ToHexString(SHA256.HashData(CourseDisk.Image(read))));
    }

    [Fact]
    public void The_two_images_differ_in_the_greeting_alone()
    {
        var write = CourseDisk.Image(read: false);
        var read = CourseDisk.Image(read: true);

        Assert.Equal(new byte[4096], write.AsSpan(2048 * 512, 4096).ToArray());
        Encoding.ASCII.GetBytes("Hello, guest!").CopyTo(write, 2048 * 512);
        Assert.Equal(write, read);
    }

    [Fact]
    public void The_note_is_one_page_at_sector_2048()
    {
        var file = Fat12.FindFile(CourseDisk.Image(read: true), "note.txt").File;
        Assert.Equal(4096, file!.SizeBytes);
        Assert.Equal([new SectorExtent(2048, 8)], file.Extents);
    }

    [Fact]
    public void The_root_directory_has_four_files() => Assert.Equal(
        ["README.TXT", "FIGURE.TXT", "NOTE.TXT", "LONG.TXT"], Fat12.FileNames(CourseDisk.Image(read: false)));

    [Theory]
    [InlineData("README.TXT", "THE DISK OF THE COURSE\n", 1)]
    [InlineData("FIGURE.TXT", "ONE REQUEST IN SEVEN STEPS\n", 1)]
    [InlineData("LONG.TXT", "Line 000: byte 00000 of the file, sector 0152 of the disk", 4)]
    public void A_text_is_found_whole(string name, string beginning, int extents)
    {
        var image = CourseDisk.Image(read: false);
        var file = Fat12.FindFile(image, name).File!;
        var text = Encoding.ASCII.GetString(Contents(image, file));

        Assert.Equal(extents, file.Extents.Length);
        Assert.Equal(file.SizeBytes, text.Length);
        Assert.StartsWith(beginning, text, StringComparison.Ordinal);
        Assert.All(text, c => Assert.True(c is '\n' or (>= ' ' and <= '~')));
    }

    [Fact]
    public void Every_line_of_the_long_text_lies_where_it_says()
    {
        var image = CourseDisk.Image(read: false);
        var file = Fat12.FindFile(image, "LONG.TXT").File!;
        Assert.Equal(40 * 1024, file.SizeBytes);
        var offset = 0;
        foreach (var extent in file.Extents)
        {
            for (var at = extent.FirstSector * 512; at < (extent.FirstSector + extent.Count) * 512; at += 64)
            {
                var line = Encoding.ASCII.GetString(image.AsSpan(at, 64));
                Assert.Contains($"byte {offset:D5} of the file, sector {at / 512:D4} of the disk", line,
                    StringComparison.Ordinal);
                offset += 64;
            }
        }

        Assert.Equal(40 * 1024, offset);
    }

    [Fact]
    public void The_file_system_checker_finds_no_fault()
    {
        var checker = new[] { "/usr/sbin", "/sbin", "/usr/bin" }.Select(p => Path.Combine(p, "fsck.fat"))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(checker is null, "fsck.fat is not installed; the other tests parse the image themselves.");

        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, CourseDisk.Image(read: true));
            using var process = Process.Start(new ProcessStartInfo(checker!, ["-n", "-v", path])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, said);
            Assert.Contains(" 13/511 clusters", said, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    internal static byte[] Contents(byte[] image, DiskFile file)
    {
        var all = new List<byte>();
        foreach (var extent in file.Extents)
        {
            all.AddRange(image.AsSpan(extent.FirstSector * 512, extent.Count * 512));
        }

        return [.. all.Take((int)file.SizeBytes)];
    }
}
