using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Drivers.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Scenarios;

/// <summary>The ABI of event channels that the domains of a world have. The toolstack's domain keeps 2-level.</summary>
internal static class EventWorld
{
    // The frames behind a domain's shared info page, and its own numbers for them.
    private const int WordsFrame = 1;
    private const int ControlFrame = 2;

    /// <summary>The listings that deliver events.</summary>
    /// <param name="fifo">True for FIFO, false for 2-level.</param>
    public static IEnumerable<IListing> Listings(bool fifo) => fifo
        ? [EventDelivery.Send, EventFifoDelivery.Raise, EventFifoUnmask.Listing, FifoUnmask.Guest, FifoUnmask.Driver]
        : [EventDelivery.Send, EventDelivery.Interrupt];

    /// <summary>The world with the run's ABI, before anything is connected.</summary>
    public static Machine WithAbi(Machine unconnected, RunParameters run)
    {
        if (run.Events != "fifo")
        {
            return unconnected;
        }

        var domains = unconnected.Domains.Where(d => d.Id != World.Dom0).ToList();
        var frames = domains.SelectMany(d => new[]
        {
            Frame(unconnected, d, WordsFrame, FrameUse.EventArray),
            Frame(unconnected, d, ControlFrame, FrameUse.EventControl),
        });
        var draft = new Draft(
            unconnected with { Frames = FrameTable.Of([.. unconnected.Frames.All(), .. frames]) }, null);
        foreach (var domain in domains)
        {
            Boot(draft, domain);
        }

        FifoBoot.SetPriority(draft, World.Driver, World.DiskPort, run.Priority);
        return draft.Done(unconnected.LastAgent);
    }

    /// <summary>A driver domain that starts again goes over to the ABI that it had before.</summary>
    /// <param name="draft">The machine, with the new domain in it.</param>
    /// <param name="old">The domain as it was.</param>
    public static void Reboot(Draft draft, Domain old)
    {
        if (!old.Events.IsFifo)
        {
            return;
        }

        foreach (var mfn in new[] { At(old, WordsFrame), At(old, ControlFrame) })
        {
            draft.Put(draft.Frames[mfn] with { Page = Page.Zero, References = 1, WritableUses = 0 });
        }

        Boot(draft, draft.Domain(old.Id));
        FifoBoot.SetPriority(draft, old.Id, World.DiskPort, old.Channels[(int)World.DiskPort.Value].Priority);
    }

    private static void Boot(Draft draft, Domain domain) =>
        FifoBoot.Run(draft, domain.Id, At(domain, ControlFrame), At(domain, WordsFrame));

    private static Mfn At(Domain domain, int frame) => new(domain.SharedInfo.Value + (ulong)frame);

    private static Frame Frame(Machine m, Domain domain, int frame, FrameUse use) => new(
        At(domain, frame), domain.Id, use, new Pfn(m.Frames[domain.SharedInfo].Pfn.Value + (ulong)frame), Page.Zero);
}
