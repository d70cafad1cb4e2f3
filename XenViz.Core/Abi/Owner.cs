namespace XenViz.Core.Abi;

/// <summary>Who acts in a micro-step: one lane of the timeline each.</summary>
public enum Actor : byte
{
    /// <summary>The guest's application.</summary>
    Application,

    /// <summary>The frontend driver in the guest (Linux <c>xen-blkfront</c>).</summary>
    Frontend,

    /// <summary>The hypervisor.</summary>
    Xen,

    /// <summary>The backend driver in the driver domain (Linux <c>xen-blkback</c>).</summary>
    Backend,

    /// <summary>The disk with its DMA engine.</summary>
    Device,

    /// <summary>The toolstack in domain 0, which introduces the two ends to each other.</summary>
    Toolstack,
}

/// <summary>Who may write a field. The screen draws owner colours from this and from nothing else.</summary>
public enum Writer : byte
{
    /// <summary>Nobody: padding.</summary>
    Nobody,

    /// <summary>The guest (frontend side).</summary>
    Guest,

    /// <summary>The driver domain (backend side).</summary>
    Driver,

    /// <summary>The hypervisor.</summary>
    Xen,

    /// <summary>The device, by DMA.</summary>
    Device,

    /// <summary>Either side, at different times (a slot is a union of request and response).</summary>
    Both,
}
