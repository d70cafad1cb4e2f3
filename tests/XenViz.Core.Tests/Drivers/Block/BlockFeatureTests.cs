using FsCheck;
using FsCheck.Fluent;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Tests.Simulation;

namespace XenViz.Core.Tests.Drivers.Block;

/// <summary>Whole runs with each feature of the block protocol, in the default order and in random ones.</summary>
public sealed class BlockFeatureTests
{
    internal static readonly RunParameters Mixed = new()
    {
        Scenario = "workload", Depth = 4, Segments = 3,
        Work =
        [
            new WorkItem.WriteText(4096, "first"), new WorkItem.WriteText(4104, "second", 40),
            new WorkItem.WriteBarrier(4200, "barrier"), new WorkItem.Flush(), new WorkItem.ReadSectors(4096, 100),
            new WorkItem.CopySectors(0, 8192, 90), new WorkItem.DiscardSectors(4110, 9),
            new WorkItem.DiscardSectors(8200, 3, true), new WorkItem.ReadSectors(4090, 41),
            new WorkItem.ReadSectors(8192, 13), new WorkItem.WriteText(4096, "last", 1), new WorkItem.Flush(),
        ],
    };

    public static TheoryData<string, string> Variants() => new()
    {
        { "as it comes", "" },
        { "one request at a time", "depth=1&segments=1" },
        { "eleven segments", "segments=11&depth=32&slots=32" },
        { "indices that wrap around", "start=4294967290&slots=8&depth=8" },
        { "indices around 2^31", "start=2147483646&slots=8&depth=8" },
        { "indirect requests", "segments=20&indirect=32" },
        { "indirect requests, several at a time", "segments=12&indirect=256&slots=16&depth=8" },
        { "32-bit slots", "protocol=x86_32&slots=16&depth=8" },
        { "32-bit slots, indirect", "protocol=x86_32&segments=13&indirect=13" },
        { "no flush", "flush=off" },
        { "neither flush nor barrier", "flush=off&barrier=off" },
        { "secure discards", "secure=on" },
        { "persistent grants", "path=persistent" },
        { "persistent grants, many at a time", "path=persistent&segments=11&depth=16&slots=16" },
        { "persistent grants, indirect", "path=persistent&segments=20&indirect=32" },
        { "persistent grants, few kept", "path=persistent&kept=5&depth=8&segments=2" },
        { "persistent grants, one kept", "path=persistent&kept=1" },
        { "copies by Xen", "path=copy" },
        { "copies by Xen, many at a time", "path=copy&segments=11&depth=16&slots=16" },
        { "copies by Xen, indirect, two queues", "path=copy&segments=14&indirect=32&queues=2" },
        { "two pages of ring", "pages=2&depth=40&segments=1" },
        { "four pages of ring, slots across pages", "pages=4&depth=100&segments=1&start=60" },
        { "sixteen pages of ring", "pages=16&depth=300&segments=1" },
        { "four pages of 32-bit slots", "pages=4&depth=100&segments=1&protocol=x86_32&start=4294967240" },
        { "two queues", "queues=2&segments=2" },
        { "four queues of two pages", "queues=4&pages=2&segments=1&depth=64" },
        { "four queues, persistent grants", "queues=4&path=persistent&kept=6&segments=2&depth=8" },
        { "three queues, barriers, wrap", "queues=3&start=4294967290&depth=16&segments=1" },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_byte_arrives_and_no_property_breaks(string what, string changes)
    {
        var run = With(Mixed, changes);
        BlockRun.AssertDone(run, BlockRun.Play(run).End);
        Check.One(
            Rounds.Of(2).WithName(what),
            Prop.ForAll(
                ScheduledRun.Of(run), any => BlockRun.AssertDone(any.Run, BlockRun.Play(any.Run, any.Schedule).End)));
    }

    [Fact]
    public void A_direct_request_never_touches_the_rows_of_an_indirect_one_and_the_other_way_round()
    {
        var direct = BlockRun.Play(With(Mixed, "segments=11")).Rows;
        Assert.Contains("blkif_queue_request.fill_segment", direct);
        Assert.DoesNotContain("blkif_queue_request.fill_ref", direct);
        Assert.DoesNotContain("xen_blkif_schedule.parse", direct);

        var run = With(Mixed, "segments=256&indirect=256") with { Work = [new WorkItem.ReadSectors(0, 2048)] };
        var (end, rows) = BlockRun.Play(run);
        BlockRun.AssertDone(run, end);
        Assert.Equal(256, rows.Count(r => r == "blkif_queue_request.fill_indirect"));
        Assert.Single(rows, "blkif_queue_request.fill_ref");
        Assert.Single(rows, "xen_blkif_schedule.parse");
        Assert.Single(rows, "xen_blkif_schedule.map");
        Assert.DoesNotContain("blkif_queue_request.fill_segment", rows);
    }

    [Fact]
    public void A_barrier_waits_for_the_requests_before_it_and_a_write_does_not()
    {
        var run = Mixed with
        {
            Depth = 8, Segments = 1,
            Work = [new WorkItem.WriteText(100, "a", 32), new WorkItem.WriteBarrier(200, "b")],
        };
        var (end, rows) = BlockRun.Play(run);
        BlockRun.AssertDone(run, end);
        Assert.Contains("xen_blkif_schedule.drain", rows);
        Assert.Equal(4, rows.Take(rows.LastIndexOf("xen_blkif_schedule.submit"))
            .Count(r => r == "xen_blkbk_unmap_and_respond.put_status"));
        Assert.Single(rows, "disk.flush");

        Assert.DoesNotContain("xen_blkif_schedule.drain", BlockRun.Play(run with { Barrier = false }).Rows);
    }

    [Fact]
    public void A_flush_empties_the_cache_of_the_disk()
    {
        var run = Mixed with { Work = [new WorkItem.WriteText(100, "a")] };
        Assert.Equal([12L, 13L], ((Disk)BlockRun.Play(run).End.Disk!).Cached);
        var flushed = run with { Work = run.Work.Add(new WorkItem.Flush()) };
        Assert.Empty(((Disk)BlockRun.Play(flushed).End.Disk!).Cached);
    }

    [Fact]
    public void Nothing_is_sent_that_the_backend_does_not_offer()
    {
        var run = With(Mixed, "flush=off&barrier=off&discard=off") with
        {
            Work = [new WorkItem.Flush(), new WorkItem.DiscardSectors(0, 8)],
        };
        var (end, rows) = BlockRun.Play(run);
        Assert.True(((ApplicationState)end.Application!).Done);
        Assert.Equal(2, rows.Count(r => r == "application.skip"));
        Assert.DoesNotContain("blkif_queue_request.fill_head", rows);
    }

    [Theory]
    [InlineData("flush", BlkifStatusWord.NotSupported, false)]
    [InlineData("discard", BlkifStatusWord.NotSupported, true)]
    public void What_the_disk_refuses_is_answered_so_and_not_asked_again(string what, short status, bool fails)
    {
        var run = Mixed with
        {
            Depth = 1, Work = what == "flush"
                ? [new WorkItem.Flush(), new WorkItem.Flush()]
                : [new WorkItem.DiscardSectors(8, 8), new WorkItem.DiscardSectors(8, 8)],
        };
        var start = Scenarios.FigureTableTests.Play(run)[0].Before;
        start = start with { Disk = (Disk)start.Disk! with { CanFlush = false, CanDiscard = false } };
        var (end, rows) = BlockRun.Play(start);
        Assert.Equal(fails ? 1 : 0, ((ApplicationState)end.Application!).Failed);
        Assert.Single(rows, "blkif_queue_request.send");
        Assert.Single(rows, "application.skip");
        Assert.Equal(what == "flush" ? 1 : 0, rows.Count(r => r == "xen_blkbk_unmap_and_respond.withdraw"));
        Assert.Equal(status, StatusOfFirst(end));
        if (what == "flush")
        {
            var store = (XenStore)end.Store!;
            Assert.Equal("0", store["/local/domain/2/backend/vbd/5/51712/feature-flush-cache"]);
        }
    }

    [Fact]
    public void A_read_only_disk_refuses_every_write_and_serves_reads()
    {
        var run = With(Mixed, "readonly=on") with
        {
            Work =
            [
                new WorkItem.ReadSectors(0, 8), new WorkItem.WriteText(8, "a"), new WorkItem.WriteBarrier(8, "a"),
                new WorkItem.DiscardSectors(8, 8), new WorkItem.ReadSectors(8, 8),
            ],
        };
        var (end, _) = BlockRun.Play(run);
        Assert.Equal(3, ((ApplicationState)end.Application!).Failed);
        Assert.Empty(((Disk)end.Disk!).Overlay);
        BlockRun.AssertGivenBack(end);
    }

    [Fact]
    public void Blocks_of_4096_bytes_are_only_taken_whole()
    {
        var run = With(Mixed, "block=4096") with
        {
            Work = [new WorkItem.WriteText(9, "a"), new WorkItem.WriteText(8, "b", 3), new WorkItem.WriteText(16, "c")],
        };
        var (end, _) = BlockRun.Play(run);
        Assert.Equal(2, ((ApplicationState)end.Application!).Failed);
        Assert.Equal([2L], ((Disk)end.Disk!).Overlay.Keys);
    }

    [Fact]
    public void Without_the_protocol_key_a_64_bit_frontend_is_read_as_garbage()
    {
        var run = With(Mixed, "protocol=none&slots=8") with
        {
            Work = [.. Enumerable.Repeat(new WorkItem.WriteText(2048, "x"), 4)],
        };
        var (end, rows) = BlockRun.Play(run, check: false);
        var front = (BlkfrontState)end.Front!;
        var app = (ApplicationState)end.Application!;
        Assert.True(front.Broken || app.Failed > 0);
        Assert.Empty(((Disk)end.Disk!).Overlay);
        Assert.DoesNotContain("disk.move", rows);
    }

    static short StatusOfFirst(XenViz.Core.Simulation.Machine end)
    {
        var front = (BlkfrontState)end.Front!;
        var page = end.Frames[front.Ring].Page.ToArray();
        var first = front.RspCons.Plus(uint.MaxValue).SlotIn(front.Size);
        return (short)BlkifSlot.Response(page.AsSpan(64 + (112 * first), 16)).Status;
    }

    /// <summary>A run with some of its parameters changed, written as in a link.</summary>
    internal static RunParameters With(RunParameters run, string changes)
    {
        var names = changes.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(c => c.Split('=')[0]).ToList();
        var kept = new RunLink { Parameters = run }.Format().Split('&').Where(p => !names.Contains(p.Split('=')[0]));
        var (link, error) = RunLink.Parse(string.Join('&', kept.Append(changes)));
        Assert.Null(error);
        return link!.Parameters;
    }

    static class BlkifStatusWord
    {
        public const short NotSupported = -2;
    }
}
