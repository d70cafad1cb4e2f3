using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Events;
using XenViz.Core.Feed;
using XenViz.Core.History;
using XenViz.Core.Projection;
using XenViz.Core.Scenarios;

namespace XenViz.Core.Tests.Projection;

/// <summary>A network interface has two rings: the picture shows the one that the row is about, and so do the words.
/// </summary>
public sealed class RingOnStageTests
{
    public static TheoryData<string> Networks =>
        [.. RunLimits.Scenarios.Where(RunLimits.IsNetwork).Select(name => $"scenario={name}"),
            "scenario=net-tx&work=send:1500:a&work=receive:900:b",
            "scenario=net-guests&work=send:2000:a&work=send:60:b"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_row_that_touches_a_ring_has_that_ring_on_stage(string link)
    {
        var parameters = RunLink.Parse(link + "&leftout=on&xen=on").Link!;
        var engine = SessionEngine.Create(parameters, null).Engine!;
        var branch = new Timeline(Scenario.Create(parameters.Parameters, null).Scenario!.Start).Branches[0];
        var touching = 0;
        for (var row = 0; row < branch.Length; row++)
        {
            Assert.Null(engine.Apply(new Command.Seek(row + 1)));
            var view = engine.View();
            var front = (NetfrontState)branch.At(row + 1).Front!;
            foreach (var happened in branch.EventsOf(row))
            {
                var ring = happened switch
                {
                    MachineEvent.RequestTouched touched => touched.Queue % 2,
                    MachineEvent.Accessed a when a.Mfn == front.Tx.Ring => 0,
                    MachineEvent.Accessed a when a.Mfn == front.Rx.Ring => 1,
                    _ => -1,
                };
                touching += ring < 0 ? 0 : 1;
                Assert.True(
                    ring < 0 || view.Ring.Name == (ring == 0 ? "tx" : "rx"),
                    $"{row + 1} ({view.Narration.Number}) touches ring {ring} and shows {view.Ring.Name}");
            }

            Assert.True(
                view.Stage.Focus is not { } focus
                || string.Equals(view.Ring.Name, focus.Operation, StringComparison.OrdinalIgnoreCase));
        }

        Assert.InRange(touching, 3, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_producer_index_that_is_read_is_that_of_the_ring_on_stage(string link)
    {
        foreach (var detail in new[] { "", "&leftout=on&xen=on" })
        {
            var engine = SessionEngine.Create(RunLink.Parse(link + detail).Link!, null).Engine!;
            for (var view = engine.View(); view.Run.Position < view.Run.Length; view = engine.View())
            {
                Assert.Null(engine.Apply(new Command.Next()));
                var told = engine.View();
                if (told.Narration.Number == "4.7" && Number(told.Narration.Caption) is { } said)
                {
                    Assert.Equal(told.Ring.ReqProd, said);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_push_that_the_Ring_tab_explains_is_one_into_the_ring_that_it_shows(string link)
    {
        var engine = SessionEngine.Create(RunLink.Parse(link).Link!, null).Engine!;
        for (var view = engine.View(); view.Run.Position < view.Run.Length; view = engine.View())
        {
            Assert.Null(engine.Apply(new Command.Next()));
            view = engine.View();

            // While somebody has published and not decided yet, the index is ahead of the last push.
            var undecided = view.Narration.Choices.Any(c => c.Number is "3.1" or "3.2" or "6.1" or "6.2");
            if (view.Ring.Notify is { } push && !undecided)
            {
                Assert.Equal(push.ByFront ? view.Ring.ReqProd : view.Ring.RspProd, push.New);
            }
        }
    }

    [Fact]
    public void The_last_look_of_a_stalled_guest_is_at_the_transmit_ring_and_so_is_the_picture()
    {
        var engine = SessionEngine.Create(RunLink.Parse("scenario=net-stall").Link!, null).Engine!;
        Assert.Null(engine.Apply(new Command.RunToEnd()));
        var view = engine.View();
        Assert.Equal(("4.7", "tx"), (view.Narration.Number, view.Ring.Name));
        Assert.Contains($"{view.Ring.ReqProd}. Nothing is new", view.Narration.Caption, StringComparison.Ordinal);
        Assert.Equal((view.Ring.ReqCons, view.Ring.RspProdPvt), (view.Stage.Back.ReqCons, view.Stage.Back.RspProdPvt));
    }

    [Fact]
    public void A_row_of_a_queue_shows_and_tells_the_ring_of_that_queue()
    {
        var link = RunLink.Parse(
            "scenario=workload&queues=3&depth=3&segments=1&work=read:0/24&leftout=on&xen=on").Link!;
        var engine = SessionEngine.Create(link, null).Engine!;
        var branch = new Timeline(Scenario.Create(link.Parameters, null).Scenario!.Start).Branches[0];
        var shown = new HashSet<int>();
        for (var row = 0; row < branch.Length; row++)
        {
            Assert.Null(engine.Apply(new Command.Seek(row + 1)));
            var view = engine.View();
            if (branch.EventsOf(row).OfType<MachineEvent.RequestTouched>().LastOrDefault() is { } touched)
            {
                Assert.Equal((touched.Queue, 3), (view.Ring.Queue, view.Ring.Queues));
                shown.Add(view.Ring.Queue);
            }

            Assert.DoesNotContain(" 0 request", view.Narration.Why, StringComparison.Ordinal);
            Assert.False(view.Narration.Caption.StartsWith("0 responses", StringComparison.Ordinal));
            if (view.Narration.Number == "4.9")
            {
                Assert.Contains(
                    $"req_cons to {view.Stage.Back.ReqCons}", view.Narration.Caption, StringComparison.Ordinal);
            }
        }

        Assert.Equal(3, shown.Count);
    }

    private static uint? Number(string caption) =>
        caption.Split(' ').Select(word => word.TrimEnd('.')).Where(word => uint.TryParse(word, out _))
            .Select(word => (uint?)uint.Parse(word, System.Globalization.CultureInfo.InvariantCulture))
            .FirstOrDefault();
}
