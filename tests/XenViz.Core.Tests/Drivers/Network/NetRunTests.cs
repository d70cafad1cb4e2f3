using System.Collections.Immutable;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Events;
using XenViz.Core.Invariants;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;
using XenViz.Core.Tests.Simulation;

namespace XenViz.Core.Tests.Drivers.Network;

/// <summary>Whole runs of the network device.</summary>
public sealed class NetRunTests
{
    private static readonly DomId Guest = new(5);

    private static RunParameters Run(string scenario, params WorkItem[] work) =>
        new() { Scenario = scenario, Work = [.. work], StartIndex = 100, Depth = 4 };

    private static Machine Start(RunParameters run, byte[]? capture = null)
    {
        var (scenario, error) = Scenario.Create(run, capture);
        Assert.Null(error);
        return scenario!.Start;
    }

    internal static (Machine End, List<MachineEvent> Events) Play(Machine m, Schedule? schedule = null)
    {
        var choose = schedule?.Chooser() ?? Stepper.Default;
        var all = new List<MachineEvent>();
        var one = new List<MachineEvent>();
        for (var steps = 0; ; steps++)
        {
            Assert.True(steps < 200_000, "The run does not end.");
            if (choose(m) is not { } choice)
            {
                return (m, all);
            }

            one.Clear();
            var after = Stepper.Step(m, choice, one, out var record);
            var broken = Invariant.Check(m, after, one);
            Assert.True(broken.IsEmpty, record.Row.Key + ": " + string.Join(' ', broken.Select(b => b.Sentence)));
            all.AddRange(one);
            m = after;
        }
    }

    private static ImmutableArray<ImmutableArray<byte>> Wire(Machine m) => ((Nic)m.Disk!).Sent;

    private static NetApplicationState App(Machine m) => (NetApplicationState)m.Application!;

    private static byte[] Frame(NetJob job) => [.. job.Frame];

    [Theory]
    [InlineData(60)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(1500)]
    [InlineData(3000)]
    [InlineData(20_000)]
    [InlineData(60_000)]
    public void A_packet_reaches_the_wire_as_it_was_sent(int bytes)
    {
        var start = Start(Run("net-tx", new WorkItem.SendPacket(bytes, "abc")));
        var sent = Frame(App(start).Jobs[0]);
        var (end, _) = Play(start);
        Assert.Equal(sent, Wire(end).Single());
        Assert.True(App(end).Done);
        Assert.Empty(((NetbackState)end.Back!).Pending);
        Assert.Equal(((NetbackState)end.Back).FreeTarget, ((NetbackState)end.Back).FreeCount);
        Assert.Equal(2, end[Guest].Active.Count);
    }

    [Fact]
    public void The_slot_of_the_course_has_the_bytes_of_the_course()
    {
        // FACTS e.5 with the numbers of lesson 11: reference 20, offset 256, flags 0, id 5, size 1500, at index 100.
        var (end, _) = Play(Start(Run("net-tx", new WorkItem.SendPacket(1500))));
        var front = (NetfrontState)end.Front!;
        Assert.Equal(101u, front.Tx.ReqProdPvt.Value);
        var slot = new byte[12];
        end.Frames[front.Tx.Ring].Page.Read(0x4F0, slot);

        // The answer lies in the same slot: id 5, status 0; the rest is what the request left.
        Assert.Equal("0500000000010000" + "0500DC05", Convert.ToHexString(slot));
    }

    [Fact]
    public void A_packet_of_two_slots_names_the_whole_first()
    {
        var start = Start(Run("net-tx", new WorkItem.SendPacket(3000, "", 2096)));
        var m = start;
        while (((NetfrontState)m.Front!).Tx.ReqProdPvt.Value == 100)
        {
            m = Stepper.Step(m, Stepper.Default(m)!.Value, null, out _);
        }

        var ring = m.Frames[((NetfrontState)m.Front).Tx.Ring].Page;
        var slots = new byte[24];
        ring.Read(64 + (100 * 12), slots);
        var (first, second) = (TxRequest.Decode(slots), TxRequest.Decode(slots.AsSpan(12)));
        Assert.Equal((3000, 2096, 4), (first.Size, first.Offset, (int)first.Flags));
        Assert.Equal((1000, 0, 0), (second.Size, second.Offset, (int)second.Flags));
    }

    [Fact]
    public void Headers_are_copied_and_the_rest_is_mapped()
    {
        var (_, events) = Play(Start(Run("net-tx", new WorkItem.SendPacket(1500))));
        Assert.Equal(128, events.OfType<MachineEvent.BytesCopied>().Sum(c => c.Bytes));
        Assert.Single(events.OfType<MachineEvent.MapAnswered>());
        var (_, small) = Play(Start(Run("net-tx", new WorkItem.SendPacket(100))));
        Assert.Empty(small.OfType<MachineEvent.MapAnswered>());
        var (_, copied) = Play(Start(Run("net-tx", new WorkItem.SendPacket(9000)) with { Path = "copy" }));
        Assert.Equal(9000, copied.OfType<MachineEvent.BytesCopied>().Sum(c => c.Bytes));
        Assert.Empty(copied.OfType<MachineEvent.MapAnswered>());
    }

    [Fact]
    public void The_card_fills_in_a_blank_checksum()
    {
        var start = Start(Run("net-tx", new WorkItem.SendPacket(500, "x", 256, 0, true)));
        var sent = Frame(App(start).Jobs[0]);
        var (end, _) = Play(start);
        var wire = Wire(end).Single().ToArray();
        Assert.NotEqual(sent, wire);
        EthernetFrames.FillChecksum(sent);
        Assert.Equal(sent, wire);
    }

    [Fact]
    public void A_large_segment_goes_out_in_pieces_and_its_extra_info_is_answered_with_null()
    {
        var start = Start(Run("net-tx", new WorkItem.SendPacket(5054, "large", 256, 1448)));
        var payload = App(start).Jobs[0].Frame.AsSpan()[54..].ToArray();
        var (end, _) = Play(start);
        Assert.Equal([1502, 1502, 1502, 710], Wire(end).Select(f => f.Length));
        Assert.Equal(payload, Wire(end).SelectMany(f => f.AsSpan()[54..].ToArray()));
        var front = (NetfrontState)end.Front!;
        Assert.Equal(103u, front.Tx.RspCons.Value);
        Assert.All(front.Tx.Slots, Assert.Null);
        Assert.Equal(256, front.Tx.FreeIds.Count());
    }

    [Theory]
    [InlineData("net-rx")]
    [InlineData("net-flip")]
    public void Packets_of_the_wire_reach_the_guest(string scenario)
    {
        var start = Start(Run(
            scenario, new WorkItem.ReceivePacket(1500, "one"), new WorkItem.ReceivePacket(60),
            new WorkItem.ReceivePacket(9000)));
        var sent = ((Nic)start.Disk!).Incoming;
        var (end, events) = Play(start);
        Assert.Equal(sent.Length, App(end).Received.Length);
        for (var i = 0; i < sent.Length; i++)
        {
            Assert.Equal(sent[i].ToArray(), App(end).Received[i].ToArray());
        }

        var copied = events.OfType<MachineEvent.BytesCopied>().Sum(c => c.Bytes);
        Assert.Equal(scenario == "net-rx" ? 10_560 : 0, copied);
    }

    [Fact]
    public void A_flipped_page_belongs_to_the_guest_and_its_entry_says_so()
    {
        var start = Start(Run("net-flip", new WorkItem.ReceivePacket(1500, "one")));
        var m = start;
        List<ushort> flags = [];
        var reference = ((NetfrontState)m.Front!).FreshRef;
        while (Stepper.Default(m) is { } choice)
        {
            m = Stepper.Step(m, choice, null, out _);
            var now = (ushort)m.Frames[m[Guest].GrantTable!.Value].Page.Load((int)reference * 8, 2);
            if (flags.Count == 0 || flags[^1] != now)
            {
                flags.Add(now);
            }
        }

        // Lesson 11, beat 10; a new page is offered under the same or another reference afterwards.
        Assert.Equal([0, 2, 6, 14, 0], flags.Take(5).Select(f => (int)f));
        var frames = m.Frames.All().Where(f => f.Mfn.Value is >= 0x2E00 and < 0x2F00).ToList();
        Assert.Contains(frames, f => f.Owner == Guest || f.Owner == Core.Hypervisor.PageTransfer.Nobody);
    }

    [Fact]
    public void The_answer_of_the_course_lies_in_the_slot_of_its_request()
    {
        var run = Run("net-rx", new WorkItem.ReceivePacket(1500)) with { StartIndex = 300 };
        var (end, _) = Play(Start(run));
        var slot = new byte[8];
        end.Frames[((NetfrontState)end.Front!).Rx.Ring].Page.Read(0x1A0, slot);
        Assert.Equal("2C0000000000DC05", Convert.ToHexString(slot));
    }

    [Fact]
    public void Two_guests_talk_through_the_bridge()
    {
        var start = Start(Run("net-guests", new WorkItem.SendPacket(1500, "hi"), new WorkItem.SendPacket(6000)));
        var sent = App(start).Jobs;
        var (end, _) = Play(start);
        var peer = (NetApplicationState)end.PeerApplication!;
        Assert.Equal(
            sent.Select(j => Convert.ToHexString(Frame(j))),
            peer.Received.Select(r => Convert.ToHexString(r.AsSpan())));
        Assert.True(peer.Done);
        Assert.Empty(Wire(end));
    }

    [Fact]
    public void A_packet_without_an_end_takes_the_interface_down()
    {
        var (end, _) = Play(Start(Run("net-endless", new WorkItem.SendPacket(1500))));
        var vif = ((NetbackState)end.Back!).Vifs[0];
        Assert.True(vif is { Disabled: true, Carrier: false });
        Assert.Empty(Wire(end));
    }

    [Fact]
    public void A_capture_is_fed_and_what_went_out_is_a_capture()
    {
        // Addresses that the bridge does not know: such frames go to everybody.
        var like = Start(Run("net-tx", new WorkItem.SendPacket(200), new WorkItem.SendPacket(1400)));
        byte[][] frames = [.. App(like).Jobs.Select(Frame)];
        Array.ForEach(frames, f => f[3] = 0x77);
        var file = PcapWriter.Write(Pcap.Empty with
        {
            Frames = [.. frames.Select(f => new PcapFrame(1, 2, [.. f], (uint)f.Length))],
        });
        var (tx, _) = Play(Start(new RunParameters { Scenario = "net-tx", Image = "x" }, file));
        Assert.Equal(frames, Wire(tx).Select(f => f.ToArray()));
        var (rx, _) = Play(Start(new RunParameters { Scenario = "net-rx", Image = "x" }, file));
        Assert.Equal(frames, App(rx).Received.Select(f => f.ToArray()));
        var (_, error) = Scenario.Create(new RunParameters { Scenario = "net-rx", Image = "x" }, file[..^3]);
        Assert.Equal("image", error!.Field);
        Assert.Contains("cut off", error.Message, StringComparison.Ordinal);
    }
}
