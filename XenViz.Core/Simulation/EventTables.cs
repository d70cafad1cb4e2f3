using System.Collections.Immutable;
using XenViz.Core.Abi;

namespace XenViz.Core.Simulation;

/// <summary>
/// What Xen keeps of a domain's event channels beside the ports' records (<c>struct domain</c>, <c>struct vcpu</c>,
/// <c>struct evtchn_fifo_domain</c>). Arrays may be shorter than what they are indexed by: the rest is 0.
/// </summary>
public sealed record EventTables
{
    /// <summary>Those of a domain with one vCPU and no limit of its own.</summary>
    public static EventTables Default { get; } = new();

    /// <summary>How many vCPUs it has, 1 to 32: those whose info lies in the shared info page.</summary>
    public int Vcpus { get; init; } = 1;

    /// <summary>Bits in a word of its 2-level bitmaps: 64, or 32.</summary>
    public int WordBits { get; init; } = 64;

    /// <summary>The highest port number that it may allocate.</summary>
    public uint MaxPort { get; init; } = uint.MaxValue;

    /// <summary>True when it may act for others.</summary>
    public bool IsPrivileged { get; init; }

    /// <summary>Physical interrupts that exist for it.</summary>
    public uint Pirqs { get; init; }

    /// <summary>Those that it may use.</summary>
    public ImmutableArray<uint> AllowedPirqs { get; init; } = [];

    /// <summary>Ports that have a record, at least; more when there are more channels.</summary>
    public uint Ports { get; init; } = EventChannel.PortsPerBucket;

    /// <summary>True while a controller keeps it paused.</summary>
    public bool IsPaused { get; init; }

    /// <summary>True once it is dying.</summary>
    public bool IsDying { get; init; }

    /// <summary>Global virtual interrupts that it was chosen for, bit by bit.</summary>
    public uint HandledVirqs { get; init; }

    /// <summary>Where a reset under way goes on, or 0.</summary>
    public uint ResetAt { get; init; }

    /// <summary>Ports of virtual interrupts; index = vCPU * 24 + VIRQ.</summary>
    public ImmutableArray<uint> VirqPorts { get; init; } = [];

    /// <summary>Ports of physical interrupts.</summary>
    public ImmutableArray<uint> PirqPorts { get; init; } = [];

    /// <summary>True with the FIFO ABI.</summary>
    public bool IsFifo { get; init; }

    /// <summary>FIFO: the frames of event words.</summary>
    public ImmutableArray<Mfn> WordFrames { get; init; } = [];

    /// <summary>FIFO: machine addresses of the vCPUs' control blocks, 0 for none.</summary>
    public ImmutableArray<ulong> ControlBlocks { get; init; } = [];

    /// <summary>FIFO: the last port of each queue; index = vCPU * 16 + queue.</summary>
    public ImmutableArray<uint> Tails { get; init; } = [];

    /// <summary>FIFO: queues whose lock a delivery holds, between its rows; vCPU * 16 + queue.</summary>
    public ImmutableSortedSet<int> LockedQueues { get; init; } = [];

    /// <summary>vCPUs that poll, bit by bit.</summary>
    public ulong Pollers { get; init; }

    /// <summary>What they poll for: 0 nothing, -1 any port, else the port.</summary>
    public ImmutableArray<int> PollsFor { get; init; } = [];

    /// <summary>vCPUs that are blocked, bit by bit; of vCPU 0 see <see cref="Domain.Blocked"/>.</summary>
    public ulong BlockedVcpus { get; init; }

    internal void AddTo(ref Hasher h)
    {
        h.Add(Vcpus);
        h.Add(WordBits);
        h.Add(MaxPort);
        h.Add(IsPrivileged);
        h.Add(Pirqs);
        Add(ref h, AllowedPirqs);
        h.Add(Ports);
        h.Add(IsPaused);
        h.Add(IsDying);
        h.Add(HandledVirqs);
        h.Add(ResetAt);
        Add(ref h, VirqPorts);
        Add(ref h, PirqPorts);
        h.Add(IsFifo);
        h.Add(WordFrames.Length);
        foreach (var frame in WordFrames)
        {
            h.Add(frame.Value);
        }

        h.Add(ControlBlocks.Length);
        foreach (var block in ControlBlocks)
        {
            h.Add(block);
        }

        Add(ref h, Tails);
        h.Add(LockedQueues.Count);
        foreach (var queue in LockedQueues)
        {
            h.Add(queue);
        }

        h.Add(Pollers);
        h.Add(PollsFor.Length);
        foreach (var port in PollsFor)
        {
            h.Add(port);
        }

        h.Add(BlockedVcpus);
    }

    private static void Add(ref Hasher h, ImmutableArray<uint> ports)
    {
        h.Add(ports.Length);
        foreach (var port in ports)
        {
            h.Add(port);
        }
    }
}
