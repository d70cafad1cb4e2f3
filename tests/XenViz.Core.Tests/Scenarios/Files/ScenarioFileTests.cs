using System.Text;
using System.Text.Json;
using XenViz.Core.Commands;
using XenViz.Core.Feed;
using XenViz.Core.Scenarios.Files;

namespace XenViz.Core.Tests.Scenarios.Files;

public sealed class ScenarioFileTests
{
    // The scenarios that break a property on purpose.
    static readonly string[] Broken = ["iommu-off", "overflow"];

    public static TheoryData<string> Names => [.. ScenarioCatalog.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scenario_of_the_catalog_runs_to_its_end_and_breaks_nothing(string name)
    {
        var entry = ScenarioCatalog.All.Single(each => each.Name == name);
        var (engine, error) = SessionEngine.Create(entry.File.Link, null);
        Assert.Null(error);
        Assert.Null(engine!.Apply(new Command.RunToEnd()));
        var view = engine.View();
        Assert.True(view.Run.Length >= 20, $"only {view.Run.Length} rows");
        Assert.Equal(view.Run.Length, view.Run.Position);
        Assert.Equal(Broken.Contains(name), view.Narration.Violations.Length > 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scenario_of_the_catalog_has_words_and_is_written_as_the_writer_writes(string name)
    {
        var entry = ScenarioCatalog.All.Single(each => each.Name == name);
        Assert.InRange(entry.Title.Length, 3, ScenarioFields.TitleLength);
        Assert.InRange(entry.About.Length, 20, ScenarioFields.AboutLength);
        Assert.NotEqual("Title_" + name, entry.Title);
        Assert.NotEqual("What_" + name, entry.About);
        var written = Encoding.UTF8.GetString(ScenarioWriter.Write(entry.File));
        Assert.Equal(Encoding.UTF8.GetString(ScenarioCatalog.BytesOf(name)!), written);
    }

    [Fact]
    public void Every_file_is_in_the_catalog()
    {
        var files = typeof(ScenarioCatalog).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("XenViz.Core.Scenarios.Data.", StringComparison.Ordinal))
            .Select(name => name["XenViz.Core.Scenarios.Data.".Length..^".json".Length]);
        Assert.Equal(ScenarioCatalog.Names.Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var file = Any(random);
            var (read, errors) = ScenarioReader.Read(ScenarioWriter.Write(file));
            Assert.Empty(errors);
            Assert.Equal(ScenarioWriter.Write(file), ScenarioWriter.Write(read!));
            Assert.Equal(file.Link.Format(), read!.Link.Format());
        }
    }

    [Fact]
    public void The_published_schema_is_the_one_that_the_reader_reads_by()
    {
        var published = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "scenario-1.schema.json"));
        Assert.Equal(Encoding.UTF8.GetString(ScenarioSchema.Write()), published);
        using var schema = JsonDocument.Parse(published);
        foreach (var field in ScenarioFields.All)
        {
            var at = schema.RootElement.GetProperty("properties");
            at = field.Section.Length == 0 ? at : at.GetProperty(field.Section).GetProperty("properties");
            Assert.DoesNotContain("About_", at.GetProperty(field.Name).GetProperty("description").GetString());
        }
    }

    private static ScenarioFile Any(Random random)
    {
        var file = Of(random);
        var ring = random.Next(4) is var number && number > 1 ? number - 2 : (int?)null;
        return file with { Link = file.Link with { Ring = file.Link.Guest == 0 ? ring : null } };
    }

    private static ScenarioFile Of(Random random) => new()
    {
        Title = random.Next(2) == 0 ? "" : "A \"title\" with <signs> & ünïcode",
        About = random.Next(2) == 0 ? "" : "Line one\nline two",
        Link = new RunLink
        {
            Position = random.Next(3) * 17,
            InsideXen = random.Next(2) == 0,
            LeftOut = random.Next(2) == 0,
            Guest = random.Next(2) * 7,
            Choices = random.Next(2) == 0 ? [] : [0, 0, 1, 2, 2, 2],
            Parameters = new RunParameters
            {
                Scenario = RunLimits.Scenarios[random.Next(3)],
                Read = random.Next(2) == 0,
                Slots = 8 << random.Next(3),
                Depth = random.Next(1, 33),
                Segments = random.Next(1, 12),
                CrashAfter = random.Next(3),
                Iommu = RunLimits.Iommus[random.Next(4)],
                StartIndex = (uint)random.NextInt64(1L << 32),
                Image = random.Next(2) == 0 ? null : "abc-123_x",
                Work = [.. Enumerable.Range(0, random.Next(5)).Select(_ => Item(random))],
            },
        },
    };

    private static WorkItem Item(Random random) => random.Next(4) switch
    {
        0 => new WorkItem.WriteText(random.NextInt64(1L << 40), "Grüße, \"disk\"!\n\t", random.Next(2) * 8),
        1 => new WorkItem.ReadSectors(random.NextInt64(1L << 40), random.Next(1, 2049)),
        2 => new WorkItem.CopySectors(random.NextInt64(1L << 40), random.NextInt64(1L << 40), random.Next(1, 2049)),
        _ => new WorkItem.ReadFile("README.TXT"),
    };
}
