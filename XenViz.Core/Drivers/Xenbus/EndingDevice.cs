using XenViz.Core.Abi;
using XenViz.Core.Devices;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Xenbus;

/// <summary>What differs between devices when the toolstack ends them.</summary>
public sealed record EndingDevice
{
    /// <summary>Its directories.</summary>
    public required DevicePaths Paths { get; init; }

    /// <summary>True when the driver domain may die: something is in flight, and the response index is reached.
    /// </summary>
    public required Func<RingIndex, Machine, bool> MayDie { get; init; }

    /// <summary>True when the application has finished and nothing is in flight.</summary>
    public required Func<Machine, bool> IsIdle { get; init; }

    /// <summary>True when the frontend has given its rings up.</summary>
    public required Func<Machine, bool> IsReleased { get; init; }

    /// <summary>The keys of the new directories.</summary>
    public required Func<Draft, IEnumerable<(string Path, string Value)>> Keys { get; init; }

    /// <summary>What goes before the new directories are made; null for nothing.</summary>
    public Func<XenStore, XenStore>? Clear { get; init; }

    /// <summary>The rows of its hotplug script.</summary>
    public required IEnumerable<Row<EndLocals>> Hotplug { get; init; }

    /// <summary>What the driver domain gets when it starts again, as the code tells it.</summary>
    public required string Given { get; init; }

    /// <summary>The function of the toolstack that adds the device.</summary>
    public required string Adds { get; init; }

    /// <summary>The function that takes it away.</summary>
    public required string Removes { get; init; }
}
