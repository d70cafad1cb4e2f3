using System.Text.Json;
using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Events;
using XenViz.Core.Projection;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Scenarios;

/// <summary>The tables C.2, C.3 and C.5 of the course, played: each row's bytes before and after, in order.</summary>
public sealed class FigureTableTests
{
    [Theory]
    [InlineData("figure-write.json", false)]
    [InlineData("figure-read.json", true)]
    public void Every_row_moves_exactly_the_bytes_of_the_table_in_its_order(string file, bool read)
    {
        var table =
            JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", file))).RootElement;
        var rows = table.GetProperty("rows").EnumerateArray().ToList();
        var connect = Play(new RunParameters { Scenario = "connect", Slots = 32, Read = read });
        var figure = Play(new RunParameters { Scenario = "figure", Slots = 32, Read = read });
        var connected =
            Group(connect).TakeWhile(g => g.Number != "4.7").Concat(Group(connect).Where(g => g.Number == "C.11"));
        var played = connected.Concat(Group(figure)).ToList();

        Assert.Equal(rows.Select(r => r.GetProperty("number").GetString()), played.Select(g => g.Number));
        foreach (var (row, group) in rows.Zip(played))
        {
            Compare(row, group);
        }
    }

    [Theory]
    [InlineData("figure-write.json", false)]
    [InlineData("figure-read.json", true)]
    public void Check_values_of_the_ring_page_and_the_data_page_hold(string file, bool read)
    {
        var table =
            JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", file))).RootElement;
        var steps = Play(new RunParameters { Scenario = "figure", Slots = 32, Read = read });
        foreach (var check in table.GetProperty("checks").EnumerateArray())
        {
            var after = check.GetProperty("after").GetString()!;
            var frame = new Mfn(check.GetProperty("frame").GetUInt64());
            var machine = after switch
            {
                "start" => steps[0].Before,
                "end" => steps[^1].After,
                _ => steps.Last(s => s.Number == after).After,
            };
            Assert.Equal(check.GetProperty("fnv").GetString(), $"{Fnv(machine.Frames[frame].Page.ToArray()):X8}");
        }
    }

    internal sealed record Played(
        string Number, Machine Before, Machine After, List<MachineEvent> Events, StepRecord Record);

    internal static List<Played> Play(RunParameters parameters)
    {
        var (scenario, error) = Scenario.Create(parameters, null);
        Assert.Null(error);
        var machine = scenario!.Start;
        var steps = new List<Played>();
        while (Stepper.Default(machine) is { } choice)
        {
            var events = new List<MachineEvent>();
            var after = Stepper.Step(machine, choice, events, out var record);
            steps.Add(new Played(StepNumbers.Of(record.Row, record.Phase, machine), machine, after, events, record));
            machine = after;
            Assert.True(steps.Count < 20_000);
        }

        return steps;
    }

    private static List<(string Number, List<Played> Rows)> Group(List<Played> steps)
    {
        // Rows that the table tells as one open into rows with a third number: 5.4 into 5.4.1 to 5.4.5.
        var groups = new List<(string Number, List<Played> Rows)>();
        foreach (var step in steps)
        {
            var number = string.Join('.', step.Number.Split('.').Take(2));
            if (groups.Count > 0 && groups[^1].Number == number && (step.Number != number || number is "W.4" or "C.5"))
            {
                groups[^1].Rows.Add(step);
            }
            else
            {
                groups.Add((number, [step]));
            }
        }

        return groups;
    }

    private static void Compare(JsonElement row, (string Number, List<Played> Rows) group)
    {
        var place = row.GetProperty("place");
        if (place.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        var mfn = new Mfn(place.GetProperty("frame").GetUInt64());
        var offset = place.GetProperty("offset").GetInt32();
        var length = row.GetProperty("length").GetInt32();
        if (Text(row, "before") is { } before && Text(row, "after") is { } after)
        {
            Assert.Equal((group.Number, before), (group.Number, Bytes(group.Rows[0].Before, mfn, offset, length)));
            // The table tells the ring of C.9 itself; the handler that it calls at once belongs to the group's end.
            var last = group.Number == "C.9"
                ? group.Rows.Last(r => r.Record.Row.Listing != "driver_upcall")
                : group.Rows[^1];
            Assert.Equal((group.Number, after), (group.Number, Bytes(last.After, mfn, offset, length)));
        }

        if (Text(row, "loaded") is { } loaded)
        {
            // The device's loads are DMA: the bytes are those that lie in the frame when the row runs.
            var access = group.Rows.SelectMany(r => r.Events).OfType<MachineEvent.Accessed>()
                .FirstOrDefault(a => a.Mfn == mfn && a.Offset == offset);
            var dma = group.Rows.SelectMany(r => r.Events).OfType<MachineEvent.DmaMoved>()
                .Any(d => d.Mfn == mfn && d.Offset == offset && !d.ToMemory);
            var found = access is not null ? Convert.ToHexString(access.After)
                : dma ? Bytes(group.Rows[0].Before, mfn, offset, length)
                : "no load of these bytes";
            Assert.Equal((group.Number, loaded), (group.Number, found[..Math.Min(found.Length, loaded.Length)]));
        }
    }

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();

    private static string Bytes(Machine machine, Mfn mfn, int offset, int length)
    {
        var bytes = new byte[length];
        machine.Frames[mfn].Page.Read(offset, bytes);
        return Convert.ToHexString(bytes);
    }

    private static uint Fnv(byte[] bytes) =>
        bytes.Aggregate(2166136261u, (h, b) => unchecked((h ^ b) * 16777619u));
}
