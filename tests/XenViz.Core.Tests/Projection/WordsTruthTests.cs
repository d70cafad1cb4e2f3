using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>What panels say of bytes and owners is what they are.</summary>
public sealed class WordsTruthTests
{
    private static readonly string Flip = ScenarioShelf.Cards.Single(card => card.Name == "net-flip").Link;

    [Fact]
    public void A_free_slot_that_was_answered_holds_the_response_and_no_request()
    {
        var view = At("", int.MaxValue);
        var slot = view.Bytes.Areas.First(area => area.Id == "slot");
        Assert.Equal("free", view.Ring.Slots[view.Ring.FocusSlot!.Value].Kind);
        Assert.Equal(["id", "operation", "status"], slot.Fields.Select(field => field.Name));
        Assert.Equal("1", slot.Fields[1].Value);
    }

    [Fact]
    public void The_kernel_of_the_driver_domain_masks_its_own_ports()
    {
        var areas = At("", 40).Bytes.Areas.ToDictionary(area => area.Id);
        Assert.Equal(Writer.Guest, areas["mask-guest"].Fields[0].Writer);
        Assert.Equal(Writer.Driver, areas["mask-driver"].Fields[0].Writer);
    }

    [Fact]
    public void The_flags_of_a_grant_and_event_words_are_written_by_the_domain_and_Xen()
    {
        var engine = Run("");
        engine.Apply(new Command.Seek(40));
        foreach (var id in new[] { "grants", "events-guest", "pending-driver" })
        {
            var area = engine.View().Bytes.Areas.First(one => one.Id == id);
            var field = area.Fields.First(one => one.Writer == Writer.Both);
            var told = engine.Details($"field.{area.Mfn}.{field.Offset}.{field.Length}").Read()!;
            Assert.Equal("the domain and Xen, in turn", told.Writes);
        }
    }

    [Fact]
    public void The_page_map_looks_at_the_page_on_stage()
    {
        var engine = Run(Flip);
        var seen = 0;
        while (engine.View() is var view && view.Run.Position < view.Run.Length)
        {
            if (view.Stage.Focus is not null && view.Stage.Data is { } data)
            {
                seen++;
                Assert.Equal(data.Mfn, view.PageMap.Mfn);
            }

            engine.Apply(new Command.Next());
        }

        Assert.True(seen > 0);
    }

    [Fact]
    public void What_netback_took_of_the_receive_ring_is_its_copy_until_the_answer_is_published()
    {
        var engine = Run(ScenarioShelf.Cards.Single(card => card.Name == "net-rx").Link);
        var taken = 0;
        while (engine.View() is var view && view.Run.Position < view.Run.Length)
        {
            if (view.Ring.Name == "rx")
            {
                Assert.Equal(view.Ring.ReqCons != view.Ring.RspProd, view.Stage.BackendCopy is not null);
                taken += view.Stage.BackendCopy is { Operation: "RX" } ? 1 : 0;
            }

            engine.Apply(new Command.Next());
        }

        Assert.True(taken > 0);
    }

    [Fact]
    public void A_chain_of_causes_names_the_device_that_there_is()
    {
        var engine = Run(ScenarioShelf.Cards.Single(card => card.Name == "net-tx").Link);
        engine.Apply(new Command.RunToEnd());
        string[] ids = ["front", "back", "dma", "disk", "data", "ring.rsp_prod", "front.rsp_cons", "guest-port"];
        var chain = ids.SelectMany(id => engine.Details(id).Read()?.Steps ?? []).ToList();
        Assert.Contains(chain, step => step.Agent == "card");
        Assert.DoesNotContain(chain, step => step.Agent == "disk");
    }

    private static SessionView At(string link, int position)
    {
        var engine = Run(link);
        engine.Apply(new Command.RunToEnd());
        var length = engine.View().Run.Length;
        engine.Apply(new Command.Seek(Math.Min(position, length)));
        return engine.View();
    }

    private static SessionEngine Run(string link) =>
        SessionEngine.Create(RunLink.Parse(link).Link!, null).Engine!;
}
