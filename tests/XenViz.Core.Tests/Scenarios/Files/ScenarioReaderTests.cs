using System.Text;
using XenViz.Core.Commands;
using XenViz.Core.Scenarios.Files;

namespace XenViz.Core.Tests.Scenarios.Files;

public sealed class ScenarioReaderTests
{
    [Fact]
    public void A_file_says_what_to_run()
    {
        var file = Good("""
            {
              "version": 1,
              "title": "Two copies",
              "run": "workload",
              "ring": { "slots": 16, "start": 4294967290 },
              "workload": {
                "depth": 4, "segments": 2,
                "items": [
                  { "do": "write", "sector": 2048, "text": "Hello" },
                  { "do": "read", "sector": 8, "count": 16 },
                  { "do": "copy", "from": 0, "to": 64, "count": 8 },
                  { "do": "file", "name": "README.TXT" }
                ]
              },
              "schedule": { "choices": "a12b3", "position": 9 },
              "show": { "insideXen": true }
            }
            """);
        Assert.Equal("Two copies", file.Title);
        var run = file.Link.Parameters;
        Assert.Equal(
            ("workload", 16, 4, 2, 4294967290u), (run.Scenario, run.Slots, run.Depth, run.Segments, run.StartIndex));
        Assert.Equal(
            [
                new WorkItem.WriteText(2048, "Hello"), new WorkItem.ReadSectors(8, 16),
                new WorkItem.CopySectors(0, 64, 8), new WorkItem.ReadFile("README.TXT"),
            ],
            run.Work);
        Assert.Equal((15, 9, true, false),
            (file.Link.Choices.Length, file.Link.Position, file.Link.InsideXen, file.Link.LeftOut));
    }

    [Theory]
    //          line field                        text
    [InlineData(1, "version", """{ "run": "figure" }""")]
    [InlineData(2, "version", "{\n\"version\": 2 }")]
    [InlineData(2, "version", "{\n\"version\": \"1\" }")]
    [InlineData(1, "", "[]")]
    [InlineData(3, "", "{ \"version\": 1,\n\n \"run\": figure }")]
    [InlineData(2, "", "{ \"version\": 1,\n}")]
    [InlineData(2, "run", "{ \"version\": 1,\n\"run\": \"figur\" }")]
    [InlineData(2, "runn", "{ \"version\": 1,\n\"runn\": \"figure\" }")]
    [InlineData(2, "version", "{ \"version\": 1,\n\"version\": 1 }")]
    [InlineData(2, "ring", "{ \"version\": 1,\n\"ring\": 8 }")]
    [InlineData(3, "ring.slots", "{ \"version\": 1,\n\"ring\": {\n\"slots\": 7 } }")]
    [InlineData(3, "ring.slots", "{ \"version\": 1,\n\"ring\": {\n\"slots\": 8.5 } }")]
    [InlineData(3, "ring.slots", "{ \"version\": 1,\n\"ring\": {\n\"slots\": null } }")]
    [InlineData(3, "ring.start", "{ \"version\": 1,\n\"ring\": {\n\"start\": 4294967296 } }")]
    [InlineData(3, "ring.slot", "{ \"version\": 1,\n\"ring\": {\n\"slot\": 8 } }")]
    [InlineData(2, "workload.items", "{ \"version\": 1,\n\"workload\": { \"items\": {} } }")]
    [InlineData(2, "schedule.choices", "{ \"version\": 1,\n\"schedule\": { \"choices\": \"A\" } }")]
    [InlineData(2, "show.leftOut", "{ \"version\": 1,\n\"show\": { \"leftOut\": 1 } }")]
    [InlineData(2, "show.ring", "{ \"version\": 1,\n\"show\": { \"ring\": -1 } }")]
    [InlineData(3, "show.ring", "{ \"version\": 1,\n\"show\": { \"guest\": 5,\n\"ring\": 1 } }")]
    [InlineData(2, "device.image", "{ \"version\": 1,\n\"device\": { \"image\": \"../etc\" } }")]
    public void An_error_names_its_line_and_field(int line, string field, string text)
    {
        var (file, errors) = ScenarioReader.Read(Encoding.UTF8.GetBytes(text));
        Assert.Null(file);
        Assert.Equal((line, field), (errors[0].Line, errors[0].Field));
        Assert.EndsWith(".", errors[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "[1].do", """{"do":"read","sector":1,"count":1}, {}""")]
    [InlineData(2, "[0].do", """{"do":"format"}""")]
    [InlineData(2, "[0].count", """{"do":"read","sector":1}""")]
    [InlineData(2, "[0].text", """{"do":"read","sector":1,"count":1,"text":""}""")]
    [InlineData(2, "[0].sector", """{"do":"read","sector":-1,"count":1}""")]
    [InlineData(2, "[0].name", """{"do":"file","name":"a/b"}""")]
    public void An_error_in_an_item_of_work_names_the_item(int line, string field, string items) =>
        An_error_names_its_line_and_field(
            line, "workload.items" + field, "{ \"version\": 1, \"workload\": { \"items\": [\n" + items + "] } }");

    [Fact]
    public void All_errors_are_told_at_once_in_the_order_of_lines()
    {
        var (_, errors) = ScenarioReader.Read("""
            {
              "version": 1,
              "ring": { "slots": "8" },
              "run": 4,
              "workload": { "depth": 0 }
            }
            """u8);
        Assert.Equal(["ring.slots", "run", "workload.depth"], errors.Select(error => error.Field));
        Assert.Equal([3, 4, 5], errors.Select(error => error.Line));
    }

    [Fact]
    public void What_is_too_large_deep_or_long_is_refused()
    {
        Refused(Encoding.UTF8.GetBytes(new string(' ', ScenarioReader.MaxBytes) + "{}"), $"{ScenarioReader.MaxBytes}");
        Refused(Encoding.UTF8.GetBytes("{\"version\":" + new string('[', 5000)), $"{ScenarioReader.MaxDepth}");
        var many = string.Join(',', Enumerable.Repeat("1", ScenarioReader.MaxValues + 1));
        Refused(Encoding.UTF8.GetBytes("{\"version\":[" + many + "]}"), $"{ScenarioReader.MaxValues}");
        var title = "{\"version\":1,\"title\":\"" + new string('x', 81) + "\"}";
        Refused(Encoding.UTF8.GetBytes(title), "80");
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        Refused([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], "line 1");
        Refused(Encoding.UTF8.GetBytes("{\"version\":1,\"title\":\"\\ud800\"}"), "line 1");
        Refused([], "line 1");
    }

    [Fact]
    public void A_byte_order_mark_is_no_error() =>
        Assert.Empty(ScenarioReader.Read([0xEF, 0xBB, 0xBF, .. "{\"version\":1}"u8]).Errors);

    [Fact]
    public void No_damage_to_a_file_makes_the_reader_throw()
    {
        var random = new Random(20261125);
        var whole = ScenarioWriter.Write(ScenarioCatalog.All[^1].File);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = whole.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(bytes.Length);
                bytes = random.Next(3) switch
                {
                    0 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 9))..]],
                    1 => [.. bytes[..at], (byte)"{}[],:\"1e-\0\xFF"[random.Next(12)], .. bytes[at..]],
                    _ => [.. bytes[..at], .. bytes[at..], .. bytes[at..]],
                };
                if (bytes.Length == 0)
                {
                    break;
                }
            }

            var (file, errors) = ScenarioReader.Read(bytes);
            Assert.Equal(file is null, errors.Length > 0);
        }
    }

    private static ScenarioFile Good(string text)
    {
        var (file, errors) = ScenarioReader.Read(Encoding.UTF8.GetBytes(text));
        Assert.Empty(errors);
        return file!;
    }

    private static void Refused(byte[] bytes, string told)
    {
        var (file, errors) = ScenarioReader.Read(bytes);
        Assert.Null(file);
        Assert.Contains(told, errors[0].ToString(), StringComparison.Ordinal);
    }
}
