using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>Where pages stay granted and mapped, words and stage are about these pages and not the application's.
/// </summary>
public sealed class PersistentTruthTests
{
    private const string Link =
        "scenario=workload&path=persistent&work=write:2048:First&work=write:2048:Second&work=read:2048/8&leftout=on";

    private static readonly List<SessionView> Views = [.. Walk(Link)];

    public static TheoryData<string> Cards => [.. ScenarioShelf.Cards.Select(card => card.Name)];

    [Fact]
    public void No_row_says_that_what_may_be_written_is_read_only()
    {
        Assert.All(Views, view =>
        {
            Assert.DoesNotMatch("read-only\\.|readonly 4|IOMMU lets the device read\\b", Said(view));
            Assert.DoesNotContain("readonly", view.Stage.Grant?.FlagNames ?? []);
        });
        var mapped = Assert.Single(Views, view => view.Narration.Number == "4.11–4.16");
        Assert.Contains("writable", mapped.Narration.Caption, StringComparison.Ordinal);
        Assert.True(mapped.Stage.DriverWindow is { Writable: true });
        var asked = Assert.Single(Views, view => view.Narration.Number == "4.10").Narration;
        Assert.Contains("Flags 2 = host_map.", asked.Why, StringComparison.Ordinal);
        Assert.Contains("without readonly", Only("2.4").Why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_on_stage_is_the_one_that_the_device_works_on()
    {
        var moves = Views.Where(view => view.Narration.Number is "5.1" or "5.2" or "5.3").ToList();
        Assert.Equal(9, moves.Count);
        Assert.All(moves, view =>
        {
            Assert.Equal(view.Stage.Dma.BusAddress, view.Stage.Data!.Mfn * 4096);
            Assert.NotNull(view.Stage.Iommu);
            Assert.True(view.Stage.DriverWindow is { Stale: false });
        });
        Assert.All(moves.Where(view => view.Narration.Number == "5.1"), view => Assert.Contains(
            $"0x{view.Stage.Data!.Mfn:X} × 4096", view.Narration.Why, StringComparison.Ordinal));
        Assert.Equal("Second", moves[^1].Stage.Data!.Text);
    }

    [Fact]
    public void Application_and_frontend_have_different_pages_and_each_is_on_stage_in_its_turn()
    {
        var kept = Assert.Single(Views.Where(view => view.Narration.Number == "5.1").Select(v => v.Stage.Data!.Mfn)
            .Distinct());
        foreach (var view in Views.Skip(1))
        {
            var own = view.Narration.Number is "1.1" or "1.2" or "7.11";
            Assert.True(own == (view.Stage.Data!.Mfn != kept), $"{view.Narration.Number} at {view.Run.Position}");
        }

        Assert.Contains("not yet", Views.Last(view => view.Narration.Number == "7.9").Narration.Why);
        Assert.Contains("has copied", Only("7.11").Why, StringComparison.Ordinal);
        Assert.All(
            Views.Where(view => view.Narration.Number == "R.6"),
            view => Assert.Contains("stay granted", view.Narration.Why, StringComparison.Ordinal));
    }

    // Written, published, served, answered and done: no request goes back, whatever happens around it.
    [Theory]
    [MemberData(nameof(Cards))]
    public void The_state_of_a_request_only_goes_on(string card)
    {
        string[] order = ["private", "pending", "serving", "answering", "answered", "done"];
        var link = ScenarioShelf.Cards.First(each => each.Name == card).Link;
        var reached = new Dictionary<(ulong, uint, string, ulong), int>();
        var lap = 0UL;
        foreach (var view in Walk(link + (link.Contains("leftout=", StringComparison.Ordinal) ? "" : "&leftout=on")))
        {
            // A ring that begins anew has requests of its own.
            lap += view.Narration.Number.StartsWith('K') ? 1UL : 0;
            if (view.Stage.Focus is { } request)
            {
                var key = (request.Id, request.Index, $"{request.Sector} {string.Join(",", request.Refs)}", lap);
                var state = Array.IndexOf(order, request.State);
                Assert.True(state >= 0, request.State);
                Assert.True(
                    state >= reached.GetValueOrDefault(key),
                    $"{view.Narration.Number} at {view.Run.Position}: {request.Index} is {request.State}");
                reached[key] = state;
            }
        }
    }

    [Theory]
    [InlineData("scenario=disconnect&work=write:2048:Last")]
    [InlineData("scenario=net-disconnect")]
    public void When_the_device_is_unplugged_the_steps_that_were_taken_are_behind(string link)
    {
        var end = Walk(link).Last();
        Assert.All(end.Narration.StepStates, step => Assert.Equal("past", step));
        Assert.All(Walk(link).First().Narration.StepStates, step => Assert.Equal("future", step));
    }

    private static string Said(SessionView view) => view.Narration.Caption + " " + view.Narration.Why;

    private static NarrationView Only(string number) => Assert.Single(
        Views, view => view.Narration.Number == number).Narration;

    private static IEnumerable<SessionView> Walk(string link)
    {
        var engine = SessionEngine.Create(RunLink.Parse(link).Link!, null).Engine!;
        yield return engine.View();
        while (engine.View().Run is var run && run.Position < run.Length && engine.Apply(new Command.Next()) is null)
        {
            yield return engine.View();
        }
    }
}
