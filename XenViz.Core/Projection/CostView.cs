using System.Collections.Immutable;
using XenViz.Core.Abi;

namespace XenViz.Core.Projection;

/// <summary>The Cost tab: what was counted so far and what it costs, in cycles of the model's prices (estimates).
/// </summary>
public sealed record CostView
{
    /// <summary>The counters, in their fixed order.</summary>
    public ImmutableArray<CounterView> Counters { get; init; } = [];

    /// <summary>Rows of the run that cost something, one line a number, in the order of their first time.</summary>
    public ImmutableArray<CostRowView> Rows { get; init; } = [];

    /// <summary>The sum by what it is paid for, in a fixed order; parts of nothing are left out.</summary>
    public ImmutableArray<CostPartView> Parts { get; init; } = [];

    /// <summary>The sum by whose CPU ran the rows.</summary>
    public ImmutableArray<CostPartyView> Parties { get; init; } = [];

    /// <summary>Cycles up to the position.</summary>
    public long SoFar { get; init; }

    /// <summary>The prices that differ from what they are by default.</summary>
    public ImmutableArray<SetPriceView> Prices { get; init; } = [];

    /// <summary>Reads on the simulated clock with more and more in flight; empty until they are asked for.</summary>
    public ImmutableArray<ClockLineView> Clock { get; init; } = [];

    /// <summary>Cycles of the whole branch.</summary>
    public long ToEnd { get; init; }

    /// <summary>Cycles up to the position without those that nobody waits for.</summary>
    public long CriticalSoFar { get; init; }

    /// <summary>The same of the whole branch.</summary>
    public long CriticalToEnd { get; init; }
}

/// <summary>A counter.</summary>
/// <param name="Key"><c>hypercalls</c>, <c>notifications</c>, <c>wakes</c>, <c>switches</c>, <c>maps</c>,
/// <c>unmaps</c>, <c>iommu</c>, <c>tlb</c>, <c>copied</c>, <c>dma</c>, <c>control</c> or <c>xenstore</c>.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Before">Its value at the stop before.</param>
/// <param name="Now">Its value now.</param>
/// <param name="End">Its value at the end of the branch.</param>
/// <param name="IsBytes">True when it counts bytes.</param>
public sealed record CounterView(string Key, string Name, long Before, long Now, long End, bool IsBytes);

/// <summary>A line of the ledger: all rows of one number.</summary>
/// <param name="Number">Such as <c>4.10</c>.</param>
/// <param name="Name">What it is, for people: <c>map a page</c>.</param>
/// <param name="SoFar">Cycles up to the position.</param>
/// <param name="ToEnd">Cycles of the whole branch.</param>
/// <param name="Current">True when the present micro-step added to it.</param>
/// <param name="OffPath">True when nobody waits for it.</param>
public sealed record CostRowView(
    string Number, string Name, long SoFar, long ToEnd, bool Current, bool OffPath);

/// <summary>A part of the sum.</summary>
/// <param name="Key"><c>call</c>, <c>send</c>, <c>wake</c>, <c>switch</c>, <c>upcall</c>, <c>map</c>, <c>unmap</c>,
/// <c>tlb</c>, <c>iommu</c>, <c>copy</c> or <c>xenstore</c>.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="SoFar">Cycles up to the position.</param>
/// <param name="ToEnd">Cycles of the whole branch.</param>
public sealed record CostPartView(string Key, string Name, long SoFar, long ToEnd);

/// <summary>The part of one CPU.</summary>
/// <param name="Actor">The lane of the agent whose CPU it is.</param>
/// <param name="SoFar">Cycles up to the position.</param>
/// <param name="ToEnd">Cycles of the whole branch.</param>
public sealed record CostPartyView(Actor Actor, long SoFar, long ToEnd);

/// <summary>A price that was set.</summary>
/// <param name="Key">Its name: <see cref="PriceView.Key"/>.</param>
/// <param name="Value">What it is set to.</param>
public sealed record SetPriceView(string Key, long Value);

/// <summary>What the simulated clock says with so many requests in flight. It follows from the prices.</summary>
/// <param name="Depth">Most requests in flight.</param>
/// <param name="PerSecond">Requests a second.</param>
/// <param name="Microseconds">Mean response time.</param>
/// <param name="Notifications">Notifications a request, of both directions.</param>
public sealed record ClockLineView(int Depth, double PerSecond, double Microseconds, double Notifications);
