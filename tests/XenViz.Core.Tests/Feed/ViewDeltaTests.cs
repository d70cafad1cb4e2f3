using System.Text.Json;
using CsCheck;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Feed;

public sealed class ViewDeltaTests
{
    private static readonly Gen<int> Seeds = Gen.Int;

    [Fact]
    public void A_view_says_the_same_after_writing_and_reading() => Seeds.Sample(seed =>
    {
        var view = new SampleViews(seed).Next();
        Assert.Equal(ViewDelta.Whole(view), ViewDelta.Whole(ViewDelta.Read(ViewDelta.Whole(view))));
    }, iter: 300);

    [Fact]
    public void The_difference_of_two_views_leads_from_one_to_the_other() => Seeds.Sample(seed =>
    {
        var samples = new SampleViews(seed);
        var (before, after) = (samples.Next(), samples.Next());
        Assert.Equal(ViewDelta.Whole(after), ViewDelta.Whole(ViewDelta.Apply(before, ViewDelta.Diff(before, after))));
    }, iter: 300);

    [Fact]
    public void Small_changes_add_up_over_many_frames() => Seeds.Sample(seed =>
    {
        var samples = new SampleViews(seed);
        var view = samples.Next();
        var seen = ViewDelta.Read(ViewDelta.Whole(view));
        for (var frame = 0; frame < 8; frame++)
        {
            var next = samples.Change(view);
            seen = ViewDelta.Apply(seen, ViewDelta.Diff(view, next));
            Assert.Equal(ViewDelta.Whole(next), ViewDelta.Whole(seen));
            view = next;
        }
    }, iter: 200);

    [Fact]
    public void Equal_views_differ_in_nothing_even_when_nothing_is_shared()
    {
        var view = new SampleViews(1).Next();
        view = view with { Run = view.Run with { Parameters = new RunParameters() } };
        Assert.Equal("{}", ViewDelta.Diff(view, ViewDelta.Read(ViewDelta.Whole(view))));
    }

    [Fact]
    public void A_list_that_grows_sends_only_what_is_new()
    {
        var view = new SampleViews(2).Next();
        var rows = Enumerable.Range(0, 50).Select(i => new EventStepView($"3.{i}", "Pending set.", "0 → 1", false));
        var before = view with { Events = view.Events with { Way = [.. rows] } };
        var after = before with
        {
            Events = before.Events with { Way = before.Events.Way.Add(new EventStepView("3.50", "New.", "", true)) },
        };
        Assert.Equal(
            """{"events":{"way":{"length":51,"50":{"number":"3.50","text":"New.","bit":"","current":true}}}}""",
            ViewDelta.Diff(before, after));
    }

    [Fact]
    public void Parts_that_a_patch_does_not_name_stay_the_same_objects()
    {
        var before = new SampleViews(3).Next();
        var after = before with { Sequence = 9, Code = before.Code with { Cursors = [] } };
        var seen = ViewDelta.Apply(before, ViewDelta.Diff(before, after));
        Assert.Same(before.Timeline, seen.Timeline);
        Assert.Equal(before.Code.Listings, seen.Code.Listings);
        Assert.Equal(9, seen.Sequence);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"nonsense":1}""")]
    [InlineData("""{"run":null}""")]
    [InlineData("""{"run":{"title":null}}""")]
    [InlineData("""{"sequence":"x"}""")]
    [InlineData("""{"timeline":7}""")]
    [InlineData("""{"changes":{"999999":{}}}""")]
    [InlineData("""{"changes":{"length":-1}}""")]
    [InlineData("""{"changes":{"length":2000000000}}""")]
    public void What_is_no_patch_is_refused(string patch) =>
        Assert.ThrowsAny<JsonException>(() => ViewDelta.Apply(new SampleViews(4).Next(), patch));

    [Fact]
    public void Enums_are_words_and_nulls_are_left_out()
    {
        var view = new SampleViews(5).Next();
        view = view with
        {
            Narration = view.Narration with { Actor = Actor.Frontend }, Stage = view.Stage with { Acting = null },
        };
        var whole = ViewDelta.Whole(view with { Run = view.Run with { Title = "45 → 46" } });
        Assert.Contains("\"title\":\"45 → 46\"", whole, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(whole);
        Assert.Equal("frontend", json.RootElement.GetProperty("narration").GetProperty("actor").GetString());
        Assert.False(json.RootElement.GetProperty("stage").TryGetProperty("acting", out _));
    }
}
