using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>One vCPU of a <see cref="FlatDomain"/>.</summary>
public sealed class FlatVcpu
{
    internal uint[] VirqPorts { get; } = new uint[Virq.Count];

    internal uint[] Tails { get; } = new uint[EventChannel.Fifo.Queues];

    /// <summary>The upcall flag.</summary>
    public bool UpcallPending { get; set; }

    /// <summary>What the guest wrote into the upcall mask: 0 lets upcalls through.</summary>
    public byte UpcallMask { get; set; }

    /// <summary>The selector.</summary>
    public ulong Selector { get; set; }

    /// <summary>The frame of its control block, or null.</summary>
    public uint[]? ControlFrame { get; internal set; }

    /// <summary>Where the block begins in its frame, in words of 32 bits.</summary>
    public int ControlWord { get; internal set; }

    /// <summary>True while it is blocked.</summary>
    public bool IsBlocked { get; internal set; }

    /// <summary>What it polls for: 0 nothing, -1 any port, else the one port.</summary>
    public int PollsFor { get; internal set; }

    /// <summary>The word of its control block that holds the ready bits. Only with a control block.</summary>
    public ref uint Ready => ref ControlFrame![ControlWord];

    /// <summary>A head in its control block. Only with one.</summary>
    public ref uint Head(int queue) =>
        ref ControlFrame![ControlWord + (EventChannel.ControlBlock.HeadBytes(queue) / 4)];
}
