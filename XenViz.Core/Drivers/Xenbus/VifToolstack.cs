using XenViz.Core.Abi.Io;
using XenViz.Core.Devices;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;
using XenViz.Core.Abi;

namespace XenViz.Core.Drivers.Xenbus;

/// <summary>The toolstack's part of connecting a virtual network interface (FACTS e.6, f.1 rows 1 and 3).</summary>
public static class VifToolstack
{
    /// <summary>The listing.</summary>
    public static Listing<ConnectLocals> Listing(VifPaths paths) => new(
        "toolstack", "libxl device_nic_add", Actor.Toolstack, false,
        [
            new()
            {
                Label = "create", Kind = AccessKind.XenStore, Cites = "libxl_nic.c libxl__set_xenstore_nic",
                Text = "transaction: both directories with the Ethernet address; state = Initialising in both",
                Body = (ref ConnectLocals f, ref GuestCpu cpu) =>
                {
                    Toolstack.MakeDirectories(paths, cpu.Draft);
                    VbdPaths.Write(ref cpu, [.. paths.FrontKeys, .. paths.BackKeys]);
                    return Flow.Next;
                },
            },
            .. Hotplug<ConnectLocals>(paths),
        ]);

    /// <summary>The rows that put the interface on its bridge as soon as the backend waits for it.</summary>
    internal static IEnumerable<Row<T>> Hotplug<T>(VifPaths paths)
        where T : struct, ILocals =>
        [
            Toolstack.AwaitBackend<T>(paths),
            new()
            {
                Label = "hotplug", Kind = AccessKind.XenStore, Cites = "hotplug/Linux/vif-bridge",
                Text = "hotplug script: put the interface on the bridge, write hotplug-status",
                Body = (ref T f, ref GuestCpu cpu) =>
                {
                    VbdPaths.Write(ref cpu, (paths.Hotplug, VifPaths.Plugged));
                    return Flow.Next;
                },
            },
        ];
}
