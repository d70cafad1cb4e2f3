using FsCheck;
using FsCheck.Fluent;
using XenViz.Core.Commands;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Events;
using XenViz.Core.Simulation;
using XenViz.Core.Tests.Simulation;

namespace XenViz.Core.Tests.Drivers.Network;

/// <summary>What the two ends offer each other, and that packets obey it.</summary>
public sealed class NetOfferTests
{
    private static RunParameters Run(
        string scenario, string sg = "both", string gso = "both", string csum = "both", params WorkItem[] work)
    {
        return new RunParameters
        {
            Scenario = scenario, ScatterGather = sg, Segmentation = gso, Checksums = csum, Work = [.. work],
            StartIndex = 100, Depth = 4,
        };
    }

    [Theory]
    [InlineData("both", "both", "both", true, true, true)]
    [InlineData("back", "both", "both", false, false, true)]
    [InlineData("front", "both", "both", false, false, true)]
    [InlineData("both", "back", "both", true, false, true)]
    [InlineData("both", "both", "none", true, false, false)]
    public void Both_ends_keep_what_both_can(string sg, string gso, string csum, bool gathers, bool cuts, bool sums)
    {
        var start = RandomRun.Start(Run("net-tx", sg, gso, csum));
        var agreed = new NetAgreed(gathers, cuts, sums);
        Assert.Equal(agreed, ((NetfrontState)start.Front!).Agreed);
        Assert.Equal(agreed, ((NetbackState)start.Back!).Vifs[0].Agreed);
    }

    [Theory]
    [InlineData("back")]
    [InlineData("front")]
    [InlineData("none")]
    public void Without_scatter_gather_on_either_side_no_packet_has_two_slots(string sg)
    {
        var start = RandomRun.Start(Run(
            "net-tx", sg, work: [new WorkItem.SendPacket(3000, "", 2096), new WorkItem.SendPacket(3000, "x", 0)]));
        var (end, events) = NetRunTests.Play(start);
        var front = (NetfrontState)end.Front!;
        Assert.Equal((1, 101u), (front.Dropped, front.Tx.ReqProdPvt.Value));
        Assert.Single(((Nic)end.Disk!).Sent);
        Assert.True(((NetApplicationState)end.Application!).Done);
        Assert.Equal(2, end[new(5)].Active.Count);
        Assert.NotEmpty(events);
    }

    [Fact]
    public void Without_gso_no_extra_info_crosses_the_ring_and_the_same_frames_reach_the_wire()
    {
        var work = new WorkItem.SendPacket(5054, "large", 256, 1448);
        var (card, _) = NetRunTests.Play(RandomRun.Start(Run("net-tx", work: [work])));
        var (guest, _) = NetRunTests.Play(RandomRun.Start(Run("net-tx", gso: "back", work: [work])));
        Assert.Equal(
            ((Nic)card.Disk!).Sent.Select(f => Convert.ToHexString(f.AsSpan())),
            ((Nic)guest.Disk!).Sent.Select(f => Convert.ToHexString(f.AsSpan())));

        // Three slots with the extra info; four without, each a packet of its own.
        Assert.Equal(103u, ((NetfrontState)card.Front!).Tx.RspCons.Value);
        var front = (NetfrontState)guest.Front!;
        Assert.Equal((104u, 4), (front.Tx.RspCons.Value, front.Packets));
    }

    [Theory]
    [InlineData("both", 3)]
    [InlineData("none", 0)]
    [InlineData("front", 0)]
    public void A_checksum_is_left_blank_only_where_both_can(string csum, int flags)
    {
        var start = RandomRun.Start(Run("net-tx", csum: csum, work: [new WorkItem.SendPacket(500, "x", 256, 0, true)]));
        var m = start;
        while (((NetfrontState)m.Front!).Tx.ReqProdPvt.Value == 100)
        {
            m = Stepper.Step(m, Stepper.Default(m)!.Value, null, out _);
        }

        var slot = new byte[12];
        m.Frames[((NetfrontState)m.Front).Tx.Ring].Page.Read(64 + (100 * 12), slot);
        Assert.Equal(flags, (int)TxRequest.Decode(slot).Flags);
        var sent = ((NetApplicationState)start.Application!).Jobs[0].Frame.ToArray();
        EthernetFrames.FillChecksum(sent);
        var (end, _) = NetRunTests.Play(m);
        Assert.Equal(sent, ((Nic)end.Disk!).Sent.Single());
    }

    [Fact]
    public void A_guest_that_takes_single_slots_gets_no_frame_that_is_longer_than_its_mtu()
    {
        var start = RandomRun.Start(Run(
            "net-rx", "back", work: [new WorkItem.ReceivePacket(9000), new WorkItem.ReceivePacket(1500, "one")]));
        var (end, events) = NetRunTests.Play(start);
        var app = (NetApplicationState)end.Application!;
        Assert.Equal(1500, app.Received.Single().Length);
        Assert.True(app.Done);
        Assert.Equal(1, ((NetbackState)end.Back!).Vifs[0].Dropped);
        Assert.Contains(events, e => e is MachineEvent.Outcome { Word: "toolong" });
    }

    [Fact]
    public void Whatever_the_ends_offer_and_whoever_goes_next_no_rule_breaks_and_everything_ends() => Check.One(
        Rounds.Of(30),
        Prop.ForAll(
            ScheduledRun.Of(
                from scenario in Gen.Elements("net-tx", "net-rx", "net-flip", "net-guests", "net-connect")
                from sg in Gen.Elements(RunLimits.Ends)
                from gso in Gen.Elements(RunLimits.Ends)
                from csum in Gen.Elements(RunLimits.Ends)
                select Run(scenario, sg, gso, csum, Work(scenario))),
            any =>
            {
                var start = RandomRun.Start(any.Run);
                var (end, _) = NetRunTests.Play(start, any.Schedule);
                var guests = any.Run.Scenario == "net-guests";
                Assert.True(((NetApplicationState)end.Application!).Done);
                Assert.True(!guests || ((NetApplicationState)end.PeerApplication!).Done);
                var back = (NetbackState)end.Back!;
                Assert.All(back.Vifs, v => Assert.True(v.Carrier));
                Assert.Equal(back.FreeTarget, back.FreeCount);
            }));

    private static WorkItem[] Work(string scenario) => scenario switch
    {
        "net-connect" => [],
        "net-rx" or "net-flip" => [new WorkItem.ReceivePacket(1500), new WorkItem.ReceivePacket(6000)],
        _ =>
        [
            new WorkItem.SendPacket(1500, "a", 256, 0, true), new WorkItem.SendPacket(5054, "", 256, 1000),
            new WorkItem.SendPacket(6000, "", 4000),
        ],
    };
}
