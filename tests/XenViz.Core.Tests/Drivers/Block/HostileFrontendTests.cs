using System.Buffers.Binary;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Commands;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Invariants;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Drivers.Block;

/// <summary>
/// A frontend that writes what it likes into the memory that it shares, at any moment: the backend stays whole, answers
/// or stops, and gives back what it mapped.
/// </summary>
public sealed class HostileFrontendTests
{
    // What may break when the frontend breaks its own rules is no concern of the backend's.
    static readonly string[] Always =
        ["OnlyGranted", "PinsEqualMappings", "DmaConfined", "NoStaleTranslation", "KeptAreMapped"];

    static readonly RunParameters Run = new()
    {
        Scenario = "workload", Depth = 2, Segments = 4, IndirectSegments = 32,
        Work = [new WorkItem.WriteText(2048, "honest", 32), new WorkItem.ReadSectors(2048, 32)],
    };

    [Theory]
    [InlineData(1_000_000_000u)]
    [InlineData(9u)]
    [InlineData(0x8000_0000u)]
    [InlineData(uint.MaxValue - 1)]
    public void A_producer_index_that_cannot_be_honest_stops_the_ring_for_good(uint ahead)
    {
        var (end, rows) = Play(Run, "blkif_queue_request.push_new", m => Poke(m, front =>
            (front.Ring, Ring.ReqProd.OffsetBytes, Bytes(unchecked(front.ReqProdPvt.Value + ahead)))));
        var back = (BlkbackState)end.Back!;
        Assert.True(back.Halted);
        Assert.DoesNotContain("xen_blkif_schedule.copy", rows);
        Assert.Empty(((Disk)end.Disk!).Overlay);
        BlockRun.AssertGivenBack(end);
    }

    [Fact]
    public void A_ring_that_was_stopped_stays_so_when_the_index_is_put_right_again()
    {
        var (end, _) = Play(Run, "blkif_queue_request.push_new", m => Poke(m, front =>
            (front.Ring, Ring.ReqProd.OffsetBytes, Bytes(front.ReqProdPvt.Value + 1000))));
        end = Poke(end, front => (front.Ring, Ring.ReqProd.OffsetBytes, Bytes(front.ReqProdPvt.Value)));
        var draft = new Draft(end, null);
        Blkback.Woken(draft, ((BlkbackState)end.Back!).Port);
        Assert.DoesNotContain("xen_blkif_schedule.load_prod", BlockRun.Play(draft.Done(0), check: false).Rows);
    }

    [Theory]
    [InlineData(0, 9, BlkifStatus.NotSupported)]
    [InlineData(0, 4, BlkifStatus.NotSupported)]
    [InlineData(1, 255, BlkifStatus.Error)]
    [InlineData(1, 0, BlkifStatus.Error)]
    [InlineData(28, 8, BlkifStatus.Error)]
    [InlineData(29, 8, BlkifStatus.Error)]
    [InlineData(23, 255, BlkifStatus.Error)]
    public void A_slot_that_is_wrong_is_refused_and_nothing_is_mapped(int offset, byte value, BlkifStatus status)
    {
        var refused = new List<BlkifResponse>();
        var (end, rows) = Play(
            Run with { Work = [Run.Work[0]], Depth = 1, Segments = 11 }, "blkif_queue_request.push_new",
            m => Poke(m, front => (front.Ring, SlotAt(front) + offset, [value])), m => refused.AddRange(Last(m)));
        Assert.DoesNotContain("xen_blkif_schedule.map", rows);
        Assert.Equal(status, Assert.Single(refused).Status);
        Assert.Empty(((Disk)end.Disk!).Overlay);
        BlockRun.AssertGivenBack(end);
    }

    [Fact]
    public void An_unknown_grant_in_the_middle_of_a_batch_fails_the_whole_request_and_unmaps_the_rest()
    {
        var refused = new List<BlkifResponse>();
        var (end, rows) = Play(
            Run with { Work = [Run.Work[0]], Depth = 1 }, "blkif_queue_request.push_new",
            m => Poke(m, front => (front.Ring, SlotAt(front) + 24 + 8, Bytes(300u))), m => refused.AddRange(Last(m)));
        Assert.Contains("xen_blkif_schedule.undo", rows);
        Assert.DoesNotContain("xen_blkif_schedule.submit", rows);
        Assert.Equal(BlkifStatus.Error, Assert.Single(refused).Status);
        Assert.Equal(1, ((ApplicationState)end.Application!).Failed);
        Assert.Empty(((Disk)end.Disk!).Overlay);
        BlockRun.AssertGivenBack(end);
    }

    [Theory]
    [InlineData("xen_blkif_schedule.copy", 4, 11)]
    [InlineData("xen_blkif_schedule.parse", 20, 12)]
    public void What_is_changed_after_the_copy_changes_nothing(string after, int sectorsEach, int segments)
    {
        // The slot, and the page of segments, become garbage right after the backend has copied them.
        var run = Run with
        {
            Depth = 1, Segments = segments, Work = [new WorkItem.WriteText(2048, "honest", sectorsEach * 8)],
        };
        var (end, rows) = Play(run, after, m =>
        {
            var waiting = ((BlkfrontState)m.Front!).Waiting.First();
            m = Poke(m, front => (front.Ring, SlotAt(front) + 16, [.. Enumerable.Repeat((byte)0xFF, 96)]));
            return waiting.Indirect.IsEmpty
                ? m
                : Poke(m, _ => (waiting.Indirect[0].Page, 0, [.. Enumerable.Repeat((byte)0xFF, 4096)]));
        });
        Assert.Contains("disk.move", rows);
        BlockRun.AssertDone(run, end);
    }

    [Fact]
    public void A_page_of_segments_that_is_wrong_is_refused_before_any_data_page_is_mapped()
    {
        foreach (var (offset, value) in new[] { (4, (byte)9), (5, (byte)8), (12, (byte)8), (5 + (8 * 11), (byte)200) })
        {
            var run = Run with { Depth = 1, Segments = 12, Work = [new WorkItem.WriteText(2048, "x", 92)] };
            var (end, rows) = Play(run, "blkif_queue_request.push_new", m => Poke(m, front =>
                (front.Waiting.First().Indirect[0].Page, offset, [value])));
            Assert.Contains("xen_blkif_schedule.unmap_indirect", rows);
            Assert.DoesNotContain("xen_blkif_schedule.map", rows);
            Assert.Equal(1, ((ApplicationState)end.Application!).Failed);
            BlockRun.AssertGivenBack(end);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("path=persistent&kept=3")]
    [InlineData("pages=4&depth=64&segments=2")]
    [InlineData("queues=2&segments=13&indirect=64")]
    public void Random_stores_into_shared_memory_break_nothing_and_nobody_throws(string changes)
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var random = new Random(seed);
            var (scenario, _) = Scenario.Create(BlockFeatureTests.With(Run, changes), null);
            var machine = scenario!.Start;
            var events = new List<MachineEvent>();
            for (var row = 0; row < 4000; row++)
            {
                var able = Enumerable.Range(0, machine.Agents.Length).Where(i => Stepper.CanStep(machine, i)).ToArray();
                if (able.Length == 0)
                {
                    break;
                }

                events.Clear();
                var next = Stepper.Step(machine, new((byte)able[random.Next(able.Length)]), events, out var record);
                var broken = Invariant.Check(machine, next, events).Where(v => Always.Contains(v.Rule));
                Assert.True(!broken.Any(), $"seed {seed}, row {row}: {record.Row.Key}: {string.Join(", ", broken)}");
                machine = random.Next(40) == 0 ? Spoil(next, random) : next;
            }
        }
    }

    static Machine Spoil(Machine machine, Random random) => Poke(machine, front =>
    {
        var queue = front.Queues[random.Next(front.Queues.Length)];
        var bytes = new byte[1 + random.Next(8)];
        random.NextBytes(bytes);
        var segments = front.Waiting.SelectMany(s => s.Indirect).Select(s => s.Page).ToArray();
        return random.Next(6) switch
        {
            0 => (
                queue.Pages[0], Ring.ReqProd.OffsetBytes,
                Bytes(unchecked((uint)(queue.ReqProdPvt.Value + random.Next(-2, 12))))),
            1 => (queue.Pages[0], Ring.RspEvent.OffsetBytes, Bytes((uint)random.Next())),
            2 when segments.Length > 0 => (segments[0], random.Next(20), bytes),
            _ => (queue.Pages[random.Next(queue.Pages.Length)], 64 + random.Next(700), bytes),
        };
    });

    static int SlotAt(BlkfrontState front) =>
        64 + (112 * front.ReqProdPvt.Plus(uint.MaxValue).SlotIn(front.Size));

    static IEnumerable<BlkifResponse> Last(Machine m)
    {
        var back = (BlkbackState)m.Back!;
        var front = (BlkfrontState)m.Front!;
        var page = m.Frames[front.Ring].Page.ToArray();
        yield return BlkifSlot.Response(
            page.AsSpan(64 + (112 * back.RspProdPvt.Plus(uint.MaxValue).SlotIn(back.Size)), 16));
    }

    static byte[] Bytes(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    static Machine Poke(Machine machine, Func<BlkfrontState, (Mfn Mfn, int Offset, byte[] Bytes)> what)
    {
        var (mfn, offset, bytes) = what((BlkfrontState)machine.Front!);
        var frame = machine.Frames[mfn];
        return machine with { Frames = machine.Frames.With(frame with { Page = frame.Page.With(offset, bytes) }) };
    }

    // Plays in the default order; the first time that a row has run, the frontend's memory is changed.
    static (Machine End, List<string> Rows) Play(
        RunParameters run, string after, Func<Machine, Machine> spoil, Action<Machine>? answered = null)
    {
        var machine = Scenario.Create(run, null).Scenario!.Start;
        var rows = new List<string>();
        var events = new List<MachineEvent>();
        var spoilt = false;
        while (Stepper.Default(machine) is { } choice)
        {
            events.Clear();
            var next = Stepper.Step(machine, choice, events, out var record);
            Assert.DoesNotContain(Invariant.Check(machine, next, events), v => Always.Contains(v.Rule));
            rows.Add(record.Row.Key);
            machine = next;
            if (record.Row.Key == after && !spoilt)
            {
                machine = spoil(machine);
                spoilt = true;
            }

            if (record.Row.Key == "xen_blkbk_unmap_and_respond.put_status" && spoilt)
            {
                answered?.Invoke(machine);
                answered = null;
            }

            Assert.True(rows.Count < 20_000);
        }

        Assert.True(spoilt);
        return (machine, rows);
    }
}
