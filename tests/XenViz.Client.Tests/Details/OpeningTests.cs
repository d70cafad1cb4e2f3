using Bunit;
using Microsoft.AspNetCore.Components;
using XenViz.Client.Panels;
using XenViz.Client.Stage;

namespace XenViz.Client.Tests.Details;

/// <summary>Everything that can be clicked says what it is about.</summary>
public sealed class OpeningTests : ScreenTest
{
    private readonly List<string> opened = [];

    private EventCallback<string> Open => EventCallback.Factory.Create<string>(this, opened.Add);

    [Fact]
    public void A_slot_by_mouse_and_by_its_button_and_an_index()
    {
        var shown = Render<RingPanel>(p => p.Add(r => r.Ring, Samples.Ring()).Add(r => r.OnOpen, Open));
        shown.Id("ring-slot-5").Click();
        shown.Find("[data-pick='slot.3']").Click();
        shown.Find(".gt .explain").Click();
        Assert.Equal(["slot.5", "slot.3", "ring.rsp_prod"], opened);
        Assert.Single(shown.FindAll(".walks [tabindex='0']"));
    }

    [Fact]
    public void Of_a_long_ring_only_slots_in_use_can_be_walked_over()
    {
        var shown = Render<RingPanel>(p => p.Add(r => r.Ring, Samples.Ring(256)).Add(r => r.OnOpen, Open));
        Assert.Single(shown.FindAll(".walks button"));
    }

    [Fact]
    public void A_grant_entry_a_mapping_a_page_and_a_port()
    {
        var grants = Render<GrantsPanel>(p => p.Add(g => g.Grants, Samples.Grants).Add(g => g.OnOpen, Open));
        grants.Id("grant-9").QuerySelector(".explain")!.Click();
        var map = Render<PageMapPanel>(p => p
            .Add(m => m.Map, Samples.Map).Add(m => m.Mappings, Samples.Grants.Mappings).Add(m => m.OnOpen, Open));
        map.Id("mapping-17").Click();
        map.Id("frame-0x5A10").Click();
        map.Id("lens-open").Click();
        var events = Render<EventsPanel>(p => p.Add(e => e.Events, Samples.Events).Add(e => e.OnOpen, Open));
        events.Id("port-70").QuerySelector(".explain")!.Click();
        Assert.Equal(["grant.9", "mapping.17", $"frame.{0x5A10}", $"frame.{0x5A21}", "port.2.70"], opened);
    }

    [Fact]
    public void On_stage_an_object_a_slot_an_index_and_the_twin_in_words()
    {
        var stage = Render<Client.Stage.Stage>(p => p
            .Add(s => s.View, Samples.At(35)).Add(s => s.OnSelect, (string id) => opened.Add(id)));
        stage.Find(".wide [data-object=app]").Click();
        stage.Find("[data-pick=driver]").Click();
        stage.Find("[data-pick=xen]").Click();
        Assert.Equal(["app", "driver", "xen"], opened);
    }

    [Theory]
    [InlineData("slot-5", "ring", "slot.5")]
    [InlineData("slot-focus", "ring", "ring")]
    [InlineData("flag-req_prod", "ring", "ring.req_prod")]
    [InlineData("padlock", "driver-window", "driver-window")]
    public void A_part_of_the_ring_is_asked_about_by_itself(string key, string id, string asked) =>
        Assert.Equal(asked, new SceneNode(key, id, SceneOwner.None, SceneLook.Idle, 0, []).DetailId);
}
