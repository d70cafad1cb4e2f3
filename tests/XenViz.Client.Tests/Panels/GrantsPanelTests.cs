using Bunit;
using XenViz.Client.Panels;
using XenViz.Core.Projection;

namespace XenViz.Client.Tests.Panels;

public sealed class GrantsPanelTests : ScreenTest
{
    [Theory]
    [InlineData("grant-8", "0x0019")]
    [InlineData("grant-9", "0x000d")]
    public void An_entry_is_found_with_its_flags(string hook, string flags) =>
        Assert.Equal(flags, Show().Id(hook).GetAttribute("data-flags"));

    [Fact]
    public void The_entry_that_changed_is_marked_and_its_new_flag_underlined()
    {
        var row = Show().Id("grant-9");
        Assert.Contains("cur", row.ClassName, StringComparison.Ordinal);
        Assert.Equal("reading", row.QuerySelector(".flagname.nw")!.TextContent);
    }

    [Fact]
    public void A_flag_wears_the_colour_of_its_writer()
    {
        var flags = Show().Id("grant-9").QuerySelectorAll(".flagname")
            .ToDictionary(flag => flag.TextContent, flag => flag.ClassList.Contains("x"));
        Assert.False(flags["permit_access"]);
        Assert.False(flags["readonly"]);
        Assert.True(flags["reading"]);
    }

    [Fact]
    public void Field_by_field_only_the_changed_bit_shows_before_and_after()
    {
        var bits = Show().FindAll(".bit").Select(bit => bit.TextContent.Trim()).ToArray();
        Assert.Equal(["permit_access1", "readonly1", "reading0 → 1", "writing0", "5–150"], bits);
    }

    [Fact]
    public void An_entry_that_accepts_a_page_has_the_flags_of_that_type_and_two_of_them_are_Xens()
    {
        var entry = Samples.Grants.Entries[0] with { Flags = 14 };
        var grants = Samples.Grants with { Entries = [entry], FocusRef = entry.Ref };
        var shown = Render<GrantsPanel>(p => p.Add(x => x.Grants, grants).Add(x => x.Changes, []));
        var bits = shown.FindAll(".bit");
        Assert.Equal(
            ["type2", "transfer_committed1", "transfer_completed1", "4–150"],
            bits.Select(bit => bit.TextContent.Trim()));
        Assert.Equal([false, true, true, false], bits.Select(bit => bit.ClassList.Contains("x")));
    }

    [Fact]
    public void The_pin_word_is_told_as_four_counters()
    {
        var shown = Show();
        Assert.Contains("0x00000100", shown.Markup, StringComparison.Ordinal);
        Assert.Equal("host read0 → 1", shown.Find(".pinr .changed").TextContent);
    }

    [Fact]
    public void Without_entries_the_tab_says_so() =>
        Assert.Contains("No entry", Show(new GrantTableView { Domain = 5 }).Markup, StringComparison.Ordinal);

    [Theory]
    [InlineData("0x000d", 13u)]
    [InlineData("45", 45u)]
    [InlineData("asleep", null)]
    public void Values_of_changes_are_read_in_either_notation(string text, uint? value) =>
        Assert.Equal(value, GrantFlags.Number(text));

    private IRenderedComponent<GrantsPanel> Show(GrantTableView? grants = null) => Render<GrantsPanel>(p => p
        .Add(x => x.Grants, grants ?? Samples.Grants)
        .Add(x => x.Changes, Samples.At(35).Changes));
}
