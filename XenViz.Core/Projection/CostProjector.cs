using System.Collections.Immutable;
using System.Globalization;
using System.Resources;
using XenViz.Core.Abi;
using XenViz.Core.Costs;

namespace XenViz.Core.Projection;

/// <summary>Makes the Cost tab of a branch at a position: sums are found by look-up, not by adding up again.</summary>
internal sealed class CostProjector
{
    private static readonly ResourceManager Texts =
        new("XenViz.Core.Projection.CostText", typeof(CostProjector).Assembly);

    private static readonly (string Key, Func<Counts, long> Of, bool IsBytes)[] Counters =
    [
        ("hypercalls", c => c.AllHypercalls, false), ("notifications", c => c.Notifications, false),
        ("wakes", c => c.Wakes, false), ("switches", c => c.Switches, false), ("maps", c => c.Maps, false),
        ("unmaps", c => c.Unmaps, false), ("iommu", c => c.IommuUpdates, false), ("tlb", c => c.TlbFlushes, false),
        ("copied", c => c.CopiedBytes, true), ("dma", c => c.DmaBytes, true), ("control", c => c.ControlBytes, true),
        ("xenstore", c => c.StoreWrites, false),
    ];

    private readonly Ledger _ledger;
    private readonly PriceList _prices;
    private readonly Line[] _lines;
    private readonly Line[] _parties;

    /// <summary>Reads the ledger of a branch.</summary>
    /// <param name="index">The facts of its rows.</param>
    /// <param name="lanes">The lane of each agent.</param>
    /// <param name="prices">What things cost.</param>
    public CostProjector(RowIndex index, IReadOnlyList<Actor> lanes, PriceList prices)
    {
        (_ledger, _prices) = (index.Ledger, prices);
        var paid = _ledger.Rows.Select(r => (Row: r, Cycles: prices.Cycles(r.Counts)))
            .Where(p => p.Cycles > 0).ToList();
        _lines =
        [
            .. paid.GroupBy(p => index.Rows[p.Row.Row].Number).Select(g => new Line(
                g.Key, NameOf(g.First().Row.Counts), default, g.All(p => p.Row.OffPath),
                [.. g.Select(p => p.Row.Row)], Sums(g.Select(p => p.Cycles)))),
        ];
        _parties =
        [
            .. paid.GroupBy(p => lanes[p.Row.Agent]).OrderBy(g => g.Key).Select(g => new Line(
                "", "", g.Key, false, [.. g.Select(p => p.Row.Row)], Sums(g.Select(p => p.Cycles)))),
        ];
    }

    /// <summary>The tab at a position.</summary>
    /// <param name="from">The stop before.</param>
    /// <param name="position">The position.</param>
    public CostView Of(int from, int position)
    {
        var (before, now, end) = (_ledger.Until(from), _ledger.Until(position), _ledger.Until(_ledger.Length));
        var (partsNow, partsEnd) = (_prices.Parts(now), _prices.Parts(end));
        return new CostView
        {
            Counters =
            [
                .. Counters.Select(c => new CounterView(
                    c.Key, Text("Counter." + c.Key), c.Of(before), c.Of(now), c.Of(end), c.IsBytes)),
            ],
            Rows =
            [
                .. _lines.Select(l => new CostRowView(
                    l.Number, l.Name, l.Until(position), l.Sums[^1], l.Until(position) != l.Until(from), l.OffPath)),
            ],
            Parts =
            [
                .. partsEnd.Zip(partsNow).Where(p => p.First.Cycles > 0).Select(p => new CostPartView(
                    p.First.Key, Text("Part." + p.First.Key), p.Second.Cycles, p.First.Cycles)),
            ],
            Parties = [.. _parties.Select(p => new CostPartyView(p.Lane, p.Until(position), p.Sums[^1]))],
            SoFar = _prices.Cycles(now), ToEnd = _prices.Cycles(end),
            CriticalSoFar = _ledger.CriticalCycles(_prices, position),
            CriticalToEnd = _ledger.CriticalCycles(_prices, _ledger.Length),
        };
    }

    private static string NameOf(in Counts c) => Text("Row." + (
        c.StoreWrites > 0 ? "xenstore" : c.XenCopies > 0 ? "gcopy" : c.CpuBytes > 0 ? "memcpy" : c.Maps > 0 ? "map"
        : c.Unmaps > 0 ? "unmap" : c.Notifications > 0 ? "send" : c.Switches > 0 ? "switch" : c.Wakes > 0 ? "wake"
        : c.Upcalls > 0 ? "upcall" : c.IommuUpdates > 0 ? "iommu" : c.TlbFlushes > 0 ? "tlb"
        : c.AllHypercalls > 0 ? "call" : "access"));

    private static long[] Sums(IEnumerable<long> cycles)
    {
        var sum = 0L;
        return [.. cycles.Select(c => sum += c)];
    }

    private static string Text(string key) => Texts.GetString(key, CultureInfo.InvariantCulture) ?? key;

    private sealed record Line(string Number, string Name, Actor Lane, bool OffPath, int[] At, long[] Sums)
    {
        /// <summary>Cycles of its rows before a position.</summary>
        public long Until(int position)
        {
            var found = Array.BinarySearch(At, position);
            var rows = found < 0 ? ~found : found;
            return rows > 0 ? Sums[rows - 1] : 0;
        }
    }
}
