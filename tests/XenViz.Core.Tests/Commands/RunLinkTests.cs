using System.Collections.Immutable;
using CsCheck;
using XenViz.Core.Commands;

namespace XenViz.Core.Tests.Commands;

public sealed class RunLinkTests
{
    private static readonly Gen<WorkItem> Items = Gen.OneOf<WorkItem>(
        Gen.Select(Gen.Long[0, RunLimits.LastSector], Gen.String[1, 20], Gen.Int[0, 1].Select(n => n * 16))
            .Where((_, text, _) => IsText(text))
            .Select((sector, text, sectors) => (WorkItem)new WorkItem.WriteText(sector, text, sectors)),
        Gen.Select(Gen.Long[0, 5000], Gen.Int[1, 2048]).Select((s, n) => (WorkItem)new WorkItem.ReadSectors(s, n)),
        Gen.Select(Gen.Long[0, 5000], Gen.Long[0, 5000], Gen.Int[1, 2048])
            .Select((from, to, n) => (WorkItem)new WorkItem.CopySectors(from, to, n)),
        Gen.Select(Gen.Long[0, 5000], Gen.String[1, 9]).Where((_, text) => IsText(text))
            .Select((sector, text) => (WorkItem)new WorkItem.WriteBarrier(sector, text, 8)),
        Gen.Select(Gen.Long[0, 5000], Gen.Int[1, 2048], Gen.Bool)
            .Select((sector, n, secure) => (WorkItem)new WorkItem.DiscardSectors(sector, n, secure)),
        Gen.Const((WorkItem)new WorkItem.Flush()),
        Gen.Const((WorkItem)new WorkItem.ReadFile("A&B=C#1.TXT")));

    private static readonly Gen<RunParameters> Devices =
        from pages in OneOf(1, 2, 4, 8, 16)
        from queues in Gen.Int[1, 4]
        from indirect in OneOf(0, 12, 256)
        from path in OneOf(RunLimits.Paths)
        from kept in OneOf(1, 1056)
        from protocol in OneOf(RunLimits.Protocols)
        from flags in Gen.Bool.Array[5]
        from block in OneOf(512, 4096)
        select new RunParameters
        {
            RingPages = pages, Queues = queues, IndirectSegments = indirect, Path = path, Kept = kept,
            Protocol = protocol, Flush = flags[0], Barrier = flags[1], Discard = flags[2], SecureDiscard = flags[3],
            ReadOnly = flags[4], BlockBytes = block,
        };

    private static readonly Gen<RunLink> Links =
        from scenario in OneOf("figure", "connect", "workload")
        from read in Gen.Bool
        from slots in OneOf(8, 16, 32)
        from depth in Gen.Int[1, 32]
        from segments in Gen.Int[1, 11]
        from start in Gen.UInt
        from work in Items.Array[0, 5]
        from image in OneOf<string?>(null, "0123abcd")
        from position in Gen.Int[0, int.MaxValue]
        from inside in Gen.Bool
        from leftOut in Gen.Bool
        from shown in OneOf<(int Guest, int? Ring)>((0, null), (5, null), (7, null), (0, 0), (0, 3))
        from choices in Gen.Byte[0, 25].Array[0, 40]
        from device in Devices
        select new RunLink
        {
            Parameters = device with
            {
                Scenario = scenario, Read = read, Slots = slots, Depth = depth, Segments = segments,
                StartIndex = start, Work = [.. work], Image = image,
            },
            Position = position, InsideXen = inside, LeftOut = leftOut, Guest = shown.Guest,
            Ring = shown.Ring, Choices = [.. choices],
        };

    [Fact]
    public void A_link_says_the_same_after_writing_and_reading() => Links.Sample(link =>
    {
        var (read, error) = RunLink.Parse(link.Format());
        Assert.Null(error);
        Assert.Equal(link.Choices, read!.Choices);
        Assert.Equal(link.Parameters.Work, read.Parameters.Work);
        Assert.Equal(Flat(link), Flat(read));
    });

    [Fact]
    public void Nothing_that_a_person_types_makes_reading_throw() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["scenarioplwtkc=&:/%+0123456789"], 0, 60])
            .Sample(text => Assert.True(RunLink.Parse(text) is (not null, null) or (null, not null)));

    [Fact]
    public void The_default_run_has_an_empty_link() => Assert.Equal("", new RunLink().Format());

    [Fact]
    public void A_link_is_readable()
    {
        var link = new RunLink
        {
            Parameters = new RunParameters
            {
                Scenario = "workload", Slots = 16, Depth = 4,
                Work =
                [
                    new WorkItem.WriteText(2048, "Hello, disk!"), new WorkItem.WriteText(4096, "a:b", 16),
                    new WorkItem.ReadSectors(2048, 8), new WorkItem.CopySectors(2048, 4096, 8),
                    new WorkItem.ReadFile("README.TXT"),
                ],
            },
            Position = 17, InsideXen = true, LeftOut = true, Guest = 7, Choices = [0, 0, 1, 2, 2, 2],
        };
        Assert.Equal(
            "scenario=workload&slots=16&depth=4&work=write:2048:Hello%2C%20disk%21&work=write:4096/16:a%3Ab"
            + "&work=read:2048/8&work=copy:2048/8:4096&work=file:README.TXT&c=a2bc3&at=17&xen=on&leftout=on&guest=7",
            link.Format());
    }

    [Fact]
    public void The_first_ring_is_a_choice_and_no_ring_is_none()
    {
        Assert.Equal("queues=2&ring=0", new RunLink { Parameters = new() { Queues = 2 }, Ring = 0 }.Format());
        Assert.Equal(0, RunLink.Parse("queues=2&ring=0").Link!.Ring);
        Assert.Null(RunLink.Parse("queues=2").Link!.Ring);
    }

    [Fact]
    public void The_device_of_a_link_is_readable()
    {
        var link = new RunLink
        {
            Parameters = new RunParameters
            {
                Scenario = "workload", RingPages = 4, Queues = 2, Segments = 32, IndirectSegments = 64,
                Path = "persistent", Kept = 20, Protocol = "x86_32", Flush = false, SecureDiscard = true,
                Work =
                [
                    new WorkItem.WriteBarrier(8, "b"), new WorkItem.Flush(), new WorkItem.DiscardSectors(8, 16),
                    new WorkItem.DiscardSectors(8, 16, true),
                ],
            },
        };
        Assert.Equal(
            "scenario=workload&pages=4&queues=2&segments=32&indirect=64&path=persistent&kept=20&protocol=x86_32"
            + "&flush=off&secure=on&work=barrier:8:b&work=flush&work=discard:8/16&work=secure:8/16", link.Format());
    }

    [Theory]
    [InlineData("/?op=read&utm_source=mail")]
    [InlineData("op=read")]
    [InlineData("https://example.org/?op=read&theme=dark&theme=light")]
    public void What_stands_around_the_run_is_skipped(string text) =>
        Assert.True(RunLink.Parse(text).Link!.Parameters.Read);

    [Fact]
    public void A_plus_sign_is_a_blank() =>
        Assert.Equal(
            new WorkItem.WriteText(1, "a b+c"), RunLink.Parse("work=write:1:a+b%2Bc").Link!.Parameters.Work[0]);

    [Theory]
    [InlineData("scenario=nothing", "scenario")]
    [InlineData("op=erase", "op")]
    [InlineData("slots=12", "slots")]
    [InlineData("slots=", "slots")]
    [InlineData("slots=8&slots=16", "slots")]
    [InlineData("depth=0", "depth")]
    [InlineData("depth=33", "depth")]
    [InlineData("segments=12", "segments")]
    [InlineData("pages=3", "pages")]
    [InlineData("pages=32", "pages")]
    [InlineData("queues=0", "queues")]
    [InlineData("queues=5", "queues")]
    [InlineData("pages=2&depth=65", "depth")]
    [InlineData("indirect=11", "indirect")]
    [InlineData("indirect=257", "indirect")]
    [InlineData("indirect=32&segments=33", "segments")]
    [InlineData("path=flip", "path")]
    [InlineData("kept=0", "kept")]
    [InlineData("kept=1057", "kept")]
    [InlineData("protocol=arm", "protocol")]
    [InlineData("flush=no", "flush")]
    [InlineData("flush=on&flush=off", "flush")]
    [InlineData("block=1024", "block")]
    [InlineData("work=flush:1", "work[0]")]
    [InlineData("work=discard:1/0", "work[0].count")]
    [InlineData("work=barrier:1:", "work[0].text")]
    [InlineData("start=4294967296", "start")]
    [InlineData("start=-1", "start")]
    [InlineData("at=-1", "at")]
    [InlineData("at=many", "at")]
    [InlineData("xen=yes", "xen")]
    [InlineData("leftout=1", "leftout")]
    [InlineData("ring=first", "ring")]
    [InlineData("ring=-1", "ring")]
    [InlineData("ring=0&ring=1", "ring")]
    [InlineData("guest=5&ring=0", "ring")]
    [InlineData("image=../../etc/passwd", "image")]
    [InlineData("c=A1", "c")]
    [InlineData("c=a0", "c")]
    [InlineData("c=a99999999999", "c")]
    [InlineData("c=a200000b", "c")]
    [InlineData("work=erase:1", "work[0]")]
    [InlineData("work=read:1/1&work=read", "work[1]")]
    [InlineData("work=read:1/0", "work[0].count")]
    [InlineData("work=read:1/2049", "work[0].count")]
    [InlineData("work=copy:1/2049:5", "work[0].count")]
    [InlineData("work=copy:1/1:1099511627776", "work[0].to")]
    [InlineData("work=copy:1099511627776/1:1", "work[0].from")]
    [InlineData("work=write:1:", "work[0].text")]
    [InlineData("work=write:1/2049:a", "work[0].sectors")]
    [InlineData("work=write:1099511627776:a", "work[0].sector")]
    [InlineData("work=file:TOOLONGNAME.TXT", "work[0].name")]
    [InlineData("work=file:../X", "work[0].name")]
    public void A_bad_part_is_named_with_a_remedy(string query, string field)
    {
        var (link, error) = RunLink.Parse(query);
        Assert.Null(link);
        Assert.Equal((CommandErrors.BadArgument, field), (error!.Code, error.Field));
        Assert.Contains(' ', error.Message);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_much_text_work_or_link_is_refused()
    {
        var half = new string('a', 2049);
        Assert.Equal("work[1].text", RunLink.Parse($"work=write:1:{half}&work=write:9:{half}").Error!.Field);
        Assert.Equal("work[0].sectors", RunLink.Parse($"work=write:1/4:{half}").Error!.Field);
        Assert.Equal("work", RunLink.Parse(string.Join('&', Enumerable.Repeat("work=read:1/1", 33))).Error!.Field);
        Assert.Equal("link", RunLink.Parse("x=" + new string('a', RunLink.MaxLength)).Error!.Field);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>A lone half of a surrogate pair is no text: no browser and no JSON reader lets one through.</summary>
    private static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i++))
            {
                return false;
            }
        }

        return true;
    }

    private static RunLink Flat(RunLink link) =>
        link with { Choices = default, Parameters = link.Parameters with { Work = default(ImmutableArray<WorkItem>) } };
}
