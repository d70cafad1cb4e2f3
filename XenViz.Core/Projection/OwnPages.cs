using XenViz.Core.Abi;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Dma;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Events;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Pages of the driver domain's own that take part in a transfer: what a copy fills or is made from, and low
/// pages that stand for others.</summary>
internal static class OwnPages
{
    /// <summary>True when a run has such pages.</summary>
    public static bool In(Machine machine) => machine.Back switch
    {
        NetbackState => true,
        BlkbackState back => !back.OwnPages.IsEmpty || machine.Frames.Find(new Mfn(Swiotlb.FirstFrame)) is not null,
        _ => false,
    };

    /// <summary>The page on stage after a row.</summary>
    /// <param name="record">The row.</param>
    /// <param name="events">What happened in it.</param>
    /// <param name="after">The machine after it.</param>
    /// <param name="last">The page before it, of the same story; else null.</param>
    public static Mfn? After(StepRecord record, IReadOnlyList<MachineEvent> events, Machine after, Mfn? last) =>
        Among(events, after) ?? (Ends(record.Row) ? null : last);

    /// <summary>The page of the driver domain that bytes are copied out of or into, or that a device is told of; else
    /// null.</summary>
    /// <param name="events">What happened in a row.</param>
    /// <param name="after">The machine after it.</param>
    public static Mfn? Among(IReadOnlyList<MachineEvent> events, Machine after)
    {
        Mfn? found = null;
        foreach (var copied in events.OfType<MachineEvent.BytesCopied>())
        {
            found = IsOwn(after, copied.To) ? copied.To : IsOwn(after, copied.From) ? copied.From : found;
        }

        return found ?? (BusFrames.Of(events, after) is { } bus && IsOwn(after, bus) ? bus : null);
    }

    /// <summary>The reference of the guest's page that a page stands for while a request is served, or null.</summary>
    /// <param name="after">The machine.</param>
    /// <param name="own">A frame.</param>
    public static GrantRef? StandsFor(Machine after, Mfn own)
    {
        if (after.Back is not BlkbackState back || !IsOwn(after, own))
        {
            return null;
        }

        foreach (var segment in back.Pending.SelectMany(pending => pending.Segments))
        {
            Mfn? stands = segment.Slot < 0 ? null
                : back.OwnPages.IsEmpty ? new Mfn(Swiotlb.FirstFrame + (ulong)segment.Slot)
                : back.OwnPages[segment.Slot];
            if (stands == own)
            {
                return segment.Segment.Ref;
            }
        }

        return null;
    }

    /// <summary>True for a data page of the driver domain.</summary>
    public static bool IsOwn(Machine machine, Mfn? page) => page is { } mfn
        && machine.Frames.Find(mfn) is { Use: FrameUse.Data } frame && frame.Owner == World.Driver;

    // From the unmapping or the answer on, the transfer is over.
    private static bool Ends(RowInfo row) =>
        row.Label is "put_id" or "put_offset" or "push_new" or "unmap" or "recycle" or "tell";
}
