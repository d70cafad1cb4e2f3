namespace XenViz.Core.Projection;

/// <summary>Which object of the stage a broken property is about: that is where the stage marks it, whoever
/// acts.</summary>
internal static class BrokenPlaces
{
    /// <summary>The object of a rule of <see cref="Invariants.Invariant"/>.</summary>
    public static string Of(string rule) => rule switch
    {
        "RingNotOverfull" or "NoLostWakeUp" => "ring",
        "PinsEqualMappings" => "grant",
        "DmaConfined" => "dma",
        "NoStaleTranslation" => "driver-window",
        "KeptAreMapped" => "maptrack",
        "NoDeadlock" => "xen",
        _ => "data",
    };
}
