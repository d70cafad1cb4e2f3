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
