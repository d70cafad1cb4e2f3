using XenViz.Core.Abi;
using XenViz.Core.Events;
using XenViz.Core.Scenarios;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection;

/// <summary>Which frame a device is told to reach, which need not be the page on stage.</summary>
internal static class BusFrames
{
    /// <summary>The frame of another domain that the disk was aimed at though the backend has no mapping of it, or
    /// null.</summary>
    /// <param name="row">A row in which a command is queued or bytes move.</param>
    public static Mfn? AimedAt(PlayedRow row) => AimedAt(row.Events, row.After);

    /// <summary>As above, of a row that is being learned.</summary>
    /// <param name="events">What happened in it.</param>
    /// <param name="after">The machine after it.</param>
    public static Mfn? AimedAt(IReadOnlyList<MachineEvent> events, Machine after) =>
        after.Disk is Devices.Disk && Of(events, after) is { } frame && after.Frames.Find(frame) is { } aimed
            && aimed.Owner.Value != World.Driver.Value && PageMapProjector.WindowOf(after, frame) is null
            ? frame
            : null;

    /// <summary>True when the device works on a page of the driver domain, from or into which a CPU copies.</summary>
    /// <param name="row">A row in which a command is queued or bytes move.</param>
    public static bool IsOwn(PlayedRow row) => OwnPages.Among(row.Events, row.After) is not null;

    /// <summary>True when the disk reaches low memory only, and a low page stands in for the guest's.</summary>
    public static bool Bounces(PlayedRow row) =>
        row.After.Disk is Devices.Disk && row.After.Frames.Find(new Mfn(Drivers.Dma.Swiotlb.FirstFrame)) is not null;

    /// <summary>The frame that a row tells the device, asks the IOMMU about or lets the device reach, or null.
    /// </summary>
    public static Mfn? Of(PlayedRow row) => Of(row.Events, row.After);

    /// <summary>As above, of a row that is being learned.</summary>
    /// <param name="events">What happened in it.</param>
    /// <param name="after">The machine after it.</param>
    public static Mfn? Of(IReadOnlyList<MachineEvent> events, Machine after)
    {
        foreach (var happened in events)
        {
            switch (happened)
            {
                case MachineEvent.CommandQueued queued:
                    // The descriptor as the device has it: between driver and device the address may be another one.
                    var told = after.Disk is Devices.Disk { Current: { } current } ? current.BusAddress
                        : queued.BusAddress;
                    return new Mfn(told / PageSize.Bytes);
                case MachineEvent.IommuChecked check:
                    return new Mfn(check.BusAddress / PageSize.Bytes);
                case MachineEvent.DmaMoved moved:
                    return moved.Mfn;
            }
        }

        return null;
    }

    /// <summary>The values that texts about the bus are filled with.</summary>
    public static void AddTokens(Dictionary<string, string> tokens, PlayedRow row)
    {
        if (Of(row) is { } bus)
        {
            tokens["bus"] = Words.Hex(bus.Value);
            tokens["busAddress"] = Words.Hex(bus.Address(0));
        }

        if (row.Events.OfType<MachineEvent.IommuChanged>().Any(io => io.Before != io.After))
        {
            tokens["lets"] = "1";
        }
    }
}
