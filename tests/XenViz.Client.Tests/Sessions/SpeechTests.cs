using XenViz.Client.Sessions;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Sessions;

public sealed class SpeechTests
{
    [Fact]
    public void Whoever_steps_hears_every_step()
    {
        var speech = new Speech();
        Assert.Equal("", speech.Of(null));
        Assert.Equal("a", speech.Of(View("a", 2, playing: false)));
        Assert.Equal("b", speech.Of(View("b", 2, playing: false)));
    }

    [Fact]
    public void A_run_that_plays_says_its_numbered_steps_what_breaks_and_where_it_stopped()
    {
        var speech = new Speech();
        Assert.Equal("a", speech.Of(View("a", 2, playing: true)));
        Assert.Equal("a", speech.Of(View("b", 2, playing: true)));
        Assert.Equal("c", speech.Of(View("c", 3, playing: true)));
        Assert.Equal("d", speech.Of(View("d", 3, playing: true, "A frame is freed while it is mapped.")));
        Assert.Equal("d", speech.Of(View("e", 3, playing: true)));
        Assert.Equal("e", speech.Of(View("e", 3, playing: false)));
    }

    [Fact]
    public void Another_branch_is_named_once()
    {
        var speech = new Speech();
        var view = View("a", 2, playing: false);
        var two = view with
        {
            Run = view.Run with { Branch = 1 },
            Timeline = view.Timeline with
            {
                Branches = [new BranchView(0, null, 0, 52, "main"), new BranchView(1, 0, 30, 60, "disk first")],
            },
        };
        Assert.Equal("a", speech.Of(view));
        Assert.Equal("On the branch disk first. a", speech.Of(two));
        Assert.Equal("On the branch disk first. a", speech.Of(two));
        Assert.Equal("b", speech.Of(two with { Narration = two.Narration with { Spoken = "b" } }));
        Assert.Equal("On the branch main. a", speech.Of(view with { Timeline = two.Timeline }));
        Assert.Equal("a", new Speech().Of(two));
    }

    private static SessionView View(string spoken, int step, bool playing, params string[] violations)
    {
        var view = Samples.At(1);
        return view with
        {
            Run = view.Run with { Playing = playing },
            Narration = view.Narration with { Spoken = spoken, Step = step, Violations = [.. violations] },
        };
    }
}
