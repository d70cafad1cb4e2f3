using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;
using XenViz.Core.Tests.Simulation;

namespace XenViz.Core.Tests.Drivers.Block;

/// <summary>What each way of the bytes does and does not do, and how requests are spread over rings.</summary>
public sealed class DataPathTests
{
    static readonly RunParameters Eight = new()
    {
        Scenario = "workload", Depth = 2, Segments = 2,
        Work =
        [
            .. Enumerable.Range(0, 4).SelectMany(i => (WorkItem[])
                [new WorkItem.WriteText(2048 + (16 * i), $"text {i}", 16), new WorkItem.ReadSectors(2048, 16)]),
        ],
    };

    //       path          maps  unmaps  copies  bounces  grants made  flushes
    [Theory]
    [InlineData("map",        8,    8,      0,      0,       16,         8)]
    [InlineData("copy",       0,    0,      8,      0,       16,         0)]
    [InlineData("persistent", 1,    0,      0,      16,      2,          0)]
    public void Each_path_makes_its_own_calls(
        string path, int maps, int unmaps, int copies, int bounces, int grants, int flushes)
    {
        var run = Eight with { Path = path };
        var (end, rows) = BlockRun.Play(run);
        BlockRun.AssertDone(run, end);
        Assert.Equal(
            (maps, unmaps, copies, bounces, grants, flushes),
            (Count("xen_blkif_schedule.map"), Count("xen_blkbk_unmap_and_respond.unmap"),
                Count("xen_blkif_schedule.copy_in") + Count("xen_blkbk_unmap_and_respond.copy_out"),
                Count("blkif_queue_request.bounce_in") + Count("blkif_interrupt.bounce_out"),
                Count("blkif_queue_request.grant_flags"), Count("unmap_grant_ref.flush")));

        int Count(string key) => rows.Count(r => r == key);
    }

    [Theory]
    [InlineData(11, 1)]
    [InlineData(32, 1)]
    [InlineData(33, 2)]
    [InlineData(256, 8)]
    public void One_flush_serves_up_to_32_pages_of_an_unmap(int pages, int flushes)
    {
        var run = Eight with
        {
            Segments = pages, IndirectSegments = 256, Work = [new WorkItem.ReadSectors(0, pages * 8)],
        };
        var (end, rows) = BlockRun.Play(run);
        BlockRun.AssertDone(run, end);
        var ofData = rows.Skip(rows.IndexOf("xen_blkbk_unmap_and_respond.unmap")).ToList();
        Assert.Equal(flushes, ofData.Count(r => r == "unmap_grant_ref.flush"));
        Assert.Equal(pages, ofData.Count(r => r == "unmap_grant_ref.release"));
    }

    [Fact]
    public void Kept_pages_are_granted_writable_and_stay_mapped()
    {
        var (end, _) = BlockRun.Play(Eight with { Path = "persistent" });
        var guest = end[World.Guest];
        var front = (BlkfrontState)end.Front!;
        var pool = front.Queues[0].Pool;
        var granted = pool.TakeWhile(p => p.Ref is not null).Select(p => p.Ref!.Value).ToList();
        Assert.Equal((2, 4), (granted.Count, pool.Length));
        Assert.All(pool.Skip(2), page => Assert.Null(page.Ref));
        Assert.Equal(granted.Select(g => g.Value).Order(), ((BlkbackState)end.Back!).Queues[0].Kept.Keys);
        Assert.All(granted, reference =>
        {
            var table = end.Frames[guest.GrantTable!.Value].Page;
            var flags = table.Load(GrantTable.EntryV1.OffsetBytes(reference), 2);
            Assert.Equal((ulong)(GrantTable.Gtf.PermitAccess | GrantTable.Gtf.Reading | GrantTable.Gtf.Writing), flags);
        });
    }

    [Fact]
    public void A_backend_that_may_keep_little_gives_up_what_was_unused_for_longest()
    {
        var run = Eight with { Path = "persistent", Kept = 3, Depth = 4, Segments = 2 };
        run = run with { Work = [.. run.Work, new WorkItem.WriteText(4096, "much", 64), .. run.Work] };
        foreach (var schedule in new[] { null, Schedule.Of(1), Schedule.Of(2) })
        {
            var (end, rows) = BlockRun.Play(run, schedule);
            BlockRun.AssertDone(run, end);
            Assert.Contains("xen_blkif_schedule.purge", rows);
            Assert.InRange(((BlkbackState)end.Back!).Queues[0].Kept.Count, 1, 3);
        }
    }

    [Fact]
    public void The_unused_mapping_that_is_oldest_goes_first_also_when_the_index_wraps()
    {
        var kept = new Dictionary<uint, KeptGrant>
        {
            [8] = new(0, new GrantHandle(1), false, 2), [9] = new(1, new GrantHandle(2), false, uint.MaxValue - 3),
            [10] = new(2, new GrantHandle(3), true, uint.MaxValue - 9),
        };
        var queue = new BackQueue { KeptFull = true, ReqCons = new RingIndex(4) };
        queue = queue with { Kept = queue.Kept.AddRange(kept) };
        Assert.True(BlkbackServe.MustPurge(queue));
        Assert.Equal([9u, 8u], BlkbackServe.OldestFirst(queue).Select(k => k.Key));
        Assert.False(BlkbackServe.MustPurge(queue with { KeptFull = false }));
    }

    [Theory]
    [InlineData("copy", true)]
    [InlineData("copy", false)]
    [InlineData("map", true)]
    [InlineData("map", false)]
    public void A_grant_that_is_gone_when_it_is_needed_fails_the_request_and_leaves_nothing(string path, bool read)
    {
        // The guest takes every grant but the ring's back right after it has published the request.
        var run = Eight with
        {
            Path = path, Depth = 1,
            Work = [read ? new WorkItem.ReadSectors(0, 16) : new WorkItem.WriteText(2048, "x", 16)],
        };
        var machine = Scenario.Create(run, null).Scenario!.Start;
        while (Stepper.Default(machine) is { } choice)
        {
            machine = Stepper.Step(machine, choice, null, out var record);
            if (record.Row.Key == "blkif_queue_request.push_new")
            {
                var table = machine.Frames[machine[World.Guest].GrantTable!.Value];
                machine = machine with
                {
                    Frames = machine.Frames.With(table with { Page = table.Page.With(9 * 8, new byte[200]) }),
                };
            }
        }

        Assert.Equal(1, ((ApplicationState)machine.Application!).Failed);
        Assert.Empty(((Disk)machine.Disk!).Overlay);
        BlockRun.AssertGivenBack(machine);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(4, 4)]
    public void Requests_are_dealt_out_to_the_rings_in_turn_and_each_ring_has_its_own_bell(int queues, int pages)
    {
        var run = Eight with { Queues = queues, RingPages = pages, StartIndex = 45 };
        var (end, _) = BlockRun.Play(run);
        BlockRun.AssertDone(run, end);
        var front = (BlkfrontState)end.Front!;
        var back = (BlkbackState)end.Back!;
        Assert.All(front.Queues, q => Assert.Equal(45u + (8 / (uint)queues), q.ReqProdPvt.Value));
        Assert.All(back.Queues.Zip(front.Queues), pair => Assert.Equal(pair.Second.RspCons, pair.First.RspProdPvt));
        Assert.Equal(queues, front.Queues.Select(q => q.Port).Distinct().Count());
        Assert.Equal(queues, back.Queues.Select(q => q.Port).Distinct().Count());
        Assert.Equal(queues * pages, front.Queues.SelectMany(q => q.Refs).Distinct().Count());
        Assert.All(back.Queues, q => Assert.Equal(pages, q.RingHandles.Length));
    }

    [Fact]
    public void Connecting_publishes_the_keys_of_long_rings_and_of_several_queues()
    {
        var store = (XenStore)BlockRun.Play(
            new RunParameters { Scenario = "connect", RingPages = 4, Queues = 2, Path = "persistent" }).End.Store!;
        const string front = "/local/domain/5/device/vbd/51712/";
        const string back = "/local/domain/2/backend/vbd/5/51712/";
        Assert.Equal(
            ["2", "2", "1", "2", "2", "1", null, null],
            new[]
            {
                front + "ring-page-order", front + "multi-queue-num-queues", front + "feature-persistent",
                back + "max-ring-page-order", back + "multi-queue-max-queues", back + "feature-persistent",
                front + "ring-ref", front + "event-channel",
            }.Select(key => store[key]));
        Assert.Equal(8, Enumerable.Range(0, 8)
            .Select(i => store[$"{front}queue-{i / 4}/ring-ref{i % 4}"]).Distinct().Count(v => v is not null));
        Assert.NotNull(store[front + "queue-1/event-channel"]);
    }
}
