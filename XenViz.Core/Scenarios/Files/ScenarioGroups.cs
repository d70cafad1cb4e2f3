namespace XenViz.Core.Scenarios.Files;

/// <summary>What the scenarios of the catalog are about, so that a list of them can be read.</summary>
public static class ScenarioGroups
{
    /// <summary>The group of a scenario: <c>figure</c>, <c>ring</c>, <c>path</c>, <c>disk</c>, <c>notify</c>,
    /// <c>memory</c>, <c>life</c>, <c>network</c>, or <c>more</c> for what belongs to none of them.</summary>
    /// <param name="name">Its name in <see cref="ScenarioCatalog.Names"/>.</param>
    public static string Of(string name) => name switch
    {
        "write" or "read" => "figure",
        "in-flight" or "batching" or "wrap-around" or "ring-pages" or "multi-queue" or "overflow"
            or "protocol-32-bit" or "protocol-missing" => "ring",
        "map" or "copy" or "persistent" or "indirect" => "path",
        "flush-and-barrier" or "discard" => "disk",
        "notify-async" or "notify-sync" or "events-fifo" or "events-queue" or "events-priority" => "notify",
        "bounce" or "iommu-on" or "iommu-off" or "revoke" => "memory",
        "connect" or "disconnect" or "reconnect" => "life",
        _ when name.StartsWith("net", StringComparison.Ordinal) => "network",
        _ => "more",
    };
}
