using System.Numerics;
using XenViz.Core.Abi;
using XenViz.Core.Hypervisor.EventChannels;

namespace XenViz.Core.Drivers.Events;

/// <summary>
/// What a guest does to the words that it shares with Xen, on a <see cref="FlatDomain"/>: plain accesses that nobody
/// checks, and its two event handlers run to the end.
/// </summary>
public sealed class FlatGuest(FlatDomain domain)
{
    private readonly FifoQueues[] _queues = new FifoQueues[domain.Vcpus.Length];

    /// <summary>The queues of a vCPU as the guest knows them.</summary>
    public ref readonly FifoQueues QueuesOf(int vcpu) => ref _queues[vcpu];

    /// <summary>Sets or clears the mask of a port; nothing for a port without a bit or word.</summary>
    public void SetMask(uint port, bool masked) =>
        SetBit(domain.Mask, port, EventChannel.Fifo.MaskedBit, masked);

    /// <summary>Clears the pending bit of a port; nothing for a port without a bit or word.</summary>
    public void ClearPending(uint port) => SetBit(domain.Pending, port, EventChannel.Fifo.PendingBit, false);

    /// <summary>Takes a vCPU's selector, which is 0 then.</summary>
    public ulong TakeSelector(int vcpu)
    {
        var selector = domain.Vcpus[vcpu].Selector;
        domain.Vcpus[vcpu].Selector = 0;
        return selector;
    }

    /// <summary>The 2-level handler of a vCPU: handles what is pending and not masked in the words that the selector
    /// names, from low to high, whichever vCPU the ports notify.</summary>
    public void Upcall(int vcpu, Action<uint> handle)
    {
        domain.Vcpus[vcpu].UpcallPending = false;
        for (var words = TakeSelector(vcpu); words != 0; words &= words - 1)
        {
            var word = BitOperations.TrailingZeroCount(words);
            for (var bits = domain.Pending[word] & ~domain.Mask[word]; bits != 0; bits &= bits - 1)
            {
                var bit = BitOperations.TrailingZeroCount(bits);
                domain.Pending[word] &= ~(1UL << bit);
                handle((uint)((word * domain.Limits.WordBits) + bit));
            }
        }
    }

    /// <summary>The FIFO handler of a vCPU.</summary>
    /// <param name="vcpu">Which.</param>
    /// <param name="most">Ports that it takes off queues at most.</param>
    /// <param name="forget">True to forget the own heads and ready bits first, as a guest that starts anew.</param>
    /// <param name="handle">Is told each port that was pending and not masked.</param>
    /// <returns>Ready bits that are left.</returns>
    public uint HandleQueues(int vcpu, long most, bool forget, Action<uint> handle)
    {
        var memory = new Memory(domain, vcpu);
        ref var queues = ref _queues[vcpu];
        if (forget)
        {
            queues = default;
        }

        queues.Step = FifoHandlerStep.Lower;
        for (var left = most; queues.Step != FifoHandlerStep.Done;)
        {
            if (queues.Step is FifoHandlerStep.LoadHead or FifoHandlerStep.Unlink && left == 0)
            {
                break;
            }

            left -= queues.Step == FifoHandlerStep.Unlink ? 1 : 0;
            if (queues.Next(ref memory) is var port && port != 0)
            {
                handle(port);
            }
        }

        return queues.Ready;
    }

    private void SetBit(ulong[] bitmap, uint port, int bit, bool value)
    {
        if (domain.Words is not null)
        {
            if (domain.WordOf(port) is { } word)
            {
                domain.Word(port) = value ? word | (1u << bit) : word & ~(1u << bit);
            }
        }
        else if (port < domain.Limits.TwoLevelPorts)
        {
            var at = 1UL << (int)(port % (uint)domain.Limits.WordBits);
            ref var word = ref bitmap[port / (uint)domain.Limits.WordBits];
            word = value ? word | at : word & ~at;
        }
    }

    private readonly struct Memory(FlatDomain domain, int vcpu) : IFifoGuest
    {
        public void LowerUpcall() => domain.Vcpus[vcpu].UpcallPending = false;

        public uint TakeReady()
        {
            if (domain.Vcpus[vcpu].ControlFrame is null)
            {
                return 0;
            }

            var ready = domain.Vcpus[vcpu].Ready;
            domain.Vcpus[vcpu].Ready = 0;
            return ready;
        }

        public uint LoadHead(int queue) =>
            domain.Vcpus[vcpu].ControlFrame is null ? 0 : domain.Vcpus[vcpu].Head(queue);

        public uint Unlink(uint port)
        {
            const uint Kept = ~((1u << EventChannel.Fifo.LinkedBit) | EventChannel.Fifo.LinkMask);
            var word = domain.WordOf(port);
            if (word is { } found)
            {
                domain.Word(port) = found & Kept;
            }

            return word ?? 0;
        }

        public uint LoadWord(uint port) => domain.WordOf(port) ?? 0;

        public void ClearPending(uint port) => domain.Word(port) &= ~(1u << EventChannel.Fifo.PendingBit);
    }
}
