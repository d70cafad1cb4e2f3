using Bunit;
using XenViz.Client.Panels;
using XenViz.Core.Abi;
using XenViz.Core.Feed;
using XenViz.Core.Projection;
using XenViz.Core.Projection.Details;

namespace XenViz.Client.Tests.Panels;

public sealed class FieldWhyTests : ScreenTest
{
    private static readonly HexView Bytes = Samples.Bytes with
    {
        Areas =
        [
            Samples.Bytes.Areas[0] with
            {
                Owner = 5,
                Fields = [Samples.Bytes.Areas[0].Fields[0] with { Cites = "io/ring.h sring.req_prod", Changed = 20 }],
            },
            Samples.Bytes.Areas[1],
        ],
    };

    private static readonly DetailView Answer = new()
    {
        Id = "field", Title = "req_prod", About = "", Owner = "", Writes = "", Value = "46",
        Parts = [new DetailPartView("req_prod", "46", Writer.Guest) { Changed = 20 }],
        Steps =
        [
            new WhyStepView(4, "1.1", "application", "hands over", 0, ""),
            new WhyStepView(20, "2.10", "frontend", "publishes", 4, "1.1 had handed over to it"),
        ],
    };

    private readonly List<string> questions = [];

    [Fact]
    public void A_clicked_field_says_what_it_is_and_its_chain_jumps()
    {
        var at = 0;
        var shown = Render<BytesPanel>(
            p => p.Add(x => x.Bytes, Bytes).Add(x => x.Ask, Say).Add(x => x.OnPosition, to => at = to));
        Assert.Empty(shown.Ids("why-card"));
        shown.Find(".fbox").Click();
        var card = shown.Id("why-card").TextContent;
        foreach (var words in new[] { "req_prod = 46", "guest", "domain 5, frame 0x5A10", "io/ring.h sring.req_prod" })
        {
            Assert.Contains(words, card, StringComparison.Ordinal);
        }

        Assert.Equal(["field.23056.0.4"], questions);
        Assert.Equal(2, shown.Id("why-chain").QuerySelectorAll("li").Length);
        Assert.Single(shown.FindAll(".fbox.asked"));
        shown.Id("why-4").Click();
        Assert.Equal(4, at);
    }

    [Fact]
    public void A_field_that_never_changed_says_so_and_can_be_left_again()
    {
        var shown = Render<BytesPanel>(p => p.Add(x => x.Bytes, Bytes).Add(x => x.Ask, _ => Is(Unchanged)));
        shown.Id("why-field").Change("grants@72.flags");
        Assert.Contains("as it was at the start", shown.Id("why-card").TextContent, StringComparison.Ordinal);
        shown.Id("why-field").Change("");
        Assert.Empty(shown.Ids("why-card"));
    }

    [Fact]
    public void A_chain_is_asked_for_again_where_the_screen_is_another_one_and_an_old_one_is_not_shown()
    {
        var shown = Render<BytesPanel>(p => p.Add(x => x.Bytes, Bytes).Add(x => x.At, "1").Add(x => x.Ask, Say));
        shown.Find(".fbox").Click();
        shown.Render(p => p.Add(x => x.At, "1"));
        Assert.Single(questions);
        shown.Render(p => p.Add(x => x.At, "2"));
        Assert.Equal(2, questions.Count);

        // The field has changed, and the answer of before tells of the old value.
        shown.Render(p => p.Add(x => x.At, "3").Add(x => x.Bytes, Later));
        Assert.Empty(shown.Ids("why-chain"));
    }

    private static HexView Later => Bytes with
    {
        Areas =
        [
            Bytes.Areas[0] with { Fields = [Bytes.Areas[0].Fields[0] with { Changed = 31 }] }, Bytes.Areas[1],
        ],
    };

    private static DetailView Unchanged => Answer with { Parts = [Answer.Parts[0] with { Changed = 0 }], Steps = [] };

    private static Task<DetailAnswer?> Is(DetailView view) => Task.FromResult<DetailAnswer?>(DetailAnswer.Of(view));

    private Task<DetailAnswer?> Say(string question)
    {
        questions.Add(question);
        return Is(Answer);
    }
}
