namespace XenViz.Core.Abi;

/// <summary>The kind of a row's one shared access.</summary>
public enum AccessKind : byte
{
    /// <summary>Nothing that another party can see.</summary>
    Private,

    /// <summary>A load from shared memory.</summary>
    Load,

    /// <summary>A store to shared memory.</summary>
    Store,

    /// <summary>An atomic read-modify-write.</summary>
    Atomic,

    /// <summary>A barrier.</summary>
    Fence,

    /// <summary>A hypercall.</summary>
    Hypercall,

    /// <summary>A DMA transfer or a command to the device.</summary>
    Dma,

    /// <summary>A notification: pending bits, interrupts, waking.</summary>
    Notify,

    /// <summary>Xenstore.</summary>
    XenStore,
}
