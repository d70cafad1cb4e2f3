using FsCheck;
using FsCheck.Fluent;
using XenViz.Core.Commands;
using XenViz.Core.Devices;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Simulation;
using XenViz.Core.Tests.Simulation;

namespace XenViz.Core.Tests.Drivers.Network;

/// <summary>Packets for a guest that offers no pages.</summary>
public sealed class NetStallTests
{
    private const int Clock = 3;

    private static readonly RunParameters Run = new() { Scenario = "net-stall", StartIndex = 300 };

    private static List<(string Row, Machine After)> Rows(Machine m)
    {
        var rows = new List<(string, Machine)>();
        while (Stepper.Default(m) is { } choice)
        {
            m = Stepper.Step(m, choice, null, out var record);
            rows.Add((record.Row.Key, m));
        }

        return rows;
    }

    [Fact]
    public void By_default_a_packet_is_dropped_the_carrier_goes_and_comes_back_with_the_first_page()
    {
        var rows = Rows(RandomRun.Start(Run));
        string[] story =
        [
            "rx_clock.expire", "xenvif_tx_action.drop_expired", "rx_clock.stall", "xenvif_tx_action.stall_check",
            "xenvif_tx_action.ready_check",
        ];
        Assert.Equal(story, rows.Select(r => r.Row).Where(story.Contains));
        var stalled = Vif(rows.Last(r => r.Row == "xenvif_tx_action.stall_check").After);
        Assert.True(stalled is { Stalled: true, Carrier: false, Dropped: 2, Queue.IsEmpty: true });
        var end = rows[^1].After;
        Assert.True(Vif(end) is { Stalled: false, Carrier: true, Dropped: 2 });
        Assert.Equal(2, ((NetApplicationState)end.Application!).Received.Length);
    }

    [Fact]
    public void Time_passes_only_while_a_packet_waits_for_a_page()
    {
        var m = RandomRun.Start(Run);
        while (Stepper.Default(m) is { } choice)
        {
            var vif = Vif(m);
            Assert.Equal(
                vif is { Carrier: true, Starved: true } && (vif.Queue.IsEmpty ? !vif.Silent : !vif.Expired),
                Stepper.CanStep(m, Clock));
            m = Stepper.Step(m, choice, null, out _);
        }

        Assert.False(Stepper.CanStep(m, Clock));
    }

    [Fact]
    public void A_guest_that_did_not_promise_to_ring_is_never_given_up()
    {
        var start = RandomRun.Start(Run);
        var back = (NetbackState)start.Back!;
        start = start with { Back = back.With(0, back.Vifs[0] with { Notifies = false }) };
        var rows = Rows(start).Select(r => r.Row).ToList();
        Assert.Contains("xenvif_tx_action.drop_expired", rows);
        Assert.DoesNotContain("rx_clock.stall", rows);
    }

    [Fact]
    public void The_other_runs_have_no_clock() => Assert.All(
        RunLimits.Scenarios.Where(s => RunLimits.IsNetwork(s) && s != "net-stall"),
        s => Assert.DoesNotContain(
            RandomRun.Start(new RunParameters { Scenario = s }).Agents, a => a.Kind.Name == "clock"));

    [Fact]
    public void Whoever_goes_next_each_packet_arrives_or_is_counted_and_no_page_is_lost() => Check.One(
        Rounds.Of(60),
        Prop.ForAll(ScheduledRun.Of(Run), any =>
        {
            var start = RandomRun.Start(any.Run);
            var (end, _) = NetRunTests.Play(start, any.Schedule);
            var vif = Vif(end);
            var app = (NetApplicationState)end.Application!;
            Assert.Equal(4, app.Received.Length + vif.Dropped);
            Assert.Empty(vif.Queue);
            Assert.False(vif.Stalled);
            Assert.Equal(PagesOf(start), PagesOf(end));
            Assert.Equal(
                ((Nic)start.Disk!).Incoming.Select(f => Convert.ToHexString(f.AsSpan()))
                    .Intersect(app.Received.Select(f => Convert.ToHexString(f.AsSpan()))),
                app.Received.Select(f => Convert.ToHexString(f.AsSpan())));
        }));

    // What netback and the card have between them.
    private static int PagesOf(Machine m) => ((NetbackState)m.Back!).FreeCount + ((Nic)m.Disk!).Free.Count();

    private static Vif Vif(Machine m) => ((NetbackState)m.Back!).Vifs[0];
}
