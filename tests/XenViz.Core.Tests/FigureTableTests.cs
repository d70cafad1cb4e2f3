using XenViz.Conformance;

namespace XenViz.Core.Tests;

/// <summary>The tables of the figure agree with themselves: their stores lead to their checksums.</summary>
public class FigureTableTests
{
    const ulong RingFrame = 0x5A10;
    const ulong GrantFrame = 0x5F00;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_stores_of_the_rows_lead_to_the_checksums(bool read)
    {
        var table = FigureTable.Load(read);
        var memory = new Dictionary<ulong, byte[]>();
        byte[] Frame(ulong number) => memory.TryGetValue(number, out var found)
            ? found
            : memory[number] = new byte[4096];

        Convert.FromHexString("2D0000002E0000002D0000002E000000").CopyTo(Frame(RingFrame), 0);
        Convert.FromHexString("19000200105A0000").CopyTo(Frame(GrantFrame), 0x40);
        AssertChecks(table, "start", Frame);
        foreach (var row in table.Rows.Where(r => !r.Number.StartsWith("C.", StringComparison.Ordinal)))
        {
            if (row.Place is { } place)
            {
                var bytes = Frame(place.Frame).AsSpan(place.Offset, row.Length);
                Assert.Equal((row.Number, row.Before ?? row.Loaded), (row.Number, Convert.ToHexString(bytes)));
                Convert.FromHexString(row.After ?? row.Loaded!).CopyTo(bytes);
            }

            AssertChecks(table, row.Number, Frame);
        }

        AssertChecks(table, "end", Frame);
        Assert.All(table.End, end => Assert.Equal(
            end.Bytes, Convert.ToHexString(Frame(end.Frame).AsSpan(end.Offset, end.Bytes.Length / 2))));
    }

    [Theory]
    [InlineData(false, 63, 25)]
    [InlineData(true, 64, 25)]
    public void The_figure_has_its_rows(bool read, int inSteps, int leftOut)
    {
        var numbers = FigureTable.Load(read).Rows.Select(r => r.Number).ToList();
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
        Assert.Equal(inSteps, numbers.Count(n => char.IsDigit(n[0])));
        Assert.Equal(leftOut, numbers.Count(n => n[0] is 'W' or 'H' or 'U' or 'R' or 'E'));
        Assert.Equal(11, numbers.Count(n => n[0] == 'C'));
    }

    static void AssertChecks(FigureTable table, string after, Func<ulong, byte[]> frame) => Assert.All(
        table.Checks.Where(c => c.After == after),
        check => Assert.Equal((after, check.Fnv), (after, Fnv1a.Of(frame(check.Frame)).ToString("X8"))));
}
