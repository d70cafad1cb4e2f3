using CsCheck;
using XenViz.Core.Abi;
using XenViz.Core.Drivers.Rings;

namespace XenViz.Core.Tests.Drivers.Rings;

/// <summary>The wrapping 32-bit arithmetic against counters of 64 bits, which do not wrap here.</summary>
public class RingMathTests
{
    // Counters that have just passed, or are about to pass, the places where signed or wide arithmetic fails.
    static readonly Gen<long> Start = Gen.Select(
        Gen.OneOf(Gen.Const(1L << 31), Gen.Const(1L << 32), Gen.Const(3L << 31), Gen.Long[1000, 1L << 33]),
        Gen.Long[-300, 300],
        (near, by) => near + by);

    static readonly Gen<int> Size = Gen.Int[0, 9].Select(log => 1 << log);

    [Fact]
    public void Free_slots_are_the_size_less_the_requests_in_flight() =>
        Gen.Select(Start, Size, Gen.Int[0, 512]).Sample((rspCons, size, inFlight) =>
        {
            var flying = inFlight % (size + 1);
            Assert.Equal((uint)(size - flying), RingMath.Free(At(rspCons + flying), At(rspCons), size));
            Assert.Equal(flying == size, RingMath.Full(At(rspCons + flying), At(rspCons), size));
        });

    [Fact]
    public void An_overrun_ring_is_not_full() =>
        Gen.Select(Start, Size, Gen.Int[1, 512]).Sample((rspCons, size, beyond) =>
        {
            var reqProdPvt = At(rspCons + size + beyond);
            Assert.False(RingMath.Full(reqProdPvt, At(rspCons), size));
            Assert.Equal((uint)((1L << 32) - beyond), RingMath.Free(reqProdPvt, At(rspCons), size));
        });

    [Fact]
    public void A_push_notifies_when_the_event_index_lies_in_what_was_pushed() =>
        Gen.Select(Start, Gen.Int[0, 512], Gen.Int[-1000, 1000]).Sample((old, pushed, to) =>
        {
            var eventIndex = old + to;
            var passed = eventIndex > old && eventIndex <= old + pushed;
            Assert.Equal(passed, RingMath.Notify(At(old), At(old + pushed), At(eventIndex)));
        });

    [Fact]
    public void The_backend_never_takes_more_than_the_ring_holds() =>
        Gen.Select(Start, Size, Gen.Int[0, 512], Gen.UInt).Sample((rspProdPvt, size, held, reqProd) =>
        {
            var unanswered = held % (size + 1);
            var reqCons = At(rspProdPvt + unanswered);
            var work = RingMath.UnconsumedRequests(new RingIndex(reqProd), reqCons, At(rspProdPvt), size);
            Assert.InRange(work, 0u, (uint)(size - unanswered));
        });

    [Fact]
    public void Honest_requests_are_all_seen() =>
        Gen.Select(Start, Size, Gen.Int[0, 512], Gen.Int[0, 512]).Sample((rspProdPvt, size, a, b) =>
        {
            var published = a % (size + 1);
            var taken = b % (published + 1);
            Assert.Equal((uint)(published - taken), RingMath.UnconsumedRequests(
                At(rspProdPvt + published), At(rspProdPvt + taken), At(rspProdPvt), size));
        });

    [Fact]
    public void Unconsumed_responses_are_a_plain_difference() =>
        Gen.Select(Start, Gen.Int[0, 100_000]).Sample((rspCons, ahead) =>
            Assert.Equal((uint)ahead, RingMath.UnconsumedResponses(At(rspCons + ahead), At(rspCons))));

    [Fact]
    public void A_producer_further_than_one_ring_ahead_is_found_out() =>
        Gen.Select(Start, Size, Gen.Long[-2000, 2000]).Sample((cons, size, ahead) =>
        {
            var impossible = ahead < 0 || ahead > size;
            Assert.Equal(impossible, RingMath.RequestProducerOverflows(At(cons + ahead), At(cons), size));
            Assert.Equal(impossible, RingMath.ResponseProducerOverflows(At(cons + ahead), At(cons), size));
        });

    [Fact]
    public void A_backend_that_holds_a_whole_ring_takes_no_more() =>
        Gen.Select(Start, Size, Gen.Int[0, 512]).Sample((rspProdPvt, size, held) => Assert.Equal(
            held >= size, RingMath.RequestConsumerOverflows(At(rspProdPvt + held), At(rspProdPvt), size)));

    [Theory]
    [InlineData(0xFFFF_FFFF, 0x0000_0000, 0x0000_0000, true)]
    [InlineData(0xFFFF_FFFF, 0x0000_0000, 0xFFFF_FFFF, false)]
    [InlineData(0x7FFF_FFFF, 0x8000_0000, 0x8000_0000, true)]
    [InlineData(0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, false)]
    [InlineData(45, 46, 46, true)]
    [InlineData(46, 47, 46, false)]
    public void Notify_at_the_wraps(uint old, uint now, uint eventIndex, bool notify) =>
        Assert.Equal(notify, RingMath.Notify(new RingIndex(old), new RingIndex(now), new RingIndex(eventIndex)));

    [Fact]
    public void Index_45_lives_at_0x5F0_of_a_ring_of_32() =>
        Assert.Equal(0x5F0, RingMath.SlotOffset(new RingIndex(45), 32, 112));

    [Fact]
    public void The_slots_follow_each_other_and_stay_in_the_area() =>
        Gen.Select(Start, Gen.Int[1, 16], Gen.Int[8, 112]).Sample((index, pages, entryBytes) =>
        {
            var size = RingMath.SizeOf(pages * 4096, entryBytes);
            var offset = RingMath.SlotOffset(At(index), size, entryBytes);
            Assert.InRange(offset, 64, (pages * 4096) - entryBytes);
            Assert.Equal(64 + (entryBytes * (int)(index % size)), offset);
            Assert.True(64 + (2L * size * entryBytes) > pages * 4096);
        });

    [Theory]
    [InlineData(0, 112)]
    [InlineData(64, 112)]
    [InlineData(175, 112)]
    [InlineData(4096, 0)]
    [InlineData(-4096, 112)]
    [InlineData(4096, -1)]
    public void An_area_without_room_for_a_slot_has_none(int areaBytes, int entryBytes) =>
        Assert.Equal(0, RingMath.SizeOf(areaBytes, entryBytes));

    static RingIndex At(long counter) => new(unchecked((uint)counter));
}
