using XenViz.Core.Abi;
using XenViz.Core.Simulation;

namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>A <see cref="FlatEvents"/> as the rules see it: a struct, so that calls are direct.</summary>
public readonly struct FlatEventWorld(FlatEvents events) : IEventWorld
{
    /// <inheritdoc/>
    public int Domains => events.Domains.Count;

    /// <inheritdoc/>
    public int Find(DomId id) => events.Find(id);

    /// <inheritdoc/>
    public DomId IdOf(int domain) => events.Of(domain).Id;

    /// <inheritdoc/>
    public EventLimits LimitsOf(int domain) => events.Of(domain).Limits;

    /// <inheritdoc/>
    public bool MayUsePirq(int domain, uint pirq) => events.Of(domain).AllowedPirqs.Contains(pirq);

    /// <inheritdoc/>
    public bool IsPaused(int domain) => events.Of(domain).Pauses > 0;

    /// <inheritdoc/>
    public bool IsDying(int domain) => events.Of(domain).IsDying;

    /// <inheritdoc/>
    public bool ShouldYield() => events.Yields;

    /// <inheritdoc/>
    public uint PortsOf(int domain) => (uint)events.Of(domain).Channels.Length;

    /// <inheritdoc/>
    public void AddBucket(int domain)
    {
        var d = events.Of(domain);
        var more = d.Channels;
        Array.Resize(ref more, more.Length + EventChannel.PortsPerBucket);
        d.Channels = more;
    }

    /// <inheritdoc/>
    public Channel ChannelOf(int domain, uint port) => events.Of(domain).Channels[port];

    /// <inheritdoc/>
    public void Put(int domain, uint port, in Channel channel) => events.Of(domain).Channels[port] = channel;

    /// <inheritdoc/>
    public uint VirqPort(int domain, int vcpu, int virq) => events.Of(domain).Vcpus[vcpu].VirqPorts[virq];

    /// <inheritdoc/>
    public void SetVirqPort(int domain, int vcpu, int virq, uint port) =>
        events.Of(domain).Vcpus[vcpu].VirqPorts[virq] = port;

    /// <inheritdoc/>
    public uint PirqPort(int domain, uint pirq) => events.Of(domain).PirqPorts[pirq];

    /// <inheritdoc/>
    public void SetPirqPort(int domain, uint pirq, uint port) => events.Of(domain).PirqPorts[pirq] = port;

    /// <inheritdoc/>
    public int ChosenHandler(int virq) => events.Handlers[virq];

    /// <inheritdoc/>
    public void ChooseHandler(int virq, int domain) => events.Handlers[virq] = domain;

    /// <inheritdoc/>
    public uint ResetAt(int domain) => events.Of(domain).ResetAt;

    /// <inheritdoc/>
    public void SetResetAt(int domain, uint port) => events.Of(domain).ResetAt = port;

    /// <inheritdoc/>
    public bool TestAndSetPending(int domain, uint port)
    {
        var d = events.Of(domain);
        return TestAndSet(ref d.Pending[port >> d.WordShift], 1UL << (int)(port & (uint)(d.Limits.WordBits - 1)));
    }

    /// <inheritdoc/>
    public bool TestPending(int domain, uint port)
    {
        var d = events.Of(domain);
        return (d.Pending[port >> d.WordShift] & (1UL << (int)(port & (uint)(d.Limits.WordBits - 1)))) != 0;
    }

    /// <inheritdoc/>
    public void ClearPending(int domain, uint port)
    {
        var d = events.Of(domain);
        d.Pending[port >> d.WordShift] &= ~(1UL << (int)(port & (uint)(d.Limits.WordBits - 1)));
    }

    /// <inheritdoc/>
    public bool TestMask(int domain, uint port)
    {
        var d = events.Of(domain);
        return (d.Mask[port >> d.WordShift] & (1UL << (int)(port & (uint)(d.Limits.WordBits - 1)))) != 0;
    }

    /// <inheritdoc/>
    public bool TestAndClearMask(int domain, uint port)
    {
        var d = events.Of(domain);
        var was = TestMask(domain, port);
        d.Mask[port >> d.WordShift] &= ~(1UL << (int)(port & (uint)(d.Limits.WordBits - 1)));
        return was;
    }

    /// <inheritdoc/>
    public bool TestAndSetSelector(int domain, int vcpu, uint word)
    {
        var v = events.Of(domain).Vcpus[vcpu];
        var was = (v.Selector & (1UL << (int)word)) != 0;
        v.Selector |= 1UL << (int)word;
        return was;
    }

    /// <inheritdoc/>
    public bool TestAndSetUpcall(int domain, int vcpu)
    {
        var v = events.Of(domain).Vcpus[vcpu];
        var was = v.UpcallPending;
        v.UpcallPending = true;
        return was;
    }

    /// <inheritdoc/>
    public bool TestUpcall(int domain, int vcpu) => events.Of(domain).Vcpus[vcpu].UpcallPending;

    /// <inheritdoc/>
    public bool TestUpcallMask(int domain, int vcpu) => events.Of(domain).Vcpus[vcpu].UpcallMask != 0;

    /// <inheritdoc/>
    public void ClearUpcallMask(int domain, int vcpu) => events.Of(domain).Vcpus[vcpu].UpcallMask = 0;

    /// <inheritdoc/>
    public bool IsFifo(int domain) => events.Of(domain).Words is not null;

    /// <inheritdoc/>
    public void BeginFifo(int domain) => events.Of(domain).Words = [];

    /// <inheritdoc/>
    public void EndFifo(int domain)
    {
        var d = events.Of(domain);
        d.Words = null;
        foreach (var v in d.Vcpus)
        {
            v.ControlFrame = null;
            Array.Clear(v.Tails);
        }
    }

    /// <inheritdoc/>
    public uint WordsOf(int domain) =>
        events.Of(domain).Words is { } pages ? (uint)(pages.Count * EventChannel.Fifo.WordsPerPage) : 0;

    /// <inheritdoc/>
    public bool CanMap(int domain, Gfn gfn) => events.Of(domain).Frames.ContainsKey(gfn.Value);

    /// <inheritdoc/>
    public void AddWords(int domain, Gfn gfn) => events.Of(domain).Words!.Add(events.Of(domain).Frames[gfn.Value]);

    /// <inheritdoc/>
    public bool HasControl(int domain, int vcpu) => events.Of(domain).Vcpus[vcpu].ControlFrame is not null;

    /// <inheritdoc/>
    public void MapControl(int domain, int vcpu, Gfn gfn, uint offset)
    {
        var v = events.Of(domain).Vcpus[vcpu];
        v.ControlFrame = events.Of(domain).Frames[gfn.Value];
        v.ControlWord = (int)offset / 4;
    }

    /// <inheritdoc/>
    public uint TailOf(int domain, int vcpu, int queue) => events.Of(domain).Vcpus[vcpu].Tails[queue];

    /// <inheritdoc/>
    public void SetTail(int domain, int vcpu, int queue, uint port) =>
        events.Of(domain).Vcpus[vcpu].Tails[queue] = port;

    /// <inheritdoc/>
    public uint LoadWord(int domain, uint port) => events.Of(domain).Word(port);

    /// <inheritdoc/>
    public bool TestAndSetWord(int domain, uint port, int bit)
    {
        ref var word = ref events.Of(domain).Word(port);
        var was = (word & (1u << bit)) != 0;
        word |= 1u << bit;
        return was;
    }

    /// <inheritdoc/>
    public void ClearWord(int domain, uint port, int bit) => events.Of(domain).Word(port) &= ~(1u << bit);

    /// <inheritdoc/>
    public bool ExchangeWord(int domain, uint port, uint expected, uint value)
    {
        ref var word = ref events.Of(domain).Word(port);
        var same = word == expected;
        word = same ? value : word;
        return same;
    }

    /// <inheritdoc/>
    public void StoreHead(int domain, int vcpu, int queue, uint port) =>
        events.Of(domain).Vcpus[vcpu].Head(queue) = port;

    /// <inheritdoc/>
    public bool TestAndSetReady(int domain, int vcpu, int queue)
    {
        ref var ready = ref events.Of(domain).Vcpus[vcpu].Ready;
        var was = (ready & (1u << queue)) != 0;
        ready |= 1u << queue;
        return was;
    }

    /// <inheritdoc/>
    public ulong Pollers(int domain) => events.Of(domain).Pollers;

    /// <inheritdoc/>
    public void SetPollers(int domain, ulong pollers) => events.Of(domain).Pollers = pollers;

    /// <inheritdoc/>
    public int PollsFor(int domain, int vcpu) => events.Of(domain).Vcpus[vcpu].PollsFor;

    /// <inheritdoc/>
    public void SetPollsFor(int domain, int vcpu, int port) => events.Of(domain).Vcpus[vcpu].PollsFor = port;

    /// <inheritdoc/>
    public bool IsBlocked(int domain, int vcpu) => events.Of(domain).Vcpus[vcpu].IsBlocked;

    /// <inheritdoc/>
    public void SetBlocked(int domain, int vcpu, bool blocked) => events.Of(domain).Vcpus[vcpu].IsBlocked = blocked;

    /// <inheritdoc/>
    public void Kicked(int domain, int vcpu, bool wasBlocked) => Note(events.Upcalls, (domain, vcpu));

    /// <inheritdoc/>
    public void Woken(int domain, int vcpu) => Note(events.Woken, (domain, vcpu));

    /// <inheritdoc/>
    public void XenNotified(int domain, uint port) => Note(events.XenNotified, (domain, port));

    private static bool TestAndSet(ref ulong word, ulong bit)
    {
        var was = (word & bit) != 0;
        word |= bit;
        return was;
    }

    private void Note<TNote>(List<TNote> notes, TNote note)
    {
        if (events.KeepsNotes)
        {
            notes.Add(note);
        }
    }
}
