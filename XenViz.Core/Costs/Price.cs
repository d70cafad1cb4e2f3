namespace XenViz.Core.Costs;

/// <summary>How well a price is known.</summary>
public enum PriceStatus
{
    /// <summary>Our own estimate: shown with that word.</summary>
    Estimate,

    /// <summary>Read in the named source.</summary>
    Verified,
}

/// <summary>A price of the model.</summary>
/// <param name="Key">Its stable name, such as <c>wake</c>.</param>
/// <param name="Low">The least that it may be set to.</param>
/// <param name="Typical">What it is by default.</param>
/// <param name="High">The most that it may be set to.</param>
/// <param name="Unit">What one of it is: cycles, cycles per 4096 bytes, cycles per second.</param>
/// <param name="Source">Where it comes from, for people.</param>
/// <param name="Year">Of the source.</param>
/// <param name="Status">How well it is known.</param>
/// <param name="Value">What it is set to.</param>
public sealed record Price(
    string Key, long Low, long Typical, long High, string Unit, string Source, int Year, PriceStatus Status,
    long Value);
