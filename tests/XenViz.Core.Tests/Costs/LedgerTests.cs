using XenViz.Core.Commands;
using XenViz.Core.Costs;
using XenViz.Core.Events;
using XenViz.Core.Projection;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Tests.Costs;

/// <summary>The ledger of one WRITE and one READ, as the course's table C.4 has it.</summary>
public sealed class LedgerTests
{
    private static readonly PriceList Prices = PriceList.Default;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_request_costs_what_the_course_says(bool read)
    {
        var (ledger, _) = Play(read);
        var all = ledger.Until(ledger.Length);
        Assert.Equal(7, all.Hypercalls);
        Assert.Equal(2, all.Notifications);
        Assert.Equal(3, all.Wakes);
        Assert.Equal(3, all.Upcalls);
        Assert.Equal(1, all.Interrupts);
        Assert.Equal((1, 1, 2, 1), (all.Maps, all.Unmaps, all.IommuUpdates, all.TlbFlushes));
        Assert.Equal(0, all.CopiedBytes);
        Assert.Equal(4096, all.DmaBytes);
        Assert.Equal(0, all.StoreWrites);
        Assert.Equal(4 + 8 + 8 + 6 + 112 + 8 + 1 + 2 + 16, all.ControlBytes);
        Assert.Equal(33_800, Prices.Cycles(all));
        Assert.Equal(32_300, ledger.CriticalCycles(Prices, ledger.Length));
    }

    [Theory]
    [InlineData("step 3", 6_900, "3.")]
    [InlineData("W.1",      500, "W.1")]
    [InlineData("step 4", 5_000, "4.")]
    [InlineData("H, W.3",   500, "H.", "W.3")]
    [InlineData("5.4, W.4", 8_000, "5.", "W.4")]
    [InlineData("U",      3_500, "U.")]
    [InlineData("R",          0, "R.")]
    [InlineData("step 6", 6_900, "6.")]
    [InlineData("W.5",      500, "W.5")]
    [InlineData("step 7", 2_000, "7.", "E.")]
    [InlineData("steps 1, 2", 0, "1.", "2.")]
    public void Each_part_of_the_table_costs_its_sum(string part, long cycles, params string[] numbers)
    {
        var (ledger, steps) = Play(false);
        var sum = ledger.Rows.Where(r => numbers.Any(n => steps[r.Row].StartsWith(n, StringComparison.Ordinal)))
            .Aggregate(default(Counts), (a, r) => a + r.Counts);
        Assert.Equal((part, cycles), (part, Prices.Cycles(sum)));
    }

    [Fact]
    public void A_sum_at_a_position_is_the_sum_of_the_rows_before_it()
    {
        var (ledger, _) = Play(false);
        for (var position = 0; position <= ledger.Length; position++)
        {
            var naive = ledger.Rows.Where(r => r.Row < position).Aggregate(default(Counts), (a, r) => a + r.Counts);
            Assert.Equal(naive, ledger.Until(position));
        }
    }

    [Fact]
    public void Connecting_costs_its_xenstore_writes_first_of_all()
    {
        var ledger = new Ledger();
        var machine = Scenario.Create(new RunParameters { Scenario = "connect", Slots = 32 }, null).Scenario!.Start;
        Add(ledger, machine, []);
        var all = ledger.Until(ledger.Length);
        Assert.Equal(6, all.StoreWrites);
        Assert.True(Prices.Cycles(all) > 6 * 300_000);
    }

    [Fact]
    public void Other_prices_give_another_sum()
    {
        var (ledger, _) = Play(false);
        var slow = Prices.With("wake", 20_000)!;
        Assert.Equal(33_800 + (3 * 14_000), slow.Cycles(ledger.Until(ledger.Length)));
    }

    internal static (Ledger Ledger, List<string> Numbers) Play(bool read)
    {
        var ledger = new Ledger();
        var numbers = new List<string>();
        var run = new RunParameters { Scenario = "figure", Slots = 32, Read = read };
        Add(ledger, Scenario.Create(run, null).Scenario!.Start, numbers);
        return (ledger, numbers);
    }

    private static void Add(Ledger ledger, Machine machine, List<string> numbers)
    {
        while (Stepper.Default(machine) is { } choice)
        {
            var events = new List<MachineEvent>();
            var after = Stepper.Step(machine, choice, events, out var record);
            ledger.Add(record, machine, events);
            numbers.Add(StepNumbers.Of(record.Row, record.Phase, machine));
            machine = after;
        }
    }
}
