using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>What is shown and told of the network.</summary>
public sealed class NetViewTests
{
    private static SessionEngine Engine(string link)
    {
        var (parsed, error) = RunLink.Parse(link);
        Assert.Null(error);
        var (engine, bad) = SessionEngine.Create(parsed!, null);
        Assert.Null(bad);
        return engine!;
    }

    private static List<SessionView> All(string link)
    {
        var engine = Engine(link);
        List<SessionView> views = [engine.View()];
        while (views[^1].Run.Position < views[^1].Run.Length)
        {
            Assert.Null(engine.Apply(new Command.Next()));
            views.Add(engine.View());
        }

        return views;
    }

    [Theory]
    [InlineData("scenario=net-tx")]
    [InlineData("scenario=net-tx&leftout=on&xen=on&work=send:3000/2096/0/0:hi")]
    [InlineData("scenario=net-tx&leftout=on&work=send:5054/256/1448/0:large")]
    [InlineData("scenario=net-tx&leftout=on&path=copy&work=send:60:a&work=send:9000:b&depth=2")]
    [InlineData("scenario=net-rx&leftout=on&xen=on")]
    [InlineData("scenario=net-rx&work=receive:9000:long&work=receive:60:short")]
    [InlineData("scenario=net-flip&leftout=on&xen=on")]
    [InlineData("scenario=net-guests&leftout=on")]
    [InlineData("scenario=net-endless&leftout=on&xen=on")]
    [InlineData("scenario=net-connect&leftout=on&xen=on")]
    [InlineData("scenario=net-connect")]
    [InlineData("scenario=net-stall&leftout=on&xen=on")]
    [InlineData("scenario=net-stall")]
    [InlineData("scenario=net-disconnect&leftout=on&xen=on")]
    [InlineData("scenario=net-disconnect&work=send:1500:a&work=receive:100:b")]
    [InlineData("scenario=net-reconnect&leftout=on&xen=on&depth=2&work=send:1500:a&work=send:60:b&crash=1")]
    [InlineData("scenario=net-reconnect")]
    [InlineData("scenario=net-tx&leftout=on&xen=on&sg=back&work=send:3000/2096/0/0:a&work=send:100:b")]
    [InlineData("scenario=net-tx&leftout=on&gso=none&csum=none&work=send:5054/256/1448/0:a&work=send:100/256/0/1:b")]
    [InlineData("scenario=net-rx&leftout=on&sg=none&work=receive:9000:long&work=receive:60:short")]
    public void Every_row_is_told_in_whole_sentences(string link)
    {
        foreach (var view in All(link))
        {
            Assert.Matches("[.:?\"]$", view.Narration.Caption);
            Assert.NotEmpty(view.Narration.Why);
            Assert.DoesNotMatch("[{}]", view.Narration.Caption + view.Narration.Why);
            Assert.Equal("network", view.Stage.Device);
            Assert.Empty(view.Narration.Violations);
        }
    }

    [Fact]
    public void Connecting_an_interface_borrows_no_word_from_the_disk()
    {
        var views = All("scenario=net-connect&leftout=on&xen=on");
        var engine = Engine("scenario=net-connect");
        Assert.Null(engine.Apply(new Command.RunToEnd()));
        var said = new List<string>();
        foreach (var view in views)
        {
            said.AddRange([view.Narration.Caption, view.Narration.Why, view.Narration.Spoken]);
            said.Add(view.Code.Access?.Place ?? "");
            said.AddRange(view.Changes.Select(c => c.Id + c.Before + c.After));
            said.AddRange(view.Store.Nodes.Select(n => n.Path));
        }

        said.AddRange(views[^1].Code.Listings.SelectMany(l => l.Rows.Select(r => r.Text).Append(l.Title)));
        foreach (var id in new[] { "ring", "front", "back", "guest", "driver", "xenstore", "guest-port", "dma" })
        {
            var detail = engine.Details(id);
            Assert.Null(detail.Error);
            said.Add(detail.Json!);
        }

        Assert.All(said, text => Assert.DoesNotMatch("(?i)sector|vbd|\\bdisk |blk(if|front|back)", text));
        Assert.Equal((4, 4), (views[^1].Store.FrontState, views[^1].Store.BackState));
        Assert.True(views[^1].Ring.Exists);
    }

    [Fact]
    public void Every_number_of_connecting_an_interface_comes_in_its_order()
    {
        var numbers = All("scenario=net-connect").Select(v => v.Narration.Number.Split('.')).Where(n => n.Length > 1)
            .Select(n => int.Parse(n[1], System.Globalization.CultureInfo.InvariantCulture)).Distinct();
        Assert.Equal(Enumerable.Range(1, 12), numbers);
    }

    [Fact]
    public void Seven_steps_are_told_in_order_when_a_packet_is_sent()
    {
        var steps = All("scenario=net-tx").Select(v => v.Narration.Step).Where(s => s > 0).ToList();
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], steps.Distinct());
    }

    [Fact]
    public void The_ring_on_stage_is_the_one_that_the_story_is_about()
    {
        var tx = All("scenario=net-tx&start=100");
        Assert.All(tx.SkipLast(1), v => Assert.Equal(("tx", 256), (v.Ring.Name, v.Ring.Size)));
        Assert.Equal("rx", tx[^1].Ring.Name);
        Assert.StartsWith("Nothing new in the receive ring", tx[^1].Narration.Caption, StringComparison.Ordinal);
        var filled = tx.First(v => v.Ring.Slots[100].State == "pending").Ring.Slots[100];
        Assert.Equal(("TX", 5ul, 20u), (filled.Operation, filled.Id, filled.FirstRef));
        var rx = All("scenario=net-rx&start=300");
        Assert.Equal("rx", rx[0].Ring.Name);
        var answer = rx.Last(v => v.Ring.Slots[44].State == "answered").Ring.Slots[44];
        Assert.Equal(("RX", 44ul, 1500), (answer.Operation, answer.Id, answer.Status));
    }

    [Fact]
    public void The_bytes_of_a_slot_carry_the_names_of_the_header()
    {
        var view = All("scenario=net-tx&start=100").First(v => v.Ring.Slots[100].State == "pending");
        var slot = view.Bytes.Areas.Single(a => a.Id == "slot");
        Assert.Equal("14000000000100000500dc05", slot.Bytes);
        Assert.Equal(["gref", "offset", "flags", "id", "size"], slot.Fields.Select(f => f.Name));
    }

    [Fact]
    public void The_words_of_the_packet_are_read_at_the_end()
    {
        var view = All("scenario=net-rx").Last(v => v.Narration.Number == "V.23");
        Assert.Contains("Hello, guest!", view.Narration.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flipped_page_is_shown_with_its_new_owner()
    {
        var views = All("scenario=net-flip&xen=on");
        var before = views.First(v => v.Narration.Number == "X.3").Stage.Data!;
        var after = views.First(v => v.Narration.Number == "X.8").Stage.Data!;
        Assert.Equal((before.Mfn, (ushort)5), (after.Mfn, after.Owner));
    }

    [Fact]
    public void What_went_out_can_be_downloaded_as_a_capture()
    {
        var engine = Engine("scenario=net-tx");
        Assert.Null(engine.Apply(new Command.RunToEnd()));
        using var file = new MemoryStream();
        engine.WriteImage(file);
        Assert.Equal(engine.ImageBytes, file.Length);
        Assert.Equal(24 + 16 + 1500, file.Length);
        Assert.Equal(0xA1B23C4Du, BitConverter.ToUInt32(file.ToArray()));
    }

    [Fact]
    public void A_network_run_is_told_by_its_title_and_its_way()
    {
        var run = Engine("scenario=net-flip").View().Run;
        Assert.Equal("Receiving by page flip", run.Title);
        Assert.Equal("netfront to netback, pages change their owner, rings of 256", run.Subtitle);
    }
}
