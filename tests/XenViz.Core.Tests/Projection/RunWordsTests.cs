using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>What a run is called, and what is said of changes that have no number in memory.</summary>
public sealed class RunWordsTests
{
    private static SessionView End(string link)
    {
        var engine = SessionEngine.Create(RunLink.Parse(link).Link!, null).Engine!;
        Assert.Null(engine.Apply(new Command.RunToEnd()));
        return engine.View();
    }

    [Fact]
    public void A_change_in_xenstore_names_its_node_and_both_values()
    {
        var changes = End("scenario=connect").Changes;
        var state = Assert.Single(changes, c => c.Id.StartsWith("xenstore.", StringComparison.Ordinal));
        Assert.Equal(new ChangeView("xenstore./local/domain/5/device/vbd/51712/state", "3", "4"), state);
    }

    [Fact]
    public void Of_several_nodes_the_state_is_told_first()
    {
        var engine = SessionEngine.Create(new RunParameters { Scenario = "connect" }, null).Engine!;
        Assert.Null(engine.Apply(new Command.Next()));
        var nodes = engine.View().Changes.Where(c => c.Id.StartsWith("xenstore.", StringComparison.Ordinal)).ToList();
        Assert.True(nodes.Count > 2);
        Assert.EndsWith("/state", nodes[0].Id, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "blkfront to blkback, mapped, ring of 8")]
    [InlineData("path=copy&slots=32", "blkfront to blkback, copied by Xen, ring of 32")]
    [InlineData("path=persistent&pages=2", "blkfront to blkback, persistent grants, ring of 64")]
    [InlineData("queues=2&depth=4", "blkfront to blkback, mapped, ring of 8, 2 queues, up to 4 in flight")]
    [InlineData("events=fifo&queues=2", "blkfront to blkback, mapped, ring of 8, 2 queues, FIFO events")]
    [InlineData(
        "scenario=net-tx&events=fifo", "netfront to netback, headers copied, rest mapped, rings of 256, FIFO events")]
    public void The_subtitle_says_how_bytes_go_and_how_large_the_ring_is(string link, string subtitle) =>
        Assert.Equal(subtitle, End(link).Run.Subtitle);

    [Fact]
    public void A_property_that_breaks_in_many_rows_is_told_once()
    {
        var told = End("scenario=overflow").Narration.Violations;
        Assert.Single(told, "More requests are unanswered than the ring has slots.");
    }
}
