using System.Collections.Immutable;
using XenViz.Client.Resources;

namespace XenViz.Client.Compare;

/// <summary>Pairs of runs that teach something beside each other.</summary>
internal static class ComparePairs
{
    /// <summary>A pair.</summary>
    /// <param name="Key">A stable word.</param>
    /// <param name="Left">The query of a link.</param>
    /// <param name="Right">The other.</param>
    internal sealed record Pair(string Key, string Left, string Right)
    {
        /// <summary>What is to be seen.</summary>
        public string Title => CompareTexts.ResourceManager.GetString("Pair_" + Key) ?? Key;
    }

    /// <summary>All of them; the first is shown when nothing is asked for.</summary>
    public static ImmutableArray<Pair> All { get; } =
    [
        new("paths", Once(""), Once("&path=copy")),
        new("notify", Once(""), Once("&notify=sync")),
        new("events", Once("&xen=on"), Once("&events=fifo&xen=on")),
        new("persistent", Twice(""), Twice("&path=persistent")),
        new("iommu", Once(""), Once("&iommu=off")),
        new("direction", "", "op=read"),
        new("net", "scenario=net-rx", "scenario=net-flip"),
    ];

    private static string Once(string options) => $"scenario=workload{options}&work=write%3A2048%3AHello";

    private static string Twice(string options) => Once(options) + "&work=write%3A2056%3Aagain";
}
