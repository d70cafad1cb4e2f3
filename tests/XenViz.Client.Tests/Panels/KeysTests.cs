using XenViz.Client.Panels;
using XenViz.Core.Commands;

namespace XenViz.Client.Tests.Panels;

public sealed class KeysTests
{
    public static TheoryData<string, bool, Command?> Meanings => new()
    {
        { "ArrowRight", false, new Command.Next() },
        { "ArrowLeft", false, new Command.Back() },
        { "ArrowRight", true, new Command.NextNumbered() },
        { "ArrowLeft", true, new Command.BackNumbered() },
        { "PageDown", false, new Command.Next() },
        { "PageUp", false, new Command.Back() },
        { "Home", false, new Command.Seek(0) },
        { "End", false, new Command.RunToEnd() },
        { " ", false, new Command.Play() },
        { ".", false, new Command.Play() },
        { "[", false, new Command.SetSpeed(0.5) },
        { "]", false, new Command.SetSpeed(2) },
        { "1", false, new Command.Seek(2) },
        { "4", false, new Command.Seek(39) },
        { "x", false, null },
        { "T", false, new Command.SetDetail(true, true) },
    };

    [Theory]
    [MemberData(nameof(Meanings))]
    public void A_key_means(string key, bool shift, Command? command) =>
        Assert.Equal(command, Keys.CommandOf(key, shift, Samples.At(20)));

    [Fact]
    public void While_it_plays_the_same_key_pauses()
    {
        var playing = Samples.At(20, view => view with { Run = view.Run with { Playing = true } });
        Assert.Equal(new Command.Pause(), Keys.CommandOf(" ", false, playing));
    }

    [Fact]
    public void The_key_of_the_truth_leads_back_to_the_figure()
    {
        var truth = Samples.At(20, view => view with { Run = view.Run with { InsideXen = true, LeftOut = true } });
        Assert.Equal(new Command.SetDetail(false, false), Keys.CommandOf("t", false, truth));
    }

    [Fact]
    public void Speed_stays_within_its_ends()
    {
        var fast = Samples.At(20, view => view with { Run = view.Run with { Speed = 4 } });
        Assert.Null(Keys.CommandOf("]", false, fast));
        Assert.Equal(new Command.SetSpeed(2), Keys.CommandOf("[", false, fast));
    }
}
