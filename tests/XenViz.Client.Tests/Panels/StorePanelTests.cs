using Bunit;
using XenViz.Client.Panels;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Panels;

public sealed class StorePanelTests : ScreenTest
{
    private static readonly StoreView Store = new()
    {
        FrontState = 3, BackState = 2,
        Nodes =
        [
            new("/local", "", 0, "n0", []),
            new("/local/domain", "", 0, "n0", []),
            new("/local/domain/5", "", 0, "n0 r5", []),
            new("/local/domain/5/device/vbd/51712/state", "3", 5, "n5 r2", [2]),
        ],
        Watches = [new(2, "/local/domain/5/device/vbd/51712/state", "otherend", 1)],
    };

    [Fact]
    public async Task A_key_opens_its_details()
    {
        var opened = "";
        var shown = Render<StorePanel>(p => p.Add(x => x.Store, Store).Add(x => x.OnOpen, id => opened = id));
        await shown.Ids("store-open")[^1].ClickAsync(new Microsoft.AspNetCore.Components.Web.MouseEventArgs());
        Assert.Equal("xenstore./local/domain/5/device/vbd/51712/state", opened);
        Assert.Equal(7, Inspector.TabOf(opened));
    }

    [Fact]
    public void Each_end_says_in_which_state_it_is()
    {
        var shown = Render<StorePanel>(p => p.Add(x => x.Store, Store));
        Assert.Equal("3", shown.Id("xenbus-front").GetAttribute("data-state"));
        var now = shown.Id("xenbus-back").QuerySelectorAll("[aria-current=step]").Single();
        Assert.Equal("2 InitWait", now.TextContent);
    }

    [Fact]
    public void A_key_that_was_just_written_is_marked_and_its_rights_are_told()
    {
        var path = Store.Nodes[^1].Path;
        var shown = Render<StorePanel>(p => p
            .Add(x => x.Store, Store).Add(x => x.Changes, [new ChangeView("xenstore." + path, "1", "3")]));
        var row = shown.FindAll("tr.changed").Single();
        Assert.Equal(path, row.GetAttribute("data-path"));
        Assert.Contains("n5 r2", row.TextContent, StringComparison.Ordinal);
        Assert.Single(shown.FindAll("[data-testid=store-watch]"));
        Assert.Equal(2, shown.FindAll("[data-testid=store-node]").Count);
    }

    [Fact]
    public void Before_anything_is_written_it_says_so()
    {
        var shown = Render<StorePanel>(p => p.Add(x => x.Store, new StoreView()));
        Assert.Contains("Nothing is written yet.", shown.Markup, StringComparison.Ordinal);
        Assert.Empty(shown.FindAll("[data-testid=store-node]"));
    }
}
