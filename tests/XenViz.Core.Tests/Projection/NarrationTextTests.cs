using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>The narration of the figure is the text of the course, word by word.</summary>
public partial class NarrationTextTests
{
    const int LongestCaption = 90;
    const int LongestWhy = 240;

    static readonly string[] Folded = ["3.4-3.10", "4.11-4.16", "6.4-6.10", "U.2-U.6", "K.2-K.5", "X.3-X.8"];

    static readonly Dictionary<string, string> All = new ResourceManager(
            "XenViz.Core.Projection.Narration", typeof(NarrationText).Assembly)
        .GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: true)!
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

    public static TheoryData<string, bool> Rows()
    {
        var rows = new TheoryData<string, bool>();
        foreach (var read in new[] { false, true })
        {
            foreach (var row in FigureTable.Load(read).Rows)
            {
                rows.Add(row.Number, read);
            }
        }

        return rows;
    }

    public static TheoryData<string> Keys() => [.. All.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_of_the_figure_is_told_in_the_words_of_the_course(string number, bool read)
    {
        var row = FigureTable.Load(read).Rows.Single(r => r.Number == number);
        var outcome = number is "3.2" or "6.2" ? "yes" : null;
        Assert.Equal(row.Caption, Told(number, "caption", read, outcome));
        Assert.Equal(row.Why, Told(number, "why", read, outcome));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_template_uses_known_tokens_and_stays_short(string key)
    {
        var template = All[key];
        foreach (Match token in Token().Matches(template))
        {
            Assert.Contains(token.Groups[1].Value, ExampleTokens.Names);
        }

        Assert.Equal(template.Count(c => c == '{'), template.Count(c => c == '}'));
        foreach (var segments in new[] { 1, 11 })
        {
            var text = NarrationText.Fill(template, ExampleTokens.Longest(segments));
            Assert.DoesNotMatch("[{}|]", text);
            Assert.InRange(text.Length, 7, key.EndsWith(".caption", StringComparison.Ordinal)
                ? LongestCaption
                : LongestWhy);
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_key_is_a_row_or_a_variant_of_one(string key)
    {
        var known = FigureTable.Load(read: true).Rows.Select(r => r.Number).Concat(StepNumbers.Known).Concat(Folded)
            .Append("start");
        Assert.Contains(known, number => key.StartsWith(number + ".", StringComparison.Ordinal));
        Assert.Matches(@"\.(caption|why)$", key);
    }

    [Fact]
    public void Every_row_that_has_a_number_of_a_feature_has_a_caption_and_a_why()
    {
        var features = StepNumbers.Known.Where(n => "DFGIPTVX".Contains(n[0], StringComparison.Ordinal)).ToList();
        Assert.InRange(features.Count, 60, 120);
        Assert.All(features, n => Assert.NotNull(NarrationText.Find(n, "caption", [])));
        Assert.All(features, n => Assert.NotNull(NarrationText.Find(n, "why", [])));
    }

    [Fact]
    public void A_row_has_a_caption_and_a_why_in_both_directions_whatever_its_outcome()
    {
        foreach (var number in FigureTable.Load(read: true).Rows.Select(r => r.Number).Concat(Folded).Append("start"))
        {
            foreach (var read in new[] { false, true })
            {
                var outcome = number is "3.2" or "6.2" ? "no" : null;
                Assert.NotNull(NarrationText.Find(number, "caption", NarrationText.Variants(read, outcome)));
                Assert.NotNull(NarrationText.Find(number, "why", NarrationText.Variants(read, outcome)));
            }
        }
    }

    [Theory]
    [InlineData("3.5", "coalesced", "The pending bit of port 70 is 1 already, so Xen stops here.")]
    [InlineData("3.6", "masked", "Is port 70 masked? Yes, so Xen stops here.")]
    [InlineData("3.7", "set", "Word 1 is marked already in the selector of vCPU 0: Xen stops here.")]
    [InlineData("3.9", "running", "Domain 2's vCPU is not asleep, so there is nobody to wake.")]
    [InlineData("5.2", "fault", "The IOMMU stops the device: it may not write frame 0x5D07.")]
    [InlineData("4.6", "disk", "It clears the pending bit and asks the disk what it has done.")]
    [InlineData("4.6", "unheard-of", "It clears the pending bit and wakes its ring thread.")]
    public void An_outcome_has_words_of_its_own(string number, string outcome, string caption) =>
        Assert.Equal(caption, Told(number, "caption", read: true, outcome));

    [Fact]
    public void No_row_of_that_number_is_null() =>
        Assert.Null(NarrationText.Find("9.9", "caption", NarrationText.Variants(read: false, "set")));

    [Theory]
    [InlineData("{a} and {b}", "1 and {b}")]
    [InlineData("{a:one|many}", "one")]
    [InlineData("{c:one|many}", "many")]
    [InlineData("{b:one|many}", "many")]
    [InlineData("{c:one|{c} with {a:x|y}}.", "2 with x.")]
    [InlineData("{a:only}", "only")]
    [InlineData("{c:only}", "only")]
    [InlineData("{a", "{a")]
    [InlineData("a}", "a}")]
    [InlineData("{}", "{}")]
    [InlineData("", "")]
    public void Templates_are_filled(string template, string text) => Assert.Equal(
        text, NarrationText.Fill(template, new Dictionary<string, string> { ["a"] = "1", ["c"] = "2" }));

    static string? Told(string number, string part, bool read, string? outcome) =>
        NarrationText.Find(number, part, NarrationText.Variants(read, outcome)) is { } template
            ? NarrationText.Fill(template, ExampleTokens.Of(number, read))
            : null;

    [GeneratedRegex(@"\{(\w+)")]
    private static partial Regex Token();
}
