using CsCheck;
using XenViz.Core.Feed;

namespace XenViz.Core.Tests.Feed;

/// <summary>What a browser goes through before the first key.</summary>
public sealed class ViewRehearsalTests
{
    [Fact]
    public void It_goes_through_every_part_and_says_what_is_there() => Gen.Int.Sample(seed =>
    {
        var view = new SampleViews(seed).Next();
        var patches = ViewRehearsal.Patches(view).ToList();
        Assert.True(patches.Count > 12);
        Assert.All(patches, patch =>
            Assert.Equal(ViewDelta.Whole(view), ViewDelta.Whole(ViewDelta.Apply(view, patch))));
        Assert.All(ViewRehearsal.Of(view), Assert.True);
    }, iter: 50);
}
