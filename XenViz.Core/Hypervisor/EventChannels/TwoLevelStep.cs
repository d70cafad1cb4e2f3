namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>Where a delivery with the 2-level ABI stands.</summary>
public enum TwoLevelStep : byte
{
    /// <summary>Next: test and set the pending bit.</summary>
    SetPending,

    /// <summary>Next: look at the mask bit.</summary>
    TestMask,

    /// <summary>Next: test and set the selector bit.</summary>
    SetSelector,

    /// <summary>Next: test and set the upcall flag.</summary>
    SetUpcall,

    /// <summary>Next: kick the vCPU.</summary>
    Kick,

    /// <summary>It is over.</summary>
    Done,
}
