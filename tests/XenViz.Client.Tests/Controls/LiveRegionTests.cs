using Bunit;
using Microsoft.Extensions.Time.Testing;
using XenViz.Client.Controls;

namespace XenViz.Client.Tests.Controls;

public sealed class LiveRegionTests : ScreenTest
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void What_comes_slowly_is_said_at_once()
    {
        var shown = Show("1.1");
        Assert.Equal("1.1", Said(shown));
        clock.Advance(LiveRegion.Rest);
        Say(shown, "2.1");
        Assert.Equal("2.1", Said(shown));
    }

    [Fact]
    public void What_hurries_is_said_once_it_rests()
    {
        var shown = Show("1.1");
        for (var step = 0; step < 30; step++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(33));
            Say(shown, $"2.{step}");
            Assert.Equal("1.1", Said(shown));
        }

        clock.Advance(LiveRegion.Rest);
        shown.WaitForAssertion(() => Assert.Equal("2.29", Said(shown)));
    }

    [Fact]
    public void The_same_words_again_are_no_haste()
    {
        var shown = Show("1.1");
        clock.Advance(LiveRegion.Rest - TimeSpan.FromMilliseconds(1));
        Say(shown, "1.1");
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Say(shown, "2.1");
        Assert.Equal("2.1", Said(shown));
    }

    private IRenderedComponent<LiveRegion> Show(string text) =>
        Render<LiveRegion>(p => p.Add(x => x.Text, text).Add(x => x.Clock, clock));

    private static void Say(IRenderedComponent<LiveRegion> shown, string text) =>
        shown.Render(p => p.Add(x => x.Text, text));

    private static string Said(IRenderedComponent<LiveRegion> shown) => shown.Id("narration").TextContent;
}
