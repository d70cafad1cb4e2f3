using XenViz.Core.Abi;
using XenViz.Core.Hypervisor.GrantTables;

namespace XenViz.Benchmarks;

/// <summary>Grant table calls in bulk, on the flat form.</summary>
internal static class GrantFigures
{
    private const int Batch = 1000;
    private const ushort Granter = 5;

    /// <summary>Prints the lines.</summary>
    public static void Print()
    {
        var world = new GrantWorld();
        var guest = world.Add(new GrantDomainSetup(new DomId(Granter)));
        var driver = world.Add(new GrantDomainSetup(new DomId(2)));
        for (ulong page = 0; page < 64; page++)
        {
            world.AddPage(guest, 0x5000 + page, 0x5000 + page);
            GuestGrants.Access(guest, (uint)(8 + page), 2, 0x5000 + page, GrantTable.Gtf.PermitAccess);
        }

        world.AddPage(driver, 0x2000, 0x2000);
        var pair = Figures.Best(() => MapAndUnmap(world, driver), 50);
        Figures.Line("map and unmap", 1e3 / pair, "million pairs/s");
        Figures.Line("map and unmap", 2e3 / pair, "million hypercalls/s");
        Figures.Line("allocated by map and unmap", Allocated(() => MapAndUnmap(world, driver)), "bytes");
        var copy = Figures.Best(() => Copies(world, driver), 50);
        Figures.Line("grant copy, 4096 bytes", 1e3 / copy, "million hypercalls/s");
    }

    private static double Allocated(Func<int> calls)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = calls();
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / count;
    }

    private static int MapAndUnmap(GrantWorld world, GrantDomain driver)
    {
        Span<UnmapRequest> asks = stackalloc UnmapRequest[1];
        Span<GrantStatus> statuses = stackalloc GrantStatus[1];
        for (var i = 0; i < Batch; i++)
        {
            var page = (ulong)(i % 64);
            var ask = new MapRequest(Granter, (uint)(8 + page), GrantTable.Gntmap.HostMap, 0x9000 + page);
            var reply = MapOps.Map(world, driver, 0, ask);
            asks[0] = new UnmapRequest(reply.Handle, 0x9000 + page, 0);
            UnmapOps.Unmap(world, driver, asks, statuses);
            if (statuses[0] != GrantStatus.Okay)
            {
                throw new InvalidOperationException($"{reply.Status}, {statuses[0]}");
            }
        }

        return Batch;
    }

    private static int Copies(GrantWorld world, GrantDomain driver)
    {
        for (var i = 0; i < Batch; i++)
        {
            var source = new CopySide(Granter, true, (ulong)(8 + (i % 64)), 0);
            var target = new CopySide(Xen.Domain.Self, false, 0x2000, 0);
            if (CopyOps.Copy(world, driver, source, target, PageSize.Bytes) is var status && status != GrantStatus.Okay)
            {
                throw new InvalidOperationException($"{status}");
            }
        }

        return Batch;
    }
}
