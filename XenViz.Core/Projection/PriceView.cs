using System.Collections.Immutable;
using XenViz.Core.Costs;

namespace XenViz.Core.Projection;

/// <summary>A price of the model as the Cost tab shows it.</summary>
/// <param name="Key">Its stable name.</param>
/// <param name="Value">What it is set to, in cycles unless its name says otherwise.</param>
/// <param name="Low">The least that it may be.</param>
/// <param name="High">The most that it may be.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Year">Of the source.</param>
/// <param name="Verified">False for an estimate.</param>
public sealed record PriceView(
    string Key, long Value, long Low, long High, string Source, int Year, bool Verified)
{
    /// <summary>The prices that runs are booked at.</summary>
    public static ImmutableArray<PriceView> All { get; } =
    [
        .. PriceList.Default.All.Select(price => new PriceView(
            price.Key, price.Value, price.Low, price.High, price.Source, price.Year,
            price.Status == PriceStatus.Verified)),
    ];
}
