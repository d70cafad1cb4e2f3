using CsCheck;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Block;
using XenViz.Core.Drivers.Rings;

namespace XenViz.Core.Tests.Drivers.Rings;

/// <summary>Rings of several pages, and rings that are taken up again in the middle of their life.</summary>
public sealed class LongRingTests
{
    public static TheoryData<int, int> Rings()
    {
        var rings = new TheoryData<int, int>();
        foreach (var slotBytes in new[] { BlkifLayout.X64.SlotBytes, BlkifLayout.X32.SlotBytes })
        {
            for (var pages = 1; pages <= 16; pages++)
            {
                rings.Add(pages, slotBytes);
            }
        }

        return rings;
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void Slots_lie_one_behind_the_other_and_twice_as_many_would_not_fit(int pages, int slotBytes)
    {
        var size = RingMath.SizeOf(pages * 4096, slotBytes);
        Assert.Equal(64, RingMath.SlotOffset(default, size, slotBytes));
        for (var i = 1u; i < size; i++)
        {
            var before = RingMath.SlotOffset(new(i - 1), size, slotBytes);
            Assert.Equal(before + slotBytes, RingMath.SlotOffset(new(i), size, slotBytes));
        }

        Assert.InRange(RingMath.SlotOffset(new((uint)size - 1), size, slotBytes) + slotBytes, 1, pages * 4096);
        Assert.True(64 + (2 * size * slotBytes) > pages * 4096);
        Assert.Equal(64, RingMath.SlotOffset(new((uint)size), size, slotBytes));
    }

    [Theory]
    [InlineData(4, 112, 72, 8128)]
    [InlineData(2, 108, 37, 4060)]
    public void Some_slots_lie_across_two_pages(int pages, int slotBytes, uint index, int offset)
    {
        var size = RingMath.SizeOf(pages * 4096, slotBytes);
        Assert.Equal(offset, RingMath.SlotOffset(new(index), size, slotBytes));
        Assert.NotEqual(offset / 4096, (offset + slotBytes - 1) / 4096);
    }

    [Fact]
    public void Requests_and_responses_of_any_burst_come_through_a_ring_of_any_length() =>
        Gen.Select(Gen.Int[1, 16], Gen.UInt, Gen.Int[1, 40].Array[1, 30]).Sample((pages, start, bursts) =>
        {
            var area = new RingArea(pages * 4096);
            var front = FrontRing.Init(area, Blkif.SlotBytes, new(start));
            var back = BackRing.Attach(area, Blkif.SlotBytes, new(start));
            ulong sent = 0, served = 0, told = 0;
            foreach (var burst in bursts)
            {
                for (var n = 0; n < burst && !front.Full; n++, front = front.AfterRequest())
                {
                    Put(area, front.ReqProdPvt, front.Size, new(BlkifOperation.Write, 0, 1, sent++, 7, []));
                }

                front.Push(area);
                for (var work = back.UnconsumedRequests(area); work > 0; work--)
                {
                    var request = BlkifSlot.Request(Slot(area, back.ReqCons, back.Size));
                    Assert.Equal(served++, request.Id);
                    back = back.AfterRequest();
                    var slot = Slot(area, back.RspProdPvt, back.Size);
                    BlkifSlot.Write(slot, new BlkifResponse(request.Id, request.Operation, BlkifStatus.Okay));
                    area.Write(RingMath.SlotOffset(back.RspProdPvt, back.Size, Blkif.SlotBytes), slot);
                    back = back.AfterResponse();
                }

                back.Push(area);
                for (var work = front.UnconsumedResponses(area); work > 0; work--, front = front.AfterResponse())
                {
                    Assert.Equal(told++, BlkifSlot.Response(Slot(area, front.RspCons, front.Size)).Id);
                }
            }

            Assert.Equal((sent, sent), (served, told));
            Assert.Equal((uint)front.Size, front.Free);
        });

    [Fact]
    public void A_backend_that_takes_up_a_ring_again_sees_every_unanswered_request_and_no_answered_one() =>
        Gen.Select(Gen.UInt, Gen.Int[0, 32], Gen.Int[0, 32], Gen.Int[0, 32]).Sample((start, a, b, c) =>
        {
            var published = Math.Max(a, Math.Max(b, c));
            var answered = Math.Min(a, Math.Min(b, c));
            var taken = a + b + c - published - answered;
            var area = new RingArea(4096);
            var zero = new RingIndex(start);
            var front = FrontRing.Init(area, Blkif.SlotBytes, zero) with { ReqProdPvt = zero.Plus((uint)published) };
            front.Push(area);
            var back = BackRing.Attach(area, Blkif.SlotBytes, zero) with
            {
                ReqCons = zero.Plus((uint)taken), RspProdPvt = zero.Plus((uint)answered),
            };
            back.Push(area);

            var again = BackRing.Attach(area, Blkif.SlotBytes, SharedHeader.Load(area, Ring.RspProd));
            Assert.False(again.RequestProducerOverflows(SharedHeader.Load(area, Ring.ReqProd)));
            Assert.Equal((uint)(published - answered), again.UnconsumedRequests(area));
            Assert.Equal(back.RspProdPvt, again.ReqCons);
        });

    static byte[] Slot(RingArea area, RingIndex index, int size)
    {
        var slot = new byte[Blkif.SlotBytes];
        area.Read(RingMath.SlotOffset(index, size, Blkif.SlotBytes), slot);
        return slot;
    }

    static void Put(RingArea area, RingIndex index, int size, BlkifRequest request)
    {
        var slot = Slot(area, index, size);
        BlkifSlot.Write(slot, request);
        area.Write(RingMath.SlotOffset(index, size, Blkif.SlotBytes), slot);
    }
}
