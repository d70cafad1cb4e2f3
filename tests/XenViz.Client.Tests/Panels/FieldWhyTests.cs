using Bunit;
using XenViz.Client.Panels;
using XenViz.Core.Projection;

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
        Steps =
        [
            new WhyStepView(4, "1.1", "application", "hands over", 0, ""),
            new WhyStepView(20, "2.10", "frontend", "publishes", 4, "1.1 had handed over to it"),
        ],
    };

    [Fact]
    public void A_clicked_field_says_what_it_is_and_its_chain_jumps()
    {
        var at = 0;
        var shown = Render<BytesPanel>(p => p.Add(x => x.Bytes, Bytes).Add(x => x.OnPosition, to => at = to));
        Assert.Empty(shown.Ids("why-card"));
        shown.Find(".fbox").Click();
        var card = shown.Id("why-card").TextContent;
        foreach (var words in new[] { "req_prod = 46", "guest", "domain 5, frame 0x5A10", "io/ring.h sring.req_prod" })
        {
            Assert.Contains(words, card, StringComparison.Ordinal);
        }

        Assert.Equal(2, shown.Id("why-chain").QuerySelectorAll("li").Length);
        Assert.Single(shown.FindAll(".fbox.asked"));
        shown.Id("why-4").Click();
        Assert.Equal(4, at);
    }

    [Fact]
    public void A_field_that_never_changed_says_so_and_can_be_left_again()
    {
        var shown = Render<BytesPanel>(p => p.Add(x => x.Bytes, Bytes));
        shown.Id("why-field").Change("grants@72.flags");
        Assert.Contains("as it was at the start", shown.Id("why-card").TextContent, StringComparison.Ordinal);
        shown.Id("why-field").Change("");
        Assert.Empty(shown.Ids("why-card"));
    }
}
