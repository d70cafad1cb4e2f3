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

    [Fact]
    public void A_rehearsal_leaves_the_view_as_it_is_and_refuses_none() => Gen.Int.Sample(seed =>
    {
        var (mirror, first, next) = Mirror(seed);
        var before = mirror.Current;
        Assert.True(mirror.Rehearse());
        Assert.Same(before, mirror.Current);
        Assert.True(mirror.TryApply(new FeedMessage(2, 1, ViewDelta.Diff(first, next))));
    }, iter: 50);

    [Fact]
    public void Without_a_view_there_is_nothing_to_rehearse()
    {
        var mirror = new ViewMirror();
        Assert.False(mirror.Rehearse());
        Assert.Null(mirror.Current);
    }

    private static (ViewMirror Mirror, SessionView First, SessionView Next) Mirror(int seed)
    {
        var samples = new SampleViews(seed);
        var first = samples.Next() with { Sequence = 1 };
        var mirror = new ViewMirror();
        Assert.True(mirror.TryApply(new FeedMessage(1, 0, ViewDelta.Whole(first))));
        return (mirror, first, samples.Change(first));
    }
}
