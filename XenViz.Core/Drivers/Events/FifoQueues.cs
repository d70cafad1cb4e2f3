using System.Numerics;
using System.Runtime.CompilerServices;
using XenViz.Core.Abi;

namespace XenViz.Core.Drivers.Events;

/// <summary>The heads of a vCPU's queues as its handler knows them; 0 where the control block has it.</summary>
[InlineArray(EventChannel.Fifo.Queues)]
public struct FifoHeads
{
    private uint _first;
}

/// <summary>
/// A guest's handling of its FIFO queues (Linux <c>events_fifo.c __evtchn_fifo_handle_events</c>,
/// <c>consume_one_event</c>), one shared access a step. Ready bits and heads live on between upcalls.
/// </summary>
public struct FifoQueues
{
    /// <summary>Queues that are known to hold ports, bit by bit.</summary>
    public uint Ready;

    /// <summary>The first ports of queues that were begun.</summary>
    public FifoHeads Heads;

    /// <summary>What comes next.</summary>
    public FifoHandlerStep Step;

    /// <summary>The queue at work.</summary>
    public byte Queue;

    /// <summary>The port at work.</summary>
    public uint Port;

    /// <summary>One step.</summary>
    /// <returns>The port to handle now, or 0.</returns>
    public uint Next<T>(ref T guest)
        where T : struct, IFifoGuest, allows ref struct
    {
        switch (Step)
        {
            case FifoHandlerStep.Lower:
                guest.LowerUpcall();
                Step = FifoHandlerStep.TakeReady;
                return 0;
            case FifoHandlerStep.TakeReady:
                Ready |= guest.TakeReady() & 0xFFFF;
                Pick();
                return 0;
            case FifoHandlerStep.LoadHead:
                Port = guest.LoadHead(Queue);
                Step = FifoHandlerStep.Unlink;
                return 0;
            case FifoHandlerStep.Unlink:
                var link = guest.Unlink(Port) & EventChannel.Fifo.LinkMask;
                Heads[Queue] = link;
                Ready &= link == 0 ? ~(1u << Queue) : ~0u;
                Step = FifoHandlerStep.Test;
                return 0;
            case FifoHandlerStep.Test:
                const uint Looked = (1u << EventChannel.Fifo.PendingBit) | (1u << EventChannel.Fifo.MaskedBit);
                var due = (guest.LoadWord(Port) & Looked) == 1u << EventChannel.Fifo.PendingBit;
                Step = due ? FifoHandlerStep.Clear : FifoHandlerStep.TakeReady;
                return 0;
            default:
                guest.ClearPending(Port);
                Step = FifoHandlerStep.TakeReady;
                return Port;
        }
    }

    // The lowest bit is the highest priority; looked at anew for every port, so that it comes in between.
    private void Pick()
    {
        if (Ready == 0)
        {
            Step = FifoHandlerStep.Done;
            return;
        }

        Queue = (byte)BitOperations.TrailingZeroCount(Ready);
        Port = Heads[Queue];
        Step = Port == 0 ? FifoHandlerStep.LoadHead : FifoHandlerStep.Unlink;
    }
}
