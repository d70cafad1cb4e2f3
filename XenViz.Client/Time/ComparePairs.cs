using System.Collections.Immutable;
using XenViz.Client.Resources;

namespace XenViz.Client.Time;

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
        new("paths", "scenario=workload&work=write%3A2048%3AHello", "scenario=workload&path=copy&work=write%3A2048%3AHello"),
        new("notify", "scenario=workload&work=write%3A2048%3AHello", "scenario=workload&notify=sync&work=write%3A2048%3AHello"),
        new("persistent", Twice(""), Twice("&path=persistent")),
        new("iommu", "scenario=workload&work=write%3A2048%3AHello", "scenario=workload&iommu=off&work=write%3A2048%3AHello"),
        new("direction", "", "op=read"),
        new("net", "scenario=net-rx", "scenario=net-flip"),
    ];

    private static string Twice(string path) =>
        $"scenario=workload{path}&work=write%3A2048%3AHello&work=write%3A2056%3Aagain";
}
