using CsCheck;
using XenViz.Core.Scenarios.Disk;

namespace XenViz.Core.Tests.Scenarios.Disk;

public class Fat12BuilderTests
{
    static readonly Gen<byte[]> Content = Gen.Byte.Array[0, 30_000];

    [Fact]
    public void Files_come_back_from_wherever_they_were_put() =>
        Gen.Select(Content, Content, Gen.Shuffle(Enumerable.Range(2, 511).ToArray())).Sample(
            (a, b, clusters) =>
            {
                var first = (a.Length + 4095) / 4096;
                var second = (b.Length + 4095) / 4096;
                var image = Fat12Builder.Build("TEST", 1,
                [
                    new Fat12File("A", a, [.. clusters[..first]]),
                    new Fat12File("B.BIN", b, [.. clusters[first..(first + second)]]),
                ]);

                Assert.Equal(a, CourseDiskTests.Contents(image, Fat12.FindFile(image, "a").File!));
                Assert.Equal(b, CourseDiskTests.Contents(image, Fat12.FindFile(image, "b.bin").File!));
            },
            iter: 60);

    [Fact]
    public void Sector_2048_begins_a_cluster() => Assert.Equal(2048, Fat12Builder.SectorOf(257));

    [Theory]
    [InlineData(new[] { 2 }, new[] { 2 }, "taken")]
    [InlineData(new[] { 2 }, new[] { 1 }, "taken or not on the volume")]
    [InlineData(new[] { 2 }, new[] { 513 }, "not on the volume")]
    [InlineData(new[] { 2 }, new int[0], "needs 1 clusters")]
    [InlineData(new[] { 2, 3 }, new[] { 4 }, "needs 1 clusters")]
    public void A_plan_that_does_not_fit_is_refused(int[] a, int[] b, string why)
    {
        var error = Assert.Throws<ArgumentException>(() => Fat12Builder.Build("TEST", 1,
            [new Fat12File("A", [1], [.. a]), new Fat12File("B", [2], [.. b])]));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NINELETTR.TXT")]
    [InlineData("A.LONG")]
    public void A_name_that_is_too_long_is_refused(string name) => Assert.Throws<ArgumentException>(
        () => Fat12Builder.Build("TEST", 1, [new Fat12File(name, [], [])]));

    [Fact]
    public void The_root_directory_has_room_for_47_files()
    {
        var files = Enumerable.Range(0, 47).Select(i => new Fat12File($"F{i}", [], [])).ToList();
        Assert.Equal(47, Fat12.FileNames(Fat12Builder.Build("TEST", 1, files)).Length);
        Assert.Throws<ArgumentException>(
            () => Fat12Builder.Build("TEST", 1, [.. files, new Fat12File("MORE", [], [])]));
    }
}
