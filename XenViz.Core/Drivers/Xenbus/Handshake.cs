using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Events;
using XenViz.Core.Hypervisor;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Drivers.Xenbus;

/// <summary>The locals of connecting: there is nothing to remember but the row.</summary>
public struct ConnectLocals : ILocals
{
    /// <inheritdoc/>
    public readonly Phase Phase => Phase.Connect;

    /// <inheritdoc/>
    public readonly void AddTo(ref Hasher hasher) => hasher.Add(1);
}

/// <summary>The two directories of one virtual disk, and what is common to the three who use them.</summary>
/// <param name="Guest">The frontend's domain.</param>
/// <param name="Driver">The backend's domain.</param>
public sealed record VbdPaths(DomId Guest, DomId Driver)
{
    /// <summary>The frontend's directory.</summary>
    public string Front => $"/local/domain/{Guest}/device/vbd/{Blkfront.DeviceNumber}";

    /// <summary>The backend's directory.</summary>
    public string Back => $"/local/domain/{Driver}/backend/vbd/{Guest}/{Blkfront.DeviceNumber}";

    /// <summary>True when an end's state is as given.</summary>
    public static bool Is(Machine machine, string directory, XenbusState state) =>
        ((XenStore)machine.Store!)[directory + "/state"] == Text(state);

    /// <summary>A state as the store holds it: a decimal number.</summary>
    public static string Text(XenbusState state) => ((int)state).ToString();

    /// <summary>Writes keys in one transaction: the row's one shared access.</summary>
    public static void Write(ref GuestCpu cpu, params ReadOnlySpan<(string Path, string Value)> keys)
    {
        cpu.Acknowledge();
        var store = (XenStore)cpu.Draft.Store!;
        foreach (var (path, value) in keys)
        {
            store = store.With((path, value));
            cpu.Draft.Say(new MachineEvent.StoreWritten(path, value));
        }

        cpu.Draft.Store = store;
    }
}

/// <summary>The toolstack's part of connecting a virtual disk (FACTS f.1, rows 1 and 3).</summary>
public static class Toolstack
{
    /// <summary>The listing.</summary>
    public static Listing<ConnectLocals> Listing(VbdPaths paths) => new(
        "toolstack", "libxl device_disk_add", Actor.Toolstack, false,
        [
            new()
            {
                Label = "create", Kind = AccessKind.XenStore, Cites = "libxl_disk.c device_disk_add",
                Text = "transaction: both directories, state = Initialising in both",
                Body = (ref ConnectLocals f, ref GuestCpu cpu) =>
                {
                    VbdPaths.Write(
                        ref cpu, (paths.Front + "/backend", paths.Back),
                            (paths.Front + "/backend-id", paths.Driver.ToString()),
                        (paths.Front + "/virtual-device", Blkfront.DeviceNumber.ToString()),
                        (paths.Front + "/device-type", "disk"),
                        (paths.Front + "/state", VbdPaths.Text(XenbusState.Initialising)),
                        (paths.Back + "/frontend", paths.Front), (paths.Back + "/frontend-id", paths.Guest.ToString()),
                        (paths.Back + "/online", "1"), (paths.Back + "/mode", "w"),
                        (paths.Back + "/state", VbdPaths.Text(XenbusState.Initialising)));
                    return Flow.Next;
                },
            },
            new()
            {
                Label = "await_backend",
                Decide = (in ConnectLocals _, Machine m) =>
                    VbdPaths.Is(m, paths.Back, XenbusState.InitWait) ? "hotplug" : null,
            },
            new()
            {
                Label = "hotplug", Kind = AccessKind.XenStore, Cites = "hotplug/Linux/block",
                Text = "hotplug script: set the disk up, write physical-device",
                Body = (ref ConnectLocals f, ref GuestCpu cpu) =>
                {
                    VbdPaths.Write(ref cpu, (paths.Back + "/physical-device", "8:0"));
                    return Flow.Next;
                },
            },
        ]);
}
