namespace XenViz.Core.Drivers.Events;

/// <summary>Where a guest's FIFO handler stands.</summary>
public enum FifoHandlerStep : byte
{
    /// <summary>Next: lower the upcall flag.</summary>
    Lower,

    /// <summary>Next: take the ready bits.</summary>
    TakeReady,

    /// <summary>Next: load the head of a queue that the handler has no head of its own for.</summary>
    LoadHead,

    /// <summary>Next: take the first port off its queue.</summary>
    Unlink,

    /// <summary>Next: look whether the port is pending and not masked.</summary>
    Test,

    /// <summary>Next: clear PENDING and handle the port.</summary>
    Clear,

    /// <summary>No queue is ready.</summary>
    Done,
}
