using XenViz.Core.Abi;
using XenViz.Core.Commands;
using XenViz.Core.Devices;
using XenViz.Core.Drivers.Applications;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Dma;
using XenViz.Core.Drivers.Sync;
using XenViz.Core.Programs;
using XenViz.Core.Simulation;

namespace XenViz.Core.Scenarios;

/// <summary>Worlds that differ in what stands between the disk and memory, and in how the two ends notify.</summary>
internal static class VariantWorld
{
    /// <summary>A page of the guest that nobody was ever granted.</summary>
    public static readonly Mfn Secret = new(0x5D07);

    /// <summary>The bytes of that page.</summary>
    public const string SecretText = "The guest's secret";

    private static readonly Listing<ApplicationLocals> SyncApplication =
        SyncCall.Application(SyncCall.Queue(World.FrontInterrupt.Listing, World.Driver));

    /// <summary>The world with the run's IOMMU, before anything is connected.</summary>
    public static Machine WithIommu(Machine unconnected, RunParameters run)
    {
        var mode = run.Iommu switch
        {
            "off" => IommuMode.Off,
            "dom0-relaxed" => IommuMode.Dom0Relaxed,
            "dom0-strict" => IommuMode.Dom0Strict,
            _ => IommuMode.On,
        };
        var disk = (Devices.Disk)unconnected.Disk!;
        var driver = unconnected[World.Driver];
        return unconnected with
        {
            Disk = disk with { Iommu = disk.Iommu with { Mode = mode } },
            Domains = unconnected.Domains.Replace(driver, driver with { IommuSync = Iommu.Syncs(mode) }),
        };
    }

    /// <summary>The connected world with another program in the guest.</summary>
    public static Machine WithGuest(Machine quiet, Activation program) => quiet with
    {
        Agents = quiet.Agents.SetItem(0, new(World.GuestAgent, program, null)),
    };

    /// <summary>The connected world with the run's variants of the drivers' listings.</summary>
    public static Machine WithVariants(Machine quiet, RunParameters run)
    {
        var (aims, calls) = (run.Scenario == "dma-attack", run.Notify == "sync");
        var thread = Blkback.Thread;
        var frames = quiet.Frames.All();
        if (run.Bounce)
        {
            thread = thread.Replace("submit", Swiotlb.Bounce());
            frames = frames.Concat(LowPages(((BlkbackState)quiet.Back!).MapPages));
        }

        if (aims)
        {
            thread = thread.Replace("submit", Swiotlb.Aim(Secret));
            frames = frames.Append(SecretPage());
        }

        thread = calls ? SyncCall.Thread(thread, World.Guest) : thread;
        if (ReferenceEquals(thread, Blkback.Thread))
        {
            return quiet;
        }

        var driver = quiet[World.Driver];
        var app = (calls ? SyncApplication : GuestApplication.Listing).Start(default, null);
        return quiet with
        {
            Frames = FrameTable.Of([.. frames]),
            Agents = quiet.Agents.SetItem(0, new(World.GuestAgent, app, null)).SetItem(
                BackendAgent.Index, new(World.DriverAgent, thread.StartAt("top", default, null), null)),
            Domains = quiet.Domains.Replace(driver, driver with { Blocked = true }),
        };
    }

    private static IEnumerable<Frame> LowPages(int count) => Enumerable.Range(0, count).Select(i => new Frame(
        new Mfn(Swiotlb.FirstFrame + (ulong)i), World.Driver, FrameUse.Data, new Pfn(0x3000 + (ulong)i), Page.Zero));

    private static Frame SecretPage() => new(
        Secret, World.Guest, FrameUse.Data, new Pfn(0x1D07),
        Page.Zero.With(0, System.Text.Encoding.ASCII.GetBytes(SecretText)));
}
