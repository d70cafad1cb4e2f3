namespace XenViz.Core.Costs;

/// <summary>What a page costs on its way, and for whom.</summary>
/// <param name="Cpus">CPUs of the driver domain, at least 1.</param>
/// <param name="Batch">Pages in one call, at least 1.</param>
/// <param name="Bytes">Bytes of the page that are wanted, 0 to 4096.</param>
/// <param name="IommuSync">True when the IOMMU is kept in step with grant maps.</param>
public readonly record struct PathLoad(int Cpus, int Batch, int Bytes, bool IommuSync = false);

/// <summary>
/// Cycles of one page in the interchangeable data paths, as sums over prices (lesson 8 of the course). A whole run is
/// booked by <see cref="Ledger"/>; these are its parts that belong to one page.
/// </summary>
public static class PathPrices
{
    /// <summary>Unmaps that one TLB flush serves (FACTS b.9).</summary>
    public const int UnmapsPerFlush = 32;

    /// <summary>Mapped: a map and an unmap with their calls, a share of the flush, perhaps two IOMMU updates.</summary>
    public static long Map(PriceList prices, PathLoad load) =>
        prices["map"] + prices["unmap"] + (2 * prices["hypercall-pv"] / load.Batch)
        + (prices.TlbFlush(load.Cpus) / Math.Min(load.Batch, UnmapsPerFlush))
        + (load.IommuSync ? 2 * prices["iommu"] : 0);

    /// <summary>Copied by Xen: what is fixed of a copy, a share of the call, the bytes.</summary>
    public static long Copy(PriceList prices, PathLoad load) =>
        prices.FixedPartOfCopy + (prices["hypercall-pv"] / load.Batch)
        + Moved(prices, load.Bytes);

    /// <summary>Mapped once for good: the bytes, copied by the guest.</summary>
    public static long Persistent(PriceList prices, PathLoad load) => Moved(prices, load.Bytes);

    private static long Moved(PriceList prices, int bytes) => prices["memcpy"] * bytes / 4096;
}
