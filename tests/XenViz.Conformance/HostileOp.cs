namespace XenViz.Conformance;

/// <summary>What a hostile or careful guest, or Xen, can do to event channels.</summary>
enum HostileKind
{
    /// <summary>The hypercall, with a command and bytes.</summary>
    Hypercall,

    /// <summary>Poll for A ports from B on.</summary>
    Poll,

    /// <summary>Block a vCPU.</summary>
    Block,

    /// <summary>Xen raises VIRQ A of a vCPU.</summary>
    SendVirq,

    /// <summary>The domain becomes the handler of VIRQ A.</summary>
    SetHandler,

    /// <summary>Xen takes a port that waits for domain A.</summary>
    AllocForXen,

    /// <summary>Xen rings from port A.</summary>
    Notify,

    /// <summary>Xen closes port A.</summary>
    FreeChannel,

    /// <summary>Physical interrupt A arrives.</summary>
    SendPirq,

    /// <summary>A controller pauses (A = 1) or goes on.</summary>
    Pause,

    /// <summary>The domain dies.</summary>
    Kill,

    /// <summary>The guest sets the mask of port A.</summary>
    SetMask,

    /// <summary>The guest clears it.</summary>
    ClearMask,

    /// <summary>The guest clears the pending bit of port A.</summary>
    ClearPending,

    /// <summary>The guest masks upcalls (A = 1) or not.</summary>
    SetUpcallMask,

    /// <summary>The guest lowers the upcall flag.</summary>
    ClearUpcall,

    /// <summary>The guest takes the selector and drops it.</summary>
    TakeSelector,

    /// <summary>The guest runs its 2-level handler.</summary>
    Upcall,

    /// <summary>The guest runs its FIFO handler for at most A ports; B = 1: it forgets its heads first.</summary>
    HandleQueues,
}

/// <summary>One thing that is done.</summary>
/// <param name="Kind">What.</param>
/// <param name="Domain">By or to which domain, an index.</param>
/// <param name="Vcpu">Which of its vCPUs.</param>
/// <param name="A">See <see cref="HostileKind"/>; for a hypercall the command.</param>
/// <param name="B">See <see cref="HostileKind"/>.</param>
readonly record struct HostileOp(HostileKind Kind, int Domain, int Vcpu, uint A, uint B);
