using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>The stage and the words say what the machine holds, in every prepared run.</summary>
public sealed class StageTruthTests
{
    private const int MostRows = 250;

    public static TheoryData<string> Cards => [.. ScenarioShelf.Cards.Select(card => card.Name)];

    [Theory]
    [MemberData(nameof(Cards))]
    public void The_stage_says_of_a_request_what_the_ring_says(string name)
    {
        foreach (var view in Walk(Open(name)))
        {
            if (view.Stage.Focus is not { } focus || view.Ring.Slots.IsEmpty)
            {
                continue;
            }

            var at = $"{view.Run.Position} ({view.Narration.Number}): {focus.State}";
            var answers = view.Ring.Slots.Where(slot => slot.Kind == "response" && slot.Id == focus.Id).ToList();
            switch (focus.State)
            {
                case "answered":
                    Assert.True(answers.Any(slot => slot.State == "answered"), at);
                    break;
                case "answering":
                    Assert.True(answers.Any(slot => slot.State == "answer-private"), at);
                    break;
                case "serving":
                    Assert.False(answers.Any(slot => slot.State == "answered"), at);
                    break;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cards))]
    public void A_circle_is_ticked_only_when_rows_of_its_step_have_run(string name)
    {
        foreach (var view in Walk(Open(name)))
        {
            for (var step = 1; step <= 7; step++)
            {
                if (view.Narration.StepStates[step - 1] == "past")
                {
                    Assert.Contains(view.Timeline.Rows.Take(view.Run.Position), row => row.Step == step);
                }
            }
        }
    }

    [Fact]
    public void Connecting_ticks_no_circle_and_a_write_ticks_them_all()
    {
        Assert.All(Walk(Open("connect")), view => Assert.DoesNotContain("past", view.Narration.StepStates));
        Assert.Equal(
            ["past", "past", "past", "past", "past", "past", "current"],
            Walk(Open("write")).Last().Narration.StepStates.AsEnumerable());
    }

    [Fact]
    public void A_packet_for_another_guest_takes_no_DMA_and_one_for_the_wire_does()
    {
        Assert.All(Walk(Open("net-guests")), view =>
        {
            Assert.Equal("future", view.Narration.StepStates[4]);
            Assert.DoesNotContain(view.Timeline.Rows, row => row.Step == 5);
        });
        Assert.Contains(Walk(Open("net-tx")), view => view.Narration.StepStates[4] == "past");
    }

    [Theory]
    [MemberData(nameof(Cards))]
    public void What_a_step_opens_into_is_what_the_search_finds_of_it(string name)
    {
        var engine = Open(name);
        var rows = engine.View().Timeline.Rows;
        for (var step = 1; step <= 7; step++)
        {
            Assert.Equal(
                rows.Count(row => row.Step == step),
                engine.Find(new FindRequest($"step {step}", false, 0, 1)).Total);
        }
    }

    [Theory]
    [MemberData(nameof(Cards))]
    public void Only_a_disk_that_is_aimed_elsewhere_is_said_to_reach_what_nobody_granted(string name) => Assert.Equal(
        name is "iommu-on" or "iommu-off",
        Walk(Open(name)).Any(view => view.Narration.Caption.Contains("nobody granted", StringComparison.Ordinal)));

    [Fact]
    public void A_disk_aimed_at_a_secret_is_told_by_the_frame_that_it_is_aimed_at()
    {
        var stopped = Walk(Open("iommu-on")).ToList();
        var fault = stopped.First(view => view.Narration.Number == "5.2");
        var aimed = Words(fault.Stage.Dma.BusAddress!.Value / 4096);
        Assert.Equal((Words(fault.Stage.Data!.Mfn), true), (aimed, fault.Stage.Data.Ungranted));
        Assert.Contains("stops the device", fault.Narration.Caption, StringComparison.Ordinal);
        Assert.Contains(aimed, fault.Narration.Caption, StringComparison.Ordinal);
        Assert.Equal("refused", fault.Stage.Dma.State);
        Assert.Contains(fault.Stage.Carriers, carrier => carrier.Kind == "iommu-refused");
        var submitted = stopped.First(view => view.Narration.Number == "5.1").Narration;
        Assert.Contains("nobody granted", submitted.Caption, StringComparison.Ordinal);
        Assert.Contains(aimed, submitted.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_IOMMU_nobody_lets_a_device_read_and_what_moved_is_on_stage_as_ungranted()
    {
        var views = Walk(Open("iommu-off")).ToList();
        var mapped = views.First(view => view.Narration.Number == "4.11–4.16").Narration;
        Assert.DoesNotContain("IOMMU", mapped.Why, StringComparison.Ordinal);
        var moved = views.First(view => view.Narration.Number == "5.3");
        Assert.Contains("nobody granted", moved.Narration.Caption, StringComparison.Ordinal);
        Assert.Contains(moved.Stage.Carriers, carrier => carrier.Kind == "dma-out");
        Assert.Contains("data", moved.Stage.Lights);
        Assert.Equal(moved.Stage.Dma.BusAddress, moved.Stage.Data!.Mfn * 4096);
        Assert.True(moved.Stage.Data.Ungranted);
        Assert.Null(moved.Stage.DriverWindow);
        Assert.Contains("IOMMU lets", At("write", "4.11–4.16").Narration.Why, StringComparison.Ordinal);
    }

    private static string Words(ulong frame) => $"0x{frame:X}";

    private static SessionView At(string card, string number) =>
        Walk(Open(card)).First(view => view.Narration.Number == number);

    private static SessionEngine Open(string card)
    {
        var link = RunLink.Parse(ScenarioShelf.Cards.Single(c => c.Name == card).Link).Link!;
        return SessionEngine.Create(link with { Position = 0 }, null).Engine!;
    }

    private static IEnumerable<SessionView> Walk(SessionEngine engine)
    {
        yield return engine.View();
        for (var row = 0; row < MostRows && engine.Apply(new Command.Next()) is null; row++)
        {
            yield return engine.View();
        }
    }
}
