using XenViz.Core.Abi;

namespace XenViz.Core.Hypervisor.EventChannels;

/// <summary>
/// How Xen raises a port with the FIFO ABI (<c>event_fifo.c evtchn_fifo_set_pending</c>,
/// <c>evtchn_fifo_set_link</c>), at
/// most one shared access a step. The value is what Xen keeps in registers meanwhile.
/// </summary>
public struct FifoRaise
{
    /// <summary>What comes next.</summary>
    public FifoStep Step;

    /// <summary>True when PENDING was set before: then no poller is woken.</summary>
    public bool WasPending;

    /// <summary>True when the link of the tail was written, so that the queue was not empty.</summary>
    public bool IsLinked;

    /// <summary>True while the tail's word is marked busy.</summary>
    public bool IsBusy;

    /// <summary>Compare and exchanges of the tail's link that are left once it is busy.</summary>
    public byte Tries;

    /// <summary>The queue: the port's priority when the delivery began, 0 to 15.</summary>
    public byte Queue;

    /// <summary>The tail of the queue, or 0.</summary>
    public uint Tail;

    /// <summary>The word of the tail as it was loaded.</summary>
    public uint TailWord;

    /// <summary>All steps.</summary>
    public static void Run<T>(ref T world, int domain, uint port, int vcpu)
        where T : struct, IEventWorld, allows ref struct
    {
        var raise = default(FifoRaise);
        while (raise.Step != FifoStep.Done)
        {
            raise.Next(ref world, domain, port, vcpu);
        }
    }

    /// <summary>One step.</summary>
    public void Next<T>(ref T world, int domain, uint port, int vcpu)
        where T : struct, IEventWorld, allows ref struct
    {
        switch (Step)
        {
            case FifoStep.Begin:
                Begin(ref world, domain, port, vcpu);
                break;
            case FifoStep.SetPending:
                WasPending = world.TestAndSetWord(domain, port, EventChannel.Fifo.PendingBit);
                Step = FifoStep.TestMask;
                break;
            case FifoStep.TestMask:
                Go(ref world, domain, port, !Has(world.LoadWord(domain, port), EventChannel.Fifo.MaskedBit));
                break;
            case FifoStep.SetLinked:
                SetLinked(ref world, domain, port, vcpu);
                break;
            case FifoStep.LoadTail or FifoStep.LinkTail or FifoStep.SetBusy or FifoStep.ClearBusy:
                Link(ref world, domain, port, vcpu);
                break;
            case FifoStep.StoreHead:
                world.StoreHead(domain, vcpu, Queue, port);
                world.SetTail(domain, vcpu, Queue, port);
                Step = FifoStep.SetReady;
                break;
            case FifoStep.SetReady:
                Go(ref world, domain, port, !world.TestAndSetReady(domain, vcpu, Queue));
                break;
            case FifoStep.SetUpcall:
                Go(ref world, domain, port, !world.TestAndSetUpcall(domain, vcpu));
                break;
            default:
                EventWaits.Kick(ref world, domain, vcpu);
                Go(ref world, domain, port, false);
                break;
        }
    }

    private static bool Has(uint word, int bit) => (word & (1u << bit)) != 0;

    private void Begin<T>(ref T world, int domain, uint port, int vcpu)
        where T : struct, IEventWorld, allows ref struct
    {
        var channel = world.ChannelOf(domain, port);
        Queue = channel.Priority;
        if (port >= world.WordsOf(domain))
        {
            // The page of its word may still come: expand_array raises what was remembered.
            world.Put(domain, port, channel with { SavedPending = true });
            Step = FifoStep.Done;
        }
        else
        {
            Step = world.HasControl(domain, vcpu) ? FifoStep.SetPending : FifoStep.Done;
        }
    }

    private void SetLinked<T>(ref T world, int domain, uint port, int vcpu)
        where T : struct, IEventWorld, allows ref struct
    {
        if (world.TestAndSetWord(domain, port, EventChannel.Fifo.LinkedBit))
        {
            Go(ref world, domain, port, false);
            return;
        }

        // A port that was taken off and is still noted as a tail must not be linked behind itself or from elsewhere.
        var channel = world.ChannelOf(domain, port);
        if (world.TailOf(domain, channel.LastVcpu, channel.LastPriority) == port)
        {
            world.SetTail(domain, channel.LastVcpu, channel.LastPriority, 0);
        }

        if (channel.LastVcpu != vcpu || channel.LastPriority != Queue)
        {
            world.Put(domain, port, channel with { LastVcpu = (ushort)vcpu, LastPriority = Queue });
        }

        Tail = world.TailOf(domain, vcpu, Queue);
        Step = Tail != 0 ? FifoStep.LoadTail : FifoStep.StoreHead;
    }

    private void Link<T>(ref T world, int domain, uint port, int vcpu)
        where T : struct, IEventWorld, allows ref struct
    {
        switch (Step)
        {
            case FifoStep.LoadTail:
                TailWord = world.LoadWord(domain, Tail);
                Step = Has(TailWord, EventChannel.Fifo.LinkedBit) ? FifoStep.LinkTail
                    : IsBusy ? FifoStep.ClearBusy
                    : FifoStep.StoreHead;
                break;
            case FifoStep.LinkTail:
                const uint Changed = (1u << EventChannel.Fifo.BusyBit) | EventChannel.Fifo.LinkMask;
                IsLinked = world.ExchangeWord(domain, Tail, TailWord, (TailWord & ~Changed) | port);
                Step = !IsBusy ? FifoStep.SetBusy : --Tries > 0 ? FifoStep.LoadTail : FifoStep.ClearBusy;
                if (IsLinked)
                {
                    world.SetTail(domain, vcpu, Queue, port);
                    Go(ref world, domain, port, false);
                }
                else if (Tries == 0 && IsBusy)
                {
                    // Xen gives up and counts it as linked.
                    IsLinked = true;
                }

                break;
            case FifoStep.SetBusy:
                world.TestAndSetWord(domain, Tail, EventChannel.Fifo.BusyBit);
                IsBusy = true;
                Tries = EventChannel.Fifo.LinkTries;
                Step = FifoStep.LoadTail;
                break;
            default:
                world.ClearWord(domain, Tail, EventChannel.Fifo.BusyBit);
                Step = FifoStep.StoreHead;
                if (IsLinked)
                {
                    world.SetTail(domain, vcpu, Queue, port);
                    Go(ref world, domain, port, false);
                }

                break;
        }
    }

    // On to the next step, or the end, where pollers are woken if the event is new.
    private void Go<T>(ref T world, int domain, uint port, bool on)
        where T : struct, IEventWorld, allows ref struct
    {
        if (on)
        {
            Step++;
            return;
        }

        Step = FifoStep.Done;
        if (!WasPending)
        {
            EventWaits.WakePollers(ref world, domain, port);
        }
    }
}
