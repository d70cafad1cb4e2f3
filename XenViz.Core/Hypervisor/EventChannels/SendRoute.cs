namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>What a send finds.</summary>
public enum SendRoute : byte
{
    /// <summary>No channel to send on: -EINVAL.</summary>
    Refused,

    /// <summary>Nobody is bound: nothing happens, and the caller is told 0.</summary>
    Unbound,

    /// <summary>A port to raise.</summary>
    Port,

    /// <summary>Xen's own end.</summary>
    Xen,
}
