using XenViz.Core.Abi;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Events;

/// <summary>A domain's event handlers, one each ABI: what a port means to the domain is the same for both.</summary>
public sealed class EventHandlers
{
    private readonly DomId _domain;
    private readonly UpcallHandler _twoLevel;
    private readonly FifoHandler _fifo;

    /// <summary>Makes the handlers.</summary>
    /// <param name="domain">The domain; its vCPU 0 is the one that is called.</param>
    /// <param name="lane">Whose listings they are.</param>
    /// <param name="handler">What is done with each port.</param>
    /// <param name="begins">The part of the story that an upcall begins.</param>
    /// <param name="partOf">The part that serving a port belongs to.</param>
    public EventHandlers(
        DomId domain, Actor lane, PortHandler handler, Func<Machine, Phase> begins, Func<Port, Phase> partOf)
    {
        _domain = domain;
        _twoLevel = new(domain, lane, handler, begins, partOf);
        _fifo = new(domain, 0, lane, handler, begins, partOf);
    }

    /// <summary>The listing of an ABI.</summary>
    /// <param name="fifo">True for FIFO, false for 2-level.</param>
    public IListing ListingOf(bool fifo) => fifo ? _fifo.Listing : _twoLevel.Listing;

    /// <summary>An upcall that interrupts what runs, in the ABI of the domain.</summary>
    public Activation Interrupt(Machine machine, Activation interrupted) => machine[_domain].Events.IsFifo
        ? _fifo.Interrupt(machine, interrupted)
        : _twoLevel.Interrupt(machine, interrupted);
}
