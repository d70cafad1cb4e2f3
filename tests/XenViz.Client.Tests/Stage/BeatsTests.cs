using Bunit;
using XenViz.Client.Pages;
using XenViz.Client.Panels;
using XenViz.Client.Stage;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Stage;

/// <summary>The letters of a step's arrows: on the canvas however many, off the words, and named.</summary>
public sealed class BeatsTests : ScreenTest
{
    private static readonly SceneSize[] wide = [SceneSize.Desk, SceneSize.Wall];

    public static TheoryData<string> Links() => [.. Runs.All];

    [Fact]
    public void One_arrow_needs_no_letter_and_the_same_way_taken_twice_is_one_arrow()
    {
        Assert.Empty(Beats.Of(Stage("put")));
        Assert.Empty(Beats.Of(Stage("put", "put", "put")));
        var beats = Beats.Of(Stage("grant-write", "grant-write", "put"));
        Assert.Equal(["a", "b"], beats.Select(beat => beat.Letter));
        Assert.Equal(["grant entry written ×2", "slot written"], beats.Select(beat => beat.Words));
    }

    [Fact]
    public void Behind_the_last_letter_stands_how_many_arrows_more_there_are()
    {
        string[] round = ["hypercall-back", "check-grant", "map", "iommu"];
        var stage = Stage([.. round, .. round, .. round]);
        Assert.Equal("abcdef", string.Concat(Beats.Of(stage).Select(beat => beat.Letter)));
        var view = StageSamples.Of("4.16") with { Stage = stage };
        Assert.Equal(
            ["a", "b", "c", "d", "e", "f", "+6"],
            SceneLayout.Build(view, SceneSize.Desk).Carriers.Select(c => c.Letter).Where(letter => letter.Length > 0));
    }

    [Fact]
    public void No_place_has_more_than_two_letters_and_a_count()
    {
        var stage = Stage("put", "publish", "put", "publish", "put");
        var view = StageSamples.Of("4.16") with { Stage = stage };
        var carriers = SceneLayout.Build(view, SceneSize.Desk).Carriers.Where(c => c.Letter.Length > 0).ToList();
        Assert.Equal(["a", "b", "+3"], carriers.Select(c => c.Letter));
        Assert.Equal(3, carriers.Select(c => (c.LetterX, c.LetterY)).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Links))]
    public void Letters_stand_on_the_canvas_apart_from_each_other_and_off_the_words(string link)
    {
        foreach (var view in Runs.Views(link))
        {
            foreach (var size in wide)
            {
                var scene = SceneLayout.Build(view, size);
                var labels = SceneBoxes.Labels(scene, size);
                var letters = scene.Carriers.Where(c => c.Letter.Length > 0).ToList();
                foreach (var (letter, i) in letters.Select((letter, i) => (letter, i)))
                {
                    var where = $"{letter.Letter} of {letter.Kind} at {view.Narration.Number}";
                    Assert.True(letter.LetterX is > 16 and < 1584 && letter.LetterY is > 16 and < 784, where);
                    Assert.All(labels, label =>
                        Assert.False(label.Touches(letter.LetterX, letter.LetterY, 14.5), $"{where} on {label}"));
                    Assert.All(letters.Skip(i + 1), other => Assert.True(
                        Math.Abs(other.LetterX - letter.LetterX) + Math.Abs(other.LetterY - letter.LetterY) > 30,
                        $"{where} on {other.Letter} of {other.Kind}"));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Links))]
    public void Every_letter_on_stage_is_named_in_the_caption_panel(string link)
    {
        foreach (var view in Runs.Views(link))
        {
            var drawn = SceneLayout.Build(view, SceneSize.Desk).Carriers.Select(c => c.Letter)
                .Where(letter => letter.Length == 1);
            var beats = Beats.Of(view.Stage);
            Assert.Equal(drawn, beats.Select(beat => beat.Letter).Where(letter => letter.Length > 0));
            Assert.All(beats, beat => Assert.False(string.IsNullOrWhiteSpace(beat.Words)));
        }
    }

    [Fact]
    public void The_panel_lists_the_letters_only_where_there_are_any()
    {
        var panel = Render<CaptionPanel>(p => p.Add(x => x.View, StageSamples.Of("4.16")));
        Assert.Equal(
            ["abackend's hypercall", "bXen at the entry", "cpage mapped", "dIOMMU entry"],
            panel.FindAll("[data-testid=beats] li").Select(item => item.TextContent.Trim()));
        var none = Render<CaptionPanel>(p => p.Add(x => x.View, StageSamples.Of("2.4")));
        Assert.Empty(none.FindAll("[data-testid=beats]"));
    }

    private static StageView Stage(params string[] kinds) =>
        StageSamples.Of("4.16").Stage with { Carriers = [.. kinds.Select(kind => new CarrierView(kind, ""))] };
}
