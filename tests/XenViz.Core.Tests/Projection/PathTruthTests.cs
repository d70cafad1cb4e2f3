using XenViz.Core.Abi;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>Words and stage agree where a run leaves the usual path: without an IOMMU, with page flips, with requests
/// that are no plain writes, with an interface that is down.</summary>
public sealed class PathTruthTests
{
    [Theory]
    [InlineData("iommu=off")]
    [InlineData("iommu=dom0-relaxed")]
    public void Without_entries_in_step_no_mapping_and_no_other_use_is_said_to_keep_one(string iommu)
    {
        var views = Walk($"scenario=workload&{iommu}&work=write:2048:A");
        foreach (var number in new[] { "4.15", "U.3" })
        {
            var row = views.Single(v => v.Narration.Number == number);
            Assert.Contains("othing changes for the device", row.Narration.Caption, StringComparison.Ordinal);
            Assert.DoesNotContain("another mapping", row.Narration.Caption, StringComparison.Ordinal);
            Assert.DoesNotContain("entry stays", row.Narration.Caption, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_entry_that_accepts_a_transfer_is_told_with_the_page_number_that_is_in_it()
    {
        var views = Walk("scenario=net-flip&start=300");
        var frames = views.Where(v => v.Narration.Number == "2.2").ToList();
        Assert.NotEmpty(frames);
        Assert.All(frames, v =>
            Assert.Contains($"0x{v.Stage.Grant!.Frame:X},", v.Narration.Caption, StringComparison.Ordinal));
        Assert.All(views.Where(v => v.Narration.Number == "2.4"), v =>
            Assert.Contains("accepts a transfer", v.Narration.Caption, StringComparison.Ordinal));
    }

    [Fact]
    public void After_a_page_flip_the_frame_that_came_is_on_stage_and_not_the_one_that_was_given_up()
    {
        var views = Walk("scenario=net-flip&start=300");
        var taken = views.Single(v => v.Narration.Number == "X.9");
        Assert.Equal(taken.Stage.Grant!.Frame, taken.Stage.Data!.Mfn);
        Assert.Contains($"0x{taken.Stage.Data.Mfn:X} ", taken.Narration.Caption, StringComparison.Ordinal);
        Assert.Equal(("Hello, guest!", 0x300ul), (taken.Stage.Data.Text, taken.Stage.Data.Pfn));
        var given = views.Where(v => v.Narration.Number == "X.5" || v.Narration.Number == "X.8").ToList();
        Assert.All(given, v => Assert.True(v.Stage.Data!.Unnumbered));
        Assert.All(views.Where(v => v.Stage.Data is { Unnumbered: true }), v =>
            Assert.Equal(taken.Stage.Data.Mfn, v.Stage.Data!.Mfn));
        Assert.False(taken.Stage.Data.Unnumbered);
        Assert.Equal(
            Xen.Domain.Invalid, views.First(v => v.Narration.Number == "X.1").Stage.Data!.Owner);
    }

    [Fact]
    public void A_card_that_brought_a_frame_is_not_said_to_have_done_an_offered_page()
    {
        foreach (var link in new[] { "scenario=net-stall&start=300", "scenario=net-flip&start=300", "scenario=net-rx" })
        {
            Assert.DoesNotContain(Walk(link), v => v.Stage is { Dma.State: "done", Focus.Operation: "RX" });
        }
    }

    [Fact]
    public void What_the_disk_did_last_is_not_of_a_later_request_for_the_same_sectors()
    {
        var views = Walk("scenario=workload&work=write:2048:A&work=discard:2048/8&work=write:2048:B");
        var serving = views.Where(v => v.Narration.Number == "4.9").ToList();
        Assert.Equal(3, serving.Count);
        Assert.All(serving, v => Assert.Equal("idle", v.Stage.Dma.State));
        Assert.Contains(views, v => v.Stage is { Dma.State: "done", Focus.Operation: "DISCARD" });
    }

    [Fact]
    public void A_backend_whose_interface_is_down_has_armed_nothing()
    {
        var last = Walk("scenario=net-endless&start=100")[^1];
        Assert.Equal("W.3", last.Narration.Number);
        Assert.Contains("is down", last.Narration.Caption, StringComparison.Ordinal);
        Assert.DoesNotContain("twice", last.Narration.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backend_that_waits_for_pages_has_sent_no_answer_meanwhile()
    {
        var views = Walk("scenario=net-stall&start=300");
        var asleep = views.Where(v => v.Narration.Number == "W.5").ToList();
        Assert.True(asleep.Count >= 3);
        Assert.Equal(3, asleep.Count(v =>
            v.Narration.Caption.Contains("offers no pages", StringComparison.Ordinal)));
        Assert.DoesNotContain(views, v => v.Narration.Why.Contains("net-stall", StringComparison.Ordinal));
    }

    [Fact]
    public void A_bit_of_the_ready_word_is_one_change_of_its_queue()
    {
        var views = Walk("scenario=workload&queues=4&depth=4&segments=1&events=fifo&work=read:0/32");
        var told = views.Where(v => v.Changes.Any(c => c.Id.EndsWith(".ready", StringComparison.Ordinal))).ToList();
        Assert.NotEmpty(told);
        Assert.All(told, v => Assert.Matches(
            @"^queue\.\d+\.7\.ready$",
            Assert.Single(v.Changes, c => c.Id.EndsWith(".ready", StringComparison.Ordinal)).Id));
    }

    [Fact]
    public void An_indirect_request_begins_with_its_own_bytes()
    {
        var views = Walk("scenario=workload&segments=32&indirect=32&work=write:2048/256:One");
        var head = views.Single(v => v.Narration.Number == "2.5").Narration;
        Assert.Contains("indirect WRITE with 32 segments", head.Caption, StringComparison.Ordinal);
        Assert.DoesNotContain("device number", head.Why, StringComparison.Ordinal);
        Assert.DoesNotContain(views, v => v.Narration.Caption.Contains("two bytes", StringComparison.Ordinal));
    }

    [Fact]
    public void A_descriptor_is_told_by_the_page_that_the_device_is_given_first()
    {
        var submit = Walk("scenario=workload&segments=11&work=write:2048/88:One")
            .Single(v => v.Narration.Number == "5.1");
        Assert.Contains($"= 0x{submit.Stage.Dma.BusAddress:X}.", submit.Narration.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slot_of_the_network_has_no_segments()
    {
        foreach (var link in new[] { "scenario=net-tx&start=100", "scenario=net-rx&start=300" })
        {
            Assert.DoesNotContain(Walk(link).SelectMany(v => v.Changes), c =>
                c.Id.StartsWith("slot.", StringComparison.Ordinal)
                && c.After.Contains("segments", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("secure", "and secure.", "01")]
    [InlineData("discard", "without segments.", "00")]
    public void A_discard_is_told_by_its_own_fields(string work, string said, string flag)
    {
        var views = Walk($"scenario=workload&secure=on&work={work}:2048/16");
        Assert.EndsWith(
            said, views.Single(v => v.Narration.Number == "2.5").Narration.Caption, StringComparison.Ordinal);
        var counted = views.Single(v => v.Narration.Number == "D.1");
        Assert.Contains(counted.Changes, c => c.After == "nr_sectors");
        var slot = counted.Bytes.Areas.Single(a => a.Id == "slot");
        Assert.Equal(
            ["operation", "flag", "handle", "id", "sector_number", "nr_sectors"], slot.Fields.Select(f => f.Name));
        Assert.Equal("16", slot.Fields[^1].Value);
        Assert.Equal(flag, slot.Bytes[2..4]);
    }

    [Fact]
    public void An_indirect_request_is_decoded_by_its_own_fields()
    {
        var views = Walk("scenario=workload&segments=32&indirect=32&work=write:2048/256:One");
        var named = views.First(v => v.Narration.Number == "I.3").Bytes.Areas.Single(a => a.Id == "slot");
        Assert.Equal(
            ["operation", "indirect_op", "nr_segments", "id", "sector_number", "handle", "indirect_grefs"],
            named.Fields.Select(f => f.Name));
        var (count, page) = (named.Fields[2], named.Fields[^1]);
        Assert.Equal(("32", 2), (count.Value, count.Length));
        Assert.Equal((24, 28), (named.Fields[5].Offset - named.Offset, page.Offset - named.Offset));
        Assert.Equal(4, page.Length);
        Assert.NotEqual("0", page.Value);
    }

    private static List<SessionView> Walk(string link) => Walks.Of(link + "&leftout=on&xen=on");
}
