using XenViz.Core.Abi;
using XenViz.Core.Hypervisor.GrantTables;

namespace XenViz.Core.Tests.Hypervisor.GrantTables;

/// <summary>
/// A small world for unit tests. Domain 0 (PV) is privileged. Domain 1 (PV, frames 64 to 75, 75 a page table) grants:
/// see the constants. Domain 2 (PV, frames 128 and 129, 129 a page table) maps. Domain 3 (HVM, gfn 16 and 17) maps too.
/// Domain 4 (PV, frame 256) may have no handle, no further page and no version 2.
/// </summary>
sealed class GrantBench
{
    /// <summary>Frame 64, to domain 2.</summary>
    public const uint Writable = 8;

    /// <summary>Frame 65, to domain 2, readonly.</summary>
    public const uint ReadOnly = 9;

    /// <summary>Frame 66, to domain 3.</summary>
    public const uint ToHvm = 10;

    /// <summary>To domain 2, of a frame that there is not.</summary>
    public const uint NoFrame = 11;

    /// <summary>The page table, to domain 2.</summary>
    public const uint PageTable = 12;

    /// <summary>Accepts a transfer from domain 2.</summary>
    public const uint Accepts = 13;

    /// <summary>Frame 67, to domain 4.</summary>
    public const uint ToFull = 14;

    /// <summary>To domain 2, of domain 2's frame.</summary>
    public const uint NotOwn = 15;

    public const int Own = Xen.Domain.Self;
    public const uint Beyond = 100_000;
    public const uint Host = GrantTable.Gntmap.HostMap;
    public const uint Device = GrantTable.Gntmap.DeviceMap;
    public const uint Read = GrantTable.Gntmap.ReadOnly;

    public GrantBench()
    {
        var zero = Add(0, pv: true);
        var granter = Add(1, pv: true);
        var mapper = Add(2, pv: true);
        var hvm = Add(3, pv: false);
        var full = Add(4, pv: true);
        for (ulong mfn = 64; mfn <= 75; mfn++)
        {
            World.AddPage(granter, mfn, mfn, mfn == 75);
        }

        World.AddPage(zero, 32, 32);
        World.AddPage(mapper, 128, 128);
        World.AddPage(mapper, 129, 129, pageTable: true);
        World.AddPage(hvm, 16, 192);
        World.AddPage(hvm, 17, 193);
        World.AddPage(full, 256, 256);
        Grant(Writable, 2, 64);
        Grant(ReadOnly, 2, 65, 5);
        Grant(ToHvm, 3, 66);
        Grant(NoFrame, 2, 999);
        Grant(PageTable, 2, 75);
        Grant(Accepts, 2, 0, GrantTable.Gtf.AcceptTransfer);
        Grant(ToFull, 4, 67);
        Grant(NotOwn, 2, 128);
    }

    public GrantWorld World { get; } = new();

    public GrantDomain this[int id] => World.Domains[id];

    public GrantBench With(Action<GrantBench> act)
    {
        act(this);
        return this;
    }

    public void Grant(uint reference, int to, ulong frame, ushort flags = 1, int by = 1) =>
        GuestGrants.Access(this[by], reference, (ushort)to, frame, flags);

    public int Map(int caller, int granter, uint reference, uint flags, ulong page = 500) =>
        (int)MapOps.Map(World, this[caller], 0, new MapRequest((ushort)granter, reference, flags, page)).Status;

    public int Unmap(int caller, uint handle, ulong page, ulong frame = 0)
    {
        var status = new GrantStatus[1];
        UnmapOps.Unmap(World, this[caller], [new UnmapRequest(handle, page, frame)], status);
        return (int)status[0];
    }

    public int Replace(int caller, uint handle, ulong page, ulong other) =>
        (int)UnmapOps.UnmapAndReplace(World, this[caller], handle, page, other);

    public int Copy(int caller, CopySide from, CopySide to, int length = 16) =>
        (int)CopyOps.Copy(World, this[caller], from, to, length);

    public int Transfer(int caller, ulong gfn, int to, uint reference) =>
        (int)TransferOps.Transfer(World, this[caller], gfn, (ushort)to, reference);

    public int Raw(int caller, uint command, uint count, bool filtersHvm = false) =>
        RawCall.Call(World, this[caller], command, count, filtersHvm);

    public static CopySide Ref(int domain, uint reference, int offset = 0) =>
        new((ushort)domain, true, reference, offset);

    public static CopySide Page(ulong gfn, int offset = 0, int domain = Own) =>
        new((ushort)domain, false, gfn, offset);

    /// <summary>Domain 1 has version 2, with a range of frame 64 (bytes 256 to 511) granted to domain 2 at 8, and at 9
    /// what domain 0 grants to domain 1 at its reference 8.</summary>
    public GrantBench Version2()
    {
        TableOps.SetVersion(this[1], 2);
        GuestGrants.SubPage(this[1], 8, 2, 64, 256, 256, GrantTable.Gtf.PermitAccess | GrantTable.Gtf.SubPage);
        GuestGrants.Transitive(this[1], 9, 2, 0, 8, GrantTable.Gtf.Transitive);
        Grant(8, 1, 32, by: 0);
        return this;
    }

    GrantDomain Add(ushort id, bool pv) => World.Add(new GrantDomainSetup(new DomId(id))
    {
        IsPv = pv, IsPrivileged = id == 0, MaxGrantFrames = 2, MaxMaptrackFrames = id == 4 ? 0 : 1,
        MaxPages = id == 4 ? 1 : 20, MaxVersion = id == 4 ? 1 : 2,
    });
}
