using XenViz.Core.Abi;
using XenViz.Core.Hypervisor.GrantTables;
using static XenViz.Core.Tests.Hypervisor.GrantTables.GrantBench;

namespace XenViz.Core.Tests.Hypervisor.GrantTables;

public sealed class GuestGrantsTests
{
    readonly GrantBench _bench = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_grant_becomes_readonly_only_while_nobody_may_write(int version)
    {
        var granter = Version(version);
        Assert.True(GuestGrants.TryMakeReadOnly(granter, Writable));
        Assert.Equal((int)GrantStatus.GeneralError, _bench.Map(2, 1, Writable, Host));
        GuestGrants.MakeWritable(granter, Writable);
        Assert.Equal(0, _bench.Map(2, 1, Writable, Host));
        Assert.False(GuestGrants.TryMakeReadOnly(granter, Writable));
        Assert.Equal(0, granter.FlagsOf(Writable) & GrantTable.Gtf.ReadOnly);
        Assert.Equal(0, _bench.Map(2, 1, Writable, Host | Read, 501));
        // The refused map took handle 0 and gave it back to the end of the list.
        Assert.Equal(0, _bench.Unmap(2, 1, 500));
        Assert.True(GuestGrants.TryMakeReadOnly(granter, Writable));
        Assert.False(GuestGrants.TryMakeReadOnly(granter, Beyond));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_page_in_use_comes_back_once_its_mapper_lets_go(int version)
    {
        var granter = Version(version);
        var deferred = new DeferredRevocations();
        _bench.Map(2, 1, Writable, Host);

        Assert.False(deferred.EndAccess(granter, Writable, 64));
        var freed = new List<ulong>();
        deferred.Retry(granter, freed);
        Assert.Empty(freed);
        _bench.Unmap(2, 0, 500);
        deferred.Retry(granter, freed);
        Assert.Equal([64UL], freed);
        Assert.Equal(0, deferred.Count);
        Assert.Equal(0, granter.FlagsOf(Writable));
    }

    [Fact]
    public void The_timer_tries_ten_and_warns_once_after_sixty_tries()
    {
        var deferred = new DeferredRevocations();
        for (uint reference = 20; reference < 32; reference++)
        {
            _bench.Grant(reference, 2, 64);
            Assert.Equal(0, _bench.Map(2, 1, reference, Host, 500 + reference));
            Assert.False(deferred.EndAccess(_bench[1], reference, reference));
        }

        _bench.Unmap(2, 10, 530);
        var freed = new List<ulong>();
        deferred.Retry(_bench[1], freed);
        Assert.Empty(freed);
        deferred.Retry(_bench[1], freed);
        Assert.Equal([30UL], freed);

        var warnings = new List<uint>();
        for (var run = 0; run < 100; run++)
        {
            warnings.AddRange(deferred.Retry(_bench[1], freed));
        }

        Assert.Equal(Enumerable.Range(20, 12).Where(n => n != 30).Select(n => (uint)n), warnings.Order());
        Assert.Equal(11, deferred.Count);
    }

    [Fact]
    public void A_dead_mapper_gives_all_pages_back()
    {
        var deferred = new DeferredRevocations();
        _bench.Map(2, 1, Writable, Host | Device);
        Assert.False(deferred.EndAccess(_bench[1], Writable, 64));
        Assert.Equal(0, _bench.World.Kill(_bench[0], 2));
        var freed = new List<ulong>();
        deferred.Retry(_bench[1], freed);
        Assert.Equal([64UL], freed);
        Assert.Equal((1, 0), (_bench.World.Pages[64].References, _bench.World.Pages[64].TypeCount));
    }

    [Fact]
    public void A_failed_read_leaves_a_writing_bit_that_the_guest_made_up()
    {
        _bench.Grant(NoFrame, 2, 999, GrantTable.Gtf.PermitAccess | GrantTable.Gtf.Writing);
        Assert.Equal((int)GrantStatus.BadPage, _bench.Copy(2, Ref(1, NoFrame), Page(128)));
        Assert.Equal(GrantTable.Gtf.PermitAccess | GrantTable.Gtf.Writing, _bench[1].FlagsOf(NoFrame));
        Assert.Equal((int)GrantStatus.BadPage, _bench.Copy(2, Page(128), Ref(1, NoFrame)));
        Assert.Equal(GrantTable.Gtf.PermitAccess, _bench[1].FlagsOf(NoFrame));
    }

    [Fact]
    public void A_table_frame_whose_place_was_taken_leaves_the_newcomer_alone()
    {
        var hvm = _bench[3];
        Assert.Equal(0, TableOps.MapFrame(hvm, 0, 300, status: false));
        Assert.Equal(0, TableOps.MapFrame(hvm, 1, 300, status: false));
        Assert.Equal(0, TableOps.MapFrame(hvm, 0, 301, status: false));
        Assert.Equal([300UL, 301UL], hvm.Places.Keys.Where(gfn => gfn >= 300).Order());

        _bench.Grant(20, 2, 300, GrantTable.Gtf.AcceptTransfer, by: 3);
        Assert.Equal(0, _bench.Transfer(2, 128, 3, 20));
        Assert.Equal(0, TableOps.MapFrame(hvm, 1, 302, status: false));
        Assert.Equal(128UL, hvm.Places[300].Page?.Mfn);
    }

    [Fact]
    public void A_batch_of_replacements_names_a_handle_twice_in_vain()
    {
        _bench.Map(2, 1, Writable, Host);
        _bench.Map(2, 1, ReadOnly, Host | Read, 501);
        var statuses = new GrantStatus[2];
        UnmapOps.Unmap(_bench.World, _bench[2], [new(0, 500, 0, 501), new(0, 500, 0)], statuses);
        Assert.Equal([GrantStatus.Okay, GrantStatus.BadHandle], statuses);
        Assert.Equal(65UL, _bench[2].Places[500].Page?.Mfn);
        Assert.False(_bench[2].Places.ContainsKey(501));
    }

    GrantDomain Version(int version)
    {
        TableOps.SetVersion(_bench[1], (uint)version);
        _bench.Grant(Writable, 2, 64);
        return _bench[1];
    }
}
