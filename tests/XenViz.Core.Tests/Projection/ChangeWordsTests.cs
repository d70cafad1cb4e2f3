using System.Text.RegularExpressions;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Projection;

namespace XenViz.Core.Tests.Projection;

/// <summary>What changed is said in words that fit a chip: no fingerprints and no raw bytes.</summary>
public sealed partial class ChangeWordsTests
{
    private const int MostLetters = 80;

    [Theory]
    [InlineData("")]
    [InlineData("op=read")]
    [InlineData("scenario=connect")]
    [InlineData("scenario=net-tx")]
    [InlineData("scenario=net-rx")]
    [InlineData("scenario=disconnect")]
    public void No_change_shows_a_fingerprint_or_raw_bytes(string link)
    {
        var engine = Run(link);
        engine.Apply(new Command.SetDetail(true, true));
        var seen = 0;
        while (engine.View().Run.Position < engine.View().Run.Length)
        {
            engine.Apply(new Command.Next());
            foreach (var change in engine.View().Changes
                .Where(c => !c.Id.StartsWith("xenstore.", StringComparison.Ordinal)))
            {
                seen++;
                Assert.DoesNotMatch(RawBytes(), change.Before);
                Assert.DoesNotMatch(RawBytes(), change.After);
                Assert.InRange(change.After.Length, change.Before.Length == 0 ? 1 : 0, MostLetters);
            }
        }

        Assert.NotEqual(0, seen);
    }

    [Fact]
    public void A_slot_tells_its_fields_a_page_its_text_and_the_disk_its_sectors()
    {
        var said = All("");
        Assert.Contains(("slot.5", "operation, number of segments, handle"), said);
        Assert.Contains(("slot.5", "sector"), said);
        Assert.Contains(("slot.5", "segments"), said);
        Assert.Contains(("data", "now \"Hello, disk!\""), said);
        Assert.Contains(said, one => one.Id == "disk" && one.After.StartsWith("sector 2048", StringComparison.Ordinal));
        Assert.Contains(("mapping.17", "domain 5, grant 9"), said);
        Assert.Contains(("mapping.17", ""), said);
    }

    [Fact]
    public void Of_a_list_only_what_came_and_what_went_is_told()
    {
        var engine = Run("scenario=workload&depth=4&segments=1&work=read:0/64");
        engine.Apply(new Command.SetDetail(true, true));
        var told = new List<ChangeView>();
        while (engine.View().Run.Position < engine.View().Run.Length)
        {
            engine.Apply(new Command.Next());
            told.AddRange(engine.View().Changes.Where(change => change.Id is "iommu" or "back.copy"));
        }

        // Several requests are in flight, and yet one entry is told at a time: it comes, may become writable, and goes.
        var entries = told.Where(change => change.Id == "iommu").ToList();
        Assert.All(entries, change => Assert.Matches("^(0x[0-9A-F]+:rw?)?$", change.Before));
        Assert.All(entries, change => Assert.Matches("^(0x[0-9A-F]+:rw?)?$", change.After));
        Assert.Contains(entries, change => change is { Before: "", After: not "" });
        Assert.Contains(entries, change => change is { Before: not "", After: "" });
        var taken = told.Where(change => change.Id == "back.copy").ToList();
        Assert.Contains(taken, change => change is { Before: "", After: not "" });
        Assert.All(taken, change => Assert.Matches("^[0-9]*$", change.Before + change.After));
    }

    private static HashSet<(string Id, string After)> All(string link)
    {
        var engine = Run(link);
        engine.Apply(new Command.SetDetail(true, true));
        var said = new HashSet<(string, string)>();
        while (engine.View().Run.Position < engine.View().Run.Length)
        {
            engine.Apply(new Command.Next());
            said.UnionWith(engine.View().Changes.Select(change => (change.Id, change.After)));
        }

        return said;
    }

    private static SessionEngine Run(string link) => SessionEngine.Create(RunLink.Parse(link).Link!, null).Engine!;

    [GeneratedRegex("(?<!0x)\\b[0-9A-F]{12,}")]
    private static partial Regex RawBytes();
}
