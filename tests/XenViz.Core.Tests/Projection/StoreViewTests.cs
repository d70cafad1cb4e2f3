using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>What is shown of xenstore.</summary>
public sealed class StoreViewTests
{
    private static SessionEngine Engine(string link)
    {
        var (engine, error) = SessionEngine.Create(RunLink.Parse(link).Link!, null);
        Assert.Null(error);
        return engine!;
    }

    [Fact]
    public void Both_states_go_the_way_of_the_handshake()
    {
        var engine = Engine("scenario=connect");
        List<(int?, int?)> seen = [];
        for (var view = engine.View(); ; view = engine.View())
        {
            var now = (view.Store.FrontState, view.Store.BackState);
            if (seen.Count == 0 || seen[^1] != now)
            {
                seen.Add(now);
            }

            if (view.Run.Position == view.Run.Length)
            {
                break;
            }

            Assert.Null(engine.Apply(new Command.Next()));
        }

        Assert.Equal([(null, null), (1, 1), (1, 2), (3, 2), (3, 4), (4, 4)], seen);
    }

    [Theory]
    [InlineData("scenario=connect", false)]
    [InlineData("scenario=net-connect", false)]
    [InlineData("scenario=reconnect&depth=2&crash=1&work=read:0/16", false)]
    [InlineData("", false)]
    [InlineData("scenario=disconnect", true)]
    [InlineData("scenario=net-disconnect", true)]
    public void Only_what_was_there_is_removed(string link, bool removed)
    {
        var engine = Engine(link + "&leftout=on&xen=on");
        List<SessionView> views = [engine.View()];
        while (views[^1].Run.Position < views[^1].Run.Length)
        {
            Assert.Null(engine.Apply(new Command.Next()));
            views.Add(engine.View());
        }

        Assert.Equal(removed, views[^1].Store.Removed);
        var first = views.FindIndex(view => view.Store.Removed);
        Assert.Equal(removed, first > 0);
        Assert.All(views.Skip(first < 0 ? views.Count : first), view => Assert.Equal(
            (true, null, null), (view.Store.Removed, view.Store.FrontState, view.Store.BackState)));
        if (removed)
        {
            Assert.Equal("Q.7", views[first].Narration.Number);
            Assert.NotNull(views[first - 1].Store.FrontState);
            engine.Apply(new Command.Seek(0));
            Assert.False(engine.View().Store.Removed);
        }
    }

    [Fact]
    public void Nodes_carry_their_rights_and_who_watches_them()
    {
        var engine = Engine("scenario=connect");
        Assert.Null(engine.Apply(new Command.RunToEnd()));
        var store = engine.View().Store;
        var ring = store.Nodes.Single(n => n.Path == "/local/domain/5/device/vbd/51712/ring-ref");
        Assert.Equal(("8", (ushort)5, "n5 r2"), (ring.Value, ring.Owner, ring.Permissions));
        var state = store.Nodes.Single(n => n.Path == "/local/domain/5/device/vbd/51712/state");
        Assert.Equal([(ushort)2], state.Watchers);
        Assert.Contains(store.Watches, w => w.Domain == 5 && w.Path == "/local/domain/2/backend/vbd/5/51712/state");
    }

    [Fact]
    public void A_step_that_does_not_touch_the_store_gives_the_same_view_again()
    {
        var engine = Engine("scenario=figure");
        var before = engine.View().Store;
        Assert.Null(engine.Apply(new Command.Next()));
        Assert.Same(before, engine.View().Store);
    }

    [Fact]
    public void The_store_goes_through_the_feed()
    {
        var engine = Engine("scenario=connect");
        var first = engine.View();
        Assert.Null(engine.Apply(new Command.Next()));
        var second = engine.View();
        var made = ViewDelta.Apply(ViewDelta.Read(ViewDelta.Whole(first)), ViewDelta.Diff(first, second));
        Assert.Equal(ViewDelta.Whole(second), ViewDelta.Whole(made));
        Assert.NotEmpty(made.Store.Nodes);
    }
}
