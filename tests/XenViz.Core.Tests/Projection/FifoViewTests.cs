using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;
using XenViz.Core.Projection.Details;

namespace XenViz.Core.Tests.Projection;

/// <summary>What the screen says of event channels with the FIFO ABI.</summary>
public sealed class FifoViewTests
{
    const string Queue = "scenario=workload&queues=4&depth=4&segments=1&events=fifo&work=read:0/32&xen=on&leftout=on";

    [Fact]
    public void Four_rings_stand_in_one_queue_in_the_order_in_which_they_rang()
    {
        var engine = Make(Queue);
        var view = After(engine, "3.10", 4);
        var driver = view.Events.Domains.Single(d => d.Domain == 2);
        Assert.Equal("fifo", driver.Abi);
        var queue = Assert.Single(driver.Queues);
        Assert.Equal((7, true, 73u), (queue.Priority, queue.Ready, queue.Tail));
        Assert.Equal([70u, 71u, 72u, 73u], queue.Ports.Select(p => p.Number));
        Assert.All(queue.Ports, p => Assert.True(p.Pending && p.Joined && !p.Masked));
        Assert.Equal("0x0080", driver.Fields.Single(f => f.Name == "ready").Value);
        Assert.Equal("70", driver.Fields.Single(f => f.Name == "head[7]").Value);
        var port = view.Events.Ports.Single(p => p.Number == 70);
        Assert.True(port.Pending && !port.Selector);
        Assert.Equal(new EventWordView(0xA0000047, true, false, 71, 7, true), port.Fifo);
        Assert.Equal(0xA0000000, view.Events.Ports.Single(p => p.Number == 73).Fifo!.Word);
    }

    [Fact]
    public void The_queue_is_drawn_in_order_while_the_handler_keeps_its_head_to_itself()
    {
        var view = After(Make(Queue), "4.4.2", 1);
        var queue = Assert.Single(view.Events.Domains.Single(d => d.Domain == 2).Queues);
        Assert.False(queue.Ready);
        Assert.Equal([71u, 72u, 73u], queue.Ports.Select(p => p.Number));
    }

    [Fact]
    public void A_port_that_is_about_to_be_linked_stands_behind_the_others()
    {
        var view = After(Make(Queue), "3.7.1", 2);
        var queue = Assert.Single(view.Events.Domains.Single(d => d.Domain == 2).Queues);
        Assert.Equal([(70u, true), (71u, false)], queue.Ports.Select(p => (p.Number, p.Joined)));
    }

    [Fact]
    public void The_way_of_a_notification_names_the_words_that_it_moved()
    {
        var bits = After(Make("events=fifo&xen=on&leftout=on"), "W.2", 1).Events.Way.Select(w => w.Bit).ToList();
        string[] expected =
        [
            "PENDING 0 → 1", "MASKED 0", "LINKED 0 → 1", "head[7] 70", "ready 0 → 1", "upcall 0 → 1",
            "asleep → awake", "upcall 1 → 0", "ready 0x0080 → 0x0000", "head[7] 70", "LINKED 1 → 0", "PENDING 1",
            "PENDING 1 → 0", "ready 0x0000",
        ];
        Assert.Equal(expected, bits.Where(b => b.Length > 0 && !b.StartsWith("upcall mask", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_port_that_rings_while_it_is_masked_is_linked_when_it_is_unmasked()
    {
        var engine = Make("scenario=connect&events=fifo&xen=on&leftout=on");
        Assert.Null(engine.Apply(new Command.RunToEnd()));
        var bits = engine.View().Events.Way.Select(w => w.Bit).Where(b => b.Length > 0).ToList();
        Assert.Equal(["PENDING 0 → 1", "MASKED 1"], bits.Take(2));
        Assert.Equal(
            ["MASKED 1", "MASKED 1 → 0", "PENDING 1", "PENDING 1", "MASKED 0", "LINKED 0 → 1", "head[7] 0 → 70"],
            bits.Skip(2).Take(7));
        Assert.All(engine.View().Events.Way, w => Assert.DoesNotContain('_', w.Text));
    }

    [Fact]
    public void Every_change_of_a_word_is_told_and_every_word_is_the_bytes_of_its_frame()
    {
        var engine = Make(Queue);
        var length = engine.View().Run.Length;
        var told = 0;
        for (var at = 1; at <= length; at++)
        {
            Assert.Null(engine.Apply(new Command.Seek(at)));
            var view = engine.View();
            foreach (var port in view.Events.Ports)
            {
                Assert.Equal(port.Pending, (port.Fifo!.Word >> 31) == 1);
                Assert.Equal(port.Fifo.Linked, ((port.Fifo.Word >> 29) & 1) == 1);
            }

            told += view.Changes.Count(c => c.Id.EndsWith(".linked", StringComparison.Ordinal));
            foreach (var field in view.Events.Domains.SelectMany(d => d.Fields))
            {
                var area = view.Bytes.Areas.FirstOrDefault(a => a.Mfn == field.Mfn && a.Offset <= field.Offset
                    && field.Offset + field.Length <= a.Offset + (a.Bytes.Length / 2));
                Assert.NotNull(area);
                Assert.Equal(field.Before is not null, area.Changed.Any(c =>
                    c >= field.Offset && c < field.Offset + field.Length));
            }
        }

        Assert.True(told >= 16, $"{told}");
    }

    [Fact]
    public void A_card_of_an_event_word_has_its_flags_and_their_causes()
    {
        var engine = Make("events=fifo&xen=on&leftout=on");
        var view = After(engine, "3.10", 1);
        var card = engine.Details("port.2.70").Read()!;
        Assert.StartsWith("0xA0000000", card.Value, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(
            [("PENDING", "1"), ("MASKED", "0"), ("LINKED", "1"), ("BUSY", "0"), ("link", "0")],
            card.Parts.Take(5).Select(p => (p.Name, p.Value)));
        Assert.Equal((0x2001UL, 70 * 4), (card.Mfn!.Value, card.Offset));
        var rows = view.Timeline.Rows;
        Assert.Equal("3.5", rows[card.Parts[0].Changed - 1].Number);
        Assert.Equal("3.7.1", rows[card.Parts[2].Changed - 1].Number);
        Assert.Equal(0, card.Parts[1].Changed);

        var block = engine.Details("events.2").Read()!;
        Assert.Equal("3.7.8", rows[block.Parts.Single(p => p.Name == "ready").Changed - 1].Number);
        Assert.Equal((0, "70"), block.Parts.Where(p => p.Name == "head[7]").Select(p => (p.Changed, p.Value)).Single());
        Assert.Equal("evtchn_fifo_control_block", block.Name.Split(' ')[1]);
        Assert.NotNull(Make("").Details("events.2").Read());
        Assert.NotNull(engine.Details("events.9").Error);
    }

    [Theory]
    [InlineData("port 70 linked", "3.7.1", "4.4.2")]
    [InlineData("port 70 pending", "3.5", "4.6")]
    [InlineData("vcpu 2 ready", "3.7.8", "4.3")]
    public void What_a_word_holds_is_found(string question, string first, string second)
    {
        var answer = Make("events=fifo&xen=on&leftout=on").Find(new FindRequest(question, true, 0, 50));
        var numbers = answer.Hits.Select(h => h.Number).ToList();
        Assert.Contains(first, numbers);
        Assert.Contains(second, numbers);
    }

    [Fact]
    public void Numbers_of_the_rows_of_one_run_of_FIFO_are_those_of_2_level_where_both_do_the_same()
    {
        var fifo = Make("events=fifo").View().Timeline.Rows.Select(r => r.Number).ToList();
        var bits = Make("").View().Timeline.Rows.Select(r => r.Number).ToList();
        string[] own = ["3.7", "6.7", "4.4", "7.4"];
        Assert.Equal(own.Order(), bits.Except(fifo).Order());
        Assert.All(["3.4.1", "3.7.6", "4.4.1", "6.7.8", "7.4.2"], n => Assert.Contains(n, fifo));
    }

    static SessionEngine Make(string link)
    {
        var (parsed, wrong) = RunLink.Parse(link);
        Assert.Null(wrong);
        return SessionEngine.Create(parsed!, null).Engine!;
    }

    // After the row of this number, for the so-manieth time.
    static SessionView After(SessionEngine engine, string number, int time)
    {
        var rows = engine.View().Timeline.Rows;
        var at = Enumerable.Range(0, rows.Length).Where(i => rows[i].Number == number).ElementAt(time - 1) + 1;
        Assert.Null(engine.Apply(new Command.Seek(at)));
        return engine.View();
    }
}
