using FsCheck;
using FsCheck.Fluent;
using XenViz.Core.Abi;
using static XenViz.Conformance.GrantStory;

namespace XenViz.Conformance;

/// <summary>Hostile guests: any operation with any argument, more often than not near the edge.</summary>
static class GrantStories
{
    static readonly Gen<ushort> Domain = OneIn(12, Gen.Constant(77), Below(Domains)).Select(id => (ushort)id);

    static readonly Gen<uint> Ref = OneIn(12, Below(3000), Below(20)).Select(reference => (uint)reference);

    static readonly Gen<int> Page = OneIn(10, Below(600), Below(PagesEach));

    static readonly Gen<int> Offset = OneIn(3, Gen.Choose(4000, 4099), Below(2000));

    static readonly Gen<ushort> Flags =
        OneIn(6, Below(0x200), OneIn(3, Gen.Constant(5), Gen.Constant(1))).Select(flags => (ushort)flags);

    // A hostile guest knows what it was granted: it looks for an entry that names it, most of the time.
    static readonly Gen<GrantPick> Grant = OneIn(
        3,
        from granter in Domain from reference in Ref select new GrantPick(false, granter, reference),
        from granter in Below(Domains)
        from reference in Below(20)
        select new GrantPick(true, (ushort)granter, (uint)reference));

    static readonly Gen<SidePick> Side = OneIn(
        3,
        from page in Page from offset in Offset select new SidePick(null, page, offset, false),
        from grant in Grant
        from offset in Offset
        from self in OneIn(12, Gen.Constant(true), Gen.Constant(false))
        select new SidePick(grant, 0, offset, self));

    static readonly Gen<uint> MapFlags = Gen.Frequency(
        (1, Below(32)), (1, Gen.Constant(1)), (1, Gen.Constant(3)), (2, Gen.Constant(6)), (1, Gen.Constant(7)),
        (2, Gen.Constant(2))).Select(flags => (uint)flags);

    static readonly Gen<UnmapPick> UnmapPicks =
        from handle in OneIn(4, Below(300), Below(24))
        from place in OneIn(5, Gen.Constant(-1), Below(64))
        from frame in OneIn(
            3, from domain in Below(Domains) from page in Below(PagesEach) select FrameOf(domain, page),
            Gen.Constant(0UL))
        select new UnmapPick((uint)handle, place, frame);

    static readonly Gen<GrantAct> Act = Below(Domains).SelectMany(Acts);

    /// <summary>Stories of so many acts.</summary>
    public static Arbitrary<GrantStory> Of(int acts) => Arb.From(
        from shapes in Gen.ArrayOf(Shape(), Domains)
        from all in Gen.ArrayOf(Act, acts)
        select new GrantStory(shapes, all),
        story => Simpler.Stories(story.Acts, act => act.Simpler()).Select(acts => story with { Acts = acts }));

    static Gen<GrantShape> Shape() =>
        from pv in Below(2)
        from vcpus in Gen.Choose(1, 3)
        from frames in Gen.Choose(1, 3)
        from most in Gen.Choose(1, 2)
        from version in Gen.Choose(1, most)
        select new GrantShape(pv == 0, vcpus, frames, most, version);

    static Gen<GrantAct> Acts(int caller) => Gen.Frequency(
        (18, Publish(caller)),
        (30, from vcpu in Below(3)
             from grant in Grant
             from flags in MapFlags
             from place in Gen.Choose(500, 559)
             select (GrantAct)new GrantAct.Map(caller, vcpu, grant, flags, (ulong)place)),
        (22, from count in Gen.Choose(1, 39)
             from picks in Gen.ArrayOf(UnmapPicks, count)
             select (GrantAct)new GrantAct.Unmap(caller, picks)),
        (16, from source in Side
             from target in Side
             from length in OneIn(8, Gen.Constant(5000), Below(600))
             select (GrantAct)new GrantAct.Copy(caller, source, target, length)),
        (14, Rare(caller)));

    static Gen<GrantAct> Publish(int caller) => Gen.Frequency(
        (1, from at in Ref
            from to in Domain
            from page in Page
            from offset in Below(4096)
            from length in Below(4096)
            from flags in Flags
            select (GrantAct)new GrantAct.SubPage(
                caller, at, to, page, (ushort)offset, (ushort)length, (ushort)(GrantTable.Gtf.SubPage | flags))),
        (1, from at in Ref
            from to in Domain
            from other in Domain
            from otherRef in Ref
            select (GrantAct)new GrantAct.Transitive(caller, at, to, other, otherRef)),
        (1, from at in Ref
            from set in Below(32)
            from clear in Below(32)
            select (GrantAct)new GrantAct.ChangeFlags(caller, at, (ushort)set, (ushort)clear)),
        (1, Ref.Select(at => (GrantAct)new GrantAct.EndAccess(caller, at))),
        (4, from at in Ref
            from to in Domain
            from page in Page
            from flags in Flags
            select (GrantAct)new GrantAct.Access(caller, at, to, page, flags)));

    static Gen<GrantAct> Rare(int caller) => Gen.Frequency(
        (1, from domain in Domain
            from frames in Below(5)
            select (GrantAct)new GrantAct.SetupTable(caller, domain, (uint)frames)),
        (1, from version in OneIn(30, Below(4), Gen.Constant(0)) // Rarely a good one: it wipes the table.
            select (GrantAct)new GrantAct.SetVersion(caller, (uint)version)),
        (1, from one in Ref
            from other in Ref
            // A reserved entry may carry use bits that its guest made up, and a swap would take them elsewhere.
            select (GrantAct)new GrantAct.Swap(
                caller, GrantTable.ReservedEntries + one, GrantTable.ReservedEntries + other)),
        (2, from at in Ref
            from to in Domain
            from page in Page
            select (GrantAct)new GrantAct.Access(caller, at, to, page, GrantTable.Gtf.AcceptTransfer)),
        (2, from page in Page
            from to in Domain
            from at in Ref
            select (GrantAct)new GrantAct.Transfer(caller, page, to, at)),
        (1, from handle in Below(24)
            from place in Gen.Choose(500, 559)
            from replacement in Below(2)
            select (GrantAct)new GrantAct.UnmapAndReplace(
                caller, (uint)handle, (ulong)place, (ulong)(replacement * 510))),
        (1, from domain in OneIn(40, Domain, Gen.Constant((ushort)0))
            select (GrantAct)new GrantAct.Kill(0, domain)));

    static Gen<int> Below(int limit) => Gen.Choose(0, limit - 1);

    static Gen<T> OneIn<T>(int n, Gen<T> rare, Gen<T> usual) => Gen.Frequency((1, rare), (n - 1, usual));
}
