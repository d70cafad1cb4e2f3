using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>What is fixed about a domain, as far as event channels look at it.</summary>
/// <param name="Vcpus">How many vCPUs it has, 1 to 64.</param>
/// <param name="WordBits">Bits in a word of its 2-level bitmaps: 64, or 32 for a 32-bit guest.</param>
/// <param name="MaxPort">The highest port number that it may allocate (<c>max_evtchn_port</c>).</param>
/// <param name="Pirqs">Physical interrupts that exist for it, numbered from 0.</param>
/// <param name="IsPrivileged">True when it may act for others.</param>
/// <param name="IsPv">True for PV.</param>
public readonly record struct EventLimits(
    int Vcpus, int WordBits, uint MaxPort, uint Pirqs, bool IsPrivileged, bool IsPv)
{
    /// <summary>Ports that the 2-level ABI has bits for: 4096 or 1024.</summary>
    public uint TwoLevelPorts => (uint)(WordBits * WordBits);
}

/// <summary>
/// Xen's tables of event channels and the words that it shares with guests, as narrow as the rules need them. Domains
/// are indices into the world's own list. The rules are generic over the world: they exist once, whatever keeps the
/// state. Nothing here decides anything.
/// </summary>
public interface IEventWorld
{
    /// <summary>How many domains there are, gone ones included.</summary>
    int Domains { get; }

    /// <summary>The index of a domain, or -1 when there is none or it is gone. SELF is no domain.</summary>
    int Find(DomId id);

    /// <summary>The id of a domain.</summary>
    DomId IdOf(int domain);

    /// <summary>What is fixed about a domain.</summary>
    EventLimits LimitsOf(int domain);

    /// <summary>True when a domain may use a physical interrupt.</summary>
    bool MayUsePirq(int domain, uint pirq);

    /// <summary>True while a controller keeps the domain paused.</summary>
    bool IsPaused(int domain);

    /// <summary>True once the domain has begun to die: it gets no new ports.</summary>
    bool IsDying(int domain);

    /// <summary>True when a long operation should stop and go on later (<c>hypercall_preempt_check</c>).</summary>
    bool ShouldYield();

    /// <summary>Ports that have a record, a multiple of 64 (<c>valid_evtchns</c>).</summary>
    uint PortsOf(int domain);

    /// <summary>Adds a block of 64 free records.</summary>
    void AddBucket(int domain);

    /// <summary>A port's record.</summary>
    /// <param name="domain">Whose.</param>
    /// <param name="port">Below <see cref="PortsOf"/>.</param>
    Channel ChannelOf(int domain, uint port);

    /// <summary>Changes a port's record.</summary>
    void Put(int domain, uint port, in Channel channel);

    /// <summary>The port that a virtual interrupt of a vCPU is bound to, or 0.</summary>
    uint VirqPort(int domain, int vcpu, int virq);

    /// <summary>Changes it.</summary>
    void SetVirqPort(int domain, int vcpu, int virq, uint port);

    /// <summary>The port that a physical interrupt is bound to, or 0.</summary>
    uint PirqPort(int domain, uint pirq);

    /// <summary>Changes it.</summary>
    void SetPirqPort(int domain, uint pirq, uint port);

    /// <summary>The domain that was chosen to handle a global virtual interrupt, or -1.</summary>
    int ChosenHandler(int virq);

    /// <summary>Chooses it.</summary>
    void ChooseHandler(int virq, int domain);

    /// <summary>Where a reset under way goes on, or 0 when none is (<c>next_evtchn</c>).</summary>
    uint ResetAt(int domain);

    /// <summary>Changes it.</summary>
    void SetResetAt(int domain, uint port);

    /// <summary>Sets the pending bit (2-level). Returns what it was.</summary>
    bool TestAndSetPending(int domain, uint port);

    /// <summary>The pending bit (2-level).</summary>
    bool TestPending(int domain, uint port);

    /// <summary>Clears the pending bit (2-level).</summary>
    void ClearPending(int domain, uint port);

    /// <summary>The mask bit (2-level).</summary>
    bool TestMask(int domain, uint port);

    /// <summary>Clears the mask bit (2-level). Returns what it was.</summary>
    bool TestAndClearMask(int domain, uint port);

    /// <summary>Sets the bit of a word in a vCPU's selector. Returns what it was.</summary>
    bool TestAndSetSelector(int domain, int vcpu, uint word);

    /// <summary>Raises a vCPU's upcall flag. Returns what it was.</summary>
    bool TestAndSetUpcall(int domain, int vcpu);

    /// <summary>A vCPU's upcall flag.</summary>
    bool TestUpcall(int domain, int vcpu);

    /// <summary>True when a vCPU has masked upcalls.</summary>
    bool TestUpcallMask(int domain, int vcpu);

    /// <summary>Opens a vCPU for upcalls.</summary>
    void ClearUpcallMask(int domain, int vcpu);

    /// <summary>True for a domain that has switched to the FIFO ABI.</summary>
    bool IsFifo(int domain);

    /// <summary>Switches: no event words, no control blocks, all tails 0.</summary>
    void BeginFifo(int domain);

    /// <summary>Switches back: words, control blocks and tails are forgotten.</summary>
    void EndFifo(int domain);

    /// <summary>Event words that the domain has handed over, a multiple of 1024; 0 with the 2-level ABI.</summary>
    uint WordsOf(int domain);

    /// <summary>True when a frame is the domain's own and can be written.</summary>
    bool CanMap(int domain, Gfn gfn);

    /// <summary>Takes a frame as the next page of event words.</summary>
    void AddWords(int domain, Gfn gfn);

    /// <summary>True when a vCPU has a control block.</summary>
    bool HasControl(int domain, int vcpu);

    /// <summary>Takes a place as a vCPU's control block.</summary>
    void MapControl(int domain, int vcpu, Gfn gfn, uint offset);

    /// <summary>The last port of a queue as Xen remembers it, or 0.</summary>
    uint TailOf(int domain, int vcpu, int queue);

    /// <summary>Changes it.</summary>
    void SetTail(int domain, int vcpu, int queue, uint port);

    /// <summary>An event word.</summary>
    /// <param name="domain">Whose.</param>
    /// <param name="port">Below <see cref="WordsOf"/>.</param>
    uint LoadWord(int domain, uint port);

    /// <summary>Sets a bit of an event word. Returns what it was.</summary>
    bool TestAndSetWord(int domain, uint port, int bit);

    /// <summary>Clears a bit of an event word.</summary>
    void ClearWord(int domain, uint port, int bit);

    /// <summary>Stores into an event word if it still is what was expected.</summary>
    bool ExchangeWord(int domain, uint port, uint expected, uint value);

    /// <summary>Stores the head of a queue into the control block.</summary>
    void StoreHead(int domain, int vcpu, int queue, uint port);

    /// <summary>Sets a queue's ready bit. Returns what it was.</summary>
    bool TestAndSetReady(int domain, int vcpu, int queue);

    /// <summary>The vCPUs that poll, bit by bit (<c>poll_mask</c>).</summary>
    ulong Pollers(int domain);

    /// <summary>Changes them.</summary>
    void SetPollers(int domain, ulong pollers);

    /// <summary>What a vCPU polls for: 0 nothing, -1 any port, else the one port (<c>poll_evtchn</c>).</summary>
    int PollsFor(int domain, int vcpu);

    /// <summary>Changes it.</summary>
    void SetPollsFor(int domain, int vcpu, int port);

    /// <summary>True while a vCPU is blocked.</summary>
    bool IsBlocked(int domain, int vcpu);

    /// <summary>Changes it.</summary>
    void SetBlocked(int domain, int vcpu, bool blocked);

    /// <summary>Tells that a vCPU was kicked because its upcall flag rose.</summary>
    void Kicked(int domain, int vcpu, bool wasBlocked);

    /// <summary>Tells that a blocked vCPU runs again.</summary>
    void Woken(int domain, int vcpu);

    /// <summary>Tells that an event reached Xen's own end of a channel.</summary>
    void XenNotified(int domain, uint port);
}
