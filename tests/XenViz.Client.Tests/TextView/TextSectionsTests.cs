using XenViz.Client.TextView;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.TextView;

public sealed class TextSectionsTests
{
    private static TextTable Table(SessionView view, string id) =>
        TextSections.Of(view).SelectMany(section => section.Tables).Single(table => table.Id == id);

    [Fact]
    public void Every_part_of_the_workbench_is_a_section() => Assert.Equal(
        ["stage", "ring", "grants", "memory", "events", "store", "code", "bytes", "cost", "timeline"],
        TextSections.Of(Samples.At(35)).Select(section => section.Id));

    [Fact]
    public void Every_row_has_a_cell_for_each_head_and_says_something()
    {
        foreach (var table in TextSections.Of(Samples.At(35)).SelectMany(section => section.Tables))
        {
            foreach (var row in table.Rows)
            {
                var cells = row.Cells.Length + (row.Position is not null || row.Section is not null ? 1 : 0)
                    + (row.About is not null ? 1 : 0);
                Assert.Equal(table.Heads.Length, cells);
                Assert.NotEmpty(row.Cells[0]);
            }

            Assert.True(table.Rows.Length > 0 || table.Empty.Length > 0, table.Id);
        }
    }

    [Fact]
    public void The_network_has_its_frames_interfaces_rings_and_card()
    {
        var engine = XenViz.Core.Feed.SessionEngine.Create(
            XenViz.Core.Commands.RunLink.Parse("scenario=net-guests&at=60").Link!, null).Engine!;
        var section = TextSections.Of(engine.View()).Single(section => section.Id == "packets");
        Assert.Equal(
            ["packets", "vifs", "ring-vif5.0-tx", "ring-vif5.0-rx", "ring-vif7.0-tx", "ring-vif7.0-rx", "card"],
            section.Tables.Select(table => table.Id));
        var frame = Assert.Single(section.Tables[0].Rows);
        Assert.Equal(["1", "guest 5", "guest 7"], frame.Cells.Take(3));
        Assert.Equal("packet.1", frame.About);
        Assert.Equal(["vif5.0", "5", "00:16:3e:00:00:05", "up"], section.Tables[1].Rows[0].Cells.Take(4));
        Assert.NotEmpty(section.Tables[5].Rows);
        Assert.All(section.Tables, table => Assert.All(table.Rows, row => Assert.Equal(
            table.Heads.Length, row.Cells.Length + (row.About is null ? 0 : 1))));
    }

    [Fact]
    public void An_object_is_explained_in_the_words_of_its_card()
    {
        var engine = XenViz.Core.Feed.SessionEngine.Create(
            XenViz.Core.Commands.RunLink.Parse("scenario=net-tx&at=30").Link!, null).Engine!;
        foreach (var row in TextSections.Of(engine.View()).SelectMany(s => s.Tables).SelectMany(t => t.Rows)
            .Where(row => row.About is not null))
        {
            var detail = engine.Details(row.About!).Read();
            Assert.True(detail is not null, row.About);
            var tables = TextDetails.Of(detail);
            Assert.Contains(tables[0].Rows, fact => fact.Cells[1] == detail.Owner);
            Assert.Equal(detail.Parts.Select(part => part.Value), tables[1].Rows.Select(part => part.Cells[1]));
        }

        var frame = engine.Details("packet.1").Read()!;
        var layers = TextDetails.Of(frame).Single(table => table.Id == "details-layers");
        Assert.Contains(layers.Rows, row => row.Cells[2] == "Header checksum" && row.Cells[4] == "right");
        Assert.StartsWith("T.", TextDetails.WhyOf(frame, frame.Parts[1]).Rows[0].Cells[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scenario=workload&queues=2&depth=4&work=read:0/64&at=120",
        "Ring page of queue 0|Ring page of queue 1")]
    [InlineData("scenario=net-guests&at=60",
        "Page of the transmit ring of domain 5|Page of the receive ring of domain 5"
        + "|Page of the transmit ring of domain 7|Page of the receive ring of domain 7")]
    [InlineData("scenario=net-connect&at=1",
        "Page of the transmit ring of domain 5|Page of the receive ring of domain 5")]
    public void Every_ring_is_explained_whichever_is_on_stage(string link, string titles)
    {
        var engine = XenViz.Core.Feed.SessionEngine.Create(
            XenViz.Core.Commands.RunLink.Parse(link).Link!, null).Engine!;
        var view = engine.View();
        var rows = Table(view, "objects").Rows.Where(
            row => row.About?.StartsWith("queue-", StringComparison.Ordinal) == true).ToList();
        Assert.Equal(view.Stage.Rings.Select(ring => $"queue-{ring.Ring}"), rows.Select(row => row.About));
        var details = rows.Select(row => engine.Details(row.About!).Read()!).ToList();
        Assert.Equal(titles.Split('|'), details.Select(detail => detail.Title));
        foreach (var (ring, detail) in view.Stage.Rings.Zip(details))
        {
            if (!ring.Exists)
            {
                Assert.Equal((0, "there is none now"), (detail.Parts.Length, detail.Value));
                continue;
            }

            Assert.Equal($"{ring.ReqProd}", detail.Parts.Single(part => part.Name == "req_prod").Value);
            Assert.Equal($"{ring.RspProd}", detail.Parts.Single(part => part.Name == "rsp_prod").Value);
        }

        Assert.NotNull(engine.Details("queue-" + view.Stage.Rings.Length).Error);
    }

    [Fact]
    public void Every_slot_of_every_network_ring_is_explained_whichever_is_on_stage()
    {
        var engine = XenViz.Core.Feed.SessionEngine.Create(
            XenViz.Core.Commands.RunLink.Parse("scenario=net-guests&at=60").Link!, null).Engine!;
        var view = engine.View();
        var rings = view.Packets.Vifs.SelectMany(vif => new[] { vif.Transmit, vif.Receive }).ToList();
        string[] names = ["vif5.0-tx", "vif5.0-rx", "vif7.0-tx", "vif7.0-rx"];
        Assert.Contains(rings.Index(), ring => ring.Item.Slots.Length > 0 && !view.Stage.Rings[ring.Index].Shown);
        foreach (var (i, ring) in rings.Index())
        {
            var rows = TextNetwork.PacketsOf(view).Tables.Single(table => table.Id == "ring-" + names[i]).Rows;
            Assert.Equal(ring.Slots.Select(slot => $"queue-{i}.slot.{slot.Slot}"), rows.Select(row => row.About));
            foreach (var (slot, row) in ring.Slots.Zip(rows))
            {
                var detail = engine.Details(row.About!).Read()!;
                var side = i % 2 == 0 ? "transmit" : "receive";
                Assert.Equal(
                    $"Slot {slot.Slot} of the {side} ring of domain {(i < 2 ? 5 : 7)}", detail.Title);
                Assert.Equal(view.Stage.Rings[i].Guest, detail.Owner.Contains(" 5", StringComparison.Ordinal) ? 5 : 7);
                var id = detail.Parts.Single(part => part.Name == "id");
                Assert.Equal($"{slot.Id}", id.Value);
            }
        }

        Assert.Null(engine.Details("queue-4.slot.0").Read());
        Assert.Null(engine.Details("queue-1.slot.256").Read());
        Assert.Null(engine.Details("queue-1.queue-1.slot.0").Read());
    }

    [Fact]
    public void The_words_of_the_step_are_told_with_what_they_mean()
    {
        var view = Samples.At(35);
        var words = TextSections.NowOf(view)[^1];
        Assert.Equal("words", words.Id);
        var terms = Core.Projection.Glossary.In($"{view.Narration.Caption} {view.Narration.Why}");
        Assert.NotEmpty(terms);
        Assert.Equal(
            terms.Select(term => (term.Term, term.Gloss)), words.Rows.Select(row => (row.Cells[0], row.Cells[1])));
        var plain = Samples.At(35, each => each with
        {
            Narration = each.Narration with { Caption = "Nothing.", Why = "" },
        });
        Assert.Equal("No word of this step is in the glossary.", TextSections.NowOf(plain)[^1].Empty);
    }

    [Fact]
    public void The_grant_s_flags_pins_and_domain_are_words()
    {
        var row = Assert.Single(Table(Samples.At(35), "entries").Rows, row => row.Current);
        Assert.Equal(
            ["9", "0x000d: permit_access, readonly, reading", "2", "0x5A21", "data"], row.Cells.Take(5));
        Assert.Contains("host read 1", row.Cells[5], StringComparison.Ordinal);
    }

    [Fact]
    public void The_ring_tells_indices_slots_and_whether_to_notify()
    {
        var indices = Table(Samples.At(35), "indices").Rows;
        Assert.Equal(8, indices.Length);
        Assert.Equal("46", indices.Single(row => row.Cells[0] == "req_prod").Cells[1]);
        Assert.Contains("WRITE, id 3, first grant 9", Table(Samples.At(35), "slots").Rows[5].Cells[3],
            StringComparison.Ordinal);
        Assert.Contains("Notify: yes", Table(Samples.At(35), "notify").Empty, StringComparison.Ordinal);
    }

    [Fact]
    public void Before_there_is_a_ring_that_is_said()
    {
        var view = Samples.At(0, view => view with { Ring = new RingView { Exists = false } });
        Assert.Equal("There is no ring now.", Table(view, "ring-none").Empty);
    }

    [Fact]
    public void The_code_marks_what_just_ran_and_who_waits()
    {
        var back = Table(Samples.At(35), "listing-back").Rows;
        Assert.Equal("just ran", back[1].Cells[1]);
        Assert.Equal("waits here", Table(Samples.At(35), "listing-front").Rows[0].Cells[1]);
        Assert.Equal("atomic", Table(Samples.At(35), "access").Rows[0].Cells[0]);
    }

    [Fact]
    public void Bytes_are_told_field_by_field_with_their_writers()
    {
        var field = Assert.Single(Table(Samples.At(35), "bytes-grants").Rows, row => row.Current);
        Assert.Equal(["0x048", "flags", "0D 00", "0x000d", "both, in turn"], field.Cells);
    }

    [Fact]
    public void The_timeline_shows_what_is_near_and_counts_the_rest()
    {
        var table = Table(Samples.At(35), "rows");
        Assert.Equal(25, table.Rows.Length);
        Assert.Contains("22 earlier", table.Caption, StringComparison.Ordinal);
        Assert.Contains("5 later", table.Caption, StringComparison.Ordinal);
        Assert.Equal(35, Assert.Single(table.Rows, row => row.Current).Position);
    }

    [Fact]
    public void Where_the_run_stands_and_what_changed_come_first()
    {
        var now = TextSections.NowOf(Samples.At(35));
        Assert.Equal("35 of 52", now[0].Rows[1].Cells[1]);
        Assert.Equal(["grant 9 flags", "0x0005", "0x000d"], now[1].Rows[0].Cells);
    }
}
