using System.Text.RegularExpressions;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>Words and stage speak of the very thing that a row did: its page, grant, packet and run.</summary>
public sealed partial class RowTruthTests
{
    private const string All = "&leftout=on&xen=on";

    public static TheoryData<string> Cards => [.. ScenarioShelf.Cards.Select(card => card.Name)];

    public static TheoryData<string> Unmapping =>
    [
        "indirect", "net-plain", "net-pieces", "persistent", "disconnect", "net-disconnect", "reconnect", "multi-queue",
        "ring-pages", "batching", "iommu-off",
    ];

    [Theory]
    [InlineData("write:2048/8:Stolen", "on the disk", "page that was stolen")]
    [InlineData("read:2048/8", "has been read", "other memory")]
    public void An_answer_that_lies_is_told_as_one(string work, string told, string truth)
    {
        foreach (var detail in new[] { "", All, "&events=fifo" })
        {
            var views = Walk($"scenario=dma-attack&iommu=off&work={work}{detail}").ToList();
            var end = Assert.Single(views, v => v.Narration.Number == "7.10").Narration;
            Assert.Contains("believes", end.Caption, StringComparison.Ordinal);
            Assert.Contains(told, end.Caption, StringComparison.Ordinal);
            Assert.Contains(truth, end.Why, StringComparison.Ordinal);
            Assert.All(views, v => Assert.DoesNotMatch(
                "your data is|already in the page|bytes are in the guest|never written, discarded",
                v.Narration.Caption + v.Narration.Why));
            Assert.All(views, v =>
            {
                Assert.InRange(v.Narration.Caption.Length, 7, 90);
                Assert.InRange(v.Narration.Why.Length, 40, 240);
            });
        }
    }

    [Theory]
    [InlineData("scenario=dma-attack&iommu=on&work=write:2048/8:Stolen")]
    [InlineData("scenario=dma-attack&iommu=on&work=read:2048/8")]
    [InlineData("scenario=workload&protocol=none&work=write:2048:x")]
    public void A_request_that_failed_is_never_said_to_have_moved_its_data(string link)
    {
        foreach (var detail in new[] { "", All })
        {
            Assert.All(Walk(link + detail), v => Assert.DoesNotMatch(
                "your data is|already in the page|bytes are in the guest", v.Narration.Caption + v.Narration.Why));
        }
    }

    [Fact]
    public void A_failed_request_without_a_page_is_told_without_one()
    {
        var views = Walk("scenario=workload&readonly=on&work=discard:8/8").ToList();
        var end = Assert.Single(views, v => v.Narration.Number == "7.10").Narration;
        Assert.Contains("failed", end.Caption, StringComparison.Ordinal);
        Assert.Contains("there is no page", end.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("holds", end.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net-plain")]
    [InlineData("net-pieces")]
    [InlineData("indirect")]
    [InlineData("write")]
    public void A_page_appears_where_the_call_asked_for_it(string card)
    {
        string? asked = null;
        var seen = 0;
        foreach (var view in Walk(InFull(card)))
        {
            if (view.Narration.Number is "4.10" or "I.4")
            {
                asked = Address().Match(view.Narration.Why) is { Success: true } found ? found.Value : null;
            }
            else if (view.Narration.Number == "4.14" && asked is not null)
            {
                Assert.Equal(asked, view.Stage.DriverWindow!.Address);
                asked = null;
                seen++;
            }
        }

        Assert.NotEqual(0, seen);
    }

    [Theory]
    [InlineData("net-plain", "T.10", "T.14")]
    [InlineData("net-plain", "U.1", "R.3")]
    [InlineData("net-pieces", "T.10", "T.14")]
    [InlineData("batching", "4.9", "5.1")]
    public void What_a_backend_holds_of_a_request_at_work_is_of_that_request(string card, string from, string to)
    {
        var working = false;
        var seen = 0;
        foreach (var view in Walk(InFull(card)))
        {
            working |= view.Narration.Number == from;
            if (working && view.Stage is { Focus: { State: "serving" or "answering" } focus, BackendCopy: { } copy })
            {
                seen++;
                Assert.Equal((view.Run.Position, focus.Refs[0]), (view.Run.Position, copy.Refs[0]));
            }

            working &= view.Narration.Number != to;
        }

        Assert.NotEqual(0, seen);
    }

    [Theory]
    [MemberData(nameof(Unmapping))]
    public void What_is_unmapped_is_on_stage(string card)
    {
        string? last = null;
        var seen = 0;
        foreach (var view in Walk(InFull(card)))
        {
            var gone = view.Changes.Where(c =>
                c.Id.StartsWith("mapping.", StringComparison.Ordinal) && c.After.Length == 0).ToList();
            if (gone.Count == 1 && view.Narration.Number[0] is ('U' or 'Q'))
            {
                seen++;
                Assert.Equal(
                    (view.Run.Position, gone[0].Before, true),
                    (view.Run.Position, $"domain {view.Stage.Guest.Id}, grant {view.Stage.Grant!.Ref}",
                        view.Stage.Maptrack is null));
                Assert.Equal((view.Run.Position, last), (view.Run.Position, gone[0].Id));
                Assert.True(view.Stage.Data is null || view.Stage.DriverWindow is { Stale: true });
            }

            last = view.Stage.Maptrack is { } track ? $"mapping.{track.Handle}" : null;
        }

        Assert.True(seen > 0 || card == "persistent");
    }

    [Fact]
    public void The_page_of_segments_is_on_stage_while_it_is_mapped_and_unmapped()
    {
        var views = Walk(InFull("indirect")).ToList();
        var before = views.First(v => v.Narration.Number == "I.4");
        var after = views.First(v => v.Narration.Number == "I.6");
        Assert.Equal(before.Stage.Grant!.Ref, after.Stage.Grant!.Ref);
        Assert.Equal(before.Stage.Data!.Mfn, after.Stage.Data!.Mfn);
        Assert.DoesNotContain(before.Stage.Grant.Ref, before.Stage.Focus!.Refs);
        Assert.Equal(after.Stage.Maptrack!.Ref, after.Stage.Grant.Ref);
    }

    [Theory]
    [InlineData("connect", "C.9", "C.9.6–C.9.12")]
    [InlineData("connect&events=fifo", "C.9", "C.9.20–C.9.28")]
    [InlineData("reconnect", "C.9", "C.9.6–C.9.12")]
    [InlineData("net-connect", "C.11", "C.11.6–C.11.12")]
    public void A_binding_rings_before_the_handler_runs(string card, string binding, string handler)
    {
        foreach (var detail in new[] { "", "&leftout=on" })
        {
            var views = Walk($"scenario={card}{detail}").ToList();
            var bound = views.FindIndex(v => v.Narration.Number == binding);
            var port = views[bound].Stage.DriverPort!;
            Assert.Equal((true, true), (port.Pending, port.UpcallPending));
            Assert.Equal(handler, views[bound + 1].Narration.Number);
            Assert.False(views[bound + 1].Stage.DriverPort!.Pending);
            Assert.Contains("handler", views[bound + 1].Narration.Caption, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_ring_thread_is_not_woken_before_it_has_started()
    {
        foreach (var events in new[] { "", "&events=fifo" })
        {
            var views = Walk($"scenario=connect{events}{All}").TakeWhile(v => v.Narration.Number != "C.10").ToList();
            Assert.DoesNotContain(
                views, v => v.Narration.Caption.Contains("wakes its ring", StringComparison.Ordinal));
            Assert.Contains(views, v => v.Narration.Caption.Contains("not started yet", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Cards))]
    public void A_row_that_is_named_is_one_of_the_run(string card)
    {
        foreach (var link in new[] { LinkOf(card), InFull(card) })
        {
            HashSet<string>? numbers = null;
            foreach (var view in Walk(link))
            {
                numbers ??= [.. view.Timeline.Rows.SelectMany(row => Heads(row.Number))];
                foreach (var named in RowNumber().Matches(view.Narration.Caption + " " + view.Narration.Why)
                    .Select(match => match.Value))
                {
                    Assert.True(numbers.Contains(named), $"{view.Narration.Number} names {named}");
                }
            }
        }
    }

    private static IEnumerable<string> Heads(string number) =>
        number.Count(c => c == '.') == 2 ? [number, number[..number.LastIndexOf('.')]] : [number];

    private static string InFull(string card) => string.Join(
        '&', LinkOf(card).Split('&').Where(part => part is not ("leftout=on" or "xen=on"))) + All;

    private static string LinkOf(string card) => ScenarioShelf.Cards.Single(c => c.Name == card).Link;

    private static IEnumerable<SessionView> Walk(string link)
    {
        var (parsed, error) = RunLink.Parse(link);
        Assert.Null(error);
        var engine = SessionEngine.Create(parsed! with { Position = 0 }, null).Engine!;
        yield return engine.View();
        while (engine.View().Run is { } run && run.Position < run.Length)
        {
            Assert.Null(engine.Apply(new Command.Next()));
            yield return engine.View();
        }
    }

    [GeneratedRegex("0x[0-9A-F]{9,}")]
    private static partial Regex Address();

    [GeneratedRegex("\\b(?:[1-7]|[A-Z])\\.[0-9]+(?:\\.[0-9]+)?\\b")]
    private static partial Regex RowNumber();
}
