using XenViz.Core.Abi;

namespace XenViz.Core.Events;

/// <summary>What happened in one row, as facts. A closed union.</summary>
public abstract record MachineEvent
{
    private MachineEvent()
    {
    }

    /// <summary>The row's one access to memory that another party can see.</summary>
    /// <param name="Kind">Load, store or atomic.</param>
    /// <param name="Mfn">The frame.</param>
    /// <param name="Offset">Byte offset in the frame.</param>
    /// <param name="Before">The bytes before (for a load: the bytes loaded).</param>
    /// <param name="After">The bytes after.</param>
    public sealed record Accessed(AccessKind Kind, Mfn Mfn, int Offset, byte[] Before, byte[] After) : MachineEvent;

    /// <summary>A barrier.</summary>
    /// <param name="Fence">What it orders.</param>
    public sealed record Fenced(FenceKind Fence) : MachineEvent;

    /// <summary>A hypercall was made.</summary>
    /// <param name="Number">__HYPERVISOR_*.</param>
    /// <param name="Symbol">The operation's symbol, such as <c>EVTCHNOP_send</c>.</param>
    /// <param name="A">First number that matters: a port, a reference, a handle.</param>
    /// <param name="B">Second one: a domain, an address.</param>
    /// <param name="C">Third one: flags.</param>
    /// <param name="Count">Elements of a batch, else 1.</param>
    public sealed record HypercallMade(uint Number, string Symbol, ulong A, ulong B, ulong C, int Count) : MachineEvent;

    /// <summary>Xen looked the other end of a channel up.</summary>
    public sealed record ChannelLookedUp(DomId From, Port FromPort, DomId To, Port ToPort) : MachineEvent;

    /// <summary>A vCPU was woken, or (when it was not blocked) kicked.</summary>
    public sealed record Woken(DomId Domain, bool WasBlocked) : MachineEvent;

    /// <summary>A vCPU blocked, or went on because an event is pending.</summary>
    public sealed record Slept(DomId Domain, bool Blocked) : MachineEvent;

    /// <summary>Xen's use counts of a grant and its frame changed.</summary>
    public sealed record CountsChanged(
        DomId Granter, GrantRef Ref, Mfn Mfn, uint PinsBefore, uint PinsAfter, int RefsBefore, int RefsAfter,
        int TypesBefore, int TypesAfter) : MachineEvent;

    /// <summary>An IOMMU entry changed (or stayed as it was: no sync needed or other users).</summary>
    public sealed record IommuChanged(DomId Domain, Mfn Mfn, DeviceAccess Before, DeviceAccess After) : MachineEvent;

    /// <summary>A map ended with this status.</summary>
    public sealed record MapAnswered(DomId Mapper, DomId Granter, GrantRef Ref, uint Flags, short Status,
        GrantHandle Handle)
        : MachineEvent;

    /// <summary>A handle was given back.</summary>
    public sealed record HandleFreed(DomId Mapper, GrantHandle Handle) : MachineEvent;

    /// <summary>The TLB of a domain's CPUs was flushed.</summary>
    public sealed record TlbFlushed(DomId Domain, int Forgotten) : MachineEvent;

    /// <summary>A command was put in the device's queue.</summary>
    public sealed record CommandQueued(ulong Id, ulong BusAddress, int Bytes, ulong Sector, int Segments, bool ToMemory)
        : MachineEvent;

    /// <summary>The IOMMU answered a device.</summary>
    public sealed record IommuChecked(ulong BusAddress, bool Write, bool Allowed) : MachineEvent;

    /// <summary>The IOMMU stopped a device: the transfer is aborted and no CPU sees a page fault.</summary>
    /// <param name="Domain">Whose device.</param>
    /// <param name="BusAddress">The address.</param>
    /// <param name="Write">True when the device wanted to write memory.</param>
    /// <param name="Reason">5 write not permitted, 6 read not permitted (VT-d).</param>
    /// <param name="OffTheBus">True when Xen cleared the device's bus-master bit for it.</param>
    public sealed record DmaFaulted(DomId Domain, ulong BusAddress, bool Write, byte Reason, bool OffTheBus)
        : MachineEvent;

    /// <summary>The device moved bytes.</summary>
    public sealed record DmaMoved(DomId Domain, Mfn Mfn, int Offset, int Bytes, ulong Sector, bool ToMemory)
        : MachineEvent;

    /// <summary>The device raised its interrupt.</summary>
    public sealed record InterruptRaised(DomId Domain, Port Port, ulong Id, bool Ok) : MachineEvent;

    /// <summary>A push computed whether to notify: (new - event) &lt; (new - old), modulo 2^32.</summary>
    public sealed record Pushed(bool ByFront, uint Old, uint New, uint Event, bool Notify) : MachineEvent;

    /// <summary>The row is about this request of the frontend.</summary>
    public sealed record RequestTouched(ulong Id, uint Index, int Queue = 0) : MachineEvent;

    /// <summary>The frontend told the application that a request is done.</summary>
    public sealed record RequestFinished(ulong Id, bool Read, ulong Sector, int Sectors, Mfn[] Pages, short Status)
        : MachineEvent;

    /// <summary>A CPU copied bytes of payload from one page to another.</summary>
    /// <param name="Domain">On whose CPU.</param>
    /// <param name="Bytes">How many.</param>
    /// <param name="ByXen">True when Xen did it in a hypercall, false for a driver.</param>
    public sealed record BytesCopied(DomId Domain, int Bytes, bool ByXen) : MachineEvent
    {
        /// <summary>Out of which page, where that is one page.</summary>
        public Mfn? From { get; init; }

        /// <summary>Into which page, where that is one page.</summary>
        public Mfn? To { get; init; }
    }

    /// <summary>A vCPU gave its CPU to another one directly.</summary>
    public sealed record Switched(DomId From, DomId To) : MachineEvent;

    /// <summary>Keys were written to xenstore.</summary>
    public sealed record StoreWritten(string Path, string Value) : MachineEvent;

    /// <summary>A value that the row worked with, for its caption: <c>old</c>, <c>new</c>, <c>status</c> and so on.
    /// </summary>
    public sealed record Noted(string Name, long Value) : MachineEvent;

    /// <summary>The row came out in another way than the usual one: <c>coalesced</c>, <c>masked</c>, <c>no</c>, ...
    /// </summary>
    public sealed record Outcome(string Word) : MachineEvent;
}

/// <summary>What a barrier orders.</summary>
public enum FenceKind : byte
{
    /// <summary>Stores before stores (<c>xen_wmb</c>).</summary>
    Write,

    /// <summary>Loads before loads (<c>xen_rmb</c>).</summary>
    Read,

    /// <summary>Everything (<c>xen_mb</c>).</summary>
    Full,
}
