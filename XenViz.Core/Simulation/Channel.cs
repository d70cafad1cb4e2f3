using XenViz.Core.Abi;

namespace XenViz.Core.Simulation;

/// <summary>One end of an event channel, private to Xen (<c>struct evtchn</c>).</summary>
/// <param name="State">Its state.</param>
/// <param name="RemoteDomain">UNBOUND: who is awaited; INTERDOMAIN: whose the other end is.</param>
/// <param name="RemotePort">INTERDOMAIN: the other end.</param>
public readonly record struct Channel(ChannelState State, DomId RemoteDomain = default, Port RemotePort = default)
{
    /// <summary>VIRQ and PIRQ: the number of the interrupt.</summary>
    public uint Interrupt { get; init; }

    /// <summary>The vCPU that is notified.</summary>
    public ushort Vcpu { get; init; }

    /// <summary>FIFO: the vCPU of the queue that the port was last put on.</summary>
    public ushort LastVcpu { get; init; }

    /// <summary>FIFO: the priority, 0 to 15, for future events.</summary>
    public byte Priority { get; init; }

    /// <summary>FIFO: the priority of the queue that the port was last put on.</summary>
    public byte LastPriority { get; init; }

    /// <summary>True when this end belongs to code inside Xen.</summary>
    public bool IsXens { get; init; }

    /// <summary>FIFO: an event came before the port had an event word. Never forgotten.</summary>
    public bool SavedPending { get; init; }

    /// <summary>True for a port that can carry an event of the guest (<c>evtchn_usable</c>).</summary>
    public bool IsUsable => !IsXens && State > ChannelState.Reserved;

    internal void AddTo(ref Hasher h)
    {
        h.Add((int)State);
        h.Add(RemoteDomain.Value);
        h.Add(RemotePort.Value);
        h.Add(Interrupt);
        h.Add(Vcpu);
        h.Add(LastVcpu);
        h.Add(Priority);
        h.Add(LastPriority);
        h.Add(IsXens);
        h.Add(SavedPending);
    }
}
