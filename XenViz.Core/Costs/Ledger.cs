using XenViz.Core.Events;
using XenViz.Core.Simulation;

namespace XenViz.Core.Costs;

/// <summary>A row that cost something.</summary>
/// <param name="Row">Its number in the run, from 0.</param>
/// <param name="Agent">The agent whose CPU it took.</param>
/// <param name="Counts">What was done.</param>
/// <param name="OffPath">True when nobody waited for it.</param>
public readonly record struct LedgerRow(int Row, byte Agent, Counts Counts, bool OffPath);

/// <summary>
/// The ledger of a run: what was done up to each position. Rows are added at the end, one by one; a sum is a look-up.
/// </summary>
/// <param name="cpus">CPUs that may hold mappings of the driver domain, at least 1.</param>
public sealed class Ledger(int cpus = 1)
{
    private readonly List<LedgerRow> _rows = [];
    private readonly List<Counts> _sums = [];
    private readonly List<Counts> _offPath = [];

    /// <summary>Rows that cost something, in order.</summary>
    public IReadOnlyList<LedgerRow> Rows => _rows;

    /// <summary>Rows of the run that were added, whether they cost something or not.</summary>
    public int Length { get; private set; }

    /// <summary>Adds the next row of the run.</summary>
    public void Add(StepRecord record, Machine before, IReadOnlyList<MachineEvent> events)
    {
        var counts = Bookkeeper.Of(record, before, events, cpus);
        if (counts != default)
        {
            var off = Bookkeeper.IsOffPath(events);
            _rows.Add(new LedgerRow(Length, record.Choice.Agent, counts, off));
            _sums.Add((_sums.Count > 0 ? _sums[^1] : default) + counts);
            _offPath.Add((_offPath.Count > 0 ? _offPath[^1] : default) + (off ? counts : default));
        }

        Length++;
    }

    /// <summary>Everything that was done before a position, 0 to <see cref="Length"/>.</summary>
    public Counts Until(int position) => At(_sums, position);

    /// <summary>Of that, what nobody waited for.</summary>
    public Counts OffPathUntil(int position) => At(_offPath, position);

    /// <summary>Cycles up to a position on the way that the requester waits for, the disk's own time left out. Exact
    /// for one request at a time; with several in flight they overlap, and <see cref="SimulatedClock"/> tells.
    /// </summary>
    public long CriticalCycles(PriceList prices, int position) =>
        prices.Cycles(Until(position)) - prices.Cycles(OffPathUntil(position));

    private Counts At(List<Counts> sums, int position)
    {
        var (low, high) = (0, _rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _rows[middle].Row < position ? (middle + 1, high) : (low, middle);
        }

        return low > 0 ? sums[low - 1] : default;
    }
}
