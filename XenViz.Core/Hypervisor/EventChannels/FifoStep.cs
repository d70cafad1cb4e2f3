namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>Where a delivery with the FIFO ABI stands.</summary>
public enum FifoStep : byte
{
    /// <summary>Next: find the word and the queue; private to Xen.</summary>
    Begin,

    /// <summary>Next: test and set PENDING.</summary>
    SetPending,

    /// <summary>Next: look at MASKED.</summary>
    TestMask,

    /// <summary>Next: test and set LINKED.</summary>
    SetLinked,

    /// <summary>Next: load the word of the queue's tail.</summary>
    LoadTail,

    /// <summary>Next: compare and exchange the link of the tail.</summary>
    LinkTail,

    /// <summary>Next: mark the tail's word busy, so that the guest leaves it alone.</summary>
    SetBusy,

    /// <summary>Next: take the busy mark back.</summary>
    ClearBusy,

    /// <summary>Next: store the head of the queue, which is empty.</summary>
    StoreHead,

    /// <summary>Next: test and set the queue's ready bit.</summary>
    SetReady,

    /// <summary>Next: test and set the upcall flag.</summary>
    SetUpcall,

    /// <summary>Next: kick the vCPU.</summary>
    Kick,

    /// <summary>It is over.</summary>
    Done,
}
