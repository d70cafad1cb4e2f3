using Bunit;
using XenViz.Client.Details;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Details;

public sealed class FrameLensTests : ScreenTest
{
    private static PageMapView Mapped => DetailSamples.Page.Page!;

    [Fact]
    public void Three_addresses_lead_to_the_same_bytes_and_changes_are_marked_in_each()
    {
        var lens = Show(Mapped);
        Assert.Contains("0x1A4000", lens.Id("lens-g").TextContent, StringComparison.Ordinal);
        Assert.Contains("0xFFFF8880003F1000", lens.Id("lens-d").TextContent, StringComparison.Ordinal);
        Assert.Contains("0x5A21000", lens.Id("lens-h").TextContent, StringComparison.Ordinal);
        Assert.Equal(3, lens.FindAll($"[data-b='{0x5A21}:0']").Count);
        Assert.All(lens.FindAll($"[data-b='{0x5A21}:1']"), cell => Assert.Contains("chgt", cell.ClassName));
        Assert.Equal(6, lens.FindAll(".chgt").Count);
        Assert.Contains("2 bytes changed", lens.Id("lens-note").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mapped", "none", "not mapped")]
    [InlineData("stale", "stale", "stale TLB")]
    public void The_driver_domain_s_way_is_as_the_model_has_it(string how, string state, string words)
    {
        var page = how == "stale"
            ? Mapped with { Backend = Mapped.Backend! with { Stale = true } }
            : Mapped with { Backend = null };
        var lens = Show(page);
        Assert.Equal(state, lens.Id("lens-d").GetAttribute("data-state"));
        Assert.Contains(words, lens.Id("lens-d").TextContent, StringComparison.Ordinal);
        Assert.Equal(state == "none" ? 2 : 3, lens.FindAll($"[data-b='{0x5A21}:0']").Count);
    }

    [Theory]
    [InlineData("on", false, "none", "not in the IOMMU")]
    [InlineData("on", true, "mapped", "read-only")]
    [InlineData("off", false, "mapped", "machine address")]
    [InlineData("dom0-relaxed", true, "mapped", "maps all memory")]
    public void The_device_s_way_depends_on_the_iommu(string mode, bool entry, string state, string words)
    {
        var lens = Show(Mapped with { IommuMode = mode, Device = entry ? Mapped.Device : null });
        Assert.Equal(state, lens.Id("lens-h").GetAttribute("data-state"));
        Assert.Contains(words, lens.Id("lens-h").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_that_changed_hands_is_not_the_guest_s_any_more()
    {
        var lens = Show(Mapped with { Owner = 2, Backend = null });
        Assert.Equal("none", lens.Id("lens-g").GetAttribute("data-state"));
        Assert.Equal("own", lens.Id("lens-d").GetAttribute("data-state"));
    }

    [Fact]
    public void Zeros_at_the_end_are_left_out_until_one_asks()
    {
        var lens = Show(Mapped);
        Assert.Equal(4, lens.FindAll("tbody tr").Count);
        Assert.Contains("Then zeros", lens.Markup, StringComparison.Ordinal);
        Assert.Equal("15", lens.Id("lens-pick").GetAttribute("max"));
        lens.Id("lens-more").Click();
        Assert.Equal(32, lens.FindAll("tbody tr").Count);
        Assert.Equal("127", lens.Id("lens-pick").GetAttribute("max"));
    }

    private IRenderedComponent<FrameLens> Show(PageMapView page) => Render<FrameLens>(p => p.Add(l => l.Page, page));
}
