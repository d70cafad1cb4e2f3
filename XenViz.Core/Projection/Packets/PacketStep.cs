using XenViz.Core.Abi;
using XenViz.Core.Devices.Network;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Network;
using XenViz.Core.Simulation;

namespace XenViz.Core.Projection.Packets;

/// <summary>What of a machine has to do with frames.</summary>
/// <param name="Machine">The machine.</param>
internal readonly record struct NetMachine(Machine Machine)
{
    /// <summary>Netback, bridge and the card's driver.</summary>
    public NetbackState Back => (NetbackState)Machine.Back!;

    /// <summary>The card and the wire.</summary>
    public Nic Nic => (Nic)Machine.Disk!;

    /// <summary>The frontend behind an interface, or null.</summary>
    public NetfrontState? FrontOf(int vif) =>
        (vif == 0 ? Machine.Front : vif == 1 ? Machine.PeerFront : null) as NetfrontState;

    /// <summary>The application behind an interface, or null.</summary>
    public NetApplicationState? AppOf(int vif) =>
        (vif == 0 ? Machine.Application : vif == 1 ? Machine.PeerApplication : null) as NetApplicationState;

    /// <summary>A shared index of a ring; 0 while there is none.</summary>
    public RingIndex Shared(Mfn ring, Field field) =>
        new((uint)(Machine.Frames.Find(ring)?.Page.Load(field.OffsetBytes, 4) ?? 0));
}

/// <summary>A row of a branch: the states around it.</summary>
/// <param name="before">The machine before it.</param>
/// <param name="after">The machine after it.</param>
/// <param name="position">The position after it.</param>
/// <param name="key">The row's listing and label.</param>
internal readonly struct PacketStep(Machine before, Machine after, int position, string key)
{
    /// <summary>Before the row.</summary>
    public NetMachine Before { get; } = new(before);

    /// <summary>After the row.</summary>
    public NetMachine After { get; } = new(after);

    /// <summary>The position after the row.</summary>
    public int Position { get; } = position;

    /// <summary>The row's listing and label.</summary>
    public string Key { get; } = key;

    /// <summary>The frontend behind an interface, after the row.</summary>
    public NetfrontState? FrontOf(int vif) => After.FrontOf(vif);

    /// <summary>The application behind an interface, before and after; null when the row left it alone.</summary>
    public (NetApplicationState Before, NetApplicationState After)? AppsOf(int vif) =>
        Before.AppOf(vif) is { } was && After.AppOf(vif) is { } now && !ReferenceEquals(was, now) ? (was, now) : null;
}
