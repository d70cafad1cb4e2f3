using System.Collections.Immutable;
using XenViz.Core.Costs;

namespace XenViz.Core.Projection;

/// <summary>A price of the model and where it comes from.</summary>
/// <param name="Key">Its stable name, such as <c>wake</c>.</param>
/// <param name="Cycles">What it is.</param>
/// <param name="Low">The least that it may be.</param>
/// <param name="High">The most that it may be.</param>
/// <param name="Source">Where it comes from, for people.</param>
/// <param name="Year">Of the source.</param>
/// <param name="Verified">True when it was read in the source, false for an estimate.</param>
public sealed record PriceView(string Key, long Cycles, long Low, long High, string Source, int Year, bool Verified)
{
    /// <summary>All prices. The disk's time and the CPU's clock are no part of sums of cycles, only of the simulated
    /// clock.</summary>
    public static ImmutableArray<PriceView> All { get; } =
    [
        .. PriceList.Default.All.Select(p => new PriceView(
            p.Key, p.Value, p.Low, p.High, p.Source, p.Year, p.Status == PriceStatus.Verified)),
    ];
}
