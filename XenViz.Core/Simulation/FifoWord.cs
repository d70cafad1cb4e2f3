using XenViz.Core.Abi;

namespace XenViz.Core.Simulation;

/// <summary>Where the words of a domain's FIFO ABI lie in memory, and what they hold.</summary>
public static class FifoWord
{
    /// <summary>Where a port's event word lies; null when the domain has none for it.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="port">The port.</param>
    public static (Mfn Mfn, int OffsetBytes)? PlaceOf(Domain domain, Port port)
    {
        var page = port.Value / EventChannel.Fifo.WordsPerPage;
        return page < domain.Events.WordFrames.Length
            ? (domain.Events.WordFrames[(int)page], (int)(port.Value % EventChannel.Fifo.WordsPerPage) * 4)
            : null;
    }

    /// <summary>Where a vCPU's control block lies; null when it has none.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="vcpu">The vCPU.</param>
    public static (Mfn Mfn, int OffsetBytes)? BlockOf(Domain domain, int vcpu)
    {
        var blocks = domain.Events.ControlBlocks;
        return vcpu < blocks.Length && blocks[vcpu] != 0
            ? (new Mfn(blocks[vcpu] >> PageSize.Shift), (int)(blocks[vcpu] % PageSize.Bytes))
            : null;
    }

    /// <summary>A port's event word; 0 when it has none.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="id">Whose.</param>
    /// <param name="port">The port.</param>
    public static uint Load(Machine machine, DomId id, Port port) =>
        machine.Find(id) is { } domain && PlaceOf(domain, port) is var (mfn, at)
            ? (uint)machine.Frames[mfn].Page.Load(at, 4)
            : 0;

    /// <summary>True when a port is pending, in the ABI of its domain.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="id">Whose.</param>
    /// <param name="port">The port.</param>
    public static bool IsPending(Machine machine, DomId id, Port port)
    {
        var domain = machine[id];
        if (domain.Events.IsFifo)
        {
            return (Load(machine, id, port) & (1u << EventChannel.Fifo.PendingBit)) != 0;
        }

        var info = machine.Frames[domain.SharedInfo].Page;
        return (info.Load(Xen.SharedInfo.PendingByteOf(port).OffsetBytes, 1) & (1UL << (port.Bit % 8))) != 0;
    }
}
