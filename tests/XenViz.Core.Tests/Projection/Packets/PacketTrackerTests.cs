using XenViz.Core.Commands;
using XenViz.Core.Devices.Network;
using XenViz.Core.Feed;
using XenViz.Core.Projection;
using XenViz.Core.Projection.Packets;

namespace XenViz.Core.Tests.Projection.Packets;

/// <summary>Every frame of a run is followed from its first page to its end.</summary>
public sealed class PacketTrackerTests
{
    private static SessionEngine Engine(string link)
    {
        var (engine, error) = SessionEngine.Create(RunLink.Parse(link).Link!, null);
        Assert.Null(error);
        return engine!;
    }

    private static List<SessionView> All(string link)
    {
        var engine = Engine(link + "&leftout=on&xen=on");
        List<SessionView> views = [engine.View()];
        while (views[^1].Run.Position < views[^1].Run.Length)
        {
            Assert.Null(engine.Apply(new Command.Next()));
            views.Add(engine.View());
        }

        return views;
    }

    private static List<string> PlacesOf(List<SessionView> views, int number)
    {
        var places = new List<string>();
        foreach (var row in views.SelectMany(v => v.Packets.Rows.Where(r => r.Number == number)))
        {
            if (places.Count == 0 || places[^1] != row.Place)
            {
                places.Add(row.Place);
            }
        }

        return places;
    }

    private static PacketView Packet(string link, int number, string place)
    {
        var engine = Engine(link + "&leftout=on");
        while (engine.View() is var view && view.Packets.Rows.All(r => r.Number != number || r.Place != place))
        {
            Assert.True(view.Run.Position < view.Run.Length, "it is never there");
            engine.Apply(new Command.Next());
        }

        return engine.Details($"packet.{number}").Read()!.Packet!;
    }

    [Fact]
    public void A_frame_that_a_guest_sends_ends_on_the_wire()
    {
        var views = All("scenario=net-tx");
        Assert.Empty(views[0].Packets.Rows);
        Assert.Equal(
            ["application", "filled", "transmit", "backend", "card", "wire"], PlacesOf(views, 1));
        var row = views[^1].Packets.Rows.Single();
        Assert.Equal("out guest 5 wire UDP", $"{row.Direction} {row.From} {row.To} {row.Protocol}");
        Assert.Equal(1500, row.Bytes);
        Assert.Equal("on the wire", row.Where);
        Assert.Equal("7 → 7 Len=1458", row.Info);
    }

    [Fact]
    public void A_frame_of_the_wire_ends_with_the_application()
    {
        var views = All("scenario=net-rx&work=receive:9000:long&work=receive:60:short");
        string[] course = ["card", "bridge", "receive", "inbox", "delivered"];
        Assert.Equal(course, PlacesOf(views, 1));
        Assert.Equal(course, PlacesOf(views, 2));
        Assert.All(
            views[^1].Packets.Rows, row => Assert.Equal("in wire guest 5", $"{row.Direction} {row.From} {row.To}"));
    }

    [Fact]
    public void A_page_flip_goes_the_same_way()
    {
        var views = All("scenario=net-flip");
        Assert.Equal(["card", "bridge", "receive", "inbox", "delivered"], PlacesOf(views, 1));
    }

    [Fact]
    public void Between_guests_it_is_one_frame_and_never_on_the_wire()
    {
        var views = All("scenario=net-guests");
        Assert.Equal(
            ["application", "filled", "transmit", "backend", "bridge", "receive", "inbox", "delivered"],
            PlacesOf(views, 1));
        Assert.Equal("guest 7", Assert.Single(views[^1].Packets.Rows).To);
        Assert.Equal(["vif5.0", "vif7.0"], views[^1].Packets.Vifs.Select(v => v.Name));
        Assert.All(views[^1].Packets.Vifs, v => Assert.Equal(0, v.Queued));
        Assert.Contains(views, v => v.Packets.Vifs[1].Queued == 1);
    }

    [Fact]
    public void Netback_gives_up_a_guest_whose_packets_never_end()
    {
        var row = Assert.Single(All("scenario=net-endless")[^1].Packets.Rows);
        Assert.Equal("dropped", row.Place);
        Assert.Contains("broke the protocol", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_segment_becomes_frames_of_their_own_on_the_wire()
    {
        var view = All("scenario=net-tx&work=send:5054/256/1448/0:large")[^1];
        Assert.Equal(["out", "segment", "segment", "segment", "segment"], view.Packets.Rows.Select(r => r.Direction));
        Assert.Equal("on the wire, cut into 4 frames", view.Packets.Rows[0].Where);
        Assert.All(view.Packets.Rows.Skip(1), r => Assert.True(r.Bytes <= 1448 + 54));
        var sent = Packet("scenario=net-tx&work=send:5054/256/1448/0:large", 1, "transmit");
        Assert.Equal((1448, 2, false), (sent.GsoBytes, sent.Pieces.Length, sent.Answered));
        Assert.Equal([0, 3840], sent.Pieces.Select(p => p.From));
        Assert.Equal(2u, sent.Pieces[1].Index - sent.Pieces[0].Index);
    }

    [Fact]
    public void The_card_fills_in_what_was_left_blank()
    {
        const string link = "scenario=net-tx&work=send:200/256/0/1:blank";
        Assert.Equal("partial", ChecksumOf(Packet(link, 1, "transmit")));
        Assert.Equal("partial", ChecksumOf(Packet(link, 1, "card")));
        Assert.Equal("right", ChecksumOf(Packet(link, 1, "wire")));
    }

    [Fact]
    public void The_bytes_are_those_that_lie_in_the_pages()
    {
        var empty = Packet("scenario=net-rx", 1, "card");
        var sent = Packet("scenario=net-tx&start=300", 1, "transmit");
        Assert.Equal("44 300 5", $"{sent.Pieces[0].Slot} {sent.Pieces[0].Index} {sent.Pieces[0].Owner}");
        Assert.Equal("00163e000005", sent.Bytes[12..24]);
        Assert.Equal(1500 * 2, sent.Bytes.Length);
        Assert.Equal(1500 * 2, empty.Bytes.Length);
        var got = Packet("scenario=net-rx", 1, "receive");
        Assert.Equal("right", ChecksumOf(got));
        Assert.NotNull(got.Pieces[0].Ref);
    }

    [Fact]
    public void Details_say_where_it_is_and_lead_back_to_why()
    {
        var engine = Engine("scenario=net-tx");
        engine.Apply(new Command.RunToEnd());
        var view = engine.Details("packet.1").Read()!;
        Assert.Equal("Frame 1", view.Title);
        Assert.True(view.Packet!.Answered);
        var place = view.Parts[0];
        Assert.Equal("on the wire", place.Value);
        Assert.Equal("T.17", view.Steps.Single(s => s.Position == place.Changed).Number);
        Assert.NotNull(engine.Details("packet.2").Error);
        Assert.NotNull(engine.Details("packet.0").Error);
        Assert.NotNull(engine.Details("packet.x").Error);
        Assert.NotNull(Engine("").Details("packet.1").Error);
    }

    [Fact]
    public void Disks_have_no_frames()
    {
        var view = Engine("at=40").View();
        Assert.False(view.Packets.IsNetwork);
        Assert.Empty(view.Packets.Rows);
        Assert.Null(view.Packets.Card);
    }

    [Fact]
    public void A_step_that_moves_no_frame_sends_none()
    {
        var views = All("scenario=net-tx&work=send:60:a&work=send:60:b&work=send:60:c&depth=3");
        var bytes = 0;
        for (var i = 1; i < views.Count; i++)
        {
            var patch = ViewDelta.Diff(views[i - 1], views[i]);
            Assert.Equal(
                ViewDelta.Whole(views[i]), ViewDelta.Whole(ViewDelta.Apply(views[i - 1], patch)));
            using var json = System.Text.Json.JsonDocument.Parse(patch);
            if (json.RootElement.TryGetProperty("packets", out var packets))
            {
                bytes += packets.GetRawText().Length;
                var moved = views[i].Packets.Rows.Any(r => r.Moved > views[i - 1].Run.Position);
                Assert.Equal(moved, packets.TryGetProperty("rows", out _));
            }
        }

        Assert.InRange(bytes / views.Count, 1, 100);
    }

    [Theory]
    [InlineData("scenario=net-tx&work=send:60:a&work=send:5054/256/1448/0:large&work=send:200/4000/0/1:b&depth=3", 1)]
    [InlineData("scenario=net-tx&path=copy&work=send:9000:a&work=send:60:b&depth=2", 2)]
    [InlineData("scenario=net-rx&work=receive:9000:a&work=receive:60:b&work=receive:60:c", 3)]
    [InlineData("scenario=net-flip&work=receive:60:a&work=receive:60:b", 4)]
    [InlineData("scenario=net-guests&work=send:60:a&work=send:9000:b&work=send:60:c&depth=3", 5)]
    public void In_any_order_no_frame_is_lost_from_sight(string link, uint seed)
    {
        var engine = Engine(link + "&leftout=on");
        for (var turns = 0; turns < 12; turns++)
        {
            for (var steps = 0; steps < 9 && engine.View() is { Run: { } run } && run.Position < run.Length; steps++)
            {
                engine.Apply(new Command.Next());
            }

            seed = (seed * 1664525) + 1013904223;
            if (engine.View().Narration.Choices is { Length: > 1 } choices)
            {
                engine.Apply(new Command.Choose(choices[(int)(seed >> 8) % choices.Length].Agent));
            }
        }

        engine.Apply(new Command.RunToEnd());
        var rows = engine.View().Packets.Rows;
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Contains(row.Place, new[] { "wire", "delivered" }));
        Assert.Equal(Enumerable.Range(1, rows.Length), rows.Select(row => row.Number));
        using var file = new MemoryStream();
        engine.WriteImage(file);
        var (capture, error) = PcapReader.Read(file.ToArray(), PcapLimits.Default);
        Assert.Null(error);
        var wire = rows.Where(row => row.Place == "wire" && !row.Where.Contains("cut", StringComparison.Ordinal))
            .OrderBy(row => row.Moved).ThenBy(row => row.Number)
            .Select(row => engine.Details($"packet.{row.Number}").Read()!.Packet!.Bytes);
        Assert.Equal(capture!.Frames.Select(frame => Convert.ToHexStringLower(frame.Bytes.AsSpan())), wire);
    }

    private static string ChecksumOf(PacketView packet) =>
        packet.Layers.Single(l => l.Name == "UDP").Fields.Single(f => f.Name == "Checksum").State;
}
