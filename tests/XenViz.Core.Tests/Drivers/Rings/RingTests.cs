using CsCheck;
using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;
using XenViz.Core.Drivers.Rings;

namespace XenViz.Core.Tests.Drivers.Rings;

public class RingTests
{
    [Fact]
    public void A_new_ring_has_producers_0_and_events_1_and_keeps_its_slots()
    {
        var area = new RingArea(PageSize.Bytes);
        area.Write(0, Enumerable.Repeat((byte)0xEE, PageSize.Bytes).ToArray());

        var front = FrontRing.Init(area, Blkif.SlotBytes);

        Assert.Equal(new FrontRing(default, default, 32), front);
        Assert.Equal([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0], area.Bytes[..16].ToArray());
        Assert.Equal(new byte[48], area.Bytes[16..64].ToArray());
        Assert.DoesNotContain((byte)0, area.Bytes[64..].ToArray());
    }

    [Fact]
    public void A_final_check_that_finds_nothing_arms_the_event_and_one_that_finds_work_does_not()
    {
        var area = new RingArea(PageSize.Bytes);
        var front = FrontRing.Init(area, Blkif.SlotBytes, new RingIndex(uint.MaxValue));
        var back = BackRing.Attach(area, Blkif.SlotBytes, new RingIndex(uint.MaxValue));

        Assert.Equal(0u, back.FinalCheck(area));
        Assert.Equal(0u, area.Load32(Ring.ReqEvent.OffsetBytes));
        area.Store32(Ring.ReqEvent.OffsetBytes, 77);
        front.AfterRequest().Push(area);
        Assert.Equal(1u, back.FinalCheck(area));
        Assert.Equal(77u, area.Load32(Ring.ReqEvent.OffsetBytes));
    }

    /// <summary>Honest ends, any schedule: nobody sleeps with work waiting, and every request is answered.</summary>
    [Fact]
    public void Ends_that_make_the_final_check_never_sleep_over_work() =>
        Gen.Select(Gen.UInt, Gen.Bool.Array[1, 200]).Sample((start, schedule) =>
        {
            var area = new RingArea(PageSize.Bytes);
            var front = FrontRing.Init(area, Blkif.SlotBytes, new RingIndex(start));
            var back = BackRing.Attach(area, Blkif.SlotBytes, new RingIndex(start));
            var backAwake = false;
            foreach (var frontActs in schedule)
            {
                if (frontActs && !front.Full)
                {
                    front = front.AfterRequest();
                    backAwake |= front.PushAndCheckNotify(area);
                }
                else if (!frontActs && backAwake)
                {
                    while (back.FinalCheck(area) > 0)
                    {
                        back = back.AfterRequest().AfterResponse();
                    }

                    back.Push(area);
                    backAwake = false;
                    while (front.UnconsumedResponses(area) > 0)
                    {
                        front = front.AfterResponse();
                    }
                }

                Assert.True(backAwake || back.UnconsumedRequests(area) == 0);
            }
        });
}
