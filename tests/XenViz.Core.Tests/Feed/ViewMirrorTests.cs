using CsCheck;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Feed;

/// <summary>The receiving end of a feed.</summary>
public sealed class ViewMirrorTests
{
    [Fact]
    public void A_gap_changes_nothing_and_is_told() => Gen.Int.Sample(seed =>
    {
        var (mirror, first, next) = Mirror(seed);
        var patch = ViewDelta.Diff(first, next);
        Assert.False(mirror.TryApply(new FeedMessage(9, 7, patch)));
        Assert.Equal(ViewDelta.Whole(first), ViewDelta.Whole(mirror.Current!));
        Assert.True(mirror.TryApply(new FeedMessage(2, 1, patch)));
        Assert.Equal(ViewDelta.Whole(next with { Sequence = 2 }), ViewDelta.Whole(mirror.Current!));
    }, iter: 50);

    private static (ViewMirror Mirror, SessionView First, SessionView Next) Mirror(int seed)
    {
        var samples = new SampleViews(seed);
        var first = samples.Next() with { Sequence = 1 };
        var mirror = new ViewMirror();
        Assert.True(mirror.TryApply(new FeedMessage(1, 0, ViewDelta.Whole(first))));
        return (mirror, first, samples.Change(first));
    }
}
