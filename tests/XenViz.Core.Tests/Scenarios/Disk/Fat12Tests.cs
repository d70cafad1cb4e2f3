using System.Buffers.Binary;
using CsCheck;
using XenViz.Core.Scenarios.Disk;

namespace XenViz.Core.Tests.Scenarios.Disk;

/// <summary>Images may come from anybody.</summary>
public class Fat12Tests
{
    const int RootOffset = 5 * 512;
    const int FatOffset = 512;

    static readonly byte[] Good = CourseDisk.Image(read: false);

    [Fact]
    public void A_file_that_is_not_there_is_named_in_the_error()
    {
        var lookup = Fat12.FindFile(Good, "NONE.TXT");
        Assert.Null(lookup.File);
        Assert.Equal(Fat12Problem.NoSuchFile, lookup.Error!.Problem);
        Assert.Contains("NONE.TXT", lookup.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("README")]
    [InlineData("README.TXT ")]
    [InlineData("../README.TXT")]
    [InlineData("XENVIZ DISK")]
    [InlineData("XENVIZ D.ISK")]
    public void Names_that_are_no_file_are_not_found(string name) =>
        Assert.Equal(Fat12Problem.NoSuchFile, Fat12.FindFile(Good, name).Error!.Problem);

    [Theory]
    [InlineData(0)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(4096)]
    public void Zeros_are_no_volume(int length) =>
        Assert.Equal(Fat12Problem.NotAVolume, Fat12.FindFile(new byte[length], "README.TXT").Error!.Problem);

    [Theory]
    [InlineData(11, 0x0400, "sectors of 1024 bytes")]
    [InlineData(14, 0, "no reserved sector")]
    [InlineData(14, 0xFFFF, "the FAT begins behind the end")]
    [InlineData(17, 0, "no root directory")]
    [InlineData(17, 0xFFFF, "the root directory ends behind the image")]
    [InlineData(19, 4097, "more sectors than the image")]
    [InlineData(19, 8, "no room for a cluster")]
    [InlineData(22, 0, "no FAT")]
    [InlineData(22, 1, "a FAT too small for the clusters")]
    [InlineData(22, 0xFFFF, "a FAT larger than the image")]
    public void Impossible_sizes_are_an_error(int offset, int value, string why)
    {
        var image = Patched(offset, (ushort)value);
        Assert.Equal((why, Fat12Problem.BadGeometry), (why, Fat12.FindFile(image, "README.TXT").Error!.Problem));
        Assert.Empty(Fat12.FileNames(image));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(255)]
    public void A_cluster_has_a_power_of_two_of_sectors(byte sectors)
    {
        var image = (byte[])Good.Clone();
        image[13] = sectors;
        Assert.Equal(Fat12Problem.BadGeometry, Fat12.FindFile(image, "README.TXT").Error!.Problem);
    }

    [Fact]
    public void Too_many_clusters_are_not_FAT12()
    {
        var image = new byte[8192 * 512];
        Good.CopyTo(image, 0);
        image[13] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(19), 8192);
        Assert.Equal(Fat12Problem.NotFat12, Fat12.FindFile(image, "README.TXT").Error!.Problem);
    }

    [Fact]
    public void A_cut_image_is_an_error() =>
        Assert.Equal(Fat12Problem.BadGeometry, Fat12.FindFile(Good.AsSpan(..^1), "README.TXT").Error!.Problem);

    [Theory]
    [InlineData(20, "a circle of one")]
    [InlineData(22, "a circle")]
    [InlineData(0, "a free cluster")]
    [InlineData(1, "a reserved cluster")]
    [InlineData(513, "the first number behind the volume")]
    [InlineData(0xFF7, "a bad cluster")]
    [InlineData(0xFFF, "an early end")]
    public void A_broken_chain_is_an_error(int next, string why)
    {
        // Cluster 20 begins LONG.TXT; it is even, so its entry is the low 12 bits of the pair.
        var image = (byte[])Good.Clone();
        var at = FatOffset + 30;
        BinaryPrimitives.WriteUInt16LittleEndian(
            image.AsSpan(at), (ushort)((BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(at)) & 0xF000) | next));
        Assert.Equal((why, Fat12Problem.BrokenChain), (why, Fat12.FindFile(image, "LONG.TXT").Error!.Problem));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(4096u * 3)]
    [InlineData(uint.MaxValue)]
    public void A_size_that_the_chain_does_not_hold_is_an_error_or_an_empty_file(uint size)
    {
        var image = (byte[])Good.Clone();
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(RootOffset + 32 + 28), size);
        var lookup = Fat12.FindFile(image, "README.TXT");
        if (size == 0)
        {
            Assert.Empty(lookup.File!.Extents);
        }
        else
        {
            Assert.Equal(Fat12Problem.BrokenChain, lookup.Error!.Problem);
        }
    }

    [Fact]
    public void Deleted_files_directories_and_long_names_are_passed_over()
    {
        var image = (byte[])Good.Clone();
        image[RootOffset + 32] = 0xE5;
        image[RootOffset + 64 + 11] = 0x10;
        image[RootOffset + 96 + 11] = 0x0F;
        Assert.Equal(["LONG.TXT"], Fat12.FileNames(image));
    }

    [Fact]
    public void Any_change_of_the_tables_gives_an_answer_inside_the_image() =>
        Gen.Select(Gen.Int[0, 4095], Gen.Byte).Array[1, 40].Sample(
            changes =>
            {
                var image = Good.AsSpan(..(512 * 1024)).ToArray();
                BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(19), 1024);
                foreach (var (at, value) in changes)
                {
                    image[at] = value;
                }

                AssertAnswers(image);
            },
            iter: 3000);

    [Fact]
    public void Noise_gives_an_answer() =>
        Gen.Byte.Array[0, 6000].Sample(
            noise =>
            {
                if (noise.Length >= 512)
                {
                    noise[0] = 0xEB;
                    (noise[510], noise[511]) = (0x55, 0xAA);
                }

                AssertAnswers(noise);
            },
            iter: 3000);

    static void AssertAnswers(byte[] image)
    {
        foreach (var name in Fat12.FileNames(image).Append("README.TXT"))
        {
            var (file, error) = Fat12.FindFile(image, name);
            Assert.True((file is null) != (error is null));
            foreach (var extent in file?.Extents ?? [])
            {
                Assert.InRange(extent.Count, 1, image.Length / 512);
                Assert.InRange(extent.FirstSector, 1, (image.Length / 512) - extent.Count);
            }
        }
    }

    static byte[] Patched(int offset, ushort value)
    {
        var image = (byte[])Good.Clone();
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(offset), value);
        return image;
    }
}
