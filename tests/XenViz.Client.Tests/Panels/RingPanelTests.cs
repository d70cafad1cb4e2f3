using Bunit;
using XenViz.Client.Panels;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Panels;

public sealed class RingPanelTests : ScreenTest
{
    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    public void Every_slot_can_be_found_with_its_kind(int size)
    {
        var shown = Show(Samples.Ring(size));
        for (var slot = 0; slot < size; slot++)
        {
            var used = slot == 45 % size;
            Assert.Equal(used ? "request" : "free", shown.Id($"ring-slot-{slot}").GetAttribute("data-kind"));
        }
    }

    [Theory]
    [InlineData(64)]
    [InlineData(256)]
    public void The_numbers_of_a_long_ring_stand_above_all_its_slots(int size)
    {
        var circle = Show(Samples.Ring(size)).Find("svg.ringpic");
        var numbers = circle.QuerySelectorAll(".sector text").Select(text => int.Parse(text.TextContent));
        Assert.Equal(Enumerable.Range(0, 16).Select(sector => sector * size / 16), numbers);
        Assert.Empty(circle.QuerySelectorAll(".slot text"));
        var drawn = circle.Children.ToList();
        Assert.True(drawn.FindLastIndex(part => part.ClassList.Contains("slot"))
            < drawn.FindIndex(part => part.ClassList.Contains("sector")));
    }

    [Theory]
    [InlineData("req-prod", "46")]
    [InlineData("req-event", "46")]
    [InlineData("rsp-prod", "45")]
    [InlineData("rsp-event", "46")]
    public void A_shared_index_is_its_number_alone(string hook, string number) =>
        Assert.Equal(number, Show(Samples.Ring()).Id(hook).TextContent);

    [Theory]
    [InlineData(8, "a real page holds 32")]
    [InlineData(32, "as in a real page")]
    [InlineData(64, "2 pages of 32 slots")]
    public void It_says_how_the_ring_compares_with_a_real_page(int size, string said) =>
        Assert.Equal(said, Show(Samples.Ring(size)).Find(".hd span").TextContent);

    [Fact]
    public void Ends_that_lay_out_their_slots_differently_are_told_so()
    {
        Assert.Empty(Show(Samples.Ring()).Ids("ring-layouts"));
        var note = Show(Samples.Ring() with { FrontSlotBytes = 112, BackSlotBytes = 108 }).Id("ring-layouts");
        Assert.Contains("112 bytes, the backend's 108", note.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ring_that_announces_more_than_it_holds_counts_no_slot_as_free()
    {
        var ring = Samples.Ring();
        var shown = Show(ring with { ReqProd = ring.RspProd + 9 });
        Assert.Contains(
            "9 unanswered requests, but the ring has 8", shown.Id("ring-overfull").TextContent,
            StringComparison.Ordinal);
        Assert.Empty(shown.FindAll(".counts"));
        Assert.Empty(Show(ring).Ids("ring-overfull"));
    }

    [Fact]
    public void Of_several_rings_it_says_which_one_it_is()
    {
        Assert.Equal("Ring of 8 slots", Show(Samples.Ring()).Find(".hd h3").TextContent);
        var second = Show(Samples.Ring() with { Queue = 1, Queues = 3 });
        Assert.Equal("Ring of 8 slots, queue 1 of 3", second.Find(".hd h3").TextContent);
    }

    [Fact]
    public void A_large_lap_is_written_small_and_cut_numbers_leave_room()
    {
        var large = Show(Samples.Ring(8, uint.MaxValue - 3));
        Assert.Empty(large.FindAll("text.big"));
        Assert.Single(Show(Samples.Ring(8)).FindAll("text.big"));
        Assert.Equal(4, large.FindAll("text.idx").Count);
        Assert.Equal(8, Show(Samples.Ring(8)).FindAll("text.idx").Count);
    }

    [Fact]
    public void Indices_wrap_at_32_bits()
    {
        var shown = Show(Samples.Ring(8, uint.MaxValue));
        Assert.Equal("0", shown.Id("req-prod").TextContent);
        Assert.Equal("4294967295", shown.Id("rsp-prod").TextContent);
        Assert.Contains("4294967295 & 7 = 7", shown.Find(".card").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_slot_of_the_index_is_written_out() =>
        Assert.Contains("45 & 7 = 5", Show(Samples.Ring()).Find(".card").TextContent, StringComparison.Ordinal);

    [Fact]
    public void Before_a_slot_is_used_the_card_has_its_place()
    {
        var ring = Samples.Ring();
        var shown = Show(ring with
        {
            FocusSlot = null, Slots = [.. ring.Slots.Select(slot => slot with { Kind = "free" })],
        });
        Assert.Contains("index & 7", shown.Find(".card").TextContent, StringComparison.Ordinal);
        Assert.Contains("its last bits", shown.Find(".card").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(46u, true, "is in (45, 46], so: yes")]
    [InlineData(40u, false, "is not in (45, 46], so: no")]
    [InlineData(50u, false, "is not in (45, 46], so: no")]
    public void The_interval_says_whether_the_push_jumped_the_flag(uint flag, bool notify, string words)
    {
        var shown = Show(Samples.Ring() with { Notify = new NotifyView(true, 45, 46, flag, notify, "3.2") });
        Assert.Equal(notify ? "true" : "false", shown.Id("notify-interval").GetAttribute("data-notify"));
        Assert.Contains(words, shown.Id("notify-interval").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Before_the_ring_exists_the_tab_says_so()
    {
        var shown = Show(new RingView { Exists = false });
        Assert.Empty(shown.FindAll("svg"));
        Assert.Contains("no ring now", shown.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void On_the_strip_each_slot_stands_once_and_old_flags_stand_before_it()
    {
        var ring = Samples.Ring();
        Assert.Equal(0, RingGeometry.OnStrip(ring, 45));
        Assert.Equal(1, RingGeometry.OnStrip(ring, 46));
        Assert.Equal(8, RingGeometry.OnStrip(ring, 99));
        Assert.Equal(-0.5, RingGeometry.OnStrip(ring, 30));
    }

    [Fact]
    public void Labels_of_one_side_never_cover_each_other()
    {
        var places = RingGeometry.Spread([100, 100, 100, 101], 33, 14, 222);
        var sorted = places.Order().ToArray();
        for (var i = 1; i < sorted.Length; i++)
        {
            Assert.True(sorted[i] - sorted[i - 1] >= 33);
        }

        Assert.InRange(sorted[0], 14, 222);
        Assert.InRange(sorted[^1], 14, 222);
    }

    private IRenderedComponent<RingPanel> Show(RingView ring) => Render<RingPanel>(p => p.Add(x => x.Ring, ring));
}
