using Bunit;
using XenViz.Client.Panels;
using XenViz.Core.Commands;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Panels;

public sealed class OtherPanelsTests : ScreenTest
{
    [Fact]
    public void The_page_map_lists_every_mapping_by_its_handle()
    {
        var shown = Render<PageMapPanel>(p => p
            .Add(x => x.Map, Samples.Map).Add(x => x.Mappings, Samples.Grants.Mappings));
        Assert.Contains("9 of dom 5", shown.Id("mapping-17").TextContent, StringComparison.Ordinal);
        Assert.Contains("0xFFFF8880003F0000", shown.Id("mapping-16").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_that_nobody_maps_shows_no_way_from_the_driver_domain()
    {
        var shown = Render<PageMapPanel>(p => p.Add(x => x.Map, Samples.Map with { Backend = null, Handle = null }));
        Assert.Contains("not mapped", shown.Markup, StringComparison.Ordinal);
        Assert.Empty(shown.FindAll(".padlock"));
    }

    [Fact]
    public void A_frame_of_nobody_has_no_way_of_an_owner()
    {
        var shown = Render<PageMapPanel>(p => p.Add(
            x => x.Map, Samples.Map with { Owner = 0x7FF4, Backend = null, Handle = null, Device = null }));
        Assert.Contains("no owner", shown.Markup, StringComparison.Ordinal);
        Assert.Contains("no domain has it", shown.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("32756", shown.Markup, StringComparison.Ordinal);
        Assert.Empty(shown.FindAll("path.arrow"));
    }

    [Fact]
    public void On_the_network_the_ways_are_netback_s_and_the_card_s()
    {
        var shown = Render<PageMapPanel>(p => p.Add(x => x.Map, Samples.Map).AddCascadingValue("Device", "network"));
        Assert.Contains("netback, driver domain", shown.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("blkback", shown.Markup, StringComparison.Ordinal);
        Assert.Contains(shown.FindAll("svg.map text"), text => text.TextContent == "card");
    }

    [Fact]
    public void A_stale_way_is_a_stub_without_a_head()
    {
        var stale = Samples.Map with { Backend = new WindowView("0xFFFF8880003F1000", false, true), Handle = null };
        var shown = Render<PageMapPanel>(p => p.Add(x => x.Map, stale));
        Assert.Single(shown.FindAll(".arrow.stub"));
        Assert.Empty(shown.FindAll(".arrow.thick"));
    }

    [Theory]
    [InlineData("port-70", "2", "true", "false")]
    [InlineData("port-6", "5", "false", "false")]
    public void A_port_is_found_with_its_domain_and_bits(string hook, string domain, string pending, string masked)
    {
        var shown = Render<EventsPanel>(p => p.Add(x => x.Events, Samples.Events).Add(x => x.GuestDomain, (ushort)5));
        var port = shown.Id(hook);
        Assert.Equal(domain, port.GetAttribute("data-domain"));
        Assert.Equal(pending, port.GetAttribute("data-pending"));
        Assert.Equal(masked, port.GetAttribute("data-masked"));
    }

    [Fact]
    public void Port_70_is_bit_6_of_word_1()
    {
        var shown = Render<EventsPanel>(p => p.Add(x => x.Events, Samples.Events).Add(x => x.GuestDomain, (ushort)5));
        Assert.Contains("word 1, bit 6", shown.Id("port-70").TextContent, StringComparison.Ordinal);
        Assert.Equal(64, shown.Id("port-70").QuerySelectorAll(".bitbox").Length);
    }

    [Fact]
    public void The_code_tab_lights_the_row_just_run_and_names_its_access()
    {
        var shown = Render<CodePanel>(p => p.Add(x => x.Code, Samples.Code));
        Assert.Contains("map(dom 5, ref 9)", shown.Find("[data-current]").TextContent, StringComparison.Ordinal);
        Assert.Contains("grant frame 0x5F00 @0x048", shown.Id("access").TextContent, StringComparison.Ordinal);
        Assert.Empty(shown.Ids("listing-idle"));
        Assert.Contains("blkfront_probe", shown.Find("details").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bytes_tab_boxes_fields_and_marks_changed_bytes()
    {
        var shown = Render<BytesPanel>(p => p.Add(x => x.Bytes, Samples.Bytes));
        Assert.Equal(4, shown.Id("bytes-ring-header").QuerySelectorAll(".fbox").Length);
        Assert.Empty(shown.Id("bytes-ring-header").QuerySelectorAll(".chgbyte"));
        Assert.Equal("0D", Assert.Single(shown.Id("bytes-grants").QuerySelectorAll(".chgt")).TextContent);
        Assert.Contains("48 zero bytes", shown.Id("bytes-ring-header").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_below_bytes_never_cover_each_other()
    {
        foreach (var row in Samples.Bytes.Areas.SelectMany(area => HexLayout.Rows(area, 100)))
        {
            foreach (var line in row.Boxes.Where(box => box.Label.Length > 0).GroupBy(box => box.Line))
            {
                var labels = line.OrderBy(box => box.LabelX).ToArray();
                for (var i = 1; i < labels.Length; i++)
                {
                    Assert.True(labels[i].LabelX >= labels[i - 1].LabelX + (labels[i - 1].Label.Length * 7.6));
                }
            }
        }
    }

    [Fact]
    public void The_inspector_opens_on_the_ring_and_changes_by_its_tabs()
    {
        var tab = 0;
        var shown = Render<Inspector>(p => p.Add(x => x.View, Samples.At(35)).Add(x => x.TabChanged, t => tab = t));
        Assert.Single(shown.Ids("ring-slot-5"));
        shown.Id("tab-bytes").Click();
        Assert.Equal(5, tab);
        shown.Id("tab-cost").Click();
        Assert.Equal(6, tab);
    }

    [Theory]
    [InlineData("ring", 0)]
    [InlineData("slot.5", 0)]
    [InlineData("grant", 1)]
    [InlineData("maptrack", 1)]
    [InlineData("data", 2)]
    [InlineData("driver-window", 2)]
    [InlineData("guest-port", 3)]
    [InlineData("disk-port", 3)]
    [InlineData("app", 4)]
    [InlineData("disk", 5)]
    public void An_object_of_the_stage_has_its_tab(string id, int tab) => Assert.Equal(tab, Inspector.TabOf(id));

    [Theory]
    [InlineData("on", "those with an entry here")]
    [InlineData("off", "machine addresses")]
    [InlineData("dom0-relaxed", "once")]
    [InlineData("dom0-strict", "Dom0")]
    public void The_entries_of_the_IOMMU_are_listed_with_what_its_mode_means(string mode, string note)
    {
        var map = Samples.Map with
        {
            IommuMode = mode,
            Iommu = [new IommuUseView(0x5A21, 0x5A21, 1, 0), new IommuUseView(0x5A30, 0x5A30, 1, 2)],
        };
        var shown = Render<PageMapPanel>(p => p.Add(x => x.Map, map)
            .Add(x => x.Changes, [new ChangeView("iommu", "", "0x5A21:r")]));
        Assert.Equal(mode, shown.Id("iommu-entries").GetAttribute("data-mode"));
        Assert.Contains(note, shown.Id("iommu-entries").TextContent, StringComparison.Ordinal);
        Assert.Equal("cur", shown.Id("iommu-0x5A21").GetAttribute("class"));
        Assert.Contains("read and write", shown.Id("iommu-0x5A30").TextContent, StringComparison.Ordinal);
        Assert.Contains("1 read, 2 write", shown.Id("iommu-0x5A30").TextContent, StringComparison.Ordinal);
        shown.Render(p => p.Add(x => x.Map, map with { Iommu = [] }));
        Assert.Contains("nothing is mapped", shown.Id("iommu-entries").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_caption_says_what_happened_why_and_what_changed()
    {
        var opened = 0;
        var opens = Render<CaptionPanel>(p => p.Add(x => x.View, Samples.At(35))
            .Add(x => x.OnOpenStep, step => opened = step));
        Assert.StartsWith("4.12: ", opens.Id("substep").GetAttribute("aria-label"), StringComparison.Ordinal);
        opens.Id("substep").Click();
        Assert.Equal(4, opened);
        var shown = Render<CaptionPanel>(p => p.Add(x => x.View, Samples.At(35)));
        Assert.Equal("DIV", shown.Id("substep").TagName);
        Assert.Equal("4.12", shown.Id("substep").TextContent);
        Assert.Contains("reading", shown.Id("caption").TextContent, StringComparison.Ordinal);
        Assert.Contains("one atomic step", shown.Id("why").TextContent, StringComparison.Ordinal);
        Assert.Contains("0x000d", shown.Find(".chg").TextContent, StringComparison.Ordinal);
        Assert.Empty(shown.Ids("left-out-badge"));
        Assert.Empty(shown.Ids("choices"));
    }

    [Fact]
    public void What_must_not_happen_and_what_stopped_the_run_stand_in_words()
    {
        var view = Samples.At(35, v => v with
        {
            Run = v.Run with { Stopped = "Nobody can go on." },
            Narration = v.Narration with { InFigure = false, Violations = ["A wake-up was lost.", "A byte was lost."] },
        });
        var shown = Render<CaptionPanel>(p => p.Add(x => x.View, view));
        Assert.Equal(
            ["A wake-up was lost.", "A byte was lost."],
            shown.Id("violation").QuerySelectorAll(".one").Select(one => one.TextContent.Trim()));
        Assert.Equal("caption", shown.Id("violation").PreviousElementSibling!.GetAttribute("data-testid"));
        Assert.Contains("Nobody can go on.", shown.Id("stopped").TextContent, StringComparison.Ordinal);
        Assert.Single(shown.Ids("left-out-badge"));
    }

    [Fact]
    public void A_bad_link_is_told_with_a_way_on()
    {
        var went = false;
        var shown = Render<Problem>(p => p
            .Add(x => x.Error, new CommandError("bad_argument", "slots", "Slots must be 8, 16 or 32."))
            .Add(x => x.Link, true).Add(x => x.OnWayOn, () => went = true));
        Assert.Equal("Slots must be 8, 16 or 32.", shown.Id("problem-text").TextContent);
        shown.Id("problem-way-on").Click();
        Assert.True(went);
    }
}
