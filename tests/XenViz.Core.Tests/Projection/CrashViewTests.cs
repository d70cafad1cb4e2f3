using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>What a screen shows of a driver domain that dies and comes again.</summary>
public sealed class CrashViewTests
{
    private const string Disk = "scenario=reconnect&depth=4&segments=1&crash=1&leftout=on&xen=on&work=write:2048:One"
        + "&work=write:2056:Two&work=write:2064:Three";

    private const string Net = "scenario=net-reconnect&depth=2&start=100&leftout=on&xen=on&work=send:1500:One"
        + "&work=send:1500:Two&work=send:1500:Three";

    private static List<SessionView> All(string link)
    {
        var engine = SessionEngine.Create(RunLink.Parse(link).Link!, null).Engine!;
        List<SessionView> views = [engine.View()];
        while (views[^1].Run.Position < views[^1].Run.Length)
        {
            engine.Apply(new Command.Next());
            views.Add(engine.View());
        }

        return views;
    }

    [Theory]
    [InlineData(Disk)]
    [InlineData(Net)]
    public void It_is_dead_from_the_crash_until_it_is_started_again(string link)
    {
        var views = All(link);
        var dead = views.Select(v => v.Stage.Driver.Dead).ToList();
        var (first, last) = (dead.IndexOf(true), dead.LastIndexOf(true));
        Assert.True(first > 0 && last > first && last < dead.Count - 1);
        Assert.All(dead.Skip(first).Take(last - first + 1), Assert.True);
        Assert.All(views, v => Assert.False(v.Stage.Guest.Dead));
        Assert.Equal(dead, views.Select(v => v.Ring.BackGone));
        var cons = views[first].Changes.Single(c => c.Id == "back.req_cons");
        Assert.True(cons.Before.Length > 0 && cons.After.Length == 0);

        // Nothing that it had is told of afterwards: the new one begins with nothing.
        var fresh = views[last + 1].Stage;
        Assert.Equal((0u, 0u), (fresh.Back.ReqCons, fresh.Back.RspProdPvt));
        Assert.Null(fresh.BackendCopy);
        Assert.Null(fresh.DriverWindow);
    }

    [Fact]
    public void Its_mapping_is_stale_while_Xen_holds_the_pin_and_then_gone()
    {
        var dead = All(Disk).Where(v => v.Stage.Driver.Dead).ToList();
        Assert.Contains(dead, v => v.Stage.DriverWindow is { Stale: true } && v.Stage.Maptrack is not null);
        Assert.All(dead, v => Assert.True(v.Stage.DriverWindow is null or { Stale: true }));
        Assert.All(
            dead.Where(v => v.Stage.Maptrack is null && v.Stage.Grant?.Frame == v.Stage.Data?.Mfn),
            v => Assert.Null(v.Stage.DriverWindow));
        Assert.Null(dead[^1].Stage.DriverWindow);
        Assert.Null(dead[^1].PageMap.Backend);
    }

    [Theory]
    [InlineData(Disk)]
    [InlineData(Net)]
    public void Once_the_old_rings_are_given_up_nothing_tells_of_them(string link)
    {
        var views = All(link);
        var gone = views.FindIndex(v => v.Stage.Driver.Dead) is var died
            ? views.FindIndex(died, v => !v.Ring.Exists)
            : -1;
        Assert.True(gone > 0);
        Assert.Null(views[gone].Stage.Focus);
        Assert.Null(views[gone].Stage.Data);
        Assert.Null(views[gone].Ring.FocusSlot);
        Assert.Null(views[gone].Ring.Notify);
        var again = views.FindIndex(gone, v => v.Ring.Exists);
        Assert.True(again > gone);
        for (var i = again; i < views.Count && views[i].Stage.Focus is null; i++)
        {
            Assert.Equal((0u, 0u), (views[i].Ring.ReqProd, views[i].Ring.ReqProdPvt));
            Assert.Null(views[i].Ring.FocusSlot);
            Assert.All(views[i].Ring.Slots, slot => Assert.Equal("free", slot.Kind));
        }

        // The first that is followed again is in the new ring: grants of the old requests mean nothing any more.
        var first = views.FindIndex(gone, v => v.Stage.Focus is not null);
        Assert.True(first > again && views[first].Ring.Exists);
        Assert.True(views[first].Stage.Focus!.Index < 8);
        Assert.NotNull(views[^1].Stage.Focus);
    }
}
