using Bunit;
using XenViz.Client.Controls;
using XenViz.Core.Feed;

namespace XenViz.Client.Tests.Controls;

public sealed class StartTests : ScreenTest
{
    private static readonly LastWork Work = new("abc", "/?at=7", "Block read", "2.4");

    [Fact]
    public void While_all_is_well_no_banner_stands()
    {
        Assert.Empty(Render<ConnectionBanner>(p => p.Add(x => x.State, FeedState.Live)).Ids("banner"));
        Assert.Empty(Render<ConnectionBanner>().Ids("banner"));
    }

    [Fact]
    public void A_lost_connection_is_said_politely()
    {
        var banner = Render<ConnectionBanner>(p => p.Add(x => x.State, FeedState.Reconnecting)).Id("banner");
        Assert.Equal("status", banner.GetAttribute("role"));
        Assert.Contains("The connection is lost", banner.TextContent, StringComparison.Ordinal);
        Assert.Null(banner.QuerySelector("button"));
    }

    [Fact]
    public void A_session_that_ended_can_be_opened_again()
    {
        var asked = false;
        var banner = Render<ConnectionBanner>(p => p
            .Add(x => x.State, FeedState.Closed).Add(x => x.OnReopen, () => asked = true));
        banner.Id("banner-reopen").Click();
        Assert.True(asked);
    }

    [Fact]
    public void The_offer_names_the_work_and_takes_yes_and_no()
    {
        var answers = new List<bool>();
        var offer = Render<GoOn>(p => p
            .Add(x => x.Last, Work)
            .Add(x => x.OnGo, () => answers.Add(true))
            .Add(x => x.OnNot, () => answers.Add(false)));
        Assert.Contains("Block read, at 2.4", offer.Id("go-on").TextContent, StringComparison.Ordinal);
        offer.Id("go-on-go").Click();
        offer.Id("go-on-not").Click();
        Assert.Equal([true, false], answers);
        Assert.Empty(Render<GoOn>().Ids("go-on"));
    }
}
