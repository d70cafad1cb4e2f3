using XenViz.Core.Abi;
using XenViz.Core.Hypervisor.GrantTables;
using static XenViz.Core.Tests.Hypervisor.GrantTables.GrantBench;

namespace XenViz.Core.Tests.Hypervisor.GrantTables;

/// <summary>Every refusal of every operation, in Xen's order: where two things are wrong, the first one is
/// told.</summary>
public sealed class GrantStatusTests
{
    const int Okay = 0;
    const int General = (int)GrantStatus.GeneralError;
    const int NoDomain = (int)GrantStatus.BadDomain;
    const int NoRef = (int)GrantStatus.BadGntref;
    const int NoHandle = (int)GrantStatus.BadHandle;
    const int NoDevice = (int)GrantStatus.BadDevAddr;
    const int Denied = (int)GrantStatus.PermissionDenied;
    const int NoPage = (int)GrantStatus.BadPage;
    const int NoCopy = (int)GrantStatus.BadCopyArg;
    const int Again = (int)GrantStatus.Eagain;
    const int NoSpace = (int)GrantStatus.NoSpace;

    static readonly (string What, Func<GrantBench, int> Call, int Expected)[] Rows =
    [
        ("map: no kind, although the caller is HVM and names user access", b => b.Map(3, 1, ToHvm, 8), NoRef),
        ("map: no kind, although there is no such domain", b => b.Map(2, 99, 8, Read), NoRef),
        ("map: HVM for a device, although there is no such domain", b => b.Map(3, 99, 8, Host | Device), General),
        ("map: HVM by entry", b => b.Map(3, 1, ToHvm, Host | 16), General),
        ("map: HVM with bits for software", b => b.Map(3, 1, ToHvm, Host | 0x10000), General),
        ("map: PV with bits for software", b => b.Map(2, 1, Writable, Host | 0x10000), Okay),
        ("map: no such domain, although the caller has no handles", b => b.Map(4, 99, Beyond, Host), NoDomain),
        ("map: oneself is named by number only", b => b.Map(2, Own, 8, Host), NoDomain),
        ("map: no handle, although the reference is beyond", b => b.Map(4, 1, Beyond, Host), NoSpace),
        ("map: a reference beyond the table", b => b.Map(2, 1, Beyond, Host), NoRef),
        ("map: granted to another", b => b.Map(2, 1, ToHvm, Host), General),
        ("map: an entry for a transfer", b => b.Map(2, 1, Accepts, Host), General),
        ("map: writable what is readonly", b => b.Map(2, 1, ReadOnly, Host), General),
        ("map: readonly what is readonly", b => b.Map(2, 1, ReadOnly, Host | Read), Okay),
        ("map: granted to another, although there is no frame",
            b => b.With(x => x.Grant(NoFrame, 3, 999)).Map(2, 1, NoFrame, Host), General),
        ("map: no such frame", b => b.Map(2, 1, NoFrame, Host), NoPage),
        ("map: a frame that is not the granter's", b => b.Map(2, 1, NotOwn, Host), NoPage),
        ("map: a page table, writable", b => b.Map(2, 1, PageTable, Host), General),
        ("map: a page table, readonly", b => b.Map(2, 1, PageTable, Host | Read), Okay),
        ("map: a page table, writable for a device", b => b.Map(2, 1, PageTable, Device), General),
        ("map: in use by another",
            b => b.With(x => x.Map(2, 1, 8, Host)).With(x => x.Grant(8, 3, 64)).Map(3, 1, 8, Host), General),
        ("map: in use, although the entry is invalid by now",
            b => b.With(x => x.Map(2, 1, 8, Host)).With(x => x.Grant(8, 9, 999, 0)).Map(2, 1, 8, Host, 501), Okay),
        ("map: in use for reading, the entry readonly by now",
            b => b.With(x => x.Map(2, 1, 8, Host | Read)).With(x => x.Grant(8, 2, 64, 5)).Map(2, 1, 8, Host), General),
        ("map: a part of a page", b => b.Version2().Map(2, 1, 8, Host | Read), General),
        ("map: what another grants", b => b.Version2().Map(2, 1, 9, Host | Read), General),
        ("map: by entry, not in a page table of the caller", b => b.Map(2, 1, Writable, Host | 16, 128), General),
        ("map: by entry, in another's page table", b => b.Map(2, 1, Writable, Host | 16, 75), General),
        ("map: by entry, in a page table of the caller", b => b.Map(2, 1, Writable, Host | 16, 129), Okay),

        ("unmap: a handle beyond", b => b.Unmap(2, Beyond, 500), NoHandle),
        ("unmap: a free handle, although nothing is asked", b => b.With(Mapped).Unmap(2, 1, 0), NoHandle),
        ("unmap: nothing", b => b.With(Mapped).Unmap(2, 0, 0), Okay),
        ("unmap: a wrong frame, although the page is wrong too", b => b.With(Both).Unmap(2, 0, 777, 65), NoDevice),
        ("unmap: a wrong frame without a device mapping", b => b.With(Mapped).Unmap(2, 0, 500, 65), Okay),
        ("unmap: a wrong page", b => b.With(Mapped).Unmap(2, 0, 501), General),
        ("unmap: a page without a host mapping",
            b => b.With(x => x.Map(2, 1, 8, Device)).Unmap(2, 0, 777, 64), Okay),
        ("unmap: twice", b => b.With(Mapped).With(x => x.Unmap(2, 0, 500)).Unmap(2, 0, 500), NoHandle),

        ("replace: a free handle, although the caller is HVM", b => b.Replace(3, 0, 500, 511), NoHandle),
        ("replace: HVM by another",
            b => b.With(x => x.Map(3, 1, ToHvm, Host)).Replace(3, 0, 500, 511), General),
        ("replace: HVM by none", b => b.With(x => x.Map(3, 1, ToHvm, Host)).Replace(3, 0, 500, 0), Okay),
        ("replace: PV by an empty place", b => b.With(Mapped).Replace(2, 0, 500, 511), Okay),
        ("replace: by entry", b => b.With(x => x.Map(2, 1, 8, Host | 16, 129)).Replace(2, 0, 129, 511), General),
        ("replace: by entry, by none", b => b.With(x => x.Map(2, 1, 8, Host | 16, 129)).Replace(2, 0, 129, 0), Okay),

        ("copy: no bytes, whatever else", b => b.Copy(2, Ref(99, Beyond), Page(0, 0, 99), 0), Okay),
        ("copy: another's page by number, although the target is nobody",
            b => b.Copy(2, Page(64, 0, 1), Ref(99, 8)), Denied),
        ("copy: nobody's reference, although the target is another's page",
            b => b.Copy(2, Ref(99, 8), Page(64, 0, 1)), NoDomain),
        ("copy: to another's page by number, although the reference is beyond",
            b => b.Copy(2, Ref(1, Beyond), Page(64, 0, 1)), Denied),
        ("copy: a reference beyond, although the target is no page", b => b.Copy(2, Ref(1, Beyond), Page(1)), NoRef),
        ("copy: to a readonly one", b => b.Copy(2, Page(128), Ref(1, ReadOnly)), General),
        ("copy: from a readonly one", b => b.Copy(2, Ref(1, ReadOnly), Page(128)), Okay),
        ("copy: granted to another", b => b.Copy(2, Ref(1, ToHvm), Page(128)), General),
        ("copy: no such frame, although across the end", b => b.Copy(2, Ref(1, NoFrame, 4090), Page(128)), NoPage),
        ("copy: no page of the caller", b => b.Copy(2, Ref(1, Writable), Page(64)), NoPage),
        ("copy: to a page table, although across the end", b => b.Copy(2, Ref(1, 8, 4090), Page(129)), General),
        ("copy: from a page table", b => b.Copy(2, Page(129), Ref(1, Writable)), Okay),
        ("copy: across the end of the source", b => b.Copy(2, Ref(1, 8, 4081), Page(128)), NoCopy),
        ("copy: across the end of the target", b => b.Copy(2, Ref(1, 8), Page(128, 4081)), NoCopy),
        ("copy: up to the end", b => b.Copy(2, Ref(1, 8, 4080), Page(128, 4080)), Okay),
        ("copy: out of the range and across the end", b => b.Version2().Copy(2, Ref(1, 8, 4090), Page(128)), NoCopy),
        ("copy: before the range", b => b.Version2().Copy(2, Ref(1, 8, 255), Page(128)), General),
        ("copy: past the range", b => b.Version2().Copy(2, Ref(1, 8, 497), Page(128)), General),
        ("copy: the range", b => b.Version2().Copy(2, Ref(1, 8, 256), Page(128), 256), Okay),
        ("copy: what another grants", b => b.Version2().Copy(2, Ref(1, 9), Page(128)), Okay),
        ("copy: what another does not grant any more",
            b => b.Version2().With(x => x.Grant(8, 3, 32, by: 0)).Copy(2, Ref(1, 9), Page(128)), General),
        ("copy: what another grants of nothing",
            b => b.Version2().With(x => x.Grant(8, 1, 999, by: 0)).Copy(2, Ref(1, 9), Page(128)), NoPage),
        ("copy: through itself", b => b.Version2().With(x => Pass(x, 1, 8)).Copy(2, Ref(1, 9), Page(128)), General),
        ("copy: through nobody", b => b.Version2().With(x => Pass(x, 99, 8)).Copy(2, Ref(1, 9), Page(128)), General),
        ("copy: through a reference beyond",
            b => b.Version2().With(x => Pass(x, 0, Beyond)).Copy(2, Ref(1, 9), Page(128)), NoRef),

        ("transfer: no page, although there is no such domain", b => b.Transfer(2, 999, 99, Beyond), NoPage),
        ("transfer: HVM without RAM", b => b.Transfer(3, 999, 99, Beyond), NoPage),
        ("transfer: HVM", b => b.Transfer(3, 16, 99, Beyond), General),
        ("transfer: in use", b => b.With(Mapped).Transfer(1, 64, 99, Beyond), NoPage),
        ("transfer: nobody", b => b.Transfer(2, 128, 99, Beyond), NoDomain),
        ("transfer: a full domain, although the reference is beyond", b => b.Transfer(2, 128, 4, Beyond), General),
        ("transfer: a reference beyond", b => b.Transfer(2, 128, 1, Beyond), General),
        ("transfer: an entry of another type", b => b.Transfer(2, 128, 1, Writable), General),
        ("transfer: an entry for another", b => b.Transfer(1, 64, 1, Accepts), General),
        ("transfer: an accepting entry", b => b.Transfer(2, 128, 1, Accepts), Okay),

        ("setup: nobody, although there are too many", b => (int)TableOps.SetupTable(b.World, b[2], 99, 9), NoDomain),
        ("setup: another's, although too many", b => (int)TableOps.SetupTable(b.World, b[2], 1, 9), Denied),
        ("setup: too many", b => (int)TableOps.SetupTable(b.World, b[2], Own, 3), General),
        ("setup: another's with privilege", b => (int)TableOps.SetupTable(b.World, b[0], 1, 2), Okay),
        ("size: nobody", b => (int)TableOps.QuerySize(b.World, b[2], 99).Status, NoDomain),
        ("size: another's", b => (int)TableOps.QuerySize(b.World, b[2], 1).Status, Denied),
        ("status frames: nobody", b => (int)TableOps.GetStatusFrames(b.World, b[2], 99, 9), NoDomain),
        ("status frames: another's, although too many",
            b => (int)TableOps.GetStatusFrames(b.World, b[2], 1, 9), Denied),
        ("status frames: one with version 1", b => (int)TableOps.GetStatusFrames(b.World, b[1], Own, 1), General),
        ("status frames: none with version 1", b => (int)TableOps.GetStatusFrames(b.World, b[1], Own, 0), Okay),
        ("status frames: one with version 2",
            b => (int)TableOps.GetStatusFrames(b.Version2().World, b[1], Own, 1), Okay),
        ("version: nobody's", b => TableOps.GetVersion(b.World, b[2], 99).Errno, -Errno.Srch),
        ("version: another's", b => TableOps.GetVersion(b.World, b[2], 1).Errno, -Errno.Perm),
        ("set version: no such one", b => TableOps.SetVersion(b[4], 3), -Errno.Inval),
        ("set version: not offered", b => TableOps.SetVersion(b[4], 2), -Errno.NoSys),
        ("set version: the same, although in use", b => TableOps.SetVersion(b.With(Mapped)[1], 1), Okay),
        ("set version: in use", b => TableOps.SetVersion(b.With(Mapped)[1], 2), -Errno.Busy),
        ("set version: a reserved entry in use",
            b => TableOps.SetVersion(b.With(x => x.Grant(1, 2, 64)).With(x => x.Map(2, 1, 1, Host))[1], 2), Okay),
        ("set version: in use, although a reserved entry says too much",
            b => TableOps.SetVersion(Wide(b).With(x => x.Grant(20, 2, 65)).With(x => x.Map(2, 1, 20, Host))[1], 1),
            -Errno.Busy),
        ("set version: a reserved entry that version 1 cannot say", b => TableOps.SetVersion(Wide(b)[1], 1),
            -Errno.Range),
        ("swap: beyond, although in use", b => (int)TableOps.Swap(b.With(Mapped)[1], 8, Beyond), NoRef),
        ("swap: beyond, although equal", b => (int)TableOps.Swap(b[1], Beyond, Beyond), NoRef),
        ("swap: equal, although in use", b => (int)TableOps.Swap(b.With(Mapped)[1], 8, 8), Okay),
        ("swap: in use", b => (int)TableOps.Swap(b.With(Mapped)[1], 9, 8), Again),

        ("flush: beyond the frame, although nothing is asked", b => Flush(b, 128, 4096, 0, 0), -Errno.Inval),
        ("flush: across the end", b => Flush(b, 128, 4000, 97, 1), -Errno.Inval),
        ("flush: an unknown bit, although no bytes", b => Flush(b, 128, 0, 0, 4), -Errno.Inval),
        ("flush: no bytes, although no frame", b => Flush(b, 999, 0, 0, 1), Okay),
        ("flush: no work, although no frame", b => Flush(b, 999, 0, 64, 0), Okay),
        ("flush: no frame", b => Flush(b, 999, 0, 64, 1), -Errno.Inval),
        ("flush: nobody's frame", b => Flush(b.With(x => x.Transfer(2, 128, 99, 0)), 128, 0, 64, 1), -Errno.Perm),
        ("flush: another's frame, granted and not mapped", b => Flush(b, 64, 0, 64, 1), -Errno.Inval),
        ("flush: another's frame, mapped", b => Flush(b.With(Mapped), 64, 0, 64, 1), Okay),
        ("flush: one's own frame", b => Flush(b, 128, 0, 4096, 3), Okay),

        ("call: a negative count, although no such command", b => b.Raw(2, 99, 0x8000_0000), -Errno.Inval),
        ("call: high bits of the command, although no such command", b => b.Raw(2, 0x2063, 1), -Errno.Inval),
        ("call: cache flush goes on", b => b.Raw(2, 0x100C, 1), -Errno.NoSys),
        ("call: dump", b => b.Raw(2, GrantTable.Op.DumpTable, 1), -Errno.NoSys),
        ("call: two tables", b => b.Raw(2, GrantTable.Op.SetupTable, 2), -Errno.Inval),
        ("call: HVM without the filter", b => b.Raw(3, GrantTable.Op.Transfer, 0), Okay),
        ("call: HVM with the filter", b => b.Raw(3, GrantTable.Op.Transfer, 0, true), -Errno.NoSys),
        ("call: HVM with the filter, although the count is negative",
            b => b.Raw(3, GrantTable.Op.UnmapAndReplace, 0x8000_0000, true), -Errno.NoSys),
        ("call: HVM with the filter, permitted", b => b.Raw(3, GrantTable.Op.Copy, 1, true), Okay),
        ("call: PV with the filter", b => b.Raw(2, GrantTable.Op.Transfer, 0, true), Okay),
        ("kill: oneself", b => b.World.Kill(b[0], 0), -Errno.Inval),
        ("kill: nobody", b => b.World.Kill(b[0], 99), -Errno.Srch),
    ];

    public static TheoryData<string> Names() => [.. Rows.Select(r => r.What)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_operation_is_answered_as_Xen_answers(string what)
    {
        var (_, call, expected) = Rows.Single(r => r.What == what);
        Assert.Equal(expected, call(new GrantBench()));
    }

    [Theory]
    [InlineData(Host)]
    [InlineData(Host | Read)]
    [InlineData(Device)]
    [InlineData(Device | Read)]
    public void The_129th_use_of_a_kind_is_refused(uint flags)
    {
        var bench = new GrantBench();
        for (var use = 0; use < 128; use++)
        {
            Assert.Equal(Okay, bench.Map(2, 1, Writable, flags, (ulong)(500 + use)));
        }

        Assert.Equal(General, bench.Map(2, 1, Writable, flags, 900));
        Assert.Equal(Okay, bench.Map(2, 1, Writable, flags ^ Read, 900));
    }

    static void Mapped(GrantBench bench) => Assert.Equal(Okay, bench.Map(2, 1, Writable, Host));

    static void Both(GrantBench bench) => Assert.Equal(Okay, bench.Map(2, 1, Writable, Host | Device));

    static void Pass(GrantBench bench, ushort domain, uint reference) =>
        GuestGrants.Transitive(bench[1], 9, 2, domain, reference, GrantTable.Gtf.Transitive);

    static int Flush(GrantBench bench, ulong frame, ushort offset, ushort length, uint operation) =>
        CacheFlushOps.Flush(bench.World, bench[2], frame, offset, length, operation);

    static GrantBench Wide(GrantBench bench)
    {
        bench.Version2().Grant(2, 2, 1UL << 32);
        return bench;
    }
}
