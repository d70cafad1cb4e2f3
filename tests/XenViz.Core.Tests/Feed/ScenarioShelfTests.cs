using System.Text;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Scenarios.Files;

namespace XenViz.Core.Tests.Feed;

public sealed class ScenarioShelfTests
{
    [Fact]
    public void The_shelf_holds_the_catalog_in_its_order() =>
        Assert.Equal(ScenarioCatalog.Names, ScenarioShelf.Cards.Select(card => card.Name));

    [Fact]
    public void Every_card_opens_a_run_and_says_what_it_is_about() => Assert.All(ScenarioShelf.Cards, card =>
    {
        Assert.NotNull(RunLink.Parse(card.Link).Link);
        Assert.NotEmpty(card.Title);
        Assert.NotEmpty(card.About);
        Assert.NotEmpty(card.Group);
    });

    [Fact]
    public void What_begins_with_net_is_network_and_what_nobody_knows_is_more()
    {
        Assert.Equal("network", ScenarioGroups.Of("net-transmit"));
        Assert.Equal("more", ScenarioGroups.Of("something-new"));
    }

    [Fact]
    public void A_good_file_is_a_card_with_its_choices_and_position()
    {
        var (card, errors) = ScenarioShelf.Open(Encoding.UTF8.GetBytes(
            """{ "version": 1, "title": "Mine", "schedule": { "choices": "a2", "position": 2 } }"""));
        Assert.Empty(errors);
        Assert.Equal("Mine", card!.Title);
        Assert.Equal("c=a2&at=2", card.Link);
    }

    [Fact]
    public void A_bad_file_names_each_line_and_field()
    {
        var (card, errors) = ScenarioShelf.Open(Encoding.UTF8.GetBytes(
            "{\n \"version\": 1,\n \"ring\": { \"slots\": 7 },\n \"colour\": 1\n}"));
        Assert.Null(card);
        Assert.Equal(2, errors.Length);
        Assert.StartsWith("line 3, ring.slots:", errors[0], StringComparison.Ordinal);
        Assert.StartsWith("line 4, colour:", errors[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused_unread() =>
        Assert.Single(ScenarioShelf.Open(new byte[ScenarioShelf.MaxBytes + 1]).Errors);
}
