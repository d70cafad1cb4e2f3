using AngleSharp.Dom;
using Bunit;
using XenViz.Client.Details;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;
using XenViz.Core.Projection.Details;

namespace XenViz.Client.Tests.Details;

public sealed class DetailCardTests : ScreenTest
{
    private readonly List<string> asked = [];
    private readonly List<object> told = [];

    [Fact]
    public async Task An_agent_that_can_go_next_is_let_go_by_its_card()
    {
        var sent = new List<Command>();
        var view = Samples.At(35, v => v with
        {
            Narration = v.Narration with
            {
                Choices =
                [
                    new ChoiceView(1, "Guest", Actor.Frontend, "3.10", true),
                    new ChoiceView(3, "Driver domain", Actor.Backend, "4.2", false),
                ],
            },
        });
        var card = Render<DetailCard>(p => p.Add(x => x.View, view).Add(x => x.Id, "back")
            .Add(x => x.Ask, _ => Task.FromResult<DetailAnswer?>(DetailAnswer.Of(DetailSamples.Grant)))
            .Add(x => x.OnCommand, sent.Add));
        card.WaitForElement("[data-testid=details-next-3]");
        Assert.Empty(card.Ids("details-next-1"));
        Assert.Contains("4.2", card.Id("details-next-3").TextContent, StringComparison.Ordinal);
        await card.Id("details-next-3").ClickAsync();
        Assert.Equal(new Command.Choose(3), Assert.Single(sent));
    }

    [Fact]
    public void Closed_it_is_not_there_and_asks_nothing()
    {
        Assert.Empty(Show(null).Ids("details"));
        Assert.Empty(asked);
    }

    [Fact]
    public void It_says_what_an_object_is_and_why()
    {
        var card = Show("grant.9");
        Assert.Equal(["grant.9"], asked);
        foreach (var words in new[]
        {
            "Grant entry 9", "Eight bytes.", "the guest, domain 5", "Xen two bits", "struct grant_entry_v1",
            "frame 0x5F00 @0x048, 8 bytes", "permit_access, readonly, reading",
        })
        {
            Assert.Contains(words, card.Id("details").TextContent, StringComparison.Ordinal);
        }

        // The part that is new in this step is what one wonders about.
        Assert.Equal("true", card.Id("part-flags").GetAttribute("aria-pressed"));
        Assert.Equal(2, card.Id("because-chain").QuerySelectorAll("li").Length);
        Assert.Contains("4.11 had read the frame", card.Id("because-chain").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_part_has_another_chain_and_one_that_never_changed_says_so()
    {
        var card = Show("grant.9");
        card.Id("part-frame").Click();
        Assert.Single(card.Id("because-chain").QuerySelectorAll("li"));
        card.Id("part-pin").Click();
        Assert.Empty(card.Ids("because-chain"));
        Assert.Contains("as it was at the start", card.Id("details").TextContent, StringComparison.Ordinal);
        Assert.Contains("private", card.Id("part-pin").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_was_asked_about_is_chosen()
    {
        var card = Render<DetailCard>(p => p.Add(c => c.View, Samples.At(35)).Add(c => c.Id, "grant.9")
            .Add(c => c.Part, "frame")
            .Add(c => c.Ask, _ => Task.FromResult<DetailAnswer?>(DetailAnswer.Of(DetailSamples.Grant))));
        Assert.Equal("true", card.Id("part-frame").GetAttribute("aria-pressed"));
    }

    [Fact]
    public void Each_step_of_the_chain_is_a_jump()
    {
        var card = Show("grant.9");
        card.Id("because-4").Click();
        Assert.Equal(new Command.Seek(4), Assert.Single(told));
    }

    [Fact]
    public void At_another_position_it_asks_again_and_at_the_same_one_it_does_not()
    {
        var card = Show("grant.9");
        card.Render(p => p.Add(c => c.View, Samples.At(35)));
        Assert.Single(asked);
        card.Render(p => p.Add(c => c.View, Samples.At(36)));
        Assert.Equal(["grant.9", "grant.9"], asked);
    }

    [Fact]
    public void It_leads_to_the_tab_and_to_the_bytes_and_closes_by_key_and_button()
    {
        var card = Show("grant.9");
        card.Id("details-tab").Click();
        card.Id("details-bytes").Click();
        card.Id("details-close").Click();
        card.Id("details").KeyDown("Escape");
        Assert.Equal([1, new BytesPlace("grants", 0x5F00, 0x48, 8), "closed", "closed"], told);
    }

    [Fact]
    public void What_is_not_there_is_told_and_the_card_stays()
    {
        var error = new CommandError("bad_argument", "id", "No such object.");
        var card = Show("maptrack", _ => DetailAnswer.Refused(error));
        Assert.Equal("No such object.", card.Id("details-error").TextContent);
        Assert.Empty(card.Ids("details-value"));
    }

    [Fact]
    public void An_answer_that_was_lost_is_asked_for_again_and_the_chosen_part_stays()
    {
        var lost = false;
        var card = Show("grant.9", _ => lost ? null : DetailAnswer.Of(DetailSamples.Grant));
        card.Id("part-frame").Click();
        lost = true;
        card.Render(p => p.Add(c => c.View, Samples.At(36)));
        lost = false;
        card.Render(p => p.Add(c => c.View, Samples.At(36)));
        Assert.Equal(3, asked.Count);
        Assert.Equal("true", card.Id("part-frame").GetAttribute("aria-pressed"));
        card.Render(p => p.Add(c => c.View, Samples.At(36)));
        Assert.Equal(3, asked.Count);
    }

    [Fact]
    public void Without_a_connection_it_waits()
    {
        var card = Show("maptrack", _ => null);
        Assert.Contains("Looking", card.Id("details-title").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_chain_is_folded()
    {
        var steps = Enumerable.Range(1, 20).Select(i => new WhyStepView(i, $"1.{i}", "Xen", "goes on", i - 1, "why"));
        var long20 = DetailSamples.Grant with
        {
            Steps = [.. steps], Parts = [DetailSamples.Grant.Parts[0] with { Changed = 20 }],
        };
        var card = Show("grant.9", _ => DetailAnswer.Of(long20));
        Assert.Equal(8, card.FindAll("[data-testid=because-chain] li").Count);
        card.Id("because-more").Click();
        Assert.Equal(20, card.FindAll("[data-testid=because-chain] li").Count);
        Assert.Contains("Nothing before this step", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_has_the_lens_before_its_facts()
    {
        var card = Show("data", _ => DetailAnswer.Of(DetailSamples.Page));
        var lens = card.Id("lens");
        var facts = card.Id("details-owner");
        Assert.True(lens.CompareDocumentPosition(facts).HasFlag(DocumentPositions.Following));
    }

    private IRenderedComponent<DetailCard> Show(string? id, Func<string, DetailAnswer?>? answer = null) =>
        Render<DetailCard>(p => p
            .Add(c => c.View, Samples.At(35))
            .Add(c => c.Id, id)
            .Add(c => c.Ask, about =>
            {
                asked.Add(about);
                return Task.FromResult(answer is null ? DetailAnswer.Of(DetailSamples.Grant) : answer(about));
            })
            .Add(c => c.OnClose, () => told.Add("closed"))
            .Add(c => c.OnTab, tab => told.Add(tab))
            .Add(c => c.OnBytes, place => told.Add(place))
            .Add(c => c.OnCommand, command => told.Add(command)));
}
