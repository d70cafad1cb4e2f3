using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Tests.Drivers.Block;

namespace XenViz.Core.Tests.Feed;

/// <summary>Runs with every feature of the block protocol can be seen and are told, row by row.</summary>
public sealed class BlockViewTests
{
    [Theory]
    [MemberData(nameof(BlockFeatureTests.Variants), MemberType = typeof(BlockFeatureTests))]
    public void Every_row_of_every_feature_has_words_and_no_gaps(string what, string changes)
    {
        var (engine, error) = SessionEngine.Create(BlockFeatureTests.With(BlockFeatureTests.Mixed, changes), null);
        Assert.Null(error);
        engine!.Apply(new Command.SetDetail(true, true));
        var told = new HashSet<string>();
        var length = engine.View().Run.Length;
        for (var at = 0; at <= length; at += 1 + (length / 40))
        {
            engine.Apply(new Command.Seek(at));
            var view = engine.View();
            var (caption, why) = (view.Narration.Caption, view.Narration.Why);
            Assert.True(caption.Length is > 7 and <= 90, $"{what}, row {at}: {caption}");
            Assert.True(why.Length is > 4 and <= 240, $"{what}, row {at}: {why}");
            Assert.DoesNotContain("{", caption + why, StringComparison.Ordinal);
            Assert.DoesNotContain("_", view.Narration.Number, StringComparison.Ordinal);
            Assert.Empty(view.Narration.Violations);
            Assert.NotEmpty(ViewDelta.Whole(view));
            told.Add(view.Narration.Number);
        }

        Assert.True(told.Count > 20, what);
    }

    [Theory]
    [InlineData("connect", "pages=4&queues=2")]
    [InlineData("connect", "path=persistent&protocol=none&readonly=on")]
    public void Connecting_with_more_than_the_figure_has_is_told_too(string scenario, string changes)
    {
        var run = BlockFeatureTests.With(new RunParameters { Scenario = scenario }, changes);
        var (engine, _) = SessionEngine.Create(run, null);
        engine!.Apply(new Command.SetDetail(true, true));
        for (var at = 1; at <= engine.View().Run.Length; at++)
        {
            engine.Apply(new Command.Seek(at));
            Assert.NotEqual("", engine.View().Narration.Caption);
        }
    }
}
