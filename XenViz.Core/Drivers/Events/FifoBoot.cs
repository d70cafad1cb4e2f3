using System.Buffers.Binary;
using XenViz.Core.Abi;
using XenViz.Core.Hypervisor;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Events;

/// <summary>
/// How a guest goes over to the FIFO ABI when it boots (Linux <c>events_fifo.c xen_evtchn_fifo_init</c>,
/// <c>evtchn_fifo_alloc_control_block</c>, <c>evtchn_fifo_setup</c>): it hands Xen a page for the control block of its
/// vCPU, then a page of event words that are all masked.
/// </summary>
public static class FifoBoot
{
    /// <summary>Does it, all at once: nothing else runs in the domain yet.</summary>
    /// <param name="draft">The machine.</param>
    /// <param name="id">The domain, a PV one.</param>
    /// <param name="control">The frame of the control block, its own.</param>
    /// <param name="words">The frame of the event words, its own.</param>
    /// <exception cref="InvalidOperationException">Xen refuses: the world was made wrong.</exception>
    public static void Run(Draft draft, DomId id, Mfn control, Mfn words)
    {
        Span<byte> init = stackalloc byte[EventChannel.InitControl.SizeBytes];
        init.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(
            init[EventChannel.InitControl.ControlGfn.OffsetBytes..], control.Value);
        Call(draft, id, EventChannel.Op.InitControl, init);

        Span<byte> page = stackalloc byte[PageSize.Bytes];
        for (var at = 0; at < PageSize.Bytes; at += 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(page[at..], 1u << EventChannel.Fifo.MaskedBit);
        }

        draft.Poke(words, 0, page);
        Span<byte> expand = stackalloc byte[EventChannel.ExpandArray.SizeBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(expand, words.Value);
        Call(draft, id, EventChannel.Op.ExpandArray, expand);
        OpenBound(draft, id);
    }

    /// <summary>Chooses the priority of a port (<c>EVTCHNOP_set_priority</c>).</summary>
    /// <param name="draft">The machine.</param>
    /// <param name="id">Whose port; a domain with the FIFO ABI.</param>
    /// <param name="port">The port, in use.</param>
    /// <param name="priority">0, served first, to 15.</param>
    public static void SetPriority(Draft draft, DomId id, Port port, int priority)
    {
        Span<byte> argument = stackalloc byte[EventChannel.SetPriority.SizeBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(argument, port.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(
            argument[EventChannel.SetPriority.Priority.OffsetBytes..], (uint)priority);
        Call(draft, id, EventChannel.Op.SetPriority, argument);
    }

    // Ports that have their handler are open: those of timers, other devices, and the disk's interrupt.
    private static void OpenBound(Draft draft, DomId id)
    {
        var domain = draft.Domain(id);
        for (var port = 1; port < domain.Channels.Length; port++)
        {
            if (domain.Channels[port].IsUsable && FifoWord.PlaceOf(domain, new Port((uint)port)) is var (mfn, at))
            {
                draft.Poke(mfn, at, 0, 4);
            }
        }
    }

    private static void Call(Draft draft, DomId id, uint command, Span<byte> argument)
    {
        if (EventChannelOps.Call(draft, id, command, argument) is var errno and not 0)
        {
            throw new InvalidOperationException(
                $"Domain {id} cannot have the FIFO ABI: command {command} gives {errno}.");
        }
    }
}
