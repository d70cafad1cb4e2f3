using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>Two guests with an interface each: one of them is on stage.</summary>
public sealed class TwoGuestsTests
{
    private const string Link = "scenario=net-guests&leftout=on&work=send:1500:hi&work=send:6000:more";

    private static SessionEngine Engine(string link = Link) =>
        SessionEngine.Create(RunLink.Parse(link).Link!, null).Engine!;

    private static List<SessionView> All(int guest)
    {
        var engine = Engine();
        Assert.Null(engine.Apply(new Command.ShowGuest(guest)));
        List<SessionView> views = [engine.View()];
        while (views[^1].Run.Position < views[^1].Run.Length)
        {
            Assert.Null(engine.Apply(new Command.Next()));
            views.Add(engine.View());
        }

        return views;
    }

    [Fact]
    public void The_stage_follows_the_interface_of_the_row()
    {
        var views = All(0);
        Assert.All(views, v =>
        {
            Assert.True(v.Stage.Follows);
            var shown = Assert.Single(v.Stage.Interfaces, i => i.Shown);
            Assert.Equal((true, v.Stage.Guest.Id), (shown.Ran, shown.Guest));
            Assert.Equal(v.Stage.Guest.Id, v.Grants.Domain);
            Assert.True(v.Stage.Data is not { Owner: 5 or 7 } data || data.Owner == v.Stage.Guest.Id);
        });
        Assert.Equal(5, views[0].Stage.Guest.Id);

        // What guest 7 does itself, and what netback does for it.
        var taken = views.First(v => v.Narration.Number == "V.13");
        Assert.Equal((7, "rx"), (taken.Stage.Guest.Id, taken.Ring.Name));
        var sent = views.First(v => v.Narration.Number == "T.10");
        Assert.Equal((5, "tx"), (sent.Stage.Guest.Id, sent.Ring.Name));
        var read = views.Last(v => v.Narration.Number == "V.23");
        Assert.Equal(7, read.Stage.Guest.Id);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    public void A_chosen_interface_stays_whatever_runs_and_the_words_stay_the_same(int guest)
    {
        var (pinned, followed) = (All(guest), All(0));
        Assert.Equal(followed.Select(v => v.Narration.Caption), pinned.Select(v => v.Narration.Caption));
        Assert.Equal(followed.Select(v => v.Run.Fingerprint), pinned.Select(v => v.Run.Fingerprint));
        Assert.All(pinned, v =>
        {
            Assert.False(v.Stage.Follows);
            Assert.Equal(guest, v.Stage.Guest.Id);
            Assert.Equal(guest, v.Grants.Domain);
            Assert.True(v.Stage.Data is not { Owner: 5 or 7 } data || data.Owner == guest);
        });
        var rings = pinned.Select(v => v.Bytes.Areas.Single(a => a.Id == "ring-header").Mfn).Distinct();
        Assert.All(rings, ring => Assert.Equal(guest == 7, ring >= 0x9000));
    }

    [Fact]
    public void An_object_of_the_second_guest_tells_what_changed_it()
    {
        var engine = Engine();
        Assert.Null(engine.Apply(new Command.ShowGuest(7)));
        Assert.Null(engine.Apply(new Command.RunToEnd()));
        var front = engine.Details("front").Read()!;
        Assert.Contains("7", front.Owner, StringComparison.Ordinal);
        var taken = front.Parts.Single(p => p.Name == "rsp_cons");
        Assert.True(taken.Changed > 0);
        Assert.Null(engine.Apply(new Command.ShowGuest(5)));
        Assert.NotEqual(taken.Changed, engine.Details("front").Read()!.Parts.Single(p => p.Name == "rsp_cons").Changed);
    }

    [Fact]
    public void Only_a_guest_with_an_interface_can_be_chosen_and_another_run_follows_again()
    {
        Assert.Equal("guest", Engine().Apply(new Command.ShowGuest(9))!.Field);
        Assert.Equal("guest", Engine("scenario=net-tx").Apply(new Command.ShowGuest(5))!.Field);
        Assert.Empty(Engine("").View().Stage.Interfaces);
        var engine = Engine();
        Assert.Null(engine.Apply(new Command.ShowGuest(7)));
        Assert.Null(engine.Apply(new Command.Reset()));
        Assert.True(engine.View().Stage.Follows);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(7)]
    public void The_chosen_interface_is_in_the_link_and_in_the_recording(int guest)
    {
        var engine = Engine(Link + "&at=20");
        Assert.Null(engine.Apply(new Command.ShowGuest(guest)));
        var view = engine.View();
        var opened = Engine(view.Run.Link).View();
        var back = SessionEngine.Restore(engine.Save(), null).Engine!.View();
        Assert.Equal(guest, RunLink.Parse(view.Run.Link).Link!.Guest);
        Assert.All([opened, back], again =>
        {
            Assert.Equal(view.Stage.Guest.Id, again.Stage.Guest.Id);
            Assert.Equal(guest == 0, again.Stage.Follows);
            Assert.Equal((20, view.Run.Fingerprint), (again.Run.Position, again.Run.Fingerprint));
        });
        Assert.All(view.Timeline.Branches, b => Assert.Equal(guest, RunLink.Parse(b.Link).Link!.Guest));
    }

    [Fact]
    public void A_link_of_before_follows_and_one_with_a_guest_that_has_no_interface_is_refused()
    {
        Assert.True(Engine(Link + "&at=20").View().Stage.Follows);
        foreach (var link in new[] { "op=read&guest=5", Link + "&guest=9" })
        {
            Assert.Equal("guest", SessionEngine.Create(RunLink.Parse(link).Link!, null).Error!.Field);
        }

        Assert.Equal("guest", RunLink.Parse("guest=seven").Error!.Field);
    }

    [Fact]
    public void Rows_of_the_second_guests_rings_are_found()
    {
        var found = Engine().Find(new FindRequest("of dom 7 slot", false, 0, 10));
        Assert.True(found.Total > 0);
    }
}
