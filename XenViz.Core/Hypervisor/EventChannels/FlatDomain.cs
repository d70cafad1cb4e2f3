using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>
/// One domain of a <see cref="FlatEvents"/>: plain arrays that change in place. Frames that the guest may hand over are
/// 1024 words of 32 bits each.
/// </summary>
public sealed class FlatDomain
{
    internal FlatDomain(DomId id, EventLimits limits, IEnumerable<uint> pirqs, IEnumerable<ulong> frames, bool masked)
    {
        Id = id;
        Limits = limits;
        WordShift = limits.WordBits == 64 ? 6 : 5;
        Pending = new ulong[limits.WordBits];
        Mask = new ulong[limits.WordBits];
        if (masked)
        {
            Array.Fill(Mask, limits.WordBits == 64 ? ulong.MaxValue : uint.MaxValue);
        }

        Vcpus = new FlatVcpu[limits.Vcpus];
        for (var v = 0; v < Vcpus.Length; v++)
        {
            Vcpus[v] = new FlatVcpu();
        }

        PirqPorts = new uint[limits.Pirqs];
        AllowedPirqs = [.. pirqs];
        foreach (var frame in frames)
        {
            Frames[frame] = new uint[EventChannel.Fifo.WordsPerPage];
        }

        Channels[0] = new Channel(ChannelState.Reserved);
    }

    /// <summary>Its id.</summary>
    public DomId Id { get; }

    /// <summary>What is fixed about it.</summary>
    public EventLimits Limits { get; }

    /// <summary>Its ports' records; as long as there are any.</summary>
    public Channel[] Channels { get; internal set; } = new Channel[EventChannel.PortsPerBucket];

    /// <summary>The pending bitmap, a word of the guest's width in each element.</summary>
    public ulong[] Pending { get; }

    /// <summary>The mask bitmap, likewise.</summary>
    public ulong[] Mask { get; }

    /// <summary>Its vCPUs.</summary>
    public FlatVcpu[] Vcpus { get; }

    /// <summary>Frames that it may hand over, by frame number.</summary>
    public Dictionary<ulong, uint[]> Frames { get; } = [];

    /// <summary>Pages of event words, or null with the 2-level ABI.</summary>
    public List<uint[]>? Words { get; internal set; }

    /// <summary>The vCPUs that poll, bit by bit.</summary>
    public ulong Pollers { get; internal set; }

    /// <summary>How often controllers have paused it.</summary>
    public int Pauses { get; set; }

    /// <summary>True once it is dying.</summary>
    public bool IsDying { get; internal set; }

    /// <summary>True once it is gone.</summary>
    public bool IsGone { get; internal set; }

    internal int WordShift { get; }

    internal uint ResetAt { get; set; }

    internal uint[] PirqPorts { get; }

    internal HashSet<uint> AllowedPirqs { get; }

    /// <summary>The event word of a port, or null when there is none.</summary>
    public uint? WordOf(uint port) =>
        Words is { } pages && port / EventChannel.Fifo.WordsPerPage < pages.Count ? Word(port) : null;

    internal ref uint Word(uint port) =>
        ref Words![(int)(port / EventChannel.Fifo.WordsPerPage)][port % EventChannel.Fifo.WordsPerPage];
}
