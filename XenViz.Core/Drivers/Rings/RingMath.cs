using XenViz.Core.Abi;
using XenViz.Core.Abi.Io;

namespace XenViz.Core.Drivers.Rings;

/// <summary>
/// The arithmetic of <c>io/ring.h</c> and nothing else: no memory, no barriers. Every difference is modulo 2^32, so
/// an index may wrap at any time, and every answer is a count unless it says otherwise.
/// </summary>
public static class RingMath
{
    /// <summary>
    /// Slots that the frontend may still fill. A frontend that has overrun its ring gets a huge number here.
    /// </summary>
    /// <param name="reqProdPvt">Private to the frontend.</param>
    /// <param name="rspCons">Private to the frontend.</param>
    /// <param name="size">Slots of the ring, a power of two.</param>
    [Cites("io/ring.h RING_FREE_REQUESTS")]
    public static uint Free(RingIndex reqProdPvt, RingIndex rspCons, int size) =>
        unchecked((uint)size - reqProdPvt.Since(rspCons));

    /// <summary>True when no slot is free, exactly: an overrun ring is "not full".</summary>
    /// <inheritdoc cref="Free" path="/param"/>
    [Cites("io/ring.h RING_FULL")]
    public static bool Full(RingIndex reqProdPvt, RingIndex rspCons, int size) => Free(reqProdPvt, rspCons, size) == 0;

    /// <summary>Responses that are published and not yet taken.</summary>
    /// <param name="rspProd">Shared, as it was read: a hostile backend can put anything there.</param>
    /// <param name="rspCons">Private to the frontend.</param>
    [Cites("io/ring.h RING_HAS_UNCONSUMED_RESPONSES")]
    public static uint UnconsumedResponses(RingIndex rspProd, RingIndex rspCons) => rspProd.Since(rspCons);

    /// <summary>
    /// Requests that the backend may take. The second bound keeps it from holding more unanswered requests than the
    /// ring has slots, whatever the frontend publishes.
    /// </summary>
    /// <param name="reqProd">Shared, as it was read: a hostile frontend can put anything there.</param>
    /// <param name="reqCons">Private to the backend.</param>
    /// <param name="rspProdPvt">Private to the backend.</param>
    /// <param name="size">Slots of the ring, a power of two.</param>
    [Cites("io/ring.h RING_HAS_UNCONSUMED_REQUESTS")]
    public static uint UnconsumedRequests(RingIndex reqProd, RingIndex reqCons, RingIndex rspProdPvt, int size) =>
        Math.Min(reqProd.Since(reqCons), unchecked((uint)size - reqCons.Since(rspProdPvt)));

    /// <summary>
    /// True when a push from <paramref name="old"/> to <paramref name="now"/> passed the other side's event index,
    /// that is when the event index lies in (old, now]. The other side must then be notified.
    /// </summary>
    /// <param name="old">The shared producer index before the push.</param>
    /// <param name="now">The shared producer index after the push.</param>
    /// <param name="eventIndex">The other side's event index, read after the push and a full barrier.</param>
    [Cites("io/ring.h RING_PUSH_REQUESTS_AND_CHECK_NOTIFY")]
    [Cites("io/ring.h RING_PUSH_RESPONSES_AND_CHECK_NOTIFY")]
    public static bool Notify(RingIndex old, RingIndex now, RingIndex eventIndex) =>
        now.Since(eventIndex) < now.Since(old);

    /// <summary>True when a request producer index cannot be honest: the ring must not be used any more.</summary>
    /// <param name="reqProd">The shared index as it was read.</param>
    /// <param name="rspProdPvt">Private to the backend.</param>
    /// <param name="size">Slots of the ring, a power of two.</param>
    [Cites("io/ring.h RING_REQUEST_PROD_OVERFLOW")]
    public static bool RequestProducerOverflows(RingIndex reqProd, RingIndex rspProdPvt, int size) =>
        reqProd.Since(rspProdPvt) > (uint)size;

    /// <summary>True when the backend already holds as many unanswered requests as the ring has slots.</summary>
    /// <param name="reqCons">Private to the backend.</param>
    /// <param name="rspProdPvt">Private to the backend.</param>
    /// <param name="size">Slots of the ring, a power of two.</param>
    [Cites("io/ring.h RING_REQUEST_CONS_OVERFLOW")]
    public static bool RequestConsumerOverflows(RingIndex reqCons, RingIndex rspProdPvt, int size) =>
        reqCons.Since(rspProdPvt) >= (uint)size;

    /// <summary>True when a response producer index cannot be honest: the device must not be used any more.</summary>
    /// <param name="rspProd">The shared index as it was read.</param>
    /// <param name="rspCons">Private to the frontend.</param>
    /// <param name="size">Slots of the ring, a power of two.</param>
    [Cites("io/ring.h RING_RESPONSE_PROD_OVERFLOW")]
    public static bool ResponseProducerOverflows(RingIndex rspProd, RingIndex rspCons, int size) =>
        rspProd.Since(rspCons) > (uint)size;

    /// <summary>Where the slot of an index begins in the shared area, in bytes.</summary>
    /// <param name="index">Any index, free-running.</param>
    /// <param name="size">Slots of the ring, a power of two.</param>
    /// <param name="entryBytes">The size of a slot in bytes, 112 for blkif.</param>
    [Cites("io/ring.h RING_GET_REQUEST")]
    public static int SlotOffset(RingIndex index, int size, int entryBytes) =>
        Ring.SlotOffsetBytes(index.SlotIn(size), entryBytes);

    /// <inheritdoc cref="Ring.SizeOf"/>
    [Cites("io/ring.h __RING_SIZE")]
    public static int SizeOf(int areaBytes, int entryBytes) => Ring.SizeOf(areaBytes, entryBytes);
}
