using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>Words of the field are explained where they are met.</summary>
public sealed class GlossaryTests
{
    [Fact]
    public void Every_term_is_one_short_sentence_or_two()
    {
        Assert.InRange(Glossary.All.Length, 40, 80);
        Assert.All(Glossary.All, term =>
        {
            Assert.InRange(term.Gloss.Length, 15, 160);
            Assert.EndsWith(".", term.Gloss, StringComparison.Ordinal);
            Assert.NotEmpty(term.Term);
        });
        Assert.Equal(Glossary.All.Length, Glossary.All.Select(term => term.Term).Distinct().Count());
        Assert.Equal(
            Glossary.All.Select(t => t.Term).Order(StringComparer.OrdinalIgnoreCase),
            Glossary.All.Select(t => t.Term));
    }

    [Theory]
    [InlineData("domain")]
    [InlineData("pfn")]
    [InlineData("gfn")]
    [InlineData("mfn")]
    [InlineData("maptrack")]
    [InlineData("upcall")]
    [InlineData("selector")]
    [InlineData("reference")]
    public void The_words_of_the_stage_are_explained(string key) => Assert.Contains(Glossary.All, t => t.Key == key);

    [Theory]
    [InlineData("The segment names the page: grant reference 9, sectors 0 to 7.", "segment grant reference sector")]
    [InlineData("Xen marks word 1 in the selector of vCPU 0.", "selector vcpu")]
    [InlineData("Ring me when a page comes. Support is important.", "")]
    [InlineData("The bridge looks at the Ethernet address: the frame goes to the card.", "bridge")]
    [InlineData("Entry 9 gets its page: frame 0x5A21.", "frame")]
    [InlineData("UPCALLS are open again", "upcall")]
    [InlineData("", "")]
    public void The_terms_of_a_text_are_found_in_its_order(string text, string keys) =>
        Assert.Equal(keys, string.Join(' ', Glossary.In(text).Select(t => t.Key)));
}
